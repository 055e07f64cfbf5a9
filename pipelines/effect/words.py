"""The effect of starting something in sentences: what was compared, how sure, what else it may be.

Nothing here says that the start caused anything: units that started later, or never, are all
there is to compare with.
"""

from collections.abc import Sequence
from math import log1p

from pipelines.effect.left_out import LeftOut
from pipelines.effect.terms import (
    Terms,
    between,
    difference,
    in_words,
    number,
    ratios,
    side,
    size,
)
from pipelines.statistics.effect.comparable import COMPARED
from pipelines.statistics.effect.estimate import PLACEBO_PERIODS, Effect, Kind
from pipelines.statistics.effect.hidden_steps import HiddenSteps
from pipelines.statistics.effect.imputation import Average
from schemas.wording import counted, listed, some, starting

_LEAST_TIMES = 0.1  # fewer times than this aren't said
_NEARLY = 0.9  # a straight drift that is allowed for so far can hardly do harm
# How far a line that bends by 1 each period can be from the straight one, halfway through twelve.
_MIDDLE = 12**2 / 8


def sentences(
    found: Effect, clusters: Sequence[str], left_out: Sequence[LeftOut], terms: Terms
) -> tuple[str, ...]:
    """The answer, then what was compared, what the checks say and what can't be ruled out."""
    every = (
        _headline(found.average, terms),
        _compared(found, terms),
        left_out_sentence(left_out, terms),
        unlisted(found.unlisted, terms),
        _one_cluster_less(found, clusters, terms),
        _before(found, terms),
        _placebo(found.placebo, terms),
        _hidden_steps(found.hidden_steps, terms),
        _not_ruled_out(found, terms),
    )
    return tuple(one for one in every if one)


def by_period_lines(found: Effect, terms: Terms) -> tuple[str, ...]:
    """The average by periods since the start, a line for each."""
    kind, period = terms.kind, terms.period
    unit = "percentage points" if kind == "proportion" else "per cent"
    first = f"0 is the first {period} with it"
    head = f"By {period} since the start, in {unit} with 95% intervals ({first}):"
    lines = []
    for since in found.by_period:
        value, lower, upper = (
            f"{number(at, kind)} {side(at)}"
            for at in (since.average.value, *since.average.interval())
        )
        clusters = counted(since.clusters, terms.cluster)
        lines.append(f"{since.period:4}  {value} (from {lower} to {upper}; {clusters})")
    return (head, *lines)


def _headline(average: Average, terms: Terms) -> str:
    kind, units = terms.kind, f"{terms.unit}s"
    lower, upper = average.interval()
    expected = (
        f"their figures were {difference(average.value, kind)} than the figures of {units} yet to "
        "start lead us to expect"
    )
    fits = between(lower, upper, kind)
    ratio = ""
    if kind == "rate":
        ratio = f" The rate ratio is {ratios(average.value, lower, upper)}."
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
        f"started, with {counted(at.entries_before, 'figure')} from when {unit}s had not, of "
        f"{counted(at.units, unit)} in {counted(len(at.clusters), cluster)}{never}."
    )


def left_out_sentence(left_out: Sequence[LeftOut], terms: Terms) -> str:
    """What an answer does without and why, with the first few names; empty if it is nothing."""
    parts = []
    for one in left_out:
        names = f" ({some(one.which, 5)})" if one.which else ""
        parts.append(f"{counted(one.count, terms.word(one.what))} {one.why}{names}")
    return f"Left out: {listed(parts)}." if parts else ""


def unlisted(periods: Sequence[int], terms: Terms) -> str:
    """Periods since the start without an average of their own."""
    if not periods:
        return ""
    words = [f"{terms.period} {period}" for period in periods]
    if len(words) == 2:
        words = [f"{terms.period}s {periods[0]}", str(periods[1])]
    if len(words) > 2 and periods[-1] - periods[0] == len(periods) - 1:
        words = [f"{terms.period}s {periods[0]} to {periods[-1]}"]
    has, its = ("has", "its") if len(periods) == 1 else ("have", "their")
    return (
        f"{starting(listed(words))} since the start {has} no average of {its} own, because fewer "
        f"than {COMPARED} {terms.cluster}s got that far; {its} figures count in the average over "
        "all."
    )


