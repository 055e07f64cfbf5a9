"""The effect of starting something in sentences: what was compared, how sure, what else it may be.

Nothing here says that the start caused anything: units that started later, or never, are all
there is to compare with.
"""

from collections.abc import Sequence
from math import exp

from pipelines.effect.tidy_file import Periods
from pipelines.statistics.effect.comparable import (
    COMPARED,
    EVENTS_AFTER,
    EVENTS_BEFORE,
    FEWEST_CLUSTERS,
    FEWEST_STARTERS,
    Unanswerable,
)
from pipelines.statistics.effect.estimate import PLACEBO_PERIODS, Effect, Kind
from pipelines.statistics.effect.imputation import Average
from schemas.wording import counted


def sentences(
    found: Effect, clusters: Sequence[str], periods: Periods, kind: Kind
) -> tuple[str, ...]:
    """The answer, then what was compared, what the checks say and what can't be ruled out."""
    every = (
        _headline(found.average, kind),
        _compared(found, periods, kind),
        _left_out(found),
        _one_cluster_less(found, clusters, kind),
        _before(found, periods, kind),
        _placebo(found.placebo, periods, kind),
        _not_ruled_out(found, periods, kind),
    )
    return tuple(one for one in every if one)


def refusal(why: Unanswerable, periods: Periods, kind: Kind) -> str:
    """Why the figures can't say, and what would help."""
    period = periods.word
    match why.reason:
        case "nobody":
            return (
                "Nothing was started in this file: no unit has a figure in or after the "
                f"{period} in its adopted column. Fill in adopted for the units that started."
            )
        case "everybody":
            return (
                "Every figure comes from a unit that had already started. "
                f"Add each unit's {period}s from before its start."
            )
        case "comparison":
            return (
                "Nothing is left to compare with. Only units with a figure from before their start "
                f"can be compared, and only in a {period} in which {COMPARED} clusters or more "
                "were still to start. Add units that started later, or never."
            )
        case "before":
            return (
                f"Figures were changing before the start: in the {_count(PLACEBO_PERIODS)} "
                f"{period}s before it they were already {_difference(why.found, kind)} than "
                "expected, which is unlikely to be chance. What followed can't be told apart from "
                "what was already under way."
            )
        case "reporting":
            more = "more" if why.found > 0 else "fewer"
            return (
                f"Reporting changed with the start: units that had started sent figures for "
                f"{abs(why.found):.0%} {more} of their {period}s than expected. A difference could "
                "come from who reports. Use only units that report as regularly as before."
            )
        case "alike":
            return (
                "Every figure is the same, so nothing shows how much they vary by chance, and no "
                "answer could say how sure it is."
            )
        case "clusters" | "starters" | "events":
            return _too_few(why, period)
        case "certainty":
            return (
                "The figures are too few to say how sure an answer would be: it would rest on too "
                f"few clusters, or on hardly any events. Add clusters and {period}s."
            )


def _too_few(why: Unanswerable, period: str) -> str:
    match why.reason:
        case "clusters":
            return (
                f"Too few clusters: {why.found:.0f} can be compared and {FEWEST_CLUSTERS} are "
                "needed. In tests with fewer, an interval that claims 95% held the true effect "
                "less often than that. Add clusters, also some that never started."
            )
        case "starters":
            return (
                f"Too few clusters started: {why.found:.0f}, and {FEWEST_STARTERS} are needed to "
                "tell a difference from the ups and downs of each. Wait until more have started."
            )
        case _:
            return (
                f"Too few events: {why.found:.0f}. A rate needs {EVENTS_BEFORE} before a start and "
                f"{EVENTS_AFTER} to be expected after it. Add units and {period}s."
            )


def by_period_lines(found: Effect, periods: Periods, kind: Kind) -> tuple[str, ...]:
    """The average by periods since the start, a line for each."""
    unit = "percentage points" if kind == "proportion" else "per cent"
    head = f"By {periods.word} since the start, in {unit} (0 is the first {periods.word} with it):"
    lines = []
    for since in found.by_period:
        value, lower, upper = (
            f"{_number(at, kind)} {_side(at)}"
            for at in (since.average.value, *since.average.interval())
        )
        clusters = counted(since.clusters, "cluster")
        lines.append(f"{since.period:4}  {value} (from {lower} to {upper}; {clusters})")
    return (head, *lines)


def _headline(average: Average, kind: Kind) -> str:
    lower, upper = average.interval()
    size = _difference(average.value, kind)
    expected = f"their figures were {size} than the figures of units yet to start lead us to expect"
    fits = _between(lower, upper, kind)
    ratio = ""
    if kind == "rate":
        value, low, high = (f"{exp(at):.2f}" for at in (average.value, lower, upper))
        ratio = f" The rate ratio is {value} ({low} to {high})."
    if lower <= 0 <= upper:
        return (
            f"No clear difference: once units had started, {expected}, and anything from {fits} "
            f"fits (95% interval).{ratio} {_would_be_found(average, kind)}"
        )
    return f"Once units had started, {expected} (95% interval: {fits}).{ratio}"


