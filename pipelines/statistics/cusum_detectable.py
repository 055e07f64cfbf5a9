"""How soon a CUSUM shows that events have become more, or fewer: exact, from a sum of 0.

Counts are Poisson around the new level; the average and the threshold stay as they are. Source:
Lucas 1985, after Brook and Evans 1972: a chain over the values that the sum can have.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import ceil

import scipy  # not its parts, which are slow to import: most commands never use them

from pipelines.statistics.cusum import THRESHOLD, TIMES, allowance
from pipelines.statistics.detectable import EXACT, LASTING, POWER
from pipelines.statistics.method import Find
from schemas.wording import counted, significant

_DIGITS = 10  # to which sums are alike, so that they are one state
MOST = 10.0  # events a point: more are not rare, and other charts show a change of them sooner
LONGEST = 120  # points: a change that needs more of them is as good as never found
# How many in a hundred series of at most so many points pass their threshold for a doubling though
# nothing changes, where the average comes from all of them and is one event a point, or less.
# Simulated: the second table of “Rare events” in docs/false-alarms.md, rounded up.
FALSE_ALARMS = {24: 4, 36: 8, 60: 19, 120: 42}


@dataclass(frozen=True)
class Sum:
    """A running sum over points of one size: what each takes off or adds, and what it may reach."""

    find: Find
    each: float
    threshold: float


@dataclass(frozen=True)
class Found:
    """After how many points the change looked for shows nine times in ten, and nearest levels.

    Levels are in events a point, and None where none would show: in one point like the latest
    (`once`), or within seven of them (`lasting`).
    """

    points: int | None
    once: float | None
    lasting: float | None


@cache
def false_alarms(points: int, average: float, find: Find = "doubling") -> int | None:
    """How many in a hundred series of so many points signal by chance, at most; None if not rare.

    Their average comes from all of them. For a halving, or more than an event a point, as many as
    with an average that is known, which are more.
    """
    if points > LONGEST or average > MOST:
        return None
    if average <= 1 and find == "doubling":
        return next(share for most, share in FALSE_ALARMS.items() if points <= most)
    here = Sum(find, allowance(average, find), THRESHOLD[find])
    return ceil(100 * (1 - chances_unshown(here, average, points)[-1]))


def by_chance(points: int, share: int, one: str = "point") -> str:
    """How often a sum over so many points passes its threshold though nothing has changed."""
    return (
        f"Where nothing has changed, at most {share} in 100 such sums of {counted(points, one)} "
        "pass their threshold, by chance alone."
    )


@cache
def cusum_detectable(average: float, find: Find) -> Found | None:
    """What a CUSUM could find, where so many events a point are the average; None if not rare."""
    if average > MOST:
        return None
    here = Sum(find, allowance(average, find), THRESHOLD[find])
    return Found(
        _points_to_show(here, average * TIMES[find]),
        nearest_shown(here, average, 1),
        nearest_shown(here, average, LASTING),
    )


def could_show(found: Found, find: Find, one: str = "point", event: str = "event") -> str:
    """What a CUSUM would show nine times in ten, without a capital or a full stop."""
    if found.points is None:
        said = f"a {find} of the average would take more than {LONGEST} {one}s to show"
    else:
        said = f"a {find} of the average would show within {counted(found.points, one)}"
    way = "a rise" if find == "doubling" else "a fall"
    if found.lasting is None:
        return f"{said}; no {way[2:]} could show within {LASTING}"
    within = f"{way} to about {significant(found.lasting, 2)} {event}s a {one} within {LASTING}"
    if found.once is None:
        return f"{said}, and {within}"
    return f"{said}, {within}, and one to about {significant(found.once, 2)} in a single {one}"


def _points_to_show(here: Sum, level: float) -> int | None:
    chances = enumerate(chances_unshown(here, level, LONGEST), start=1)
    return next((points for points, unshown in chances if 1 - unshown >= POWER), None)


def nearest_shown(here: Sum, average: float, points: int, power: float = POWER) -> float | None:
    """The level nearest the average that shows within so many points; None if no level does."""

    def short(level: float) -> float:
        return 1 - chances_unshown(here, level, points)[-1] - power

    far = 0.0
    if here.find == "doubling":
        far = here.threshold + here.each
        while short(far) < 0:
            far *= 2
    if short(far) < 0:
        return None
    return float(scipy.optimize.brentq(short, average, far, xtol=EXACT))


def chances_unshown(here: Sum, level: float, points: int) -> list[float]:
    """How likely it is that the threshold has not been passed, after each of so many points."""
    sign = 1 if here.find == "doubling" else -1
    largest = ceil(here.each + here.threshold) + 1
    below = [0.0, *(float(scipy.special.pdtr(count, level)) for count in range(largest + 1))]
    shares = [after - before for before, after in pairwise(below)]
    states = {0.0: 1.0}
    found = []
    for _ in range(points):
        after: dict[float, float] = defaultdict(float)
        for before, chance in states.items():
            most = ceil(here.each + (here.threshold - before if sign > 0 else before))
            for more in range(most + 1):
                total = round(before + sign * (more - here.each), _DIGITS)
                if total <= here.threshold:
                    after[max(total, 0.0)] += chance * shares[more]
            if sign < 0:  # all larger counts bring the sum to 0
                after[0.0] += chance * (1 - below[most + 1])
        states = dict(after)
        found.append(sum(states.values()))
    return found
