"""The search for stable shifts of one series: as the product does it, and again in plain Python.

The plain one goes through the values one by one, as the description of the search reads; the
product's, which takes all series at once, must find the same.
"""

from itertools import pairwise
from statistics import mean

import numpy as np

from pipelines.statistics import stable_median, stable_shift
from pipelines.statistics.stable_shift import HOUSE, Level, Several

NEVER = frozenset()
SCREEN = 3.267


def several(*series, afresh=()):
    """Some series, one after the other; of the first, some points are the first after a pause."""
    lengths = np.array([len(values) for values in series])
    ends = np.cumsum(lengths)
    values = np.concatenate([np.array(values, dtype=float) for values in series])
    pauses = np.zeros(len(values), dtype=bool)
    pauses[list(afresh)] = True
    return Several(values, ends - lengths, ends, pauses)


def stable_limits(values, search=HOUSE, afresh=NEVER):
    """The levels of an XmR chart."""
    (levels,) = stable_shift.stable_limits(several(values, afresh=afresh), search)
    return levels


def stable_medians(values, side="both"):
    """The levels of a run chart."""
    (levels,) = stable_median.stable_medians(several(values), side)
    return levels


def limits_one_by_one(values, search=HOUSE, afresh=NEVER):
    """The levels of an XmR chart, in plain Python."""
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


def runs(values, start, centre, afresh=NEVER):
    """The runs from a place onwards: first place, place after the last, and side (-1, 0 or 1)."""
    first, side_of_run = start, 0
    for place in range(start, len(values)):
        side = (values[place] > centre) - (values[place] < centre)
        if place > start and (side != side_of_run or place in afresh):
            yield first, place, side_of_run
            first = place
        side_of_run = side
    if start < len(values):
        yield first, len(values), side_of_run


def _next_run(values, start, centre, search, afresh):
    for first, after, side in runs(values, start, centre, afresh):
        if side != 0 and after - first >= search.run:
            return first, after, side
    return None


def _reverts(values, candidate, search, afresh):
    back = -1 if candidate.high else 1
    return any(
        side == back
        and first < candidate.end
        and (after - first >= search.run or after == len(values))
        for first, after, side in runs(values, candidate.start, candidate.centre, afresh)
    )


def _level(values, start, high, search, afresh):
    end = start + search.points
    kept = list(range(start, end))
    for left in range(search.left_out, -1, -1):
        centre = mean(values[place] for place in kept)
        reach = search.width * _mean_range(values, kept, search.screenings, afresh)
        lower, upper = centre - reach, centre + reach
        outside = [place for place in kept if not lower <= values[place] <= upper]
        if not outside or left == 0:
            break
        kept.remove(max(outside, key=lambda place: abs(values[place] - centre)))
    return Level(start, end, len(values), centre, lower, upper, high)


def _mean_range(values, kept, screenings, afresh):
    moves = [
        abs(values[b] - values[a])
        for a, b in pairwise(kept)
        if not afresh or afresh.isdisjoint(range(a + 1, b + 1))
    ]
    for _ in range(screenings if moves else 0):
        highest = SCREEN * mean(moves)
        moves = [move for move in moves if move <= highest]
    return mean(moves) if moves else 0.0
