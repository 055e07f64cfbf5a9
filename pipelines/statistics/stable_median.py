"""Finds stable shifts of run charts, where a new median would start, based on runcharter.

This is plain Python over the values of one series after the other: few series have such a chart,
and each median depends on the one before.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from statistics import median
from typing import Literal

import numpy as np

from pipelines.statistics.stable_shift import Level, Several

Side = Literal["above", "below", "both"]


def stable_medians(
    several: Several, side: Side = "both", baseline: int = 13, run: int = 9
) -> list[list[Level]]:
    """Find the levels of each series: the median of the first points, then of each long run.

    A run is of points on the side of the median asked for, skipping points on it. The search starts
    after the points that the median came from, and the run's first `run` points give the next
    median. If there are too few points, there are no levels. A run ends at a pause.
    """
    return [
        _medians(
            several.values[start:end].tolist(),
            side,
            baseline,
            run,
            frozenset(np.flatnonzero(several.afresh[start:end]).tolist()),
        )
        for start, end in zip(several.start, several.end, strict=True)
    ]


def _medians(
    values: Sequence[float], side: Side, baseline: int, run: int, afresh: AbstractSet[int]
) -> list[Level]:
    if len(values) < baseline:
        return []
    levels = [_level(values, list(range(baseline)), None)]
    while members := _next_run(values, levels[-1], side, run, afresh):
        levels.append(_level(values, members, values[members[0]] > levels[-1].centre))
    ends = [level.start for level in levels[1:]] + [len(values)]
    return [
        Level(v.start, v.end, until, v.centre, None, None, v.high)
        for v, until in zip(levels, ends, strict=True)
    ]


def _next_run(
    values: Sequence[float], level: Level, side: Side, run: int, afresh: AbstractSet[int]
) -> list[int]:
    """The places of the first long run after a level's own points; empty if there is none."""
    members: list[int] = []
    above = False
    for place in range(level.end, len(values)):
        if place in afresh:
            members = []
        if values[place] == level.centre:
            continue
        if (values[place] > level.centre) != above:
            above, members = not above, []
        if side in ("both", "above" if above else "below"):
            members.append(place)
        if len(members) == run:
            return members
    return []


def _level(values: Sequence[float], members: list[int], high: bool | None) -> Level:
    centre = median(values[place] for place in members)
    return Level(members[0], members[-1] + 1, len(values), centre, None, None, high)
