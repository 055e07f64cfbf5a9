"""How large hidden movements after a start would have to be, beside those seen before it.

Relative magnitudes, as Rambachan and Roth (2023, Review of Economic Studies 90:2555): without what
was started, starters would have moved away from those yet to start by steps that are at most
`breakdown` times the largest step between two neighbouring stretches of time before the start.
Movements are differences of means as Callaway and Sant'Anna (2021), against those yet to start,
and the reference is the last stretch before the start.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy  # not its parts, which are slow to import: most commands never use them

from pipelines.statistics.effect.comparable import COMPARED
from pipelines.statistics.effect.imputation import Average
from pipelines.statistics.effect.panel import NEVER, Flags, Floats, Panel, Whole

STRETCH, FEWEST_STRETCHES = 3, 4  # periods in a stretch, if there are so many; otherwise one
_LIMIT = 100.0
_CLOSE = 1e-4
# Of 5%, a tenth decides whether one of two bounds can matter at all; the rest is for the other.
_BOTH, _ONE_MATTERS, _THE_OTHER = 0.975, 0.995, 0.955


@dataclass(frozen=True)
class HiddenSteps:
    """`breakdown`: how many times the largest step before, until no difference fits the figures.

    `largest` is that step, without its sign, of `steps` steps between stretches of `stretch`
    periods; `value` the average difference from the last stretch before the start.
    """

    breakdown: float
    largest: float
    steps: int
    stretch: int
    value: float


def hidden_steps(panel: Panel, answer: Average) -> HiddenSteps | None:
    """What it takes to explain an answer; none if no step can be seen before the start.

    Every cluster is left out in turn, for the covariance of the average with the steps; degrees of
    freedom are those of the answer. If the average has the other sign, nothing is needed.
    """
    stretch = STRETCH if panel.months >= STRETCH * FEWEST_STRETCHES else 1
    moves = _Moves(panel, stretch)
    after = [place for place in range(panel.months // stretch + 1) if moves.seen(place)]
    before = [place for place in range(-(panel.months // stretch), -1) if moves.seen(place)]
    if not after or not before:
        return None
    weights = np.array([moves.weight(place) for place in after])
    values = np.array([moves.average(place) for place in after])
    average = (weights * values).sum(0) / weights.sum(0)
    found = np.vstack([average, *(moves.average(place) for place in before)])
    apart = found[:, 1:] - found[:, 1:].mean(1, keepdims=True)
    covariance = (apart.shape[1] - 1) / apart.shape[1] * apart @ apart.T
    share = weights[:, 0] / weights[:, 0].sum()
    reach = float((share * (np.array(after) + 1)).sum())
    return HiddenSteps(
        breakdown=breakdown(found[:, 0], covariance, reach, answer.freedom)
        if average[0] * answer.value > 0
        else 0.0,
        largest=float(np.abs(found[1:, 0]).max()),
        steps=len(before),
        stretch=stretch,
        value=float(average[0]),
    )


def breakdown(found: Floats, covariance: Floats, reach: float, freedom: float) -> float:
    """The largest multiple of the largest step at which no difference is still refused at 5%.

    `found` is the average difference, then each step before the start; steps as large as one, all
    the same way, would add up to `reach` of it in the average. No difference is refused if it is
    refused beside every step, so no correction for their number is needed (Berger 1982,
    Technometrics 24:295).
    """
    low, high = 0.0, 1.0
    if not _refused(0.0, found, covariance, reach, freedom):
        return 0.0
    while high < _LIMIT and _refused(high, found, covariance, reach, freedom):
        low, high = high, 2 * high
    while high - low > _CLOSE:
        middle = (low + high) / 2
        held = _refused(middle, found, covariance, reach, freedom)
        low, high = (middle, high) if held else (low, middle)
    return low


def _refused(times: float, found: Floats, covariance: Floats, reach: float, freedom: float) -> bool:
    sign = 1.0 if found[0] > 0 else -1.0
    both, matters, other = (
        float(scipy.special.stdtrit(freedom, p)) for p in (_BOTH, _ONE_MATTERS, _THE_OTHER)
    )
    for step in range(1, len(found)):
        scores = []
        for way in (1.0, -1.0):
            value = sign * found[0] - way * times * reach * found[step]
            tied = covariance[0, 0] + (times * reach) ** 2 * covariance[step, step]
            tied -= 2 * sign * way * times * reach * covariance[0, step]
            scores.append(value / np.sqrt(max(tied, 1e-18)))
        near, far = min(scores), max(scores)
        if not (near > both or (far > matters and near > other)):
            return False
    return True


class _Moves:
    """How starters moved against those yet to start, with each cluster left out in turn."""

    def __init__(self, panel: Panel, stretch: int) -> None:
        units = int(panel.unit.max()) + 1
        size = np.zeros((units, panel.months))
        total = np.zeros((units, panel.months))
        size[panel.unit, panel.month] = panel.size
        total[panel.unit, panel.month] = panel.size * panel.figure
        first = np.unique(panel.unit, return_index=True)[1]
        self.start, self.cluster = panel.start[first], panel.cluster[first]
        self.months, self.stretch = panel.months, stretch
        self._size, self._total = (
            np.pad(np.cumsum(of, axis=1), ((0, 0), (1, 0))) for of in (size, total)
        )
        starts = np.unique(self.start[(self.start < NEVER) & (self.start >= stretch)])
        places = range(-(self.months // stretch), self.months // stretch + 1)
        self._found = {place: list(self._of(place, starts)) for place in places if place != -1}

    def seen(self, place: int) -> bool:
        """Whether three clusters of starters, or more, have such a stretch."""
        found = self._found.get(place, [])
        return len(set().union(*(clusters for _, _, clusters in found))) >= COMPARED

    def weight(self, place: int) -> Floats:
        """The weight of a stretch: whole, then with each cluster left out."""
        return np.asarray(sum(weight for weight, _, _ in self._found[place]))

    def average(self, place: int) -> Floats:
        """From the last stretch before the start or, if it is earlier, to the next stretch."""
        summed = sum(weight * value for weight, value, _ in self._found[place])
        return np.asarray(summed / self.weight(place))

    def _of(self, place: int, starts: Whole) -> Iterator[tuple[Floats, Floats, set[int]]]:
        """For each start: the weight and the move, and the clusters of those that moved."""
        for start in starts.tolist():
            here = start + place * self.stretch
            other = here + self.stretch if place < -1 else start - self.stretch
            last = max(here, other) + self.stretch
            if min(here, other) < 0 or last > self.months:
                continue
            here_size, here_mean = self._mean(here)
            other_size, other_mean = self._mean(other)
            moved = (other_mean - here_mean) if place < -1 else (here_mean - other_mean)
            known = (here_size > 0) & (other_size > 0)
            started = known & (self.start == start)
            waiting = known & (self.start >= last) & (self.start != start)
            if not started.any() or len(np.unique(self.cluster[waiting])) < COMPARED:
                continue
            weight, own = self._left_out(started, here_size, moved)
            against, others = self._left_out(waiting, here_size, moved)
            value = own / np.where(weight > 0, weight, 1) - others / against
            yield weight, value, set(self.cluster[started].tolist())

    def _mean(self, first: int) -> tuple[Floats, Floats]:
        """How much each unit has in a stretch, and its mean there."""
        last = first + self.stretch
        size = self._size[:, last] - self._size[:, first]
        total = self._total[:, last] - self._total[:, first]
        return size, np.divide(total, size, out=np.zeros_like(total), where=size > 0)

    def _left_out(self, some: Flags, size: Floats, moved: Floats) -> tuple[Floats, Floats]:
        """Sums of sizes and of moves: of all, then with each cluster left out."""
        clusters = int(self.cluster.max()) + 1
        sums = []
        for of in (size, size * moved):
            by_cluster = np.bincount(self.cluster[some], of[some], clusters)
            sums.append(np.concatenate([[by_cluster.sum()], by_cluster.sum() - by_cluster]))
        return sums[0], sums[1]
