"""Works out how many units improved, how much they changed overall, and how far they differ.

These are the three figures a collaborative reports about itself. Units are counted by their signal,
not by whether their latest figure happens to be higher or lower.
"""

from collections.abc import Sequence

import narwhals as nw
from narwhals.typing import FrameT, IntoFrameT

OUTCOMES = {"improvement": "improved", "concern": "worsened", "common": "unchanged"}
PERIODS = ("numerator_before", "denominator_before", "numerator_after", "denominator_after")


def improvement(frame: IntoFrameT, by: Sequence[str] = ()) -> IntoFrameT:
    """Sum up units in one row for each group of `by`.

    `frame` has one row for each unit: `variation` (as in signals; empty if a unit has too few
    points to be judged), and the sums `numerator_before, denominator_before, numerator_after,
    denominator_after` of two periods (empty or 0 if there is nothing to compare).

    Columns: `units, improved, unchanged, worsened, changed` (a signal with no better direction)`,
    not_judged` (these five add up to `units`)`; compared` (units with both periods)`, before,
    after` (ratios of sums over those units)`, change` (after less before)`, relative_change`
    (change as a share of before)`, lowest_change` and `highest_change` of a single unit. All are
    unscaled; a change is empty where there is nothing to divide by.
    """
    native: IntoFrameT = _improvement(nw.from_native(frame), by).to_native()
    return native


def _improvement(data: FrameT, by: Sequence[str]) -> FrameT:
    key = list(by) or ["_all"]
    if not by:
        data = data.with_columns(_all=nw.lit(1))
    variation = nw.col("variation")
    both = (nw.col("denominator_before") > 0) & (nw.col("denominator_after") > 0)
    both = both.fill_null(False)
    before = nw.col("numerator_before") / nw.col("denominator_before")
    after = nw.col("numerator_after") / nw.col("denominator_after")
    judged: dict[str, nw.Expr] = {
        name: variation.str.starts_with(start).fill_null(False) for start, name in OUTCOMES.items()
    }
    judged["changed"] = variation.str.starts_with("neutral").fill_null(False)
    sums = [nw.when(both).then(nw.col(name)).otherwise(0.0).alias(name) for name in PERIODS]
    data = data.with_columns(
        *[condition.cast(nw.Int64).alias(name) for name, condition in judged.items()],
        not_judged=variation.is_null().cast(nw.Int64),
        compared=both.cast(nw.Int64),
        _change=nw.when(both).then(after - before),
    ).with_columns(*sums)
    counts: list[str] = [*judged, "not_judged", "compared"]
    made = data.group_by(*key).agg(
        nw.len().cast(nw.Int64).alias("units"),
        *[nw.col(name).sum() for name in [*counts, *PERIODS]],
        nw.col("_change").min().alias("lowest_change"),
        nw.col("_change").max().alias("highest_change"),
    )
    some = nw.col("compared") > 0
    made = made.with_columns(
        before=nw.when(some).then(nw.col("numerator_before") / nw.col("denominator_before")),
        after=nw.when(some).then(nw.col("numerator_after") / nw.col("denominator_after")),
    ).with_columns(change=nw.col("after") - nw.col("before"))
    made = made.with_columns(
        relative_change=nw.when(nw.col("before") > 0).then(nw.col("change") / nw.col("before"))
    )
    names = ["before", "after", "change", "relative_change", "lowest_change", "highest_change"]
    return made.sort(*key).select(*by, "units", *counts, *names)
