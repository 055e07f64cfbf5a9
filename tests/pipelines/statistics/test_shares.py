"""Intervals of shares, against those that are published."""

import pytest
import scipy

from pipelines.statistics.shares import difference, interval


@pytest.mark.parametrize("counts", [(0, 5), (5, 5), (3, 17), (81, 263)])
def test_the_interval_of_a_share_is_the_score_interval(counts):
    known = scipy.stats.binomtest(*counts).proportion_ci(method="wilson")
    assert interval(*counts) == pytest.approx((known.low, known.high), abs=1e-9)


@pytest.mark.parametrize(
    ("counts", "limits"),
    [  # Newcombe, Statistics in Medicine 1998;17:873-890, table II, method 10
        ((56, 70, 48, 80), (0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.0582, 0.8062)),
        ((5, 56, 0, 29), (-0.0381, 0.1926)),
        ((0, 10, 0, 20), (-0.1611, 0.2775)),
        ((10, 10, 0, 10), (0.6075, 1.0)),
    ],
)
def test_the_interval_of_a_difference_is_the_published_one(counts, limits):
    assert difference(*counts) == pytest.approx(limits, abs=6e-5)
