"""Finds stable shifts of XmR charts, where new limits would start, based on autospc.

Whether a shift is accepted decides which limits all later points of its series are compared with,
so each series is gone through from shift to shift; but all series at once.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.statistics.exact_mean import Flags, Floats, exact_means
from pipelines.statistics.moving_range import SCREEN

Places = NDArray[np.int64]
Sides = NDArray[np.int8]


@dataclass(frozen=True)
class Several:
    """The values of several series, one series after the other.

    A series has the values from its `start` to before its `end`. `afresh` marks the first points
    after a pause, which no run or moving range crosses.
    """

    values: Floats
    start: Places
    end: Places
    afresh: Flags


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


@dataclass(frozen=True)
class _Limits:
    """Limits of the points of some series from `start` on; `side` is that of the shift to them."""

    series: Places
    start: Places
    side: Sides
    centre: Floats
    lower: Floats
    upper: Floats

    def columns(self) -> tuple[NDArray[Any], ...]:
        return (self.series, self.start, self.side, self.centre, self.lower, self.upper)


@dataclass(frozen=True)
class _Runs:
    """Runs: whose they are, their first places and those after the last, and side (-1, 0 or 1)."""

    of: Places
    first: Places
    after: Places
    side: Sides


def stable_limits(several: Several, search: Search = HOUSE) -> list[list[Level]]:
    """Find the levels of each series: that of the first points, then one for each stable shift.

    A run on one side of the centre, after the points the centre came from, is a shift. New limits
    from its first points are accepted unless a run of the same length on the other side of *their*
    centre begins among them, or may be beginning at the end of the data, so that accepted shifts
    don't change as months are added. If there are too few points, there are no levels.
    """
    series = np.flatnonzero(several.end - several.start >= search.points)
    first = _limits(several, series, several.start[series], np.zeros(len(series), np.int8), search)
    found, at, centre = [first], first.start + search.points, first.centre
    while len(series):
        end = several.end[series]
        runs = _runs(several, at, end, centre)
        long = np.flatnonzero((runs.side != 0) & (runs.after - runs.first >= search.run))
        of, number = np.unique(runs.of[long], return_index=True)  # the first one of each
        shift = long[number]
        enough = runs.first[shift] + search.points <= end[of]
        of, shift = of[enough], shift[enough]
        series, centre, at = series[of], centre[of], runs.after[shift]
        new = _limits(several, series, runs.first[shift], runs.side[shift], search)
        stays = ~_reverts(several, new, search)
        found.append(_Limits(*(column[stays] for column in new.columns())))
        at = np.where(stays, new.start + search.points, at)
        centre = np.where(stays, new.centre, centre)
    return _levels(several, found, search)


def _levels(several: Several, found: list[_Limits], search: Search) -> list[list[Level]]:
    columns = zip(*(each.columns() for each in found), strict=True)
    every = _Limits(*(np.concatenate(column) for column in columns))
    order = np.lexsort((every.start, every.series))
    series, start, side, centre, lower, upper = (column[order] for column in every.columns())
    until = several.end[series]
    follows = np.flatnonzero(series[1:] == series[:-1])
    until[follows] = start[follows + 1]
    begin = several.start[series]
    places = (start - begin, start - begin + search.points, until - begin)
    levels: list[list[Level]] = [[] for _ in several.start]
    about = (c.tolist() for c in (series, *places, centre, lower, upper, side))
    for of, first, after, to, middle, low, high, shifted in zip(*about, strict=True):
        to_side = shifted > 0 if shifted else None
        levels[of].append(Level(first, after, to, middle, low, high, to_side))
    return levels


def _runs(several: Several, begin: Places, end: Places, centre: Floats) -> _Runs:
    """The runs of each series from a place to an end, on either side of a centre.

    A point on the centre is on neither side and ends a run, as in the rules; so does a pause.
    """
    lengths = end - begin
    of = np.repeat(np.arange(len(begin)), lengths)
    place = np.arange(len(of)) + np.repeat(begin - np.cumsum(lengths) + lengths, lengths)
    value, middle = several.values[place], centre[of]
    side = (value > middle).astype(np.int8) - (value < middle).astype(np.int8)
    begins = np.ones(len(place), dtype=bool)
    begins[1:] = (side[1:] != side[:-1]) | (of[1:] != of[:-1]) | several.afresh[place[1:]]
    first = np.flatnonzero(begins)
    after = place[first] + np.diff(first, append=len(place))
    return _Runs(of[first], place[first], after, side[first])


def _reverts(several: Several, new: _Limits, search: Search) -> Flags:
    end = several.end[new.series]
    runs = _runs(several, new.start, end, new.centre)
    back = runs.side == -new.side[runs.of]
    among = runs.first < new.start[runs.of] + search.points
    whole = (runs.after - runs.first >= search.run) | (runs.after == end[runs.of])
    reverts = np.zeros(len(end), dtype=bool)
    reverts[runs.of[back & among & whole]] = True
    return reverts


def _limits(
    several: Several, series: Places, start: Places, side: Sides, search: Search
) -> _Limits:
    """Limits of the points from a place onwards, leaving out the most extreme one at a time."""
    places = start[:, None] + np.arange(search.points)
    values, pauses = several.values[places], np.cumsum(several.afresh[places], axis=1)
    centre, lower, upper = (np.zeros(len(start)) for _ in range(3))
    rows = np.arange(len(start))
    for left in range(search.left_out, -1, -1):
        means = exact_means(values, np.ones(values.shape, dtype=bool))
        reach = search.width * _mean_range(values, pauses, search.screenings)
        centre[rows], lower[rows], upper[rows] = means, means - reach, means + reach
        outside = ~((lower[rows, None] <= values) & (values <= upper[rows, None]))
        some = outside.any(axis=1)
        if left == 0 or not some.any():
            break
        distance = np.where(outside, np.abs(values - means[:, None]), -1.0)[some]
        kept = np.ones(distance.shape, dtype=bool)
        kept[np.arange(len(kept)), distance.argmax(axis=1)] = False
        shape = (len(kept), kept.shape[1] - 1)
        values, pauses = (each[some][kept].reshape(shape) for each in (values, pauses))
        rows = rows[some]
    return _Limits(series, start, side, centre, lower, upper)


def _mean_range(values: Floats, pauses: Places, screenings: int) -> Floats:
    """The mean moving range, without ranges far above it; points left out are bridged.

    It is 0 if there is a pause between any two points. `pauses` counts those up to each point.
    """
    moves = np.abs(np.diff(values, axis=1))
    used = pauses[:, 1:] == pauses[:, :-1]
    ranges, some = np.zeros(len(values)), used.any(axis=1)
    moves, used = moves[some], used[some]
    for _ in range(screenings):
        used &= moves <= (SCREEN * exact_means(moves, used))[:, None]
    ranges[some] = exact_means(moves, used)
    return ranges
