"""The effect of starting something in sentences: what was compared, how sure, what else it may be.

Nothing here says that the start caused anything: units that started later, or never, are all
there is to compare with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp

from pipelines.effect.told import Periods
from pipelines.statistics.effect.comparable import (
    COMPARED,
    EVENTS_AFTER,
    EVENTS_BEFORE,
    FEWEST_CLUSTERS,
    FEWEST_STARTERS,
    Reason,
    Unanswerable,
)
from pipelines.statistics.effect.estimate import PLACEBO_PERIODS, Effect, Kind
from pipelines.statistics.effect.imputation import Average
from schemas.wording import counted

# What would help where there is no answer, with {period} for what a period is called.
IN_A_FILE: Mapping[Reason, str] = {
    "nobody": "Fill in adopted for the units that started.",
    "everybody": "Add each unit's {period}s from before its start.",
    "comparison": "Add units that started later, or never.",
    "reporting": "Use only units that report as regularly as before.",
    "clusters": "Add clusters, also some that never started.",
    "starters": "Wait until more have started.",
    "events": "Add units and {period}s.",
    "expected": "Add units and {period}s.",
    "certainty": "Add clusters and {period}s.",
}


@dataclass(frozen=True)
class Terms:
    """What an answer is about: its periods, the kind of measure, and what to call things.

    `advice` says what would help where there is no answer; some reasons have none.
    """

    periods: Periods
    kind: Kind
    unit: str = "unit"
    cluster: str = "cluster"
    advice: Mapping[Reason, str] = field(default_factory=lambda: IN_A_FILE)

    @property
    def period(self) -> str:
        return self.periods.word


def sentences(found: Effect, clusters: Sequence[str], terms: Terms) -> tuple[str, ...]:
    """The answer, then what was compared, what the checks say and what can't be ruled out."""
    every = (
        _headline(found.average, terms),
        _compared(found, terms),
        _left_out(found, terms),
        _one_cluster_less(found, clusters, terms),
        _before(found, terms),
        _placebo(found.placebo, terms),
        _not_ruled_out(found, terms),
    )
    return tuple(one for one in every if one)


def refusal(why: Unanswerable, terms: Terms) -> str:
    """Why the figures can't say, and what would help."""
    advice = terms.advice.get(why.reason, "").format(period=terms.period)
    return f"{_why(why, terms)} {advice}".strip()


def _why(why: Unanswerable, terms: Terms) -> str:
    unit, cluster, period = terms.unit, terms.cluster, terms.period
    match why.reason:
        case "nobody":
            return (
                f"Nothing was started here: no {unit} has a figure from the {period} in which it "
                "started, or later."
            )
        case "everybody":
            return f"Every figure comes from a {unit} that had already started."
        case "comparison":
            return (
                f"Nothing is left to compare with. Only {unit}s with a figure from before their "
                f"start can be compared, and only in a {period} in which {COMPARED} {cluster}s or "
                "more were still to start."
            )
        case "before":
            return (
                f"Figures were changing before the start: in the {_count(PLACEBO_PERIODS)} "
                f"{period}s before it they were already {_difference(why.found, terms.kind)} than "
                "expected, which is unlikely to be chance. What followed can't be told apart from "
                "what was already under way."
            )
        case "reporting":
            more = "more" if why.found > 0 else "fewer"
            return (
                f"Reporting changed with the start: {unit}s that had started sent figures for "
                f"{abs(why.found):.0%} {more} of their {period}s than expected. A difference could "
                "come from who reports."
            )
        case "alike":
            return (
                "Every figure is the same, so nothing shows how much they vary by chance, and no "
                "answer could say how sure it is."
            )
        case _:
            return _too_few(why, terms)


def _too_few(why: Unanswerable, terms: Terms) -> str:
    cluster = terms.cluster
    needed = (
        f"A rate needs {EVENTS_BEFORE} before a start and {EVENTS_AFTER} to be expected after it."
    )
    match why.reason:
        case "clusters":
            return (
                f"Too few {cluster}s: {why.found:.0f} can be compared and {FEWEST_CLUSTERS} are "
                "needed. In tests with fewer, an interval that claims 95% held the true effect "
                "less often than that."
            )
        case "starters":
            return (
                f"Too few {cluster}s started: {why.found:.0f}, and {FEWEST_STARTERS} are needed to "
                "tell a difference from the ups and downs of each."
            )
        case "events":
            return f"Too few events: {why.found:.0f} before a start. {needed}"
        case "expected":
            return f"Too few events: about {why.found:.0f} to be expected after a start. {needed}"
        case _:
            return (
                "The figures are too few to say how sure an answer would be: it would rest on too "
                f"few {cluster}s, or on hardly any events."
            )


def by_period_lines(found: Effect, terms: Terms) -> tuple[str, ...]:
    """The average by periods since the start, a line for each."""
    kind, period = terms.kind, terms.period
    unit = "percentage points" if kind == "proportion" else "per cent"
    head = f"By {period} since the start, in {unit} (0 is the first {period} with it):"
    lines = []
    for since in found.by_period:
        value, lower, upper = (
            f"{_number(at, kind)} {_side(at)}"
            for at in (since.average.value, *since.average.interval())
        )
        clusters = counted(since.clusters, terms.cluster)
        lines.append(f"{since.period:4}  {value} (from {lower} to {upper}; {clusters})")
    return (head, *lines)