def _compared(found: Effect, periods: Periods, kind: Kind) -> str:
    at = found.compared
    after = "" if kind == "rate" else f", {at.after:.1%} on average,"
    never = f"; {counted(at.never, 'unit')} never started" if at.never else ""
    return (
        f"Compared: {counted(at.entries_after, 'figure')} by {periods.word}{after} of "
        f"{counted(at.starters, 'unit')} in {counted(at.starting_clusters, 'cluster')} that had "
        f"started, with {counted(at.entries_before, 'figure')} from before a start, of "
        f"{counted(at.units, 'unit')} in {counted(len(at.clusters), 'cluster')}{never}."
    )


def _left_out(found: Effect) -> str:
    at = found.compared
    parts = []
    if at.early:
        parts.append(f"{counted(at.early, 'unit')} without a figure from before the start")
    if at.alone:
        parts.append(
            f"{counted(at.alone, 'figure')} from when fewer than {COMPARED} clusters were still "
            "to start"
        )
    return f"Left out: {' and '.join(parts)}." if parts else ""


def _one_cluster_less(found: Effect, clusters: Sequence[str], kind: Kind) -> str:
    apart = [abs(value - found.average.value) for value in found.without]
    most = apart.index(max(apart))
    return (
        f"With any one cluster left out: {_between(min(found.without), max(found.without), kind)}. "
        f"{clusters[most]} matters most: without it, {_difference(found.without[most], kind)}."
    )


def _before(found: Effect, periods: Periods, kind: Kind) -> str:
    if found.trend is None:
        return "There are too few figures from before the start to say whether units moved apart."
    lower, upper = found.trend.interval()
    year = "a year" if periods.word == "month" else f"12 {periods.word}s"
    drift = _between(lower, upper, kind)
    said = f"Before the start, units that start {year} earlier moved no clear way from the others"
    if not lower <= 0 <= upper:
        size = _difference(found.trend.value, kind)
        said = f"Before the start, units that start {year} earlier moved {size} than the others"
    said += f" in that time ({drift}). {_would_be_found(found.trend, kind)}"
    if found.trend_allowed:
        said += (
            " Over the whole time early and late starters moved apart, so each is allowed a "
            "straight trend of its own, which makes the interval wider."
        )
    return said


def _placebo(placebo: Average | None, periods: Periods, kind: Kind) -> str:
    early = f"a pretend start {_count(PLACEBO_PERIODS)} {periods.word}s early"
    if placebo is None:
        return f"There are too few figures from before the start to try {early}."
    lower, upper = placebo.interval()
    clear = not lower <= 0 <= upper
    return (
        f"With {early}, figures up to the real start were {_difference(placebo.value, kind)} "
        f"than expected ({_between(lower, upper, kind)}): "
        + (
            "something may have been changing already, so read the answer with caution."
            if clear
            else "no clear difference, as it should be."
        )
    )


def _not_ruled_out(found: Effect, periods: Periods, kind: Kind) -> str:
    other = (
        "Anything else that began in the same units at about the same time can't be told apart "
        "from this."
    )
    if found.hidden_trend is None:
        return other
    drift = found.hidden_trend
    way = "rising" if drift > 0 else "falling"
    return (
        f"If units that started had been {way} by {_size(drift, kind)} more each {periods.word} "
        f"for another reason, the interval would reach no difference. {other}"
    )


def _would_be_found(average: Average, kind: Kind) -> str:
    found = average.detectable
    what = f"difference of {_size(found, kind)}"
    if kind == "rate":
        what = f"rise of {_size(found, kind)} or a fall of {_size(-found, kind)}"
    return f"A {what} would have been found about 8 times in 10."


def _number(value: float, kind: Kind) -> str:
    """Points to one decimal and whole per cent; smaller ones to one digit."""
    size = abs(value) * 100 if kind == "proportion" else abs(exp(value) - 1) * 100
    places, least = (1, 0.1) if kind == "proportion" else (0, 1)
    if size >= least:
        return f"{size:,.{places}f}"
    return f"{size:.1g}" if size >= 0.001 else "under 0.001"


def _unit(kind: Kind) -> str:
    return " percentage points" if kind == "proportion" else "%"


def _size(value: float, kind: Kind) -> str:
    """How large a difference is: 8.6 percentage points, or 19%."""
    return _number(value, kind) + _unit(kind)


def _difference(value: float, kind: Kind) -> str:
    """A difference with its side: 8.6 percentage points higher."""
    return f"{_size(value, kind)} {_side(value)}"


def _between(lower: float, upper: float, kind: Kind) -> str:
    """A span of differences: 5.0 to 12.2 percentage points higher."""
    near, far = sorted((lower, upper), key=abs)
    if _side(lower) == _side(upper):
        return f"{_number(near, kind)} to {_difference(far, kind)}"
    percent = "%" if kind == "rate" else ""
    return f"{_number(lower, kind)}{percent} {_side(lower)} to {_difference(upper, kind)}"


def _side(value: float) -> str:
    return "higher" if value > 0 else "lower"


def _count(number: int) -> str:
    return ("no", "one", "two", "three", "four", "five", "six")[number]
