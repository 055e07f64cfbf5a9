"""Puts series on process charts: phases, chart, limits, rules and kinds, in that order."""

from collections.abc import Callable

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics import chart_choice
from pipelines.statistics.attributes import count_limits, proportion_limits, rate_limits
from pipelines.statistics.between_events import (
    cases_between_limits,
    time_between_limits,
    times_again,
)
from pipelines.statistics.cusum import with_sums
from pipelines.statistics.method import Method
from pipelines.statistics.phases import prepare, with_phases, with_series
from pipelines.statistics.rules import with_rules
from pipelines.statistics.run_chart import run_chart_limits
from pipelines.statistics.sparse_series import regrouped, with_few, with_period
from pipelines.statistics.steps import added, word_number, worded
from pipelines.statistics.variation import KINDS, kind
from pipelines.statistics.xmr import xmr_limits

RATIO_CHARTS = ("p", "pp", "u", "up")


def charted(
    frame: FrameT, method: Method, keep: Callable[[FrameT], FrameT] = lambda frame: frame
) -> FrameT:
    """Put every series on its chart, with the columns of `points` and those `signals` needs.

    `keep` is for an engine that would otherwise work out the same rows each time they are used.
    """
    given = frame.columns
    baselines, fewest = method.baseline is not None or "baseline" in given, "fewest" in given
    frame = prepare(frame, method)
    if "numerator" in given or method.chart in RATIO_CHARTS:
        frame = added(frame, _value, method.chart)
    if method.chart == "auto":
        regular = keep(regrouped(keep(with_period(with_series(frame)))))
        frame = keep(with_phases(with_few(regular, fewest), baselines))
        frame = chart_choice.with_chart(frame)
        charts: tuple[str, ...] = chart_choice.CHOICES
    else:
        frame = chart_choice.asked_for(
            with_phases(with_few(frame, fewest), baselines), method.chart
        )
        charts = (method.chart,)
    frame = keep(_without_workings(frame))
    if method.chart == "cusum":
        return _with_kind(with_sums(frame, method.find))
    judged = [
        _turned_back(with_rules(keep(limited), alike[0], method.two_of_three), alike[0])
        for alike in _judged_alike(charts)
        if (limited := _limited(frame, alike, method)) is not None
    ]
    return _with_kind(nw.concat([_without_workings(part) for part in judged]))


def _judged_alike(charts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The charts in groups to which the same rules apply: each step is taken once for a group."""
    limits = tuple(chart for chart in charts if chart not in ("run", "points"))
    alone: list[tuple[str, ...]] = [(chart,) for chart in charts if chart not in limits]
    return [limits, *alone] if limits else alone


def _limited(frame: FrameT, charts: tuple[str, ...], method: Method) -> FrameT | None:
    """The rows on these charts with their limits; None if an eager frame has no such rows.

    A frame without any rows at all is still taken through, for its columns.
    """
    parts = []
    for chart in charts:
        part = frame.filter(nw.col("chart") == chart) if method.chart == "auto" else frame
        if isinstance(frame, nw.DataFrame) and part.is_empty() and not frame.is_empty():
            continue
        parts.append(_without_workings(_with_limits(part, chart, method)))
    return nw.concat(parts) if parts else None


def _without_workings(frame: FrameT) -> FrameT:
    """Drop the working columns of earlier steps, which start with an underscore."""
    columns = sorted(name for name in frame.columns if not name.startswith("_"))
    return frame[columns] if isinstance(frame, nw.DataFrame) else frame.select(columns)


def _value(_: bool, chart: str) -> dict[str, nw.Expr]:
    """The value charted: always the ratio for p and u charts, otherwise the value if given.

    A CUSUM begins with the counts."""
    numerator, denominator = nw.col("numerator"), nw.col("denominator")
    value: nw.Expr = numerator / nw.when(denominator > 0).then(denominator)
    if chart == "cusum":
        counted = denominator.is_null() | (denominator > 0)
        value = nw.coalesce(nw.when(counted).then(numerator), nw.col("value"))
    elif chart not in RATIO_CHARTS:
        count = nw.when(denominator.is_null()).then(numerator)
        value = nw.coalesce(nw.col("value"), count, value)
    return {"value": value}


def _with_limits(frame: FrameT, chart: str, method: Method) -> FrameT:
    match chart:
        case "xmr":
            return xmr_limits(frame, method)
        case "p" | "pp":
            return proportion_limits(frame, method, laney=chart == "pp")
        case "u" | "up":
            return rate_limits(frame, method, laney=chart == "up")
        case "c":
            return count_limits(frame)
        case "g":
            return cases_between_limits(frame)
        case "t":
            return time_between_limits(frame, method)
    return run_chart_limits(frame)


def _turned_back(frame: FrameT, chart: str) -> FrameT:
    """Show limits on the scale of the values, once judged on the scale they are worked out on."""
    return times_again(frame) if chart == "t" else frame


def _with_kind(frame: FrameT) -> FrameT:
    """Add the kind of each point; missing months and bare points have none."""
    return _without_workings(worded(added(frame, _kind), "_kind", "kind", KINDS))


def _kind(eager: bool) -> dict[str, nw.Expr]:
    judged = nw.col("present") & (nw.col("chart") != "points")
    return {"_kind": nw.when(judged).then(kind(eager)).otherwise(word_number(eager, 0))}
