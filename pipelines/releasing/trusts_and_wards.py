"""Builds the trusts and wards of a release, and the grid of wards by month."""

from datetime import date

import polars as pl

from pipelines.registers.register import Register
from pipelines.registers.successors import current_trusts, current_wards
from schemas.periods import Month
from schemas.programme import Programme
from schemas.release import ReleaseTrusts, ReleaseWards
from schemas.typed import typed
from schemas.vocabularies import REGIONS, WARD_CLASSES, peer_group, peer_group_name

_PEERS = {
    (code, sex): peer_group(code, sex)
    for code in WARD_CLASSES
    for sex in ("female", "male", "mixed")
}
_PEER_NAMES = {group: peer_group_name(group) for group in _PEERS.values()}
_GRID = ("ward_id", "trust_code", "month", "current_ward_id", "current_trust_code", "peer_group")
_MONTH_END = pl.col("month").dt.month_end()


def trusts(register: Register, day: date) -> pl.DataFrame:
    """Every trust in the register, with its region's name and the trust it is on a day."""
    current = current_trusts(register, day)
    frame = register.trusts.with_columns(
        region=pl.col("region_code").replace_strict(REGIONS, return_dtype=pl.String),
        current_code=pl.col("trust_code").replace_strict(current, return_dtype=pl.String),
    )
    return typed(frame, ReleaseTrusts).sort("trust_code", "valid_from")


def wards(register: Register, day: date) -> pl.DataFrame:
    """Every ward in the register, with its peer group and the ward it is on a day."""
    groups = pl.DataFrame(
        [(code, sex, group) for (code, sex), group in _PEERS.items()],
        schema=["mh_class", "intended_sex", "peer_group"],
        orient="row",
    )
    frame = (
        register.wards.with_columns(ward_id=pl.col("trust_code") + "-" + pl.col("ward_code"))
        .join(groups, on=["mh_class", "intended_sex"], how="left")
        .with_columns(
            peer_group_name=pl.col("peer_group").replace_strict(_PEER_NAMES, return_dtype=pl.String)
        )
        .join(current_wards(register, day), on="ward_id", how="left")
    )
    return typed(frame, ReleaseWards).sort("ward_id", "valid_from")


def wards_by_month(
    wards: pl.DataFrame, trusts: pl.DataFrame, programme: Programme, months: list[date]
) -> pl.DataFrame:
    """One row for each ward and month: whether it is expected, and its state if nothing is sent.

    After them, one for each trust and month, without a ward, for what it sends as a whole.
    Columns: ward_id, trust_code, month, current_ward_id, current_trust_code, peer_group, expected,
    absent. `absent` is missing for a ward that is expected, paused while the programme pauses,
    not_applicable before the trust joined or outside the collaborative, and closed in every other
    month.
    """
    joined = trusts.sort("valid_from").unique("trust_code", keep="last")
    grid = (
        wards.join(pl.DataFrame({"month": months}, schema={"month": pl.Date}), how="cross")
        .join(joined.select("trust_code", "joined"), on="trust_code", how="left")
        .with_columns(
            holds=(pl.col("valid_from") <= _MONTH_END)
            & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("month")))
        )
        .sort("ward_id", "month", "holds", "valid_from")
        .unique(["ward_id", "month"], keep="last", maintain_order=True)
    )
    is_open = (
        pl.col("holds")
        & (pl.col("open_from") <= _MONTH_END)
        & (pl.col("open_to").is_null() | (pl.col("open_to") >= pl.col("month")))
    )
    paused = [month for month in months if _is_paused(programme, month)]
    absent = (
        pl.when(pl.col("month").is_in(paused))
        .then(pl.lit("paused"))
        .when(~is_open)
        .then(pl.lit("closed"))
        .when((pl.col("joined") > pl.col("month")) | (pl.col("in_collaborative") != "yes"))
        .then(pl.lit("not_applicable"))
        .otherwise(pl.lit("missing"))
    )
    return pl.concat([as_grid(grid, absent), _whole_trusts(trusts, months)], how="diagonal")


def as_grid(rows: pl.DataFrame, absent: pl.Expr) -> pl.DataFrame:
    """Wards by month as a grid (`wards_by_month`); `absent` is the state if nothing is sent."""
    return rows.select(*_GRID, absent=absent).with_columns(expected=pl.col("absent") == "missing")


def _whole_trusts(trusts: pl.DataFrame, months: list[date]) -> pl.DataFrame:
    names = trusts.select("trust_code", current_trust_code="current_code").unique().sort(pl.all())
    every = names.join(pl.DataFrame({"month": months}, schema={"month": pl.Date}), how="cross")
    return every.with_columns(absent=pl.lit("not_applicable"), expected=False)


def as_today(frame: pl.DataFrame, wards: pl.DataFrame, trusts: pl.DataFrame) -> pl.DataFrame:
    """Rows under today's ward and trust; rows sent by that same ward come first."""
    wards_now = wards.select("ward_id", "current_ward_id", "current_trust_code").unique("ward_id")
    trusts_now = trusts.select("trust_code", "current_code").unique("trust_code")
    named = frame.join(wards_now, on="ward_id", how="left").join(
        trusts_now, on="trust_code", how="left"
    )
    return (
        named.sort(pl.col("ward_id") != pl.col("current_ward_id"), "ward_id", maintain_order=True)
        .with_columns(
            ward_id=pl.coalesce("current_ward_id", "ward_id"),
            trust_code=pl.coalesce("current_trust_code", "current_code", "trust_code"),
        )
        .select(frame.columns)
    )


def _is_paused(programme: Programme, month: date) -> bool:
    return programme.paused(Month.of(month))
