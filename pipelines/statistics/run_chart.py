"""Run charts: the median, and Anhøj's two signs that a process is changing."""

from collections.abc import Sequence
from functools import cache
from math import ceil, comb

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.series_order import ORDER, along, keys

EXACT_TO = 400  # pairs of neighbours up to which the fewest crossings are exact
Z = -1.6448536269514722  # 5% quantile of the normal distribution


def run_chart_limits(frame: FrameT) -> FrameT:
    """Add the median of the points used, as the centre; a run chart has no limits."""
    used = nw.when(nw.col("used_in_limits")).then(nw.col("value"))
    return without_limits(with_median(frame, used, "centre", keys(frame, "group")))


def without_limits(frame: FrameT) -> FrameT:
    """Add the columns of limits, empty."""
    none = nw.lit(None).cast(nw.Float64)
    return frame.with_columns(
        lower=none,
        upper=none,
        near_lower=none,
        near_upper=none,
        screening_refused=nw.lit(False),
    )


def with_median(frame: FrameT, value: nw.Expr, name: str, over: Sequence[str]) -> FrameT:
    """Add the median of `value` in each group, the same double on every engine."""
    twice = nw.col("_rank") * 2
    middle = nw.col("_count") + 1
    low = nw.when(twice <= middle).then(nw.col("_x")).max().over(*over)
    high = nw.when(twice >= middle).then(nw.col("_x")).min().over(*over)
    frame = frame.with_columns(_x=value).with_columns(
        _rank=nw.col("_x").rank("ordinal").over(*over).cast(nw.Int64),
        _count=nw.col("_x").count().over(*over).cast(nw.Int64),
    )
    frame = frame.with_columns(_low=low, _high=high)
    frame = frame.with_columns(((nw.col("_low") + nw.col("_high")) / 2).alias(name))
    return frame


def runs(frame: FrameT) -> FrameT:
    """Count runs and crossings of the centre, in one row for each phase of each series.

    Points on the centre, excluded points and bare points don't count. A pause ends a run, and
    crossing it is not a crossing. Source: Anhøj and Olesen 2014: a run longer than
    round(log2 n) + 3, or fewer crossings than the 5% quantile of a binomial of n - 1 fair tosses.
    """
    side, stretch = nw.col("side"), nw.col("stretch")
    counts = nw.col("present") & ~nw.col("exclude") & (nw.col("chart") != "points")
    needed = frame.select("series", "side", "exclude", "chart", "present", "stretch", *ORDER)
    useful = needed.filter(counts & (side != 0))
    apart = (stretch != along(useful, stretch.shift(1))).fill_null(True)
    useful = useful.with_columns(
        _apart=apart, _turn=~apart & (side != along(useful, side.shift(1))).fill_null(True)
    )
    turn, apart, place = nw.col("_turn"), nw.col("_apart"), nw.col("_at")
    useful = useful.with_columns(_at=along(useful, nw.col("series").cum_count()).cast(nw.Int64))
    begin = nw.when(turn | apart).then(place).fill_null(strategy="forward")
    useful = useful.with_columns(_length=place - along(useful, begin) + 1)  # of the run so far
    counted = useful.group_by("series", "phase").agg(
        useful=nw.len().cast(nw.Int64),
        _pairs=nw.len().cast(nw.Int64) - apart.cast(nw.Int64).sum().cast(nw.Int64),
        longest_run=nw.col("_length").max().cast(nw.Int64),
        crossings=turn.cast(nw.Int64).sum().cast(nw.Int64),
    )
    counted = counted.with_columns(
        longest_run_max=longest_run_max(nw.col("useful")),
        crossings_min=crossings_min(nw.col("_pairs")),
    )
    long_run = nw.col("longest_run") > nw.col("longest_run_max")
    few_crossings = nw.col("crossings") < nw.col("crossings_min")
    return counted.with_columns(runs_signal=long_run | few_crossings).drop("_pairs")


def longest_run_max(useful: nw.Expr) -> nw.Expr:
    """The longest run that chance explains: round(log2 n) + 3."""
    return ((useful.cast(nw.Float64).log(2) + 0.5).floor() + 3).cast(nw.Int64)


def crossings_min(pairs: nw.Expr) -> nw.Expr:
    """The fewest crossings that chance explains, for a number of pairs of neighbours.

    Exact up to 400 pairs; beyond that, a Cornish-Fisher quantile that is off by one crossing for
    one number of pairs in two thousand.
    """
    n = nw.when(pairs > 0).then(pairs.cast(nw.Float64))
    close = (n / 2 + n**0.5 / 2 * (Z - (Z**3 - 3 * Z) / 12 / n) - 0.5).ceil()
    close = close.fill_null(0.0).cast(nw.Int64)
    for off, sizes in _corrections().items():
        close = close + nw.when(pairs.is_in(sizes)).then(nw.lit(off)).otherwise(nw.lit(0))
    return close


@cache
def _corrections() -> dict[int, list[int]]:
    """How far the Cornish-Fisher quantile is from exact, and for which numbers of pairs."""
    found: dict[int, list[int]] = {}
    for n in range(1, EXACT_TO):
        close = ceil(n / 2 + n**0.5 / 2 * (Z - (Z**3 - 3 * Z) / 12 / n) - 0.5)
        if (off := _quantile(n) - close) != 0:
            found.setdefault(off, []).append(n)
    return found


def _quantile(tosses: int) -> int:
    """The 5% quantile of the number of heads: the smallest k with 20 P(X <= k) >= 1."""
    heads, cumulated = 0, 1
    while 20 * cumulated < 2**tosses:
        heads += 1
        cumulated += comb(tosses, heads)
    return heads
