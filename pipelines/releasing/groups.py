"""Works out which wards are in which groups, and in which months."""

import polars as pl

from pipelines.registers.register import Register
from schemas.release import ReleaseGroups
from schemas.typed import typed
from schemas.vocabularies import REGION, REGIONS

_PLACE = ["trust_code", "ward_id"]


def groups(register: Register) -> pl.DataFrame:
    """Each member of each group and its months (`schemas.release.ReleaseGroups`).

    The last day of a month decides. A region is a group of what its trusts have.
    """
    of_trusts = _with_wards(
        pl.concat([_in_regions(register.trusts), _trusts_in(register)]), register
    )
    of_wards = _wards_in(register)
    both = pl.concat([of_trusts, of_wards.select(of_trusts.columns)])
    month = pl.col("valid_from").dt.month_start()
    last = pl.col("valid_to").dt.offset_by("1d").dt.month_start().dt.offset_by("-1mo")
    months = both.with_columns(first_month=month, last_month=last)
    there = pl.col("last_month").is_null() | (pl.col("last_month") >= pl.col("first_month"))
    rows = typed(months.filter(there), ReleaseGroups).unique()
    return rows.sort("kind", "group_code", *_PLACE, "first_month")


def by_month(groups: pl.DataFrame, grid: pl.DataFrame) -> pl.DataFrame:
    """The wards of a grid, and trusts as wholes, in each group: once for each month.

    Columns: group_code, trust_code, ward_id (empty for what a trust sends as a whole), month.
    """
    place = grid.select(*_PLACE, "month")
    during = pl.col("month").is_between("first_month", pl.coalesce("last_month", "month"))
    inside = place.join(groups, on=_PLACE, nulls_equal=True).filter(during)
    return inside.select("group_code", *_PLACE, "month").unique(maintain_order=True)


def _in_regions(trusts: pl.DataFrame) -> pl.DataFrame:
    """Each trust in its region, until the day before its next row says where it is."""
    following = pl.col("valid_from").shift(-1).over("trust_code", order_by="valid_from")
    return trusts.select(
        "trust_code",
        "valid_from",
        group_code="region_code",
        group_name=pl.col("region_code").replace_strict(REGIONS, return_dtype=pl.String),
        kind=pl.lit(REGION),
        valid_to=following.dt.offset_by("-1d"),
    )


def _trusts_in(register: Register) -> pl.DataFrame:
    whole = register.groups.filter(~pl.col("member").str.contains("-"))
    return whole.select(
        pl.col("member").alias("trust_code"),
        *("valid_from", "group_code", "group_name", "kind", "valid_to"),
    )


def _wards_in(register: Register) -> pl.DataFrame:
    single = register.groups.filter(pl.col("member").str.contains("-"))
    trust = pl.col("member").str.split_exact("-", 1).struct[0]
    return single.with_columns(trust_code=trust, ward_id="member")


def _with_wards(of_trusts: pl.DataFrame, register: Register) -> pl.DataFrame:
    """What is said of trusts, said of each of their wards and of what they send as a whole."""
    ward = pl.concat_str("trust_code", "ward_code", separator="-")
    wards = register.wards.select("trust_code", ward_id=ward).unique()
    none = of_trusts.select("trust_code").unique().with_columns(ward_id=pl.lit(None, pl.String))
    return of_trusts.join(pl.concat([wards, none]), on="trust_code")
