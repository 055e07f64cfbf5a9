"""Which wards, months and trusts the reader of some groups may see.

A ward is seen whole while it has been in the groups for every month of the release and still is.
Of any other, only the figures of the months in which it was in them are seen: limits, averages and
what is known of it today rest on other months.
"""

from collections.abc import Collection
from datetime import date

import polars as pl

from dashboard.own_rows import Places

_NO_END = date.max


def of_groups(
    groups: pl.DataFrame,
    wards: pl.DataFrame,
    trusts: pl.DataFrame,
    months: Collection[date],
    codes: Collection[str],
) -> Places:
    """What the readers of the groups with some codes may see, as `own_rows.Own` has it.

    Frames are tables of a release (`schemas.release`), `months` those with figures. Those in the
    result are texts such as `Z01-ALDER1 2026-03 1`, or with a 3 for three months from then on.
    Wards have the codes of today and those from before moves and mergers.
    """
    mine = groups.filter(pl.col("group_code").is_in(list(codes)))
    calendar = pl.DataFrame({"month": sorted(months)}, {"month": pl.Date})
    of_wards = _belonging(wards, mine.drop_nulls("ward_id"), calendar, ["ward_id"])
    # Two wards of the past can be one ward today: its figure then counts both.
    by_month = of_wards.join(_today(wards), on="ward_id").group_by("current_ward_id", "month")
    inside = by_month.agg(pl.col("belongs").all())
    still = _still(mine.drop_nulls("ward_id"), calendar, "ward_id")
    whole = set(
        inside.group_by("current_ward_id")
        .agg(pl.col("belongs").all())
        .filter("belongs")["current_ward_id"]
    )
    whole &= still
    part = inside.filter("belongs", ~pl.col("current_ward_id").is_in(list(whole)))
    then = _today(wards).filter(
        pl.col("current_ward_id").is_in(list(whole))
        | pl.col("current_ward_id").is_in(part["current_ward_id"].implode())
        & pl.col("ward_id").is_in(mine["ward_id"].drop_nulls().implode())
    )
    own = _today(wards).filter(pl.col("current_ward_id").is_in(list(whole)))
    seen = {*then["ward_id"], *part["current_ward_id"], *whole}
    as_a_whole = mine.filter(pl.col("ward_id").is_null())
    of_trusts = _belonging(trusts, as_a_whole, calendar, ["trust_code"])
    every = of_trusts.group_by("trust_code").agg(pl.col("belongs").all()).filter("belongs")
    own_trusts = set(every["trust_code"]) & _still(as_a_whole, calendar, "trust_code")
    owners = wards.filter(pl.col("ward_id").is_in(list(seen)))
    foreign = wards.filter(~pl.col("ward_id").is_in(own["ward_id"].implode()))
    others = trusts.filter(~pl.col("trust_code").is_in(own_trusts))
    return {
        "trusts": own_trusts,
        "wards": {*whole, *own["ward_id"]},
        "totals": own_trusts - {*foreign["current_trust_code"], *others["current_code"]},
        "named": {*own_trusts, *owners["trust_code"], *owners["current_trust_code"]},
        "seen": seen,
        "groups": codes,
        "months": {*_told(part, 1), *_told(part, 3)},
    }


def _told(part: pl.DataFrame, months: int) -> pl.Series:
    """Each ward and first of some months in a row, in all of which it belonged."""
    whole = part.select("current_ward_id", "month")
    for later in range(1, months):
        moved = part.select("current_ward_id", pl.col("month").dt.offset_by(f"-{later}mo"))
        whole = whole.join(moved, on=["current_ward_id", "month"], how="semi")
    first = pl.col("month").dt.strftime("%Y-%m")
    return whole.select(pl.format("{} {} {}", "current_ward_id", first, months)).to_series()


def _today(wards: pl.DataFrame) -> pl.DataFrame:
    return wards.select("ward_id", "current_ward_id").unique()


def _belonging(
    rows: pl.DataFrame, mine: pl.DataFrame, calendar: pl.DataFrame, key: list[str]
) -> pl.DataFrame:
    """Whether each ward or trust `belongs` to the groups, in each month in which it existed."""
    end = pl.col("month").dt.month_end()
    there = rows.select(*key, "valid_from", "valid_to").join(calendar, how="cross")
    there = there.filter(
        pl.col("valid_from") <= end,
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("month")),
    )
    there = there.select(*key, "month").unique()
    during = pl.col("month").is_between("first_month", pl.col("last_month").fill_null(_NO_END))
    inside = there.join(mine, on=key).filter(during).select(*key, "month", belongs=True).unique()
    found = there.join(inside, on=[*key, "month"], how="left")
    return found.with_columns(pl.col("belongs").fill_null(False))


def _still(mine: pl.DataFrame, calendar: pl.DataFrame, key: str) -> set[str]:
    """The wards or trusts that belong to the groups beyond the last month with figures."""
    last = pl.lit(calendar["month"].max(), pl.Date)
    goes_on = pl.col("last_month").is_null() | (pl.col("last_month") > last)
    return set(mine.filter(goes_on)[key])
