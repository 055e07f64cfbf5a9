"""Finds and hides totals that would give a small number away.

A table of wards, trusts, months and categories is full of totals. Anyone who knows a total and some
of its parts knows something about the other parts. So each count is treated as the range that a
reader can narrow it down to (`schemas.ranges`), and a total is hidden if it helped to narrow a
count that must stay unknown (`schemas.settling`).
"""

from collections.abc import Collection, Iterable, Sequence

import polars as pl

from schemas.hiding import SMALL, UNCHECKED
from schemas.same_counts import AtLeast, Totals, affected_together, some_of_wholes
from schemas.settling import Settling
from schemas.sums import (
    CELL,
    TRUST,
    WARD,
    counted_again,
    left_over,
    must_be_sums,
    part_years,
    some_kinds,
    sums_of,
    sums_over_measures,
    ways,
    ways_to_leave,
)


def settle(
    cells: pl.DataFrame,
    totals: Totals,
    most: float,
    elsewhere: Sequence[tuple[str, str]] = (),
    at_least: Sequence[AtLeast] = (),
    never: Collection[str] = (),
) -> pl.DataFrame:
    """Hide every total that would give something away, or that can't be checked.

    `cells` has one row for each figure, in the order of `row` (0, 1, ...): `level, unit_id,
    trust_code, measure, month, months`, its count `x` (if it `is_value`), the range `lo` to `hi` a
    reader can work out, why it is hidden (`why`, null if shown), and whether it `needs` to keep its
    whole range. `most` is the largest small number; `elsewhere` names the measures that use a count
    of another, `at_least` those whose figures say how many others are at least, and `never` those
    that are not given out at all (`schemas.same_counts`). Adds to `why`.

    A figure that uses a count of another is hidden with what it would reveal. The other is settled
    first, as if that figure were hidden, so that it isn't hidden for the figure's sake.
    """
    figures = cells.select(*CELL, figure="row", of=pl.lit(None, pl.String))
    counts = pl.concat([figures, part_years(cells)])
    some = some_kinds(counts, totals, at_least)
    again = counted_again(cells, elsewhere, at_least, some)
    percent = cells.filter("percent")["measure"].unique() if "percent" in cells.columns else ()
    parts = ways_to_leave(some_of_wholes(at_least, {*percent, *never}))
    beyond = ways_to_leave(affected_together(at_least))
    left = left_over(pl.concat([counts, some]), [*parts, *beyond])
    every = pl.concat([counts, again, some, left], how="diagonal")
    every = every.with_columns(row=pl.int_range(pl.len()).cast(cells.schema["row"]))
    table = Settling(every, sums_of(every, ways(totals, at_least)))
    table.hide_dominated(most)
    for level in (TRUST, WARD):
        table.hide_zeros(level, most)
    table.say_nothing_of(every["measure"].is_in(list(never)).to_numpy())
    table.allow_years_of_nothing()
    table.hide_unchecked(must_be_sums(every, totals))
    table.settle_all()
    if again.height:
        of_parts, of_affected = (sums_over_measures(every, way) for way in (parts, beyond))
        table.let_count_again(_bounds(every), of_parts, of_affected)
        table.settle_all(again=True)
    return cells.with_columns(pl.Series("why", table.reasons(), dtype=pl.String))


def _bounds(every: pl.DataFrame) -> pl.DataFrame:
    """The rows that say how many other counts are at least, with the row of their `rest`."""
    where = ["level", "unit_id", "month", "months"]
    whole = every.filter("is_value").select(*where, rest="measure", whole="row")
    rows = every.filter("bound")
    rows = rows.join(whole, on=[*where, "rest"], how="left", maintain_order="left")
    return rows.filter(pl.col("rest").is_null() | pl.col("whole").is_not_null())


def hidden_together(
    cells: pl.DataFrame, elsewhere: Iterable[tuple[str, str]], never: set[str]
) -> pl.DataFrame:
    """Hide states that say whether a count of another measure is 0, and what can't be checked.

    “Not returned” beside a denominator that was returned says that this was not 0: otherwise the
    state would be “not applicable”.
    """
    where = ["level", "unit_id", "month", "months"]
    have = cells.filter("is_value").select(*where, other="measure")
    pairs = pl.DataFrame(list(elsewhere), {"measure": pl.String, "other": pl.String}, orient="row")
    counted = pairs.join(have, on="other").select(*where, "measure", counted=True).unique()
    cells = cells.join(counted, on=[*where, "measure"], how="left", maintain_order="left")
    silent = (pl.col("state") == "missing") & pl.col("counted").fill_null(False)
    why = (
        pl.when(silent)
        .then(pl.lit(SMALL))
        .when(pl.col("measure").is_in(list(never)))
        .then(pl.coalesce("why", pl.lit(UNCHECKED)))
        .otherwise("why")
    )
    return cells.with_columns(why=why).drop("counted")


def same_at_both_levels(cells: pl.DataFrame) -> pl.DataFrame:
    """Hide or show a figure of a trust with a single ward as that of its ward: it is the same."""
    of_trust = cells.filter(pl.col("level") == "ward").group_by("trust_code")
    single = of_trust.agg(wards=pl.col("unit_id").n_unique()).filter(pl.col("wards") == 1)
    figure = ["trust_code", "measure", "month", "months", "numerator", "denominator"]
    wards = cells.filter("is_value", pl.col("level") == "ward")
    wards = wards.join(single, on="trust_code", how="semi").select(
        *figure, level=pl.lit("trust"), of_ward="why", same=True
    )
    joined = cells.join(
        wards, on=["level", *figure], how="left", nulls_equal=True, maintain_order="left"
    )
    same = pl.col("same").fill_null(False) & pl.col("is_value")
    why = pl.when(same).then("of_ward").otherwise("why")
    return joined.with_columns(why=why).drop("of_ward", "same")
