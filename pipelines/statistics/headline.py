"""Says in words what the latest phase of a series holds, and where the series is now.

Every sentence about a process chart begins here: titles, `signals.sentence`, alternative text, the
monthly pack, the ward sheet and `feeling-safe spc`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from pipelines.statistics.method import RUN_CHART_FROM
from schemas.periods import Month
from schemas.wording import counted, day_of, listed

NONE_ENOUGH = "too few people each time for a percentage"
OF_FEW_WARDS = "based on {} of {} wards, too few to say whether anything has changed"
PERIODS = {1: "month", 3: "quarter", 12: "year"}
_WAYS = {  # low, high; a point of a trend may still lie on the other side of the average
    "level": ("lower than usual", "higher than usual"),
    "trend": ("falling", "rising"),
    "both": ("falling or lower than usual", "rising or higher than usual"),
    "run": ("below the median", "above the median"),
    "cusum": ("fewer than the average explains", "more than the average explains"),
}
_SINCE = {"run": "no long run", "cusum": "not"}  # what is after the last run
CHANCE = {
    True: "Changes like these are unlikely to be chance.",
    False: "Ups and downs like these are likely to be chance.",
}
_JUDGED = {"improvement": ": an improvement", "concern": ": a concern"}


@dataclass(frozen=True)
class Run:
    """Neighbouring points that stand out in the same way: its first and last, how many it spans."""

    way: str
    first: date
    last: date
    span: int


def runs_of(marked: Iterable[Mapping[str, Any]]) -> list[Run]:
    """The runs among the points of one phase that have a cause, in order of date.

    Points are neighbours if nothing but a missing month is between them; a pause divides them. On a
    run chart, a run also goes on over points that lie on the median.
    """
    found: list[list[Mapping[str, Any]]] = []
    for point in marked:
        last = found[-1][-1] if found else None
        if last and _go_together(last, point):
            found[-1].append(point)
        else:
            found.append([point])
    return [
        Run(_way(run), run[0]["date"], run[-1]["date"], run[-1]["place"] - run[0]["place"] + 1)
        for run in found
    ]


def _go_together(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    if one["chart"] == "run":
        return bool(one["since"] == other["since"])
    near = other["place"] - one["place"] == 1 and one["stretch"] == other["stretch"]
    return bool(near and one["high"] == other["high"])


def _way(run: Sequence[Mapping[str, Any]]) -> str:
    trends = [point["cause"] == "trend" for point in run]
    kind = "trend" if all(trends) else "both" if any(trends) else "level"
    chart = run[0]["chart"]
    return _WAYS[chart if chart in _WAYS else kind][bool(run[0]["high"])]


def headline(now: Mapping[str, Any], runs: Sequence[Run]) -> str:
    """What a phase holds and where it is now, without a capital or a full stop.

    `now` is the latest point of the series, with the columns that `signals.latest` adds; `runs` are
    those of its phase. Every run is named with its first and last month, or its days where points
    are not months.
    """
    if not now["n"]:
        return NONE_ENOUGH if now["any_few"] else "no figures yet"
    if now["chart"] == "points":
        said = _unjudged(now)
    else:
        said = _changes(now, runs) if runs else _unchanged(now)
    if now["phase"] == 1:
        return said
    return f"with new limits from {_named(now, now['phase_from'])}, {said}"


def stands_out(now: Mapping[str, Any], runs: Sequence[Run]) -> bool | None:
    """Whether a phase holds anything that is unlikely to be chance; None if it can't be judged."""
    if now["chart"] == "points" or not now["n"]:
        return None
    if runs or now["chart"] == "run":
        return bool(runs or now["runs_signal"])
    return None if now["upper"] is None or now["upper"] == now["lower"] else False


def one_of(now: Mapping[str, Any]) -> str:
    """What one point is: a month, a quarter, or a point where the dates are not months."""
    return PERIODS[now["months"]] if now["regular"] else "point"


def _unjudged(now: Mapping[str, Any]) -> str:
    """Why a series can't show whether it has changed."""
    if now["unit"] == "days":
        return "the days grow by themselves until the next one, so no change can be seen"
    if now["points"] < RUN_CHART_FROM:
        so_far = counted(now["points"], one_of(now))
        enough = " with enough people" if now["any_few"] else ""
        return f"{so_far}{enough} so far, too few to tell change from chance"
    if now["unit"] in ("rate", "count"):
        return "too few events to tell change from chance"
    return f"most {one_of(now)}s are the same, so no change can be seen"


def _unchanged(now: Mapping[str, Any]) -> str:
    points = counted(now["points"], one_of(now))
    if now["chart"] == "run":
        if not now["runs_signal"]:
            return f"no sign of change in {points}"
        times = {0: "never crossed the median", 1: "crossed the median only once"}
        often = times.get(now["crossings"], f"crossed the median only {now['crossings']} times")
        return f"{often} in {points}"
    if now["chart"] == "cusum":
        few = f"{points} so far, with too few events for an average to judge by"
        return few if now["upper"] is None else f"no {now['find']} that stands out in {points}"
    if now["upper"] is None:
        return f"{points} so far, without limits to judge by"
    if now["upper"] == now["lower"]:
        return f"no variation in {points}"
    return f"no change that stands out in {points}"


def _changes(now: Mapping[str, Any], runs: Sequence[Run]) -> str:
    parts = [
        f"{way} {listed(_when(now, run) for run in alike)}"
        for way, alike in groupby(runs, key=lambda run: run.way)
    ]
    said = "; ".join(parts)
    if now["cause"] is None:
        return f"{said}; {_SINCE.get(now['chart'], 'usual')} since"
    latest = f"the latest {one_of(now)}{' with a figure' if now['silent_to'] else ''}"
    return f"{said}, {latest}{_JUDGED.get(now['kind'], '')}"


def _when(now: Mapping[str, Any], run: Run) -> str:
    first, last = _named(now, run.first), _named(now, run.last, end=True)
    if first == last:
        return f"in {first}" if now["by_month"] else f"on {first}"
    return f"from {first} to {last}{_gaps(now, run)}"


def _named(now: Mapping[str, Any], day: date, end: bool = False) -> str:
    """A point's month, the last one if it covers several; or its day."""
    if not now["by_month"]:
        return day_of(day)
    return _month_after(day, now["months"] - 1 if end else 0)


@cache
def _month_after(day: date, months: int) -> str:
    return (Month.of(day) + months).label


def _gaps(now: Mapping[str, Any], run: Run) -> str:
    if not now["regular"]:
        return ""
    whole = (Month.of(run.last) - Month.of(run.first)) // now["months"] + 1
    gaps = whole - run.span
    return f" ({counted(gaps, one_of(now))} without a figure)" if gaps else ""