def _headline(average: Average, terms: Terms) -> str:
    kind, units = terms.kind, f"{terms.unit}s"
    lower, upper = average.interval()
    expected = (
        f"their figures were {_difference(average.value, kind)} than the figures of {units} yet to "
        "start lead us to expect"
    )
    fits = _between(lower, upper, kind)
    ratio = ""
    if kind == "rate":
        value, low, high = (f"{exp(at):.2f}" for at in (average.value, lower, upper))
        ratio = f" The rate ratio is {value} ({low} to {high})."
    if lower <= 0 <= upper:
        return (
            f"No clear difference: once {units} had started, {expected}, and anything from {fits} "
            f"fits (95% interval).{ratio} {_would_be_found(average, kind)}"
        )
    return f"Once {units} had started, {expected} (95% interval: {fits}).{ratio}"


def _compared(found: Effect, terms: Terms) -> str:
    at, unit, cluster = found.compared, terms.unit, terms.cluster
    after = "" if terms.kind == "rate" else f", {at.after:.1%} on average,"
    never = f"; {counted(at.never, unit)} never started" if at.never else ""
    return (
        f"Compared: {counted(at.entries_after, 'figure')} by {terms.period}{after} of "
        f"{counted(at.starters, unit)} in {counted(at.starting_clusters, cluster)} that had "
        f"started, with {counted(at.entries_before, 'figure')} from before a start, of "
        f"{counted(at.units, unit)} in {counted(len(at.clusters), cluster)}{never}."
    )


def _left_out(found: Effect, terms: Terms) -> str:
    at = found.compared
    parts = []
    if at.early:
        parts.append(f"{counted(at.early, terms.unit)} without a figure from before the start")
    if at.alone:
        parts.append(
            f"{counted(at.alone, 'figure')} from when fewer than {COMPARED} {terms.cluster}s were "
            "still to start"
        )
    return f"Left out: {' and '.join(parts)}." if parts else ""


def _one_cluster_less(found: Effect, clusters: Sequence[str], terms: Terms) -> str:
    kind = terms.kind
    apart = [abs(value - found.average.value) for value in found.without]
    most = apart.index(max(apart))
    return (
        f"With any one {terms.cluster} left out: "
        f"{_between(min(found.without), max(found.without), kind)}. "
        f"{clusters[most]} matters most: without it, {_difference(found.without[most], kind)}."
    )


def _before(found: Effect, terms: Terms) -> str:
    units, kind = f"{terms.unit}s", terms.kind
    if found.trend is None:
        return (
            f"There are too few figures from before the start to say whether {units} moved apart."
        )
    if kind == "proportion" and found.trend.detectable >= 1:
        return (
            f"Before the start there were too few figures to say whether {units} moved apart: no "
            "drift, however large, would have been found about 8 times in 10."
        )
    lower, upper = found.trend.interval()
    year = "a year" if terms.period == "month" else f"12 {terms.period}s"
    drift = _between(lower, upper, kind)
    said = f"Before the start, {units} that start {year} earlier moved no clear way from the others"
    if not lower <= 0 <= upper:
        size = _difference(found.trend.value, kind)
        said = f"Before the start, {units} that start {year} earlier moved {size} than the others"
    said += f" in that time ({drift}). {_would_be_found(found.trend, kind)}"
    if found.trend_allowed:
        said += (
            " Over the whole time early and late starters moved apart, so each is allowed a "
            "straight trend of its own, which makes the interval wider."
        )
    return said


def _placebo(placebo: Average | None, terms: Terms) -> str:
    early = f"a pretend start {_count(PLACEBO_PERIODS)} {terms.period}s early"
    if placebo is None:
        return f"There are too few figures from before the start to try {early}."
    lower, upper = placebo.interval()
    clear = not lower <= 0 <= upper
    return (
        f"With {early}, figures up to the real start were {_difference(placebo.value, terms.kind)} "
        f"than expected ({_between(lower, upper, terms.kind)}): "
        + (
            "something may have been changing already, so read the answer with caution."
            if clear
            else "no clear difference, as it should be."
        )
    )


def _not_ruled_out(found: Effect, terms: Terms) -> str:
    other = (
        f"Anything else that began in the same {terms.unit}s at about the same time can't be told "
        "apart from this."
    )
    if found.hidden_trend is None:
        return other
    drift = found.hidden_trend
    way = "rising" if drift > 0 else "falling"
    return (
        f"If {terms.unit}s that started had been {way} by {_size(drift, terms.kind)} more each "
        f"{terms.period} for another reason, the interval would reach no difference. {other}"
    )


def _would_be_found(average: Average, kind: Kind) -> str:
    found = average.detectable
    if kind == "proportion" and found >= 1:
        return "No difference, however large, would have been found about 8 times in 10."
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
