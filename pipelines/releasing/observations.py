"""Works out every measure of every ward, trust, group and the programme, month by month.

Above ward level, a figure is a ratio of sums, never a mean of ratios, over the wards that sent it.
"""

from dataclasses import dataclass

import polars as pl

from pipelines.releasing.steps.counts import counted
from pipelines.releasing.steps.fields import RANK, STATE_ORDER
from pipelines.releasing.steps.several_months import rolled
from schemas.measures import Measure
from schemas.release import Observations
from schemas.tables.keys import OBSERVATION, SERIES
from schemas.typed import empty, typed

PROGRAMME = "programme"
CONTRIBUTIONS = {
    "level": pl.String,
    "unit_id": pl.String,
    "trust_code": pl.String,
    "measure": pl.String,
    "month": pl.Date,
    "total": pl.Float64,
    "least": pl.Float64,
    "d": pl.Float64,
    "rank": pl.Int8,
    "wards": pl.Int64,
    "wards_expected": pl.Int64,
    "provisional": pl.Boolean,
    "queried": pl.Boolean,
}
_PLACE = ["trust_code", "ward_id"]
_HAS_VALUE = pl.col("rank") <= RANK["nil"]
_IS_WARD = pl.col("current_ward_id").is_not_null()


@dataclass(frozen=True)
class Observed:
    """Observations of wards and trusts, and what each trust adds to the totals above it.

    `units` satisfies `schemas.release.Observations`. `contributions` has a row for each `level` and
    `unit_id` that a `trust_code` adds to, measure and month: sums over the wards that sent it
    (`total`, `d`), their smallest count (`least`), the best state (`rank`), and the rest as there.
    """

    units: pl.DataFrame
    contributions: pl.DataFrame


def observations(
    grid: pl.DataFrame,
    values: pl.DataFrame,
    measures: list[Measure],
    about_returns: pl.DataFrame,
    queried: pl.DataFrame,
) -> pl.DataFrame:
    """All observations (`schemas.release.Observations`) but those of groups, as for `observed`."""
    found = observed(grid, values, measures, about_returns, queried)
    months = grid["month"].unique()
    return pl.concat([above(found.contributions, months, measures), found.units]).sort(*OBSERVATION)


def observed(
    grid: pl.DataFrame,
    values: pl.DataFrame,
    measures: list[Measure],
    about_returns: pl.DataFrame,
    queried: pl.DataFrame,
    members: pl.DataFrame | None = None,
) -> Observed:
    """What the wards of a grid come to, trust by trust: no trust depends on another's returns.

    `grid` is from `trusts_and_wards.wards_by_month`, `values` from `fields.field_values`;
    `about_returns` has trust_code, month, return_id and provisional for each active return;
    `queried` names each ward_id, month and field with an open query, `members` who is in which
    group (`groups.by_month`).
    """
    if grid.is_empty():
        return Observed(empty(Observations), pl.DataFrame(schema=CONTRIBUTIONS))
    flagged = _flags(queried, measures)
    rows = (
        counted(_sent(grid, values), values, measures)
        .join(about_returns, on=["trust_code", "month"], how="left")
        .join(flagged, on=["ward_id", "month", "measure"], how="left")
        .with_columns(pl.col("provisional", "queried").fill_null(False))
    )
    wards = _summed(rows.filter(_IS_WARD), "ward", pl.col("current_ward_id"))
    outside = _HAS_VALUE & _IS_WARD & ~pl.col("expected")  # shown for the ward, but in no total
    rows = rows.with_columns(
        rank=pl.when(outside).then(RANK["not_applicable"]).otherwise("rank").cast(pl.Int8)
    )
    to_programme = _summed(rows, PROGRAMME, pl.lit(PROGRAMME))
    to_groups = _summed(rows.filter(_IS_WARD), "peer_group", pl.col("peer_group"))
    to_all = [to_programme, to_groups]
    if members is not None:
        inside = rows.join(members, on=[*_PLACE, "month"], nulls_equal=True)
        to_all.append(_summed(inside, "group", pl.col("group_code")))
    trusts = to_programme.with_columns(level=pl.lit("trust"), unit_id="trust_code")
    units = _levels(pl.concat([wards, trusts]), grid["month"].unique(), measures)
    contributions = pl.concat(to_all).select(*CONTRIBUTIONS)
    return Observed(units, contributions.cast(dict(CONTRIBUTIONS)))


