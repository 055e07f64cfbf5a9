"""Works out what each ward's month counts towards each measure."""

import polars as pl

from pipelines.releasing.steps.fields import RANK
from schemas.measures import Measure

KEYS = ["ward_id", "trust_code", "month"]


def counted(grid: pl.DataFrame, values: pl.DataFrame, measures: list[Measure]) -> pl.DataFrame:
    """The grid with columns n, d and rank of each measure, such as `n SS-O1`.

    The worst state of the measure's fields decides. Zero over zero is not a proportion: if the
    denominator is known to be zero, the measure does not apply that month.
    """
    wide = _wide(grid, values)
    found = wide.select(*grid.columns, *(each for m in measures for each in _of(wide, m)))
    known = {m.id: pl.col(f"rank {m.id}") <= RANK["nil"] for m in measures}
    return found.with_columns(
        pl.when(known[m.id]).then(pl.col(f"n {m.id}", f"d {m.id}")) for m in measures
    )


def _wide(grid: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    fields = values["field"].unique().sort()
    ranked = values.with_columns(rank=_rank(pl.col("state")))
    wide = grid.with_columns(absent=_rank(pl.col("absent")))
    for name in ("number", "rank"):
        pivoted = ranked.pivot(
            on="field", on_columns=fields, index=KEYS, values=name, aggregate_function="first"
        ).rename({field: f"{name} {field}" for field in fields})
        wide = wide.join(pivoted, on=KEYS, how="left", nulls_equal=True, maintain_order="left")
    return wide


def _of(wide: pl.DataFrame, measure: Measure) -> list[pl.Expr]:
    n, n_rank = _sum(wide, measure.numerator), _worst(wide, measure.numerator)
    d = _sum(wide, measure.denominator) if measure.is_ratio else pl.lit(None, pl.Float64)
    d_rank = _worst(wide, measure.denominator) if measure.is_ratio else n_rank
    known = pl.max_horizontal(n_rank, d_rank) <= RANK["nil"]
    rank = (
        pl.when(pl.col("absent") == RANK["paused"])
        .then(RANK["paused"])
        .when((d_rank <= RANK["nil"]) & (d == 0))
        .then(RANK["not_applicable"])
        .when(known & (n_rank == RANK["nil"]) & (n == 0))
        .then(RANK["nil"])
        .when(known)
        .then(RANK["value"])
        .otherwise(pl.max_horizontal(n_rank, d_rank))
        .cast(pl.Int8)
    )
    counts = {"n": n.cast(pl.Float64), "d": d.cast(pl.Float64), "rank": rank}
    return [count.alias(f"{name} {measure.id}") for name, count in counts.items()]


def _sum(wide: pl.DataFrame, fields: tuple[str, ...]) -> pl.Expr:
    present = [f"number {field}" for field in fields if f"number {field}" in wide.columns]
    if len(present) < len(fields):
        return pl.lit(None, pl.Float64)
    return pl.sum_horizontal(present, ignore_nulls=False)


def _worst(wide: pl.DataFrame, fields: tuple[str, ...]) -> pl.Expr:
    ranks = [
        pl.col(f"rank {field}").fill_null(pl.col("absent"))
        if f"rank {field}" in wide.columns
        else pl.col("absent")
        for field in fields
    ]
    return pl.max_horizontal(ranks)


def _rank(state: pl.Expr) -> pl.Expr:
    return state.replace_strict(RANK, return_dtype=pl.Int8)
