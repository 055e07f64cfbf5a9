"""Figures of several months together."""

import polars as pl

from dashboard.queries.series import observed
from dashboard.queries.windows import first_and_last, rolling_years, twelve_months, two_periods
from tests.dashboard.tiny_release import LAST, MONTHS


def test_first_and_last_six_months_of_each_ward(connection):
    found = first_and_last(connection, "SS-O1").filter(pl.col("unit_id") == "Z01-ALDER1")
    numbers = [7100 + month.number + len("Z01-ALDER1") for month in MONTHS]
    sent = [n for position, n in enumerate(numbers) if position != 4]
    assert found["numerator_before"].item() == sum(sent[:6])
    assert found["numerator_after"].item() == sum(sent[-6:])
    assert found["denominator_after"].item() == 6 * 7160


def test_twelve_months_end_with_the_month_asked_for(connection):
    found = twelve_months(connection, "programme", ["SS-I1"], LAST)
    assert found["months"].item() == 12
    assert found["denominator"].item() == 12 * 55060.0


def test_a_measure_that_counts_a_year_together_is_taken_once(connection):
    monthly = twelve_months(connection, "programme", ["SS-I1"], LAST)
    once = twelve_months(connection, "programme", ["SS-I1"], LAST, every=12)
    assert once["months"].item() == 1
    assert once["numerator"].item() < monthly["numerator"].item()


def test_a_rolling_year_adds_up_the_months_that_have_a_figure(connection):
    years = rolling_years(connection, "Z01-ALDER1", "SS-O1", 5)
    months = observed(connection, "ward", ["SS-O1"], units=["Z01-ALDER1"])
    sent = months.filter(pl.col("state") == "value", pl.col("month") <= LAST).sort("month")
    year = sent.filter(pl.col("month") > LAST.replace(year=LAST.year - 1))
    last = years.filter(pl.col("month") == LAST).row(0, named=True)
    assert last["months"] == year.height
    assert last["numerator"] == year["numerator"].sum()
    assert last["value"] == year["numerator"].sum() / year["denominator"].sum()
    assert years.sort("month")["value"][0] is None
    assert rolling_years(connection, "", "SS-O1", 5).is_empty()
    too_few = int(year["denominator"].sum()) + 1
    fewer = rolling_years(connection, "Z01-ALDER1", "SS-O1", too_few)
    assert fewer.filter(pl.col("month") == LAST)["value"].to_list() == [None]


def test_two_periods_add_up_the_months_of_each(connection):
    before, after = (MONTHS[0].first_day, MONTHS[5].first_day), (LAST, LAST)
    found = two_periods(connection, "ward", "SS-O1", before, after, 5)
    row = found.filter(pl.col("unit_id") == "Z01-ALDER1").row(0, named=True)
    numbers = [7100 + month.number + len("Z01-ALDER1") for month in MONTHS]
    # The fifth month is missing.
    assert row["numerator_before"] == sum(numbers[:4]) + numbers[5]
    assert (row["months_before"], row["expected_before"]) == (5, 6)
    assert row["value_before"] == row["numerator_before"] / (5 * 7160)
    assert row["value_after"] == numbers[-1] / 7160


def test_a_period_of_few_months_or_few_people_has_no_value(connection):
    missing, last = (MONTHS[4].first_day,) * 2, (LAST, LAST)
    gap = two_periods(connection, "ward", "SS-O1", missing, last, 5)
    assert gap["value_before"].null_count() == gap.height
    assert gap["value_after"].null_count() == 0
    few = two_periods(connection, "ward", "SS-O1", last, last, 7161)
    of_z01 = few.filter(pl.col("unit_id").str.starts_with("Z01"))
    assert of_z01["value_after"].null_count() == of_z01.height == 2
