"""What a rehearsal says, in sentences for a ward manager."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import expm1

from pipelines.effect.refusals import refusal
from pipelines.effect.terms import Terms, size
from pipelines.effect.told import Periods
from pipelines.rehearsing.plan import Plan
from pipelines.rehearsing.rehearse import Mean, Share, Tried, Wish
from pipelines.rehearsing.worlds import Assumed
from pipelines.statistics.effect.comparable import Reason
from schemas.wording import counted, significant

# What would help before the programme begins, where the figures could not say.
ADVICE: Mapping[Reason, str] = {
    "nobody": "Let wards start within the programme.",
    "everybody": "Let wards send figures for some months before they start.",
    "comparison": "Let wards start at different times, and leave months in which some still wait.",
    "clusters": "Plan with more trusts, also some that start late or never.",
    "starters": "Plan for wards of more trusts to start within the programme.",
    "events": "Plan with more wards and months.",
    "expected": "Plan with more wards and months.",
    "none": "Plan with more wards and months.",
    "certainty": "Plan with more trusts and months.",
}
# The same, within a sentence about some rehearsals.
BECAUSE: Mapping[Reason, str] = {
    "nobody": "no ward had started",
    "everybody": "every ward had already started",
    "comparison": "nothing was left to compare with",
    "clusters": "too few trusts could be compared",
    "starters": "too few trusts had started",
    "events": "there were too few events before a start",
    "expected": "too few events were to be expected after a start",
    "none": "no event came after a start",
    "alike": "every figure was the same",
    "before": "figures seemed to change before the start, by chance",
    "reporting": "reporting seemed to change with the start, by chance",
    "certainty": "the figures were too few to say how sure an answer would be",
}
SMALL = 100  # with fewer rehearsals the figures are only a first impression


@dataclass(frozen=True)
class Figures:
    """What rehearsals found with the effect and without one, and what chance brings each month."""

    some: Tried
    none: Tried
    alarms: Mean
    queries: Mapping[str, Mean]


def sentences(plan: Plan, assumed: Assumed, wish: Wish, found: Figures) -> tuple[str, ...]:
    """The answer: what would be found, what would be found by mistake, and what chance brings."""
    return tuple(
        one
        for one in (
            _found(wish, found.some.found),
            _smallest(wish, found.none),
            _by_mistake(found.none),
            _unsaid(found.some, wish),
            _alarms(plan, found.alarms),
            _queries(plan, found.queries),
            _taken_for_granted(plan, assumed, wish),
            _rehearsals(wish),
        )
        if one
    )


def no_answer(found: Tried, wish: Wish) -> tuple[str, ...]:
    """Why most rehearsals had no answer, and what would help."""
    why, times = found.refused[0]
    unable = found.answered.of - found.answered.count
    begin = (
        f"With this plan “Did it help?” could not be answered: {unable:,} of "
        f"{found.answered.of:,} rehearsals had no answer, "
        f"{'all' if times == unable else f'{times:,}'} of them for this reason."
    )
    return begin, refusal(why, _terms(wish))


def _terms(wish: Wish) -> Terms:
    return Terms(Periods(0), wish.kind, "ward", "trust", ADVICE)


def _found(wish: Wish, share: Share) -> str:
    return (
        f"If starting makes figures {_effect(wish)}, this plan would {_find_it(share)}: "
        f"{_rehearsed(share)}."
    )


def _effect(wish: Wish) -> str:
    side = "higher" if wish.effect > 0 else "lower"
    if wish.kind == "rate":
        return f"{significant(abs(expm1(wish.effect)) * 100, 3)}% {side}"
    size = significant(abs(wish.effect) * 100, 3)
    return f"{size} percentage {'point' if size == '1' else 'points'} {side}"


def _find_it(share: Share) -> str:
    tenths = round(share.value * 10)
    if tenths == 10:
        return "nearly always find it" if share.count < share.of else "find it every time"
    if tenths == 0:
        return "hardly ever find it" if share.count else "never find it"
    return f"find it about {'once in 10 times' if tenths == 1 else f'{tenths} times in 10'}"


def _rehearsed(share: Share) -> str:
    lower, upper = share.interval
    places = 0 if f"{lower:.0%}" != f"{upper:.0%}" else 1
    return (
        f"in {share.count:,} of {share.of:,} rehearsals, so in truth probably between "
        f"{lower:.{places}%} and {upper:.{places}%} of the time"
    )


def _smallest(wish: Wish, none: Tried) -> str:
    if none.detectable is None:
        return ""
    if wish.kind == "proportion" and none.detectable >= 1:
        return "No effect, however large, would be found 8 times in 10."
    way = none.detectable if wish.effect > 0 else -none.detectable
    return f"To be found 8 times in 10, an effect has to be about {size(way, wish.kind)} or more."


def _by_mistake(none: Tried) -> str:
    return (
        "If starting changes nothing, it would seem to have made a difference, one way or the "
        f"other, {_rehearsed(none.seen)}. About 1 in 20 is what a 95% interval allows."
    )


def _unsaid(some: Tried, wish: Wish) -> str:
    if not some.refused:
        return ""
    why, _ = some.refused[0]
    missing = some.answered.of - some.answered.count
    most = "most often because" if len(some.refused) > 1 else "because"
    count = "it counts" if missing == 1 else "they count"
    return (
        f"In {missing:,} of {some.answered.of:,} with the effect there was no answer, {most} "
        f"{BECAUSE[why.reason]}; {count} as not found."
    )


def _alarms(plan: Plan, alarms: Mean) -> str:
    if not alarms.value:
        return f"Charts: none of {counted(plan.wards, 'ward')} signals by chance alone."
    return (
        f"Charts: expect {_mean(alarms, 'signal', 'a month')} from "
        f"{counted(plan.wards, 'ward')} although nothing has changed, on each measure of this kind."
    )


def _queries(plan: Plan, found: Mapping[str, Mean]) -> str:
    parts = [
        f"{_mean(mean, 'query', 'a year', 'queries')} with "
        f"{counted(_wards(plan, name), 'ward')} ({name})"
        for name, mean in found.items()
    ]
    return f"Queries: by chance alone a trust gets {' and '.join(parts)}."


def _wards(plan: Plan, trust: str) -> int:
    return int((plan.trust == plan.trusts.index(trust)).sum())


def _mean(mean: Mean, one: str, time: str, many: str = "") -> str:
    many = many or f"{one}s"
    if not mean.value:
        return f"no {many} {time}"
    value, within = significant(mean.value, 2), significant(1.96 * mean.error, 1)
    return f"{value} {one if value == '1' else many} {time} (give or take {within})"


def _taken_for_granted(plan: Plan, assumed: Assumed, wish: Wish) -> str:
    what, unit = ("answer", " points") if wish.kind == "proportion" else ("incident", "%")
    differ = f"wards differ by {_hundredths(assumed.spread)}{unit}"
    if wish.kind == "proportion":
        differ = f"{_hundredths(assumed.level)}% say yes before a start and {differ}"
    starting, size = plan.starting, significant(plan.size.mean(), 3)
    missing = "no months are missing"
    if assumed.missing:
        missing = f"{_hundredths(assumed.missing)}% of months are missing"
    return (
        f"Taken for granted: {counted(plan.wards, 'ward')} of "
        f"{counted(len(plan.trusts), 'trust')}; {counted(starting, 'ward')} "
        f"{'starts' if starting == 1 else 'start'} within {counted(plan.months, 'month')}; "
        f"{size} {what if size == '1' else f'{what}s'} a ward and month; {differ}; the wards of a "
        f"trust share ups and downs of {_hundredths(assumed.shock)}{unit}; {missing}. Once a ward "
        "has started, the effect is there at once and stays."
    )


def _hundredths(share: float) -> str:
    return significant(share * 100, 3)


def _rehearsals(wish: Wish) -> str:
    few = " With so few rehearsals this is a first impression." if wish.worlds < SMALL else ""
    return f"Rehearsed {wish.worlds:,} times from seed {wish.seed}.{few}"
