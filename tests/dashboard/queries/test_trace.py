"""From a figure to the wards and cells that it adds up."""

from datetime import date

import polars as pl

from dashboard.queries.series import observed
from dashboard.queries.trace import trace, wards_in_total
from tests.dashboard.queries.conftest import Holding
from tests.dashboard.tiny_release import LAST, MONTHS, WARDS

JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))


def test_a_total_is_the_sum_of_its_wards(connection):
    whole = observed(connection, "programme", ["SS-I1"]).filter(pl.col("month") == LAST)
    wards_then = wards_in_total(connection, "SS-I1", LAST)
    assert set(wards_then["ward_id"]) == set(WARDS)
    assert wards_in_total(connection, "SS-I1", LAST, within="Z02")[
        "trust_code"
    ].unique().to_list() == ["Z02"]
    assert wards_then["months_valid"].to_list() == [1] * len(WARDS)
    assert whole.height == 1


def test_a_year_of_cells_is_in_order_of_months(connection):
    found = trace(connection, "Z02-BIRCH1", MONTHS[0].first_day, ["pt_safe"], months=12)
    assert found["month"].is_sorted()
    assert found["month"].n_unique() > 1
    one = trace(connection, "Z02-BIRCH1", MONTHS[0].first_day, ["pt_safe"])
    assert set(one["month"]) == {MONTHS[0].first_day}


def test_a_figure_is_traced_to_the_cells_it_adds_up(connection):
    found = trace(connection, "Z01-ALDER1", LAST, ["pt_safe", "pt_answered"])
    assert found.select("sheet", "row", "column", "entered", "version").rows() == [
        ("monthly", 4, "F", "7103", 1)
    ]
    assert trace(connection, "Z01-ALDER1", LAST, ["none_such"]).is_empty()


def sent(ward: str, month: date, numerator: int | None, **about: object) -> dict[str, object]:
    row = {"level": "ward", "unit_id": ward, "trust_code": ward[:3], "measure": "SS-I1"}
    row |= {"month": month, "numerator": numerator, "value": numerator, "wards_expected": 1}
    return row | {"state": "missing" if numerator is None else "value"} | about


def test_a_total_adds_up_the_months_asked_for_of_wards_that_were_expected():
    rows = [sent("Z01-A", month, 10**at) for at, month in enumerate((JANUARY, FEBRUARY, MARCH))]
    rows += [sent("Z01-B", month, None) for month in (JANUARY, FEBRUARY)]
    rows += [sent("Z02-C", FEBRUARY, 0, state="nil", wards_expected=0)]
    rows += [sent("Z02-C", JANUARY, None, wards_expected=0)]
    rows += [sent("Z01-A", FEBRUARY, 7, measure="SS-I2"), sent("Z01", FEBRUARY, 7, level="trust")]

    def told(month: date, months: int) -> list[tuple[object, ...]]:
        found = wards_in_total(Holding(observations=rows), "SS-I1", month, months)
        return found.select("ward_id", "numerator", "months_valid", "state", "expected").rows()

    one, two = told(FEBRUARY, 1), told(JANUARY, 2)
    assert one == [
        ("Z01-A", 10, 1, "value", True),
        ("Z01-B", None, 0, "missing", True),
        ("Z02-C", 0, 1, "nil", False),
    ]
    assert two == [
        ("Z01-A", 11, 2, "value", True),
        ("Z01-B", None, 0, "missing", True),
        ("Z02-C", 0, 1, "value", False),
    ]


def test_the_total_of_a_group_adds_up_its_wards_in_the_months_in_which_they_belong():
    def member(ward: str, first: date, last: date | None, since: date, until: date | None):
        group = {"group_code": "NORTH", "ward_id": ward, "first_month": first, "last_month": last}
        place = {"ward_id": ward, "current_ward_id": ward, "valid_from": since, "valid_to": until}
        return group, place

    members = [
        member("Z01-A", FEBRUARY, FEBRUARY, date(2026, 2, 28), FEBRUARY),
        member("Z01-B", MARCH, None, JANUARY, None),
        member("Z01-C", JANUARY, JANUARY, JANUARY, None),
        member("Z01-D", JANUARY, None, MARCH, None),
        member("Z01-E", JANUARY, None, JANUARY, date(2026, 1, 31)),
    ]
    connection = Holding(
        observations=[
            sent(f"Z01-{name}", month, 10**at)
            for name in "ABCDEF"
            for at, month in enumerate((JANUARY, FEBRUARY, MARCH))
        ],
        groups=[group for group, _ in members],
        wards=[place for _, place in members],
    )

    def of_north(month: date, months: int) -> list[tuple[object, ...]]:
        found = wards_in_total(connection, "SS-I1", month, months, within="NORTH")
        return found.select("ward_id", "numerator").rows()

    assert of_north(FEBRUARY, 1) == [("Z01-A", 10)]
    each = [("Z01-A", 10), ("Z01-B", 100), ("Z01-C", 1), ("Z01-D", 100), ("Z01-E", 1)]
    assert of_north(JANUARY, 3) == each
