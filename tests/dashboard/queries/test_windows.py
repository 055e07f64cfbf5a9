"""Figures of several months together."""

from datetime import date

import polars as pl
import pytest

from dashboard.queries.series import observed
from dashboard.queries.windows import first_and_last, rolling_years, twelve_months, two_periods
from tests.dashboard.queries.conftest import Holding
from tests.dashboard.tiny_release import LAST, MONTHS

YEAR = [date(2025 + at // 12, at % 12 + 1, 1) for at in range(15)]


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


def sent(month: date, ward: str = "Z01-A", **about: object) -> dict[str, object]:
    """One of ten, unless it says otherwise."""
    row = {"level": "ward", "unit_id": ward, "trust_code": ward[:3], "measure": "SS-O1"}
    row |= {"month": month, "numerator": 1, "denominator": 10, "value": 0.1}
    return row | {"state": "value", "wards_expected": 1} | about


NOTHING = {"numerator": None, "denominator": None, "value": None}


def test_twelve_months_are_those_to_an_earlier_last_and_expected_where_not_paused_or_closed():
    states = {YEAR[3]: "missing", YEAR[4]: "paused", YEAR[5]: "closed"}
    rows = [
        sent(month, **({**NOTHING, "state": states[month]} if month in states else {}))
        for month in YEAR
    ]
    rows += [sent(YEAR[6], level="trust"), sent(YEAR[6], measure="SS-O2")]
    (found,) = twelve_months(Holding(observations=rows), "ward", ["SS-O1"], YEAR[13]).iter_rows(
        named=True
    )
    assert (found["months"], found["months_expected"]) == (9, 10)
    assert (found["numerator"], found["denominator"]) == (9, 90)
    quarters = twelve_months(Holding(observations=rows), "ward", ["SS-O1"], YEAR[14], every=3)
    assert quarters["months"].to_list() == [3], "and one of the four is closed"


def test_a_rolling_year_has_a_value_from_its_sixth_month_and_from_so_many_people():
    rows = [sent(month) for month in YEAR[:7]]
    rows[1] |= {"state": "suppressed"}  # no figure to add up
    rows += [sent(YEAR[5], ward="Z01-B"), sent(YEAR[5], measure="SS-O2")]
    connection = Holding(observations=rows)
    for least, value in ((60, 0.1), (61, None)):
        found = rolling_years(connection, "Z01-A", "SS-O1", least)
        assert found["months"].to_list() == [1, 1, 2, 3, 4, 5, 6]
        assert found["value"].to_list() == [None] * 6 + [value]


@pytest.mark.parametrize(("least", "value"), [(20, 0.1), (21, None)])
def test_a_period_has_a_value_from_half_its_months_and_from_so_many_people(least, value):
    """Two of the four months that count were sent: one isn't the ward’s, one is paused."""
    rows = [sent(YEAR[0]), sent(YEAR[1]), sent(YEAR[6])]
    rows += [sent(month, **NOTHING, state="missing") for month in (YEAR[2], YEAR[3], YEAR[7])]
    rows += [sent(YEAR[4], wards_expected=0), sent(YEAR[5], **NOTHING, state="paused")]
    rows += [sent(month, **NOTHING, state="missing") for month in YEAR[8:10]] + [sent(YEAR[10])]
    half, under_half = (YEAR[0], YEAR[5]), (YEAR[6], YEAR[10])
    connection = Holding(observations=rows)
    for periods, names in (
        ((half, under_half), ("before", "after")),
        ((under_half, half), ("after", "before")),
    ):
        (found,) = two_periods(connection, "ward", "SS-O1", *periods, least).iter_rows(named=True)
        counts = [(found[f"months_{name}"], found[f"expected_{name}"]) for name in names]
        assert counts == [(2, 4), (2, 5)]
        assert [found[f"value_{name}"] for name in names] == [value, None]


def test_nothing_is_divided_by_nobody():
    connection = Holding(observations=[sent(month, denominator=0) for month in YEAR])
    period = (YEAR[0], YEAR[5])
    (found,) = two_periods(connection, "ward", "SS-O1", period, period, 0).iter_rows(named=True)
    assert found["value_before"] is found["value_after"] is None
    assert set(rolling_years(connection, "Z01-A", "SS-O1", 0)["value"]) == {None}


@pytest.mark.parametrize(("months", "counted"), [(12, 6), (11, None)])
def test_first_and_last_six_months_take_twelve_of_a_ward_that_is_open(months, counted):
    rows = [sent(month, ward) for ward in ("Z01-A", "Z01-B") for month in YEAR[:months]]
    wards = [
        {"ward_id": ward, "current_ward_id": ward, "valid_from": YEAR[0], "open_to": until}
        for ward, until in (("Z01-A", None), ("Z01-B", YEAR[13]))
    ]
    signals = [{"level": "ward", "unit_id": ward["ward_id"], "measure": "SS-O1"} for ward in wards]
    connection = Holding(
        observations=rows, wards=wards, signals=signals, release=[{"data_to": YEAR[14]}]
    )
    found = first_and_last(connection, "SS-O1")
    people = counted and 10 * counted
    assert found.drop("variation").rows() == [("Z01-A", counted, people, counted, people)]
