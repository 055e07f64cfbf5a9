"""Figures of several months together."""

import polars as pl

from dashboard.queries.series import observed
from dashboard.queries.windows import first_and_last, rolling_years, twelve_months
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
