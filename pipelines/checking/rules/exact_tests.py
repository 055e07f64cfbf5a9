"""Exact, two-sided tests of how likely a figure is if nothing has changed since earlier months.

They allow for uncertainty about the past: a ward with 60 out of 60 so far can have a month of 11
out of 12 without being queried. Two-sided means twice the chance of the side the figure is on.
"""

from collections.abc import Callable
from math import exp, inf, lgamma, log

_NEGLIGIBLE = 1e-12


def same_proportion(part: int, whole: int, past_part: int, past_whole: int) -> float:
    """Chance of a share this far from the past one: hypergeometric, given both totals (Fisher)."""
    parts, wholes = part + past_part, whole + past_whole
    low, high = max(0, whole - (wholes - parts)), min(whole, parts)

    def mass(k: int) -> float:
        ways = _log_ways(parts, k) + _log_ways(wholes - parts, whole - k)
        return exp(ways - _log_ways(wholes, whole))

    return _both_sides(mass, part, whole * parts / wholes if wholes else 0, low, high)


def same_rate(events: int, exposure: float, past_events: int, past_exposure: float) -> float:
    """Chance of a count this far from the past rate.

    Given the sum of two Poisson counts, each count is binomial, with the share of its exposure.
    """
    total, share = events + past_events, exposure / (exposure + past_exposure)

    def mass(k: int) -> float:
        log_chance = k * log(share) + (total - k) * log(1 - share)
        return exp(_log_ways(total, k) + log_chance)

    return _both_sides(mass, events, total * share, 0, total)


def _log_ways(n: int, k: int) -> float:
    if not 0 <= k <= n:
        return -inf
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _both_sides(
    mass: Callable[[int], float], found: int, expected: float, low: int, high: int
) -> float:
    """Twice the sum of the chances from `found` outwards, which only get smaller."""
    outwards = range(found, high + 1) if found >= expected else range(found, low - 1, -1)
    tail = 0.0
    for k in outwards:
        chance = mass(k)
        tail += chance
        if chance < tail * _NEGLIGIBLE or tail >= 0.5:
            break
    return min(1.0, 2 * tail)
