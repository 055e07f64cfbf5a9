"""Two periods in words: what each comes to, why there is no value, and how far they differ."""

from datetime import date

import polars as pl
import pytest

from dashboard.words import periods
from schemas.periods import Month

SAFE = {"unit": "percent", "multiplier": 100}
RATE = {"unit": "per_1000_bed_days", "multiplier": 1000}
LAST = Month(2026, 10)
YEAR = (date(2025, 11, 1), date(2026, 10, 1))
YEAR_BEFORE = (date(2024, 11, 1), date(2025, 10, 1))


def row(before: tuple[object, ...], after: tuple[object, ...]) -> dict[str, object]:
    """Months sent, months expected, numerator, denominator and value of two periods."""
    names = ("months", "expected", "numerator", "denominator", "value")
    times = {"before": before, "after": after}
    return {
        f"{name}_{time}": value
        for time, values in times.items()
        for name, value in zip(names, values, strict=True)
    }


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (YEAR_BEFORE, YEAR, "The last 12 months and the 12 before"),
        ((YEAR[1], YEAR[1]), (YEAR[1], YEAR[1]), "October 2026 and October 2026"),
        (
            (date(2026, 9, 1), date(2026, 9, 1)),
            (date(2026, 10, 1), date(2026, 10, 1)),
            "September 2026 and October 2026",
        ),
        (
            (date(2024, 12, 1), date(2025, 10, 1)),
            YEAR,
            "December 2024 to October 2025 and November 2025 to October 2026",
        ),
    ],
)
def test_the_title_says_which_periods_they_are(before, after, says):
    assert periods.title(before, after, LAST) == says


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((12, 12, 9.0, 12.0, 0.75), "75% (9 of 12)"),
        ((12, 12, 2.0, 4.0, None), "2 of 4, too few people for a percentage"),
        ((5, 12, 90.0, 100.0, None), "sent for only 5 of 12 months"),
        ((0, 12, None, None, None), "no data"),
        ((0, 0, None, None, None), "nothing to count"),
    ],
)
def test_a_period_is_a_value_or_why_there_is_none(values, says):
    assert periods.reading(row(values, values), SAFE, "after") == says


def test_a_unit_that_was_never_there_had_nothing_to_count():
    assert periods.reading(None, SAFE, "before") == "nothing to count"


def test_both_periods_of_a_total_in_words():
    both = row((12, 12, 30.0, 20_000.0, 0.0015), (12, 12, 44.0, 20_000.0, 0.0022))
    assert periods.total(both, RATE, YEAR_BEFORE, YEAR) == (
        "November 2024 to October 2025: 1.5 per 1,000 occupied bed days (30 in 20,000 bed days). "
        "November 2025 to October 2026: 2.2 per 1,000 occupied bed days (44 in 20,000 bed days)."
    )


@pytest.mark.parametrize(
    ("about", "before", "after", "says"),
    [
        (SAFE, 0.794, 0.826, "3 percentage points higher"),
        (SAFE, 0.80, 0.79, "1 percentage point lower"),
        (SAFE, 0.80, 0.804, "No difference"),
        (RATE, 0.0015, 0.0022, "0.7 higher"),
        (RATE, 0.0015, 0.00151, "No difference"),
        (SAFE, None, 0.8, "–"),
    ],
)
def test_the_difference_of_two_periods(about, before, after, says):
    sums = row((12, 12, 1.0, 1.0, before), (12, 12, 1.0, 1.0, after))
    assert periods.difference(sums, about) == says


def test_only_wards_with_both_periods_are_added_up_together():
    wards = [
        row((12, 12, 50.0, 100.0, 0.5), (12, 12, 60.0, 100.0, 0.6)),
        row((12, 12, 70.0, 100.0, 0.7), (12, 12, 80.0, 100.0, 0.8)),
        row((1, 12, 0.0, 900.0, None), (12, 12, 900.0, 900.0, 1.0)),
    ]
    said = periods.same_wards(pl.DataFrame(wards), SAFE)
    assert said == "The 2 wards with enough figures in both periods went from 60% to 70%."
    one = periods.same_wards(pl.DataFrame(wards[:1]), SAFE)
    assert one == "The one ward with enough figures in both periods went from 50% to 60%."
    assert periods.same_wards(pl.DataFrame(wards[2:]), SAFE) == ""
