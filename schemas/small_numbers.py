"""Finds single figures that are too small to be shown, and rounds the others."""

from collections.abc import Iterable

import polars as pl

from schemas.hiding import FEW_ASKED, SMALL
from schemas.measures import Measure
from schemas.programme import DisclosurePolicy
from schemas.ranges import FAR
from schemas.sums import YEAR_ENDS_IN

FEW_BED_DAYS = "too few bed days"
OVERLAP = "years for sharing end in March, so that two of them do not overlap"


def coarse(counts: pl.Expr, policy: DisclosurePolicy) -> pl.Expr:
    """A count made coarse for peers: 0, one middle value for anything small, the rest rounded.

    With the default policy, 1, 2, 3 and 4 all become 2.5, and 5, 6 and 7 all become 5, so that
    nothing worked out from the result can tell them apart.
    """
    return (
        pl.when(counts == 0)
        .then(0.0)
        .when(counts < policy.smallest_count)
        .then(policy.smallest_count / 2)
        .otherwise(nearest(counts, policy))
    )


def nearest(counts: pl.Expr, policy: DisclosurePolicy) -> pl.Expr:
    """A count to the nearest 5 (`round_to`); only 0 is below the smallest count shown."""
    rounded = (counts / policy.round_to).round() * policy.round_to
    return pl.when(counts == 0).then(0.0).otherwise(rounded.clip(policy.smallest_count))


def whole_percent(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """A percentage in whole numbers."""
    return (100 * numerator / denominator).round()


def as_cells(
    rows: pl.DataFrame, measures: Iterable[Measure], policy: DisclosurePolicy
) -> pl.DataFrame:
    """Each row as one count to protect, for `schemas.recovery.settle`.

    The count `x` is the numerator or, for a percentage, the people who did not answer yes; a reader
    is assumed to know how many were asked. `why` says why the row is hidden in its own right, and
    `needs` whether other figures must be hidden for its sake.
    """
    measures = list(measures)
    percent = [measure.id for measure in measures if measure.unit == "percent"]
    sensitive = [measure.id for measure in measures if measure.sensitive]
    n, d = pl.col("numerator"), pl.col("denominator")
    small = float(policy.smallest_count)
    is_value = pl.col("state").is_in(["value", "nil"]) & n.is_not_null()
    rows = rows.with_columns(
        is_value=is_value,
        percent=pl.col("measure").is_in(percent),
        sensitive=pl.col("measure").is_in(sensitive),
    )
    rows = rows.with_columns(
        x=pl.when("percent").then(d - n).otherwise(n),
        zero_shown=pl.col("months") == 12,
    ).with_columns(why=_reason(policy))
    few_yes = (pl.col("why") == SMALL) & pl.col("percent") & (pl.col("x") >= small)
    lo, hi = _known(policy)
    protected = pl.col("is_value") & pl.col("sensitive") & pl.col("why").is_in([SMALL, FEW_ASKED])
    least = pl.when(pl.col("zero_shown") | pl.col("percent")).then(1.0).otherwise(0.0)
    return rows.with_columns(
        needs=protected,
        lo=pl.when(~pl.col("is_value") | (pl.col("why") == FEW_ASKED))
        .then(0.0)
        .when(few_yes)
        .then(d - small + 1)
        .when(pl.col("why") == SMALL)
        .then(least)
        .otherwise(lo),
        hi=pl.when(~pl.col("is_value"))
        .then(0.0)
        .when((pl.col("why") == FEW_ASKED) | few_yes)
        .then(d)
        .when(pl.col("why") == SMALL)
        .then(small - 1)
        .otherwise(hi),
    )


def _reason(policy: DisclosurePolicy) -> pl.Expr:
    n, d, x, small = pl.col("numerator"), pl.col("denominator"), pl.col("x"), policy.smallest_count
    few = (n < small) & ((n > 0) | ~pl.col("zero_shown"))
    few_others = pl.col("percent") & pl.col("sensitive") & (x > 0) & (x < small)
    overlaps = (pl.col("months") == 12) & (pl.col("month").dt.month() != YEAR_ENDS_IN)
    return (
        pl.when(pl.col("state") == "not_applicable")
        .then(pl.lit(SMALL))
        .when(~pl.col("is_value"))
        .then(None)
        .when(pl.col("percent") & (d < policy.smallest_respondents))
        .then(pl.lit(FEW_ASKED))
        .when(few | few_others)
        .then(pl.lit(SMALL))
        .when(~pl.col("percent") & (d < policy.smallest_bed_days))
        .then(pl.lit(FEW_BED_DAYS))
        .when(overlaps)
        .then(pl.lit(OVERLAP))
    )


def _known(policy: DisclosurePolicy) -> tuple[pl.Expr, pl.Expr]:
    """The range of `x` that a reader can work out from a figure as shown."""
    n, d, x = pl.col("numerator"), pl.col("denominator"), pl.col("x")
    small, half = float(policy.smallest_count), policy.round_to // 2
    near = nearest(n, policy)
    lo, hi = pl.max_horizontal(near - half, small), near + half
    share = whole_percent(n, d)
    yes_lo = pl.max_horizontal(lo, ((share - 0.5) * d / 100).ceil())
    yes_hi = pl.min_horizontal(hi, ((share + 0.5) * d / 100).floor())
    others_lo = pl.max_horizontal(d - pl.min_horizontal(yes_hi, d), small)
    others_lo = pl.when("sensitive").then(pl.when(x == 0).then(0.0).otherwise(others_lo))
    others_hi = pl.when(pl.col("sensitive") & (x == 0)).then(0.0).otherwise(d - yes_lo)
    others_lo = others_lo.otherwise(d - yes_hi)
    zero = n == 0
    return (
        pl.when("percent").then(others_lo).when(zero).then(0.0).otherwise(lo).clip(-FAR, FAR),
        pl.when("percent").then(others_hi).when(zero).then(0.0).otherwise(hi).clip(-FAR, FAR),
    )
