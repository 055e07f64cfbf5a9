"""Repeatable chance: draws that depend on names, never on their order."""

import math
from collections.abc import Sequence
from random import Random


def chance(seed: int, *names: object) -> Random:
    """A source of chance for one part of one demonstration, the same on every machine."""
    return Random("|".join(map(str, (seed, *names))))  # noqa: S311 - a story, not a secret


def poisson(rng: Random, mean: float, steady: float = 1.0) -> int:
    """How many events happen when `mean` are expected (Knuth's multiplication, for small means).

    `steady` below 1 leaves only that share of ordinary chance.
    """
    left, count = math.exp(-mean), 0
    product = rng.random()
    while product > left:
        count += 1
        product *= rng.random()
    return max(0, round(mean + steady * (count - mean)))


def binomial(rng: Random, n: int, p: float, steady: float = 1.0) -> int:
    """How many of `n` say yes; `steady` below 1 leaves only that share of ordinary chance."""
    drawn = sum(rng.random() < p for _ in range(n))
    return min(n, max(0, round(n * p + steady * (drawn - n * p))))


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Split `total` into whole parts in proportion to the weights, by largest remainders."""
    ideal = [total * weight / sum(weights) for weight in weights]
    parts = [math.floor(part) for part in ideal]
    by_remainder = sorted(range(len(weights)), key=lambda i: (parts[i] - ideal[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