def above(contributions: pl.DataFrame, months: pl.Series, measures: list[Measure]) -> pl.DataFrame:
    """The observations of all groups and the programme, from what every trust adds to them."""
    if contributions.is_empty():
        return empty(Observations)
    totals = contributions.group_by(*OBSERVATION).agg(
        pl.col("total", "d", "wards", "wards_expected").sum(),
        pl.col("least", "rank").min(),
        pl.col("provisional", "queried").any(),
        trust_code=pl.lit(None, pl.String),
        return_id=pl.lit(None, pl.String),
    )
    return _levels(totals, months, measures)


def _levels(sums: pl.DataFrame, months: pl.Series, measures: list[Measure]) -> pl.DataFrame:
    lowest = pl.col("measure").is_in([m.id for m in measures if m.unit == "days"])
    levels = sums.with_columns(n=pl.when(lowest).then("least").otherwise("total"))
    levels = _every_month(levels.drop("total", "least"), months)
    return typed(_valued(rolled(levels, measures)), Observations)


def _sent(grid: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """The grid without the rows of whole trusts that sent nothing as a whole."""
    whole = values.filter(pl.col("ward_id").is_null()).select("trust_code", sent=True).unique()
    rows = grid.join(whole, on="trust_code", how="left", maintain_order="left")
    return rows.filter(pl.col("ward_id").is_not_null() | pl.col("sent")).drop("sent")


def _flags(queried: pl.DataFrame, measures: list[Measure]) -> pl.DataFrame:
    counts = [(f, m.id) for m in measures for f in {*m.numerator, *m.denominator}]
    fields = pl.DataFrame(counts, schema={"field": pl.String, "measure": pl.String}, orient="row")
    named = queried.join(fields, on="field").select("ward_id", "month", "measure")
    return named.unique().with_columns(queried=pl.lit(True))


def _summed(rows: pl.DataFrame, level: str, unit: pl.Expr) -> pl.DataFrame:
    known = pl.when(_HAS_VALUE)
    is_ward = level == "ward"
    return rows.group_by(
        "measure", "month", unit_id=unit, trust_code=pl.col("current_trust_code")
    ).agg(
        level=pl.lit(level),
        total=known.then(pl.col("n")).sum(),
        least=known.then(pl.col("n")).min(),
        d=known.then(pl.col("d")).sum(),
        rank=pl.col("rank").min(),
        wards=(_HAS_VALUE & _IS_WARD).sum().cast(pl.Int64),
        wards_expected=pl.col("expected").sum().cast(pl.Int64),
        provisional=(pl.col("provisional") & _HAS_VALUE).any(),
        queried=(pl.col("queried") & _HAS_VALUE).any(),
        return_id=pl.col("return_id").max() if is_ward else pl.lit(None, pl.String),
    )


def _every_month(levels: pl.DataFrame, months: pl.Series) -> pl.DataFrame:
    """Fill in the months in which a peer group had no wards at all."""
    series = levels.select(*SERIES, "trust_code").unique(SERIES)
    whole = series.join(pl.DataFrame({"month": months}), how="cross")
    absent = whole.join(levels, on=[*SERIES, "month"], how="anti").with_columns(
        pl.lit(RANK["closed"], pl.Int8).alias("rank"),
        *(pl.lit(0, pl.Int64).alias(name) for name in ("wards", "wards_expected")),
        *(pl.lit(False).alias(name) for name in ("provisional", "queried")),
    )
    return pl.concat([levels, absent], how="diagonal")


def _valued(levels: pl.DataFrame) -> pl.DataFrame:
    ratio = pl.when(pl.col("is_ratio")).then(pl.col("n") / pl.col("d")).otherwise("n")
    return levels.with_columns(
        numerator=pl.when(_HAS_VALUE).then("n"),
        denominator=pl.when(_HAS_VALUE & pl.col("is_ratio")).then("d"),
        value=pl.when(_HAS_VALUE).then(ratio),
        state=pl.col("rank").replace_strict(dict(enumerate(STATE_ORDER)), return_dtype=pl.String),
    )
