"""From a figure to the wards and cells that it adds up."""

import polars as pl

from dashboard.queries.series import observed
from dashboard.queries.trace import trace, wards_in_total
from tests.dashboard.tiny_release import LAST, MONTHS, WARDS


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
