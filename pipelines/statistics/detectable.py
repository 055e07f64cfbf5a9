"""How far a level would have to move before a process chart shows it, nine times in ten.

Exact, for the rules as they are: counts around the new level are binomial (of people asked) or
Poisson (events), and the limits stay where they are. Of a change that lasts, only its own points
count, and of the rules a point outside, two of three and a shift; the trend rule adds a little.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal, TypeVar, cast

import numpy as np
import scipy  # not its parts, which are slow to import: most commands never use them
from numpy.typing import NDArray

from pipelines.statistics.rules import SHIFT

Way = Literal["down", "up"]
Chance = TypeVar("Chance", float, NDArray[np.float64])
POWER = 0.9  # how often a change has to show
LASTING = SHIFT  # points of a change that lasts
EXACT = 1e-14  # levels are found to within this
CHARTS = ("xmr", "p", "pp", "u", "up", "c")  # those with limits that counts can be judged by
OFTEN = 0.2  # limits are narrower than the counts' own variation: then nothing can be promised


@dataclass(frozen=True)
class Lines:
    """The lines of a point on its chart, and of how many its count is.

    `size` is people asked for a proportion, and otherwise what a rate is per (1 for a count). All
    others are in the unit of the values: a proportion from 0 to 1, or a rate.
    """

    kind: Literal["proportion", "rate"]
    size: float
    centre: float
    lower: float
    near_lower: float
    near_upper: float
    upper: float


@dataclass(frozen=True)
class Detectable:
    """The nearest levels that a chart would show nine times in ten; None where no level would.

    In a single point like the latest one (`once`), or in seven of them (`lasting`).
    """

    lines: Lines
    fall_once: float | None
    fall_lasting: float | None
    rise_once: float | None
    rise_lasting: float | None


def detectable(point: Mapping[str, Any], unit: str | None) -> Detectable | None:
    """What a chart could find, from its latest point with a figure.

    None for charts of anything but counts, for those without limits, and where chance alone would
    look like a change too `OFTEN`.
    """
    lines = _lines(point, unit)
    if lines is None or _too_narrow(lines):
        return None
    return Detectable(
        lines,
        fall_once=nearest_shown(lines, "down"),
        fall_lasting=nearest_shown(lines, "down", LASTING),
        rise_once=nearest_shown(lines, "up"),
        rise_lasting=nearest_shown(lines, "up", LASTING),
    )


def _too_narrow(lines: Lines) -> bool:
    """Whether points that vary by chance around the centre would look like a change too often."""
    ways: tuple[Way, Way] = ("down", "up")
    return max(chance_shown(lines, way, lines.centre, LASTING) for way in ways) > OFTEN


def _lines(point: Mapping[str, Any], unit: str | None) -> Lines | None:
    if point["chart"] not in CHARTS or point["upper"] is None or point["upper"] == point["lower"]:
        return None
    names = ("centre", "lower", "near_lower", "near_upper", "upper")
    edges = [point[name] for name in names]
    if point["chart"] == "c":
        return Lines("rate", 1.0, *edges)
    size = point["denominator"]
    if unit == "value" or not size:
        return None
    if unit == "rate" or point["chart"] in ("u", "up"):
        return Lines("rate", size, *edges)
    whole = size == round(size) and 0 <= point["centre"] <= 1
    return Lines("proportion", size, *edges) if whole else None


def nearest_shown(lines: Lines, way: Way, months: int = 1, power: float = POWER) -> float | None:
    """The level nearest the centre that would show, or None if no level would.

    In one point, or within so many in a row at the same level.
    """

    def short(level: float) -> float:
        return chance_shown(lines, way, level, months) - power

    far = 0.0
    if way == "up":
        far = 1.0 if lines.kind == "proportion" else max(lines.upper, 1 / lines.size)
        while lines.kind == "rate" and short(far) < 0:
            far *= 2
    if short(far) < 0:
        return None
    if short(lines.centre) >= 0:
        return lines.centre
    return float(scipy.optimize.brentq(short, lines.centre, far, xtol=EXACT))


def chance_shown(lines: Lines, way: Way, level: float, months: int = 1) -> float:
    """How likely it is that a level shows as a change `way` in `months` points in a row."""
    edges = (
        (lines.lower, lines.near_lower, lines.centre)
        if way == "down"
        else (lines.upper, lines.near_upper, lines.centre)
    )
    outside, near, side = (_beyond(lines, way, level, edge) for edge in edges)
    return 1.0 - unnoticed(near - outside, side - near, 1.0 - side, months)


def _beyond(lines: Lines, way: Way, level: float, edge: float) -> float:
    """P(value < edge) or P(value > edge) at a level: strictly, as the rules compare."""
    count = _last_below(edge, lines.size) if way == "down" else _last_within(edge, lines.size)
    if count < 0:
        return 0.0 if way == "down" else 1.0
    exact = scipy.special
    if lines.kind == "proportion":
        people = round(lines.size)
        tail = exact.bdtr if way == "down" else exact.bdtrc
        return float(tail(min(count, people), people, level))
    return float((exact.pdtr if way == "down" else exact.pdtrc)(count, level * lines.size))


def _last_below(edge: float, size: float) -> int:
    """The largest count whose value is below the edge, as the rules divide; -1 if there is none."""
    count = max(ceil(edge * size), -1)
    while count >= 0 and count / size >= edge:
        count -= 1
    return count


def _last_within(edge: float, size: float) -> int:
    """The largest count whose value is not above the edge."""
    count = max(ceil(edge * size) + 1, -1)
    while count >= 0 and count / size > edge:
        count -= 1
    return count


def unnoticed(near: Chance, side: Chance, other: Chance, months: int) -> Chance:
    """The chance that no rule marks any of the points; of many charts at once, if it is asked so.

    `near` is the chance of a point between the limit and the near limit, `side` of one between that
    and the centre, `other` of one that is not on this side. What was before counts as `other`.
    """
    shares = {"near": near, "side": side, "other": other}
    # the last two points, and how many in a row on this side
    states: dict[tuple[str, str, int], Any] = {("other", "other", 0): 1.0}
    for _ in range(months):
        after: dict[tuple[str, str, int], Any] = defaultdict(float)
        for (before, last, run), chance in states.items():
            for here, share in shares.items():
                window = (before, last, here)
                length = 0 if here == "other" else run + 1
                two_of_three = "other" not in window and window.count("near") >= 2
                if not two_of_three and length < SHIFT:
                    after[last, here, length] += chance * share
        states = dict(after)
    return cast("Chance", sum(states.values()))
