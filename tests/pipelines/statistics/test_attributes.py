"""p′ and u′ limits: Laney's σz as published, and a word where it narrows them."""

from datetime import date
from itertools import pairwise
from math import sqrt

import polars as pl
import pytest

from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.signals import signals

CALM = [50, 51, 49, 50, 52, 48, 50, 51, 49, 50, 51, 50]
WILD = [20, 80, 30, 75, 15, 85, 25, 70, 20, 80, 30, 70]
NARROWER = (
    "The points vary less than chance alone would explain, so the limits are narrower than those "
    "of a {} chart."
)


def counts(numerators, denominator=100.0):
    return pl.DataFrame(
        {
            "date": [date(2026, month, 1) for month in range(1, 13)],
            "numerator": [float(count) for count in numerators],
            "denominator": [denominator] * 12,
        }
    )


def reason(numerators, chart):
    return signals(counts(numerators), Method(chart=chart))["reason"][0]


@pytest.mark.parametrize("numerators", [CALM, WILD])
def test_sigma_z_is_the_mean_moving_range_of_the_standard_scores_whatever_its_size(numerators):
    """Worked out here from the formula; it has no floor at 1."""
    centre = sum(numerators) / 1200
    sd = sqrt(centre * (1 - centre) / 100)
    scores = [(count / 100 - centre) / sd for count in numerators]
    sigma_z = sum(abs(b - a) for a, b in pairwise(scores)) / 11 / 1.128
    ours = points(counts(numerators), Method(chart="pp"))
    assert (sigma_z < 1) == (numerators is CALM)
    assert ours["upper"][0] == pytest.approx(min(1, centre + 3 * sd * sigma_z), rel=1e-12)
    assert ours["near_lower"][0] == pytest.approx(max(0, centre - 2 * sd * sigma_z), rel=1e-12)


@pytest.mark.parametrize(("chart", "plain"), [("pp", "p"), ("up", "u")])
def test_narrower_limits_are_said_to_be_narrower(chart, plain):
    width = {
        name: points(counts(CALM), Method(chart=name)).select(pl.col("upper") - pl.col("centre"))
        for name in (chart, plain)
    }
    assert width[chart].item(0, 0) < width[plain].item(0, 0)
    assert NARROWER.format(plain) in reason(CALM, chart)


@pytest.mark.parametrize("chart", ["pp", "up"])
def test_nothing_is_said_where_limits_are_wider_or_nothing_varies(chart):
    assert "narrower" not in reason(WILD, chart)
    assert "narrower" not in reason([50] * 12, chart)
    assert "There is no variation" in reason([50] * 12, chart)
    assert "narrower" not in reason([0] * 12, chart)


def test_nothing_is_said_of_charts_without_sigma_z():
    assert [
        chart for chart in ("xmr", "p", "u", "c", "run") if "narrower" in reason(CALM, chart)
    ] == []