def _one_cluster_less(found: Effect, clusters: Sequence[str], terms: Terms) -> str:
    kind = terms.kind
    apart = [abs(value - found.average.value) for value in found.without]
    most = apart.index(max(apart))
    return (
        f"With any one {terms.cluster} left out: "
        f"{between(min(found.without), max(found.without), kind)}. "
        f"{clusters[most]} matters most: without it, {difference(found.without[most], kind)}."
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
    who, time = f"{units} that start {year} earlier", "that time"
    if found.at_once:
        who, time = f"{units} that started", year
    moved = "no clear way from"
    if not lower <= 0 <= upper:
        moved = f"{difference(found.trend.value, kind)} than"
    said = f"Before the start, {who} moved {moved} the others in {time} "
    said += f"(95% interval: {between(lower, upper, kind)}). {_would_be_found(found.trend, kind)}"
    return f"{said} {_trends(found, terms)}".strip()


def _trends(found: Effect, terms: Terms) -> str:
    """How far the answer allows for trends."""
    share = found.trend_share
    if not share:
        return ""
    who = "early and late starters"
    if found.at_once:
        who = f"{terms.unit}s that started and the others"
    moved = f"Over the whole time {who} may have moved apart"
    if share == 1:
        return (
            f"{moved}, so each is allowed a straight trend of its own, which makes the interval "
            "wider."
        )
    far = f"{share:.0%}"
    if far in ("0%", "100%"):  # not quite
        far = "under 1%" if far == "0%" else "over 99%"
    return (
        f"{moved}, so the answer goes {far} of the way towards one that allows each a straight "
        "trend of its own, which makes the interval wider."
    )


def _placebo(placebo: Average | None, terms: Terms) -> str:
    early = f"a pretend start {in_words(PLACEBO_PERIODS)} {terms.period}s early"
    if placebo is None:
        return f"There are too few figures from before the start to try {early}."
    lower, upper = placebo.interval()
    clear = not lower <= 0 <= upper
    return (
        f"With {early}, figures up to the real start were {difference(placebo.value, terms.kind)} "
        f"than expected (95% interval: {between(lower, upper, terms.kind)}): "
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
    curve = size(_MIDDLE * (found.hidden_bend or 0), terms.kind)
    in_part = found.hidden_trend is not None and found.trend_share < _NEARLY
    if found.hidden_bend is not None and in_part:
        return (
            f"A straight drift of {terms.unit}s that started is allowed for in part. One of "
            f"{size(found.hidden_trend or 0, terms.kind)} each {terms.period}, or a curved one up "
            f"to {curve} off the straight line in the middle of twelve {terms.period}s, could take "
            f"the interval to no difference. {other}"
        )
    if found.hidden_bend is not None:
        return (
            f"A straight drift of {terms.unit}s that started is allowed for. A curved one, up to "
            f"{curve} off the straight line in the middle of twelve {terms.period}s, could take "
            f"the interval to no difference. {other}"
        )
    if found.hidden_trend is None:
        return other
    drift = found.hidden_trend
    way = "rising" if drift > 0 else "falling"
    return (
        f"If {terms.unit}s that started had been {way} by {size(drift, terms.kind)} more each "
        f"{terms.period} for another reason, all along or since their start, the interval would "
        f"reach no difference. {other}"
    )


def _hidden_steps(hidden: HiddenSteps | None, terms: Terms) -> str:
    """How the answer stands beside movements before the start, in stretches of time."""
    if hidden is None:
        return ""
    units = f"{terms.unit}s"
    stretch = terms.period
    if hidden.stretch > 1:
        stretch = f"stretch of {in_words(hidden.stretch)} {terms.period}s"
    largest = size(hidden.largest, "proportion")
    if terms.kind == "rate":
        largest = f"{number(log1p(hidden.largest), 'rate')}% of what was expected"
    seen = (
        f"Before the start, from one {stretch} to the next, {units} moved by at most "
        f"{largest} against {units} yet to start, ups and downs of chance included."
    )
    if hidden.breakdown < _LEAST_TIMES:
        return (
            f"{seen} If hidden movements after it were even a small part of that, each time the "
            "same way, they could explain the answer."
        )
    return (
        f"{seen} Hidden movements after it, each time the same way, would have to be more than "
        f"{hidden.breakdown:,.1f} times as large to explain the answer."
    )


def _would_be_found(average: Average, kind: Kind) -> str:
    found = average.detectable
    if kind == "proportion" and found >= 1:
        return "No difference, however large, would have been found about 8 times in 10."
    what = f"difference of {size(found, kind)}"
    if kind == "rate":
        what = f"rise of {size(found, kind)} or a fall of {size(-found, kind)}"
    return f"A {what} would have been found about 8 times in 10."
