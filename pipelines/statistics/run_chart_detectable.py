"""How long a change has to last before a run chart shows it, however large it is.

Exact, for Anhøj's two signs as they are: points after a change so large that all of them are beyond
all others. Nothing else about the figures matters, as a run chart only counts sides of the median;
equal figures and smaller changes need longer.
"""

from collections.abc import Mapping
from functools import cache
from itertools import count
from math import comb, floor, log2
from typing import Any

from pipelines.statistics.detectable import POWER
from pipelines.statistics.method import RUN_CHART_FROM
from pipelines.statistics.run_chart import fewest_crossings
from schemas.wording import counted


@cache
def least_lasting(points: int, power: float = POWER) -> int | None:
    """How many of the latest points a change must cover to show nine times in ten, at least.

    None if no change would: there are too few points.
    """
    return next((m for m in range(1, points // 2 + 1) if chance_shown(points, m) >= power), None)


def without_limits(phase: Mapping[str, Any], one: str = "point") -> str:
    """What would show on a run chart without a sign of change, or on points too few for one.

    Empty for any other chart, and where more points would not make a run chart either: of events,
    which may be too rare, and of days. `phase` has its `chart` and `unit`, how many points it has
    (`points`), how many of them are in its limits (`used`), and `runs_signal`.
    """
    few = phase["chart"] == "points" and phase["points"] < RUN_CHART_FROM
    few = few and phase["unit"] in ("proportion", "value")
    quiet = phase["chart"] == "run" and not phase["runs_signal"]
    return would_show(phase["used"], one) if phase["used"] and (few or quiet) else ""


def would_show(points: int, one: str = "point") -> str:
    """What a run chart of so many points, or fewer than one needs, would show of a large change."""
    if (needed := least_lasting(points)) is not None:
        return (
            "However large a change, this run chart would show it reliably only after "
            f"{counted(needed, one)} at the new level."
        )
    enough = next(n for n in count(points) if least_lasting(n) is not None)
    return (
        f"No change, however large, would show reliably in {counted(points, one)}: that takes "
        f"{enough}, with {least_lasting(enough)} of them at the new level."
    )


@cache
def chance_shown(points: int, lasting: int) -> float:
    """How likely a run chart shows a change after which come `lasting` of its points, at most half.

    The median is then one of the earlier points, or between two. The earlier points on the side of
    the change are equally likely to be any of them.
    """
    half = points // 2  # on either side; the point on the median of an odd number doesn't count
    longest = floor(log2(2 * half) + 0.5) + 3
    crossings = fewest_crossings(2 * half - 1)
    quiet = _unnoticed(half - lasting, half, lasting, (longest, crossings))
    return 1 - quiet / comb(2 * half - lasting, half)


def _unnoticed(same: int, other: int, lasting: int, signs: tuple[int, int]) -> int:
    """In how many orders neither sign shows: runs at most as long, crossings at least as many.

    `same` and `other` are the earlier points on the side of the change and on the other.
    """
    longest, enough = signs

    @cache
    def orders(same: int, other: int, last: int, run: int, crossings: int) -> int:
        if run > longest:
            return 0
        if not same and not other:  # the points after the change follow
            run, crossings = (run, crossings) if last else (0, crossings + 1)
            return int(run + lasting <= longest and crossings >= enough)
        found = 0
        for side, left in ((1, same), (0, other)):
            if left:
                goes_on = side == last
                after = min(crossings + (not goes_on), enough)
                found += orders(
                    same - side, other - (1 - side), side, run + 1 if goes_on else 1, after
                )
        return found

    # What comes first crosses nothing.
    return (orders(same - 1, other, 1, 1, 0) if same else 0) + (
        orders(same, other - 1, 0, 1, 0) if other else 0
    )
