"""Tails and limits are those of scipy's distributions, without what importing them costs."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import scipy

from pipelines.statistics.exact_limits import Chance, Floats, Kind, _by_scipy

SHARES = (0.001, 0.025, 0.5, 0.975, 0.999)


def _units() -> tuple[Floats, Floats, Floats]:
    """Sizes, centres and counts: ordinary ones, and those at every edge."""
    rng = np.random.default_rng(1)
    sizes = np.concatenate([rng.integers(1, 40, 800), rng.integers(1, 9000, 800)]).astype(float)
    centres = np.where(rng.random(1600) < 0.05, rng.integers(0, 2, 1600), rng.random(1600) ** 3)
    counts = np.round(sizes * centres + rng.normal(0, 2, 1600) * np.sqrt(sizes * centres + 1))
    return sizes, centres, np.maximum(counts, -1) + (rng.random(1600) < 0.1) * 0.5


@pytest.mark.parametrize(
    ("kind", "tau2"), [("proportion", 0.0), ("rate", 0.0), ("ratio", 0.0), ("rate", 0.002)]
)
def test_tails_and_limits_are_those_of_scipys_distributions(kind: Kind, tau2: float) -> None:
    sizes, centres, counts = _units()
    known: Any
    if tau2:
        centres = np.where(centres > 0, centres, 0.01)
        shape = centres**2 / tau2
        known = scipy.stats.nbinom(shape, shape / (shape + centres * sizes))
    elif kind == "proportion":
        known = scipy.stats.binom(sizes, centres)
    else:
        known = scipy.stats.poisson(centres * sizes)
    chance = Chance(kind, centres, tau2)
    np.testing.assert_array_equal(chance.cumulative(counts, sizes), known.cdf(counts))
    for share in SHARES:
        np.testing.assert_array_equal(chance.smallest(sizes, share), known.ppf(share))


def test_where_scipy_has_no_such_function_the_distribution_is_asked() -> None:
    assert _by_scipy("_binom_cdf")(3.0, 9.0, 0.4) == scipy.stats.binom.cdf(3, 9, 0.4)
    assert _by_scipy("_binom_median")(9, 0.4) == scipy.stats.binom.median(9, 0.4)


def test_judging_units_imports_no_distributions() -> None:
    judge = (
        "import sys, numpy as np;"
        "from pipelines.statistics.exact_limits import Chance;"
        "n = np.array([9.0]);"
        "[Chance(k, 0.4, t).quantile(n, 0.9) for k in ('proportion', 'rate') for t in (0.0, 0.01)];"
        "sys.exit('scipy.stats' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", judge], check=False).returncode == 0
