"""What a funnel could have found is exact, by the category itself."""

import numpy as np
import pytest
import scipy

from pipelines.statistics.exact_limits import Chance
from pipelines.statistics.funnel import OUTSIDE
from pipelines.statistics.funnel_detectable import nearest_outside


def share_outside(chance, size, level, side):
    """How often a count around a level is outside, by adding up every count that is."""
    every = np.arange(0, int(size if chance.kind == "proportion" else 400) + 1, dtype=float)
    tail = chance.tails(every, np.full(len(every), float(size)))[side]
    if chance.kind == "proportion":
        mass = scipy.stats.binom.pmf(every, round(size), level)
    else:
        mass = scipy.stats.poisson.pmf(every, level * size)
    return float(mass[tail < OUTSIDE].sum())


@pytest.mark.parametrize("size", [25, 74, 130, 333])
@pytest.mark.parametrize("tau2", [0.0, 0.002])
def test_a_level_shows_nine_times_in_ten_by_the_rule_itself(size, tau2):
    chance = Chance("proportion", 0.83, tau2)
    low, high = nearest_outside(chance, size)
    assert share_outside(chance, size, low, 0) == pytest.approx(0.9, abs=1e-9)
    if high is not None:
        assert share_outside(chance, size, high, 1) == pytest.approx(0.9, abs=1e-9)
        assert low < 0.83 < high


def test_rates_too_and_where_no_level_would_show():
    chance = Chance("rate", 0.002)
    low, high = nearest_outside(chance, 5200)
    assert share_outside(chance, 5200, high, 1) == pytest.approx(0.9, abs=1e-9)
    assert share_outside(chance, 5200, low, 0) == pytest.approx(0.9, abs=1e-9)
    assert nearest_outside(chance, 500)[0] is None  # not even nothing would be too few
    assert nearest_outside(Chance("proportion", 0.97), 20)[1] is None
