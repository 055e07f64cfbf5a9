"""How far a unit's own level would have to be from its group's before a funnel shows it."""

import numpy as np
import scipy  # not its parts, which are slow to import: most commands never use them
from numpy.typing import NDArray

from pipelines.statistics.detectable import POWER
from pipelines.statistics.exact_limits import Chance
from pipelines.statistics.funnel import OUTSIDE


def nearest_outside(
    chance: Chance, size: float, power: float = POWER
) -> tuple[float | None, float | None]:
    """The nearest levels, below and above, that would be outside nine times in ten; None if none.

    Exact: a category comes from how surprising a count would be at the centre, and the unit's own
    counts are binomial or Poisson around its level. `size` is its denominator.
    """
    sizes = np.array([float(size)])
    first = int(chance.smallest(sizes, OUTSIDE)[0])  # the smallest count that is not outside below
    most = first - 1
    least = int(chance.smallest(sizes, 1 - OUTSIDE)[0])
    people = round(size) if chance.kind == "proportion" else None
    while (people is None or least <= people) and not _outside(chance, least, sizes, 1):
        least += 1
    while most >= 0 and not _outside(chance, most, sizes, 0):
        most -= 1
    exact = scipy.special
    if people is not None:
        low = float(exact.betaincinv(most + 1, people - most, 1 - power)) if most >= 0 else None
        high = (
            float(exact.betaincinv(least, people - least + 1, power)) if least <= people else None
        )
        return low, high
    low = float(exact.gammaincinv(most + 1, 1 - power)) / size if most >= 0 else None
    return low, float(exact.gammaincinv(least, power)) / size


def _outside(chance: Chance, count: int, sizes: NDArray[np.float64], side: int) -> bool:
    """Whether a count is outside: `side` is 0 for below and 1 for above."""
    return bool(chance.tails(np.array([float(count)]), sizes)[side][0] < OUTSIDE)
