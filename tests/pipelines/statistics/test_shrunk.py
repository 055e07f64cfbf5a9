"""Levels pulled towards the average, against outside figures and by what must always hold."""

from random import Random

import numpy as np
import pytest
import scipy
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.statistics.shrunk import rates, shares
from tests.benchmark_scripts import script

# Efron and Morris 1975, JASA 70:311, table 1: hits of 18 players in 45 at bats, and their batting
# averages over the rest of the season.
HITS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
REST = 0.001 * np.array(
    [346, 298, 276, 222, 273, 270, 263, 210, 269, 230, 264, 256, 303, 264, 226, 286, 316, 200]
)
SMALL = np.array([3, 5, 8, 20, 35, 60])


def test_batting_averages_are_foretold_as_well_as_published():
    found = shares(HITS, np.full(18, 45))
    raw = ((HITS / 45 - REST) ** 2).sum()
    # published: 0.077 raw, 0.022 by the James-Stein rule, 3.5 times less
    assert raw == pytest.approx(0.077, abs=0.002)
    assert raw / ((found.value - REST) ** 2).sum() == pytest.approx(3.5, abs=0.3)
    assert found.centre == pytest.approx(0.265, abs=0.003)


def by_hand(count, size, log_likelihood, moments):
    """Mean and variance by the same prior on a finer and wider grid, without its shortcuts."""
    shrinkage = (np.arange(72) + 0.5) / 72
    strength = np.median(size) * shrinkage / (1 - shrinkage)
    logs, means, squares = [], [], []
    for k in strength:
        for line in np.linspace(-4, 4, 81):
            logs.append(log_likelihood(line, k).sum())
            mean, variance = moments(line, k)
            means.append(mean)
            squares.append(variance + mean**2)
    weight = np.exp(np.array(logs) - max(logs))
    weight /= weight.sum()
    mean = weight @ np.array(means)
    return mean, weight @ np.array(squares) - mean**2


def test_shares_are_those_of_the_whole_prior_worked_out_by_brute_force():
    part = np.array([1, 5, 6, 19, 22, 51])

    def beta(line, k):
        average = scipy.special.expit(line)
        return scipy.stats.betabinom.logpmf(part, SMALL, k * average, k * (1 - average))

    def moments(line, k):
        yes, no = (
            k * scipy.special.expit(line) + part,
            k * scipy.special.expit(-line) + SMALL - part,
        )
        return yes / (yes + no), yes * no / ((yes + no) ** 2 * (yes + no + 1))

    mean, variance = by_hand(part, SMALL, beta, moments)
    found = shares(part, SMALL)
    assert found.value == pytest.approx(mean, abs=0.004)
    both = mean * (1 - mean) / variance - 1
    ends = scipy.stats.beta(mean * both, (1 - mean) * both).ppf([[0.025], [0.975]])
    assert np.array([found.lower, found.upper]) == pytest.approx(ends, abs=0.012)


def test_rates_are_those_that_an_outside_program_fits():
    # statsmodels 0.14.5, NegativeBinomial(nb2) with exposure, by maximum likelihood: with so many
    # units, what isn't known of the average and the strength hardly matters
    i = np.arange(240)
    exposure = 3000.0 + (i * 37 % 50) * 100
    count = ((i * i * 13 + i * 7) % 29) // (1 + i % 4)
    found = rates(count, exposure)
    assert found.centre == pytest.approx(0.00125077, rel=0.005)
    assert found.value[[0, 3, 100]] == pytest.approx([0.00036878, 0.00122683, 0.00648014], rel=0.01)
    assert found.pulled[[0, 3, 100]] == pytest.approx([0.294844, 0.234271, 0.294844], rel=0.05)


counts = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=9).filter(
    lambda pairs: any(a + b for a, b in pairs)
)


@example([(52, 0), (0, 0)], Random(1))  # noqa: S311 - everybody says yes, on the one ward asked
@given(counts, st.randoms(use_true_random=False))
def test_whatever_the_figures_are(pairs, random):
    yes, no = np.array(pairs).T
    order = list(range(len(pairs)))
    random.shuffle(order)
    for of, size in ((shares, yes + no), (rates, yes + no)):
        found, again = of(yes, size), of(yes[order], size[order])
        assert (found.lower <= found.value).all()
        assert (found.value <= found.upper).all()
        assert ((found.pulled > 0) & (found.pulled < 1 + 1e-9)).all()
        assert again.value == pytest.approx(found.value[order], rel=1e-9)
        assert again.upper == pytest.approx(found.upper[order], rel=1e-9)
        # more answers, less pull
        assert (np.diff(found.pulled[np.argsort(size, kind="stable")]) <= 1e-12).all()
        # a unit without a figure changes nothing, and has the average itself
        more = of(np.append(yes, 0), np.append(size, 0))
        assert more.value[:-1] == pytest.approx(found.value, rel=1e-9)
        assert more.value[-1] == pytest.approx(found.centre, rel=1e-9)
        assert more.pulled[-1] == pytest.approx(1)


def test_three_answers_neither_damn_nor_praise():
    part, whole = np.array([0, 3, 80, 78, 85, 60]), np.array([3, 3, 100, 100, 100, 100])
    found = shares(part, whole)
    assert 0.4 < found.value[0] < found.value[1] < 0.95
    assert found.lower[0] < found.centre < found.upper[0]
    assert found.lower[1] < found.centre < found.upper[1]
    # sixty of a hundred is another matter
    assert found.upper[5] < found.centre


def test_intervals_hold_a_wards_own_level_about_as_often_as_they_say():
    benchmark = script("shrunk_coverage")
    for name in ("69 wards, 12 answers", "69 wards, 2 incidents a year"):
        held, error, wrong = benchmark.coverage(benchmark.KINDS[name], 30)
        assert 0.93 < held < 0.97
        assert error < 0.6  # nearer to the truth than the raw figures are
        assert wrong < 0.025
