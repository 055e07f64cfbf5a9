"""Run charts: the median, and Anhøj's two signs that a process is changing."""

from functools import cache
from math import ceil, comb

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.series_order import ORDER, along, keys, place
from pipelines.statistics.steps import added, columns

EXACT_TO = 400  # pairs of neighbours up to which the fewest crossings are exact
Z = -1.6448536269514722  # 5% quantile of the normal distribution


def run_chart_limits(frame: FrameT) -> FrameT:
    """Add the median of the points used, as the centre; a run chart has no limits."""
    frame = added(frame, in_limits, "value")
    return added(with_median(frame, "_used", "centre", keys(frame, "group")), _no_limits)


def in_limits(_: bool, column: str) -> dict[str, nw.Expr]:
    """The values that limits are worked out from, as `_used`."""
    return {"_used": nw.when(nw.col("used_in_limits")).then(nw.col(column))}


def _no_limits(_: bool) -> dict[str, nw.Expr]:
    none = nw.lit(None).cast(nw.Float64)
    return dict.fromkeys(("lower", "upper", "near_lower", "near_upper"), none)


def with_median(frame: FrameT, column: str, name: str, over: tuple[str, ...]) -> FrameT:
    """Add the median of a column in each group, the same double on every engine."""
    for step in (_ranked, _halfway):
        frame = added(frame, step, column, name, over)
    return frame


def _ranked(_: bool, column: str, name: str, over: tuple[str, ...]) -> dict[str, nw.Expr]:
    value = nw.col(column)
    return {
        "_rank": value.rank("ordinal").over(*over).cast(nw.Int64),
        "_count": value.count().over(*over).cast(nw.Int64),
    }


def _halfway(_: bool, column: str, name: str, over: tuple[str, ...]) -> dict[str, nw.Expr]:
    """Between the middle two, which are one and the same if the number is odd."""
    twice, middle, value = nw.col("_rank") * 2, nw.col("_count") + 1, nw.col(column)
    low = nw.when(twice <= middle).then(value).max().over(*over)
    high = nw.when(twice >= middle).then(value).min().over(*over)
    return {name: (low + high) / 2}


def runs(frame: FrameT) -> FrameT:
    """Count runs and crossings of the centre, in one row for each phase of each series.

    Points on the centre, excluded points and bare points don't count. A pause ends a run, and
    crossing it is not a crossing. Source: Anhøj and Olesen 2014: a run longer than
    round(log2 n) + 3, or fewer crossings than the 5% quantile of a binomial of n - 1 fair tosses.
    """
    needed = frame.select("series", "side", "exclude", "chart", "present", "stretch", *ORDER)
    useful = needed.filter(columns(needed, _useful))
    for step in (_apart, _placed, _lengths):
        useful = added(useful, step)
    counted = useful.group_by("series", "phase").agg(columns(useful, _counts))
    return added(added(counted, _by_chance), _unusual).drop("_pairs")


def _useful(_: bool) -> dict[str, nw.Expr]:
    off = nw.col("side") != 0
    charted = nw.col("present") & ~nw.col("exclude") & (nw.col("chart") != "points")
    return {"useful": charted & off}


def _apart(eager: bool) -> dict[str, nw.Expr]:
    side, stretch = nw.col("side"), nw.col("stretch")
    apart = (stretch != along(eager, stretch.shift(1))).fill_null(True)
    turn = ~apart & (side != along(eager, side.shift(1))).fill_null(True)
    return {"_apart": apart, "_turn": turn}


def _placed(eager: bool) -> dict[str, nw.Expr]:
    return {"_at": place(eager)}


def _lengths(eager: bool) -> dict[str, nw.Expr]:
    """How long the run is so far."""
    begin = nw.when(nw.col("_turn") | nw.col("_apart")).then(nw.col("_at"))
    return {"_length": nw.col("_at") - along(eager, begin.fill_null(strategy="forward")) + 1}


def _counts(_: bool) -> dict[str, nw.Expr]:
    apart, turn = (nw.col(name).cast(nw.Int64).sum() for name in ("_apart", "_turn"))
    return {
        "useful": nw.len().cast(nw.Int64),
        "_pairs": nw.len().cast(nw.Int64) - apart.cast(nw.Int64),
        "longest_run": nw.col("_length").max().cast(nw.Int64),
        "crossings": turn.cast(nw.Int64),
    }


def _by_chance(_: bool) -> dict[str, nw.Expr]:
    return {
        "longest_run_max": longest_run_max(nw.col("useful")),
        "crossings_min": crossings_min(nw.col("_pairs")),
    }


def _unusual(_: bool) -> dict[str, nw.Expr]:
    long_run = nw.col("longest_run") > nw.col("longest_run_max")
    return {"runs_signal": long_run | (nw.col("crossings") < nw.col("crossings_min"))}


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
        if (off := fewest_crossings(n) - close) != 0:
            found.setdefault(off, []).append(n)
    return found


def fewest_crossings(tosses: int) -> int:
    """The 5% quantile of the number of heads: the smallest k with 20 P(X <= k) >= 1."""
    heads, cumulated = 0, 1
    while 20 * cumulated < 2**tosses:
        heads += 1
        cumulated += comb(tosses, heads)
    return heads
