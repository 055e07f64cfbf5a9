"""Chance that comes out the same every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.demo.seeded_chance import binomial, chance, poisson, share_out


def test_the_same_names_give_the_same_chance_on_every_machine() -> None:
    assert chance(1, "ward", 7).random() == chance(1, "ward", 7).random()
    assert chance(1, "ward", 7).random() != chance(1, "ward", 8).random()
    assert chance(1, "ward", 7).random() == pytest.approx(0.17537622437430977)


def test_counts_are_what_is_expected_on_average() -> None:
    rng = chance(1, "average")
    assert sum(poisson(rng, 1.7) for _ in range(4000)) / 4000 == pytest.approx(1.7, abs=0.1)
    assert sum(binomial(rng, 12, 0.8) for _ in range(4000)) / 4000 == pytest.approx(9.6, abs=0.1)


def test_steady_counts_vary_less() -> None:
    def spread(steady: float) -> int:
        rng = chance(1, "spread")
        drawn = [binomial(rng, 40, 0.5, steady) for _ in range(300)]
        return max(drawn) - min(drawn)

    assert spread(0.3) < spread(1.0) / 2


@given(st.integers(0, 5000), st.lists(st.floats(0.01, 10), min_size=1, max_size=40))
def test_shares_are_whole_fair_and_lose_nobody(total: int, weights: list[float]) -> None:
    parts = share_out(total, weights)
    assert sum(parts) == total
    ideal = [total * weight / sum(weights) for weight in weights]
    assert all(abs(part - wanted) < 1 + 1e-6 for part, wanted in zip(parts, ideal, strict=True))
