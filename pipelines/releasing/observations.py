"""Works out every measure of every ward, trust, peer group and the programme, month by month.

Above ward level, a figure is a ratio of sums, never a mean of ratios, over the wards that sent it.
"""

import polars as pl

from pipelines.releasing.steps.counts import counted
from pipelines.releasing.steps.fields import RANK, STATE_ORDER
from pipelines.releasing.steps.several_months import rolled
from schemas.measures import Measure
from schemas.release import Observations
from schemas.typed import empty, typed

_SERIES = ["level", "unit_id", "measure"]
_HAS_VALUE = pl.col("rank") <= RANK["nil"]
_IS_WARD = pl.col("current_ward_id").is_not_null()


def observations(
    grid: pl.DataFrame,
    values: pl.DataFrame,
    measures: list[Measure],
    about_returns: pl.DataFrame,
    queried: pl.DataFrame,
) -> pl.DataFrame:
    """All observations (`schemas.release.Observations`).

    `grid` is from `organisations.wards_by_month`, `values` from `fields.field_values`;
    `about_returns` has trust_code, month, return_id and provisional for each active return;
    `queried` names each ward_id, month and field with an open query.
    """
    if grid.is_empty():
        return empty(Observations)
    whole_trusts = _rows_without_ward(grid, values)
    flagged = _flags(queried, measures)
    rows = (
        counted(pl.concat([grid, whole_trusts]), values, measures)
        .join(about_returns, on=["trust_code", "month"], how="left")
        .join(flagged, on=["ward_id", "month", "measure"], how="left")
        .with_columns(pl.col("provisional", "queried").fill_null(False))
    )
    lowest = [m.id for m in measures if m.unit == "days"]
    wards = _summed(rows.filter(_IS_WARD), "ward", "current_ward_id", lowest)
    outside = _HAS_VALUE & _IS_WARD & ~pl.col("expected")  # shown for the ward, but in no total
    rows = rows.with_columns(
        rank=pl.when(outside).then(RANK["not_applicable"]).otherwise("rank").cast(pl.Int8)
    )
    above = [
        _summed(rows, "trust", "current_trust_code", lowest),
        _summed(rows.filter(_IS_WARD), "peer_group", "peer_group", lowest),
        _summed(rows.with_columns(everyone=pl.lit("programme")), "programme", "everyone", lowest),
    ]
    levels = _every_month(pl.concat([wards, *above]), grid["month"].unique())
    levels = rolled(levels.sort(*_SERIES, "month"), measures)
    return typed(_valued(levels), Observations)


def _rows_without_ward(grid: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    trusts = grid.select("trust_code", "current_trust_code").unique("trust_code")
    months = grid.select("month").unique()
    rows = values.filter(pl.col("ward_id").is_null()).select("ward_id", "trust_code", "month")
    whole = rows.unique().join(trusts, on="trust_code").join(months, on="month")
    whole = whole.with_columns(
        current_ward_id=pl.lit(None, pl.String),
        peer_group=pl.lit(None, pl.String),
        absent=pl.lit("not_applicable"),
        expected=False,
    )
    return whole.select(grid.columns)


def _flags(queried: pl.DataFrame, measures: list[Measure]) -> pl.DataFrame:
    counts = [(f, m.id) for m in measures for f in {*m.numerator, *m.denominator}]
    fields = pl.DataFrame(counts, schema={"field": pl.String, "measure": pl.String}, orient="row")
    named = queried.join(fields, on="field").select("ward_id", "month", "measure")
    return named.unique().with_columns(queried=pl.lit(True))


def _summed(rows: pl.DataFrame, level: str, unit: str, lowest: list[str]) -> pl.DataFrame:
    known = pl.when(_HAS_VALUE)
    total, least = known.then(pl.col("n")).sum(), known.then(pl.col("n")).min()
    is_ward = level == "ward"
    trust = pl.col("current_trust_code").first() if level in ("ward", "trust") else pl.lit(None)
    return (
        rows.group_by(pl.col(unit).alias("unit_id"), "measure", "month")
        .agg(
            trust_code=trust.cast(pl.String),
            total=total,
            least=least,
            d=known.then(pl.col("d")).sum(),
            rank=pl.col("rank").min(),
            wards=(_HAS_VALUE & _IS_WARD).sum().cast(pl.Int64),
            wards_expected=pl.col("expected").sum().cast(pl.Int64),
            provisional=(pl.col("provisional") & _HAS_VALUE).any(),
            queried=(pl.col("queried") & _HAS_VALUE).any(),
            return_id=pl.col("return_id").max() if is_ward else pl.lit(None, pl.String),
        )
        .with_columns(
            level=pl.lit(level),
            n=pl.when(pl.col("measure").is_in(lowest)).then("least").otherwise("total"),
        )
        .drop("total", "least")
    )


def _every_month(levels: pl.DataFrame, months: pl.Series) -> pl.DataFrame:
    """Fill in the months in which a peer group had no wards at all."""
    series = levels.select(*_SERIES, "trust_code").unique(_SERIES)
    whole = series.join(pl.DataFrame({"month": months}), how="cross")
    absent = whole.join(levels, on=[*_SERIES, "month"], how="anti").with_columns(
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
