"""Differences, spans and ratios as sentences write them: never rounded to what they are not."""

from math import log

import pytest

from pipelines.effect.refusals import refusal
from pipelines.effect.terms import Terms, between, ratios, size
from pipelines.effect.told import Periods
from pipelines.statistics.effect.comparable import Unanswerable


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        (0.05, 0.122, "5.0 to 12.2 percentage points higher"),
        (-0.122, -0.05, "5.0 to 12.2 percentage points lower"),
        (-0.04, 0.339, "4.0 lower to 33.9 percentage points higher"),
        (0.0299, 0.0302, "2.99 to 3.02 percentage points higher"),
        (0.00041, 0.00042, "0.041 to 0.042 percentage points higher"),
        (0.03, 0.03, "3.0 percentage points higher"),
    ],
)
def test_a_span_of_points_shows_its_ends_apart(lower, upper, said):
    assert between(lower, upper, "proportion") == said


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        (log(1.24), log(1.4), "24 to 40% higher"),
        (log(1.028), log(1.031), "2.8 to 3.1% higher"),
        (log(0.96), log(1.34), "4% lower to 34% higher"),
    ],
)
def test_a_span_of_rates_shows_its_ends_apart(lower, upper, said):
    assert between(lower, upper, "rate") == said


@pytest.mark.parametrize(
    ("value", "lower", "upper", "said"),
    [
        (1.32, 1.24, 1.4, "1.32 (1.24 to 1.40)"),
        (1.004, 1.001, 1.007, "1.004 (1.001 to 1.007)"),
        (0.9987, 0.9978, 0.9996, "0.9987 (0.9978 to 0.9996)"),
        (1.001, 0.8, 1.25, "1.00 (0.80 to 1.25)"),
    ],
)
def test_a_ratio_that_differs_from_1_is_not_written_as_1(value, lower, upper, said):
    assert ratios(log(value), log(lower), log(upper)) == said


def test_small_differences_keep_a_digit():
    assert size(0.0004, "proportion") == "0.04 percentage points"
    assert size(0.0, "proportion") == "under 0.001 percentage points"


@pytest.mark.parametrize(
    ("reason", "found", "said"),
    [
        ("events", 99.0, "Too few events: 99 before a start."),
        ("events", 99.7, "Too few events: just under 100 before a start."),
        ("expected", 19.2, "Too few events: about 19 to be expected after a start."),
        ("expected", 19.8, "Too few events: just under 20 to be expected after a start."),
        ("expected", 0.2, "Too few events: under 1 to be expected after a start."),
    ],
)
def test_too_few_are_never_as_many_as_are_needed(reason, found, said):
    terms = Terms(Periods(0), "rate")
    assert refusal(Unanswerable(reason, found), terms).startswith(f"{said} A rate needs 100 before")
