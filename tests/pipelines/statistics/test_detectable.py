"""What a chart could have found: against every sequence there can be, and against the rules."""

from datetime import date
from itertools import product
from math import comb, exp, factorial

import numpy as np
import polars as pl
import pytest

from pipelines.statistics.detectable import LASTING, Lines, chance_shown, nearest_shown
from pipelines.statistics.method import Method
from pipelines.statistics.points import points

WARD = Lines("proportion", 20, 0.85, 0.61, 0.69, 1.01, 1.09)
BEDS = Lines("rate", 450, 0.004, 0.0, 0.0005, 0.0075, 0.0093)


def binomial(size, level):
    return [comb(size, k) * level**k * (1 - level) ** (size - k) for k in range(size + 1)]


def marked(values, lines, way):
    """Whether a rule marks a point on this side, as the rules are written down."""
    sign = 1 if way == "up" else -1
    limit, near = (
        (lines.upper, lines.near_upper) if way == "up" else (lines.lower, lines.near_lower)
    )
    past = [[sign * (v - edge) > 0 for edge in (limit, near, lines.centre)] for v in values]
    if any(outside for outside, _, _ in past):
        return True
    for at in range(len(past) - 2):
        window = past[at : at + 3]
        if all(side for *_, side in window) and sum(near for _, near, _ in window) >= 2:
            return True
    return any(all(side for *_, side in past[at : at + 7]) for at in range(len(past) - 6))


@pytest.mark.parametrize("way", ["down", "up"])
@pytest.mark.parametrize("level", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("months", [1, 2, 3, 7])
def test_the_chance_is_that_of_every_sequence_of_counts_that_is_marked(way, level, months):
    lines = Lines("proportion", 3, 0.5, 0.2, 0.3, 0.7, 0.9)
    of = binomial(3, level)
    expected = sum(
        float(np.prod([of[count] for count in counts]))
        for counts in product(range(4), repeat=months)
        if marked([count / 3 for count in counts], lines, way)
    )
    assert chance_shown(lines, way, level, months) == pytest.approx(expected, abs=1e-12)


def test_a_single_point_of_a_rate_is_the_poisson_tail():
    mean = 0.012 * 450  # events of 450 bed days; more than 0.0093 of them are 5 or more
    tail = 1 - sum(exp(-mean) * mean**k / factorial(k) for k in range(5))
    assert chance_shown(BEDS, "up", 0.012) == pytest.approx(tail, abs=1e-12)


@pytest.mark.parametrize("lines", [WARD, BEDS], ids=["proportion", "rate"])
@pytest.mark.parametrize(("way", "months"), [("down", LASTING), ("up", LASTING), ("down", 1)])
def test_the_nearest_level_shows_nine_times_in_ten_and_one_nearer_does_not(lines, way, months):
    level = nearest_shown(lines, way, months)
    if level is None:  # no fewer than none: a rate can't be below a limit of 0
        assert chance_shown(lines, way, 0.0, months) < 0.9
        return
    assert chance_shown(lines, way, level, months) == pytest.approx(0.9, abs=1e-9)
    nearer = level + (lines.centre - level) * 1e-6
    assert chance_shown(lines, way, nearer, months) < 0.9


def test_a_change_that_lasts_shows_nearer_the_centre():
    once, lasting = nearest_shown(WARD, "down"), nearest_shown(WARD, "down", LASTING)
    assert 0 < once < lasting < WARD.centre


def test_a_limit_beyond_what_there_can_be_is_never_passed_by_a_single_point():
    assert nearest_shown(WARD, "up") is None
    assert nearest_shown(BEDS, "down") is None
    assert nearest_shown(WARD, "up", LASTING) is not None


def test_limits_that_chance_alone_passes_show_the_centre_itself():
    narrow = Lines("proportion", 20, 0.85, 0.84, 0.845, 0.855, 0.86)
    assert nearest_shown(narrow, "down", LASTING) == 0.85


def test_a_value_on_a_line_is_inside_it():
    """17 of 20 is 0.85: on the centre, and on neither side."""
    on = Lines("proportion", 20, 0.85, 0.8, 0.8, 0.9, 0.9)
    assert chance_shown(on, "up", 0.95) == pytest.approx(sum(binomial(20, 0.95)[19:]), abs=1e-12)
    assert chance_shown(on, "down", 0.5) == pytest.approx(sum(binomial(20, 0.5)[:16]), abs=1e-12)


@pytest.mark.parametrize("chart", ["xmr", "p"])
def test_the_rules_themselves_find_it_as_often(chart):
    """700 series with a level that changes after 24 months, put on their charts."""
    before = [17, 16, 18, 17, 19, 15, 17, 18, 16, 17, 18, 16] * 2
    method = Method(chart=chart, baseline=24)
    calm = points(_series([before]), method).tail(1).row(0, named=True)
    names = ("centre", "lower", "near_lower", "near_upper", "upper")
    lines = Lines("proportion", 20, *(calm[name] for name in names))
    level = nearest_shown(lines, "down", LASTING)
    counts = np.random.default_rng(20261129).binomial(20, level, (700, LASTING))
    found = points(_series([before + list(row) for row in counts]), method)
    low = found.filter(pl.col("date") >= date(2026, 1, 1), pl.col("high") == False)  # noqa: E712
    share = low["series"].n_unique() / 700
    assert share == pytest.approx(0.9, abs=0.03)


def _series(rows):
    length = len(rows[0])
    months = [date(2024 + at // 12, at % 12 + 1, 1) for at in range(length)]
    return pl.DataFrame(
        {
            "series": np.repeat(np.arange(len(rows)), length),
            "date": months * len(rows),
            "numerator": np.concatenate(rows).astype(float),
            "denominator": 20.0,
        }
    )
