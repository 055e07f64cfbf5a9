"""How far the level of plain values would have to move before an XmR chart shows it.

Values are taken to vary like a normal distribution, each by itself. Limits rest on few points, so
by chance they lie too near or too far; the table averages over that. It was simulated once
(`benchmarks/value_detectable.py`), with the rules as they are: a single point shows if it is
outside the limits; of seven at the new level, two of three and a shift count too, on its side.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # not its parts, which are slow to import
from numpy.typing import NDArray

from pipelines.statistics.detectable import LASTING, POWER, unnoticed
from pipelines.statistics.xmr import FAR, NEAR

Floats = NDArray[np.float64]
# By how many points the limits rest on: the standard deviations of a change that shows nine times
# in ten, in a single point and over seven.
TABLE = {
    12: (4.70, 1.78),
    15: (4.62, 1.76),
    18: (4.57, 1.75),
    24: (4.50, 1.73),
    36: (4.43, 1.71),
    60: (4.37, 1.69),
    120: (4.33, 1.68),
}


@dataclass(frozen=True)
class Apart:
    """How large a change would show nine times in ten, either way.

    In standard deviations (`_sigma`) and in the unit of the values.
    """

    once: float
    lasting: float
    once_sigma: float
    lasting_sigma: float


def detectable_value(point: Mapping[str, Any], used: int) -> Apart | None:
    """What an XmR chart of plain values could find, from a point with its limits.

    `used` is how many points the limits rest on. None for other charts, and where values don't vary
    or are fewer than the shortest chart of the table has.
    """
    if point["chart"] != "xmr" or point["upper"] is None or used < min(TABLE):
        return None
    sigma = (point["upper"] - point["lower"]) / 6
    if not sigma > 0:
        return None
    lengths = sorted(TABLE)
    once, lasting = TABLE[lengths[bisect_right(lengths, used) - 1]]
    return Apart(once * sigma, lasting * sigma, once, lasting)


def needed(points: int, drawn: int, random: np.random.Generator) -> tuple[float, float]:
    """The standard deviations of a change that shows nine times in ten: once, and lasting.

    On `drawn` charts whose limits rest on so many points.
    """
    values = random.standard_normal((drawn, points))
    centre, step = values.mean(1), np.abs(np.diff(values, axis=1)).mean(1)

    def short(apart: float, months: int) -> float:
        return float(shown(apart - centre, step, months).mean()) - POWER

    found = [
        float(scipy.optimize.brentq(short, 0.0, 20.0, args=(months,), xtol=1e-5))
        for months in (1, LASTING)
    ]
    return found[0], found[1]


def shown(apart: Floats, step: Floats, months: int) -> Floats:
    """The chance that the rules mark one of so many points that lie `apart` above the centre.

    `step` is the mean moving range; both are in standard deviations.
    """
    within = scipy.special.ndtr
    outside, beyond, side = (within(apart - far * step) for far in (FAR, NEAR, 0.0))
    if months == 1:
        return np.asarray(outside)
    return np.asarray(1 - unnoticed(beyond - outside, side - beyond, 1 - side, months))
