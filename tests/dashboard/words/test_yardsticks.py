"""What surveys say beside what was sent: only what is clear beyond chance is said to differ."""

from datetime import date

import polars as pl
import pytest

from dashboard.charts import yardsticks as charts
from dashboard.words import alt
from dashboard.words import yardsticks as words
from pipelines.statistics.shares import interval
from schemas.periods import Month


def found(**changes: object) -> pl.DataFrame:
    """A row of `queries.yardsticks`: 60 of 200 in the survey, 20 of 200 here, 7 incidents."""
    row = {
        "trust_code": "Z01",
        "trust_name": "Elm Trust",
        "source": "Made-up survey",
        "asked_of": "staff",
        "higher_means": "harm",
        "period_from": date(2025, 4, 1),
        "period_to": date(2026, 3, 31),
        "numerator": 60,
        "denominator": 200,
        "value": 0.3,
        "felt_n": 180.0,
        "felt_d": 200.0,
        "felt": 0.9,
        "reported_n": 7.0,
        "reported_d": 9000.0,
        "reported": 7 / 9000,
        "felt_from": Month(2025, 4).first_day,
        "felt_to": Month(2026, 3).first_day,
    }
    return pl.DataFrame([row | changes])


SAFE = {"higher_means": "safe", "value": 0.7, "numerator": 140}


@pytest.mark.parametrize(
    ("changes", "side"),
    [
        ({}, words.MORE),
        (SAFE, words.MORE),
        ({"numerator": 24, "value": 0.12}, words.NEAR),
        ({"numerator": 5, "value": 0.025}, words.LESS),
        ({"numerator": None, "denominator": None}, words.NO_RANGE),
        ({"felt": None, "felt_n": None, "felt_d": None}, words.NOTHING_HERE),
    ],
)
def test_the_sides_are_those_of_the_ranges(changes, side):
    (row,) = words.beside(found(**changes))
    assert row["side"] == side
    assert row["beside"].startswith(side)
    drawn = charts.rows([row], words.MORE)
    assert len(drawn) == (0 if side in (words.NO_RANGE, words.NOTHING_HERE) else 3)
    said = words.of_trust([row])
    assert said.startswith("“Made-up survey”, asked of staff: ")
    assert said.endswith(words.NOT_THE_SAME)


def test_a_figure_is_read_with_its_counts_and_range_and_turned_round_where_more_is_safe():
    low, high = (f"{100 * end:.0f}%" for end in interval(60, 200))
    for changes in ({}, SAFE):
        (row,) = words.beside(found(**changes))
        assert row["survey_read"] == f"30% (60 of 200), {low} to {high}"
        assert row["here_read"] == "10% (20 of 200), 7% to 15%"
        assert row["period"] == "April 2025 to March 2026"
    assert words.beside(found())[0]["beside"] == (
        "The survey says more. 60 people said so; 7 incidents reported here in twelve months"
    )
    assert words.beside(found(reported_n=60.0))[0]["beside"] == words.MORE
    assert words.beside(found(**SAFE))[0]["beside"] == words.MORE  # nobody said that they were hurt


def test_the_title_counts_only_what_can_be_judged_and_names_nobody_else():
    rows = [
        *words.beside(found()),
        *words.beside(found(trust_name="Oak Trust", numerator=24, value=0.12)),
        *words.beside(found(trust_name="Fir Trust", numerator=None, denominator=None)),
    ]
    assert (
        words.title(rows) == "At 1 of 2 trusts, the survey says clearly more than people said here"
    )
    assert "It says clearly more at Elm Trust." in words.sentence(rows)
    assert "Oak" not in words.sentence(rows)
    assert "2 trusts" in alt.yardsticks(rows)
    assert words.title(rows[1:]).startswith("At no trust")
    assert words.title(rows[2:]) == "What a survey says, beside what people said here"
    assert words.title([]) == words.title(rows[2:])
    assert "Nothing to show yet" in alt.yardsticks(rows[2:])
