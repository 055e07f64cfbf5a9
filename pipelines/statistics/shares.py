"""Intervals of shares of small groups, and how far two of them may differ."""

import math

import scipy  # not its parts, which are slow to import

LEVEL = 0.95


def interval(part: int, whole: int) -> tuple[float, float]:
    """The 95% score interval of a share (Wilson 1927), as proportions; `whole` is above 0."""
    found = scipy.stats.binomtest(part, whole).proportion_ci(LEVEL, "wilson")
    return float(found.low), float(found.high)


def difference(part: int, whole: int, other: int, other_whole: int) -> tuple[float, float]:
    """The 95% interval of the first share less the other (Newcombe 1998, method 10).

    For shares of different people: of the same people it is too wide, never too narrow, as long
    as those who say yes once tend to say yes again.
    """
    first, second = part / whole, other / other_whole
    (low, high), (other_low, other_high) = interval(part, whole), interval(other, other_whole)
    apart = first - second
    return (
        apart - math.hypot(first - low, other_high - second),
        apart + math.hypot(high - first, second - other_low),
    )
