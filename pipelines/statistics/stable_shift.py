"""Finds stable shifts of an XmR chart, where new limits would start, based on autospc.

This is plain Python over the values of one series: whether a shift is accepted decides which limits
all later points are compared with, so there is nothing to vectorise.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from pipelines.statistics.exact_mean import exact_mean
from pipelines.statistics.moving_range import SCREEN


@dataclass(frozen=True)
class Level:
    """A part of a series with its own centre; places count from 0.

    The centre is worked out from the points from `start` to before `end`, and is valid to before
    `until`. `high` says which side of the level before it is on, and is None for the first.
    Medians have no `lower` and `upper`.
    """

    start: int
    end: int
    until: int
    centre: float
    lower: float | None
    upper: float | None
    high: bool | None


@dataclass(frozen=True)
class Search:
    """The settings of the search: points for limits, in a run and left out, and screenings.

    `width` is in mean moving ranges: 2.66 by the NHS convention, 3/1.128 in autospc.
    """

    points: int = 12
    run: int = 7
    left_out: int = 3
    screenings: int = 1
    width: float = 2.66


HOUSE = Search()
NEVER: frozenset[int] = frozenset()


def stable_limits(
    values: Sequence[float], search: Search = HOUSE, afresh: AbstractSet[int] = NEVER
) -> list[Level]:
    """Find the levels of a series: that of the first points, then one for each stable shift.

    A run on one side of the centre, after the points the centre came from, is a shift. New limits
    from its first points are accepted unless a run of the same length on the other side of *their*
    centre begins among them, or may be beginning at the end of the data, so that accepted shifts
    don't change as months are added. If there are too few points, there are no levels. `afresh` are
    the places of the first points after a pause, which no run or moving range crosses.
    """
    if len(values) < search.points:
        return []
    levels = [_level(values, 0, None, search, afresh)]
    at = search.points
    while (shift := _next_run(values, at, levels[-1].centre, search, afresh)) is not None:
        first, after, side = shift
        if first + search.points > len(values):
            break
        candidate = _level(values, first, side > 0, search, afresh)
        at = after
        if not _reverts(values, candidate, search, afresh):
            levels.append(candidate)
            at = candidate.end
    ends = [level.start for level in levels[1:]] + [len(values)]
    return [
        Level(v.start, v.end, until, v.centre, v.lower, v.upper, v.high)
        for v, until in zip(levels, ends, strict=True)
    ]


def runs(
    values: Sequence[float], start: int, centre: float, afresh: AbstractSet[int] = NEVER
) -> Iterator[tuple[int, int, int]]:
    """The runs from a place onwards: first place, place after the last, and side (-1, 0 or 1).

    A point on the centre is on neither side and ends a run, as in the rules; so does a pause.
    """
    first, side_of_run = start, 0
    for place in range(start, len(values)):
        side = (values[place] > centre) - (values[place] < centre)
        if place > start and (side != side_of_run or place in afresh):
            yield first, place, side_of_run
            first = place
        side_of_run = side
    if start < len(values):
        yield first, len(values), side_of_run


def _next_run(
    values: Sequence[float], start: int, centre: float, search: Search, afresh: AbstractSet[int]
) -> tuple[int, int, int] | None:
    for first, after, side in runs(values, start, centre, afresh):
        if side != 0 and after - first >= search.run:
            return first, after, side
    return None


def _reverts(
    values: Sequence[float], candidate: Level, search: Search, afresh: AbstractSet[int]
) -> bool:
    back = -1 if candidate.high else 1
    return any(
        side == back
        and first < candidate.end
        and (after - first >= search.run or after == len(values))
        for first, after, side in runs(values, candidate.start, candidate.centre, afresh)
    )


def _level(
    values: Sequence[float],
    start: int,
    high: bool | None,
    search: Search,
    afresh: AbstractSet[int],
) -> Level:
    """Limits of the points from a place onwards, leaving out the most extreme one at a time."""
    end = start + search.points
    kept = list(range(start, end))
    for left in range(search.left_out, -1, -1):
        centre = exact_mean([values[place] for place in kept])
        reach = search.width * _mean_range(values, kept, search.screenings, afresh)
        lower, upper = centre - reach, centre + reach
        outside = [place for place in kept if not lower <= values[place] <= upper]
        if not outside or left == 0:
            break
        kept.remove(max(outside, key=lambda place: abs(values[place] - centre)))
    return Level(start, end, len(values), centre, lower, upper, high)


def _mean_range(
    values: Sequence[float], kept: Sequence[int], screenings: int, afresh: AbstractSet[int]
) -> float:
    """The mean moving range, without ranges far above it; points left out are bridged.

    It is 0 if there is a pause between any two points.
    """
    moves = [
        abs(values[b] - values[a])
        for a, b in pairwise(kept)
        if not afresh or afresh.isdisjoint(range(a + 1, b + 1))
    ]
    for _ in range(screenings if moves else 0):
        highest = SCREEN * exact_mean(moves)
        moves = [move for move in moves if move <= highest]
    return exact_mean(moves) if moves else 0.0
