"""How far two shares of small groups may differ: intervals that hold for few people, too."""

import math

_Z = 1.959963984540054  # 95% of a normal distribution lie within it


def interval(part: int, whole: int) -> tuple[float, float]:
    """The 95% score interval of a share (Wilson 1927), as proportions; `whole` is above 0."""
    share, squared = part / whole, _Z * _Z
    middle = (part + squared / 2) / (whole + squared)
    half = _Z / (whole + squared) * math.sqrt(whole * share * (1 - share) + squared / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


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
