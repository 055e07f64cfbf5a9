"""How likely a figure is if nothing has changed since the months before. Exact, both sides.

The past's own uncertainty is part of it: a ward that was 60 of 60 so far may have one month of 11
out of 12 without a question.
"""

from math import comb


def same_proportion(part: int, whole: int, past_part: int, past_whole: int) -> float:
    """Chance of a share this far from the past's: hypergeometric, given both totals (Fisher)."""
    parts, wholes = part + past_part, whole + past_whole
    ways = comb(wholes, whole)
    low, high = max(0, whole - (wholes - parts)), min(whole, parts)
    mass = [comb(parts, k) * comb(wholes - parts, whole - k) / ways for k in range(low, high + 1)]
    return _both_sides(mass, part - low)


def same_rate(events: int, exposure: float, past_events: int, past_exposure: float) -> float:
    """Chance of a count this far from the past's rate: two Poisson counts, given their sum, share
    it as the exposures do, which is binomial."""
    total, share = events + past_events, exposure / (exposure + past_exposure)
    mass = [comb(total, k) * share**k * (1 - share) ** (total - k) for k in range(total + 1)]
    return _both_sides(mass, events)


def _both_sides(mass: list[float], found: int) -> float:
    return min(1.0, 2 * min(sum(mass[: found + 1]), sum(mass[found:])))
