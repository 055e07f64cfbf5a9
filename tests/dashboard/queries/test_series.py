"""Series, events and signals of units."""

from datetime import date

from dashboard.queries.series import events, recorded, series, signals
from tests.dashboard.tiny_release import MONTHS, WARDS


def test_a_series_has_every_month_in_order_and_keeps_its_gap(connection):
    found = series(connection, "ward", ["Z01-ALDER1"], "SS-O1")
    assert found["month"].to_list() == [month.first_day for month in MONTHS]
    assert found["value"].null_count() == 1
    since = series(connection, "ward", ["Z01-ALDER1"], "SS-O1", since=date(2026, 1, 1))
    assert since.height == 3


def test_events_of_a_ward_are_its_own_and_the_programmes(connection):
    found = events(connection, "Z01-ALDER1", "SS-O1", "Z01")
    assert found["label"].to_list() == ["Learning set", "Training at Alderquill"]


def test_signals_carry_their_measure_and_how_the_ward_reports(connection):
    found = signals(connection, "ward", measures=["SS-O1", "SS-I1"])
    assert found.height == 2 * len(WARDS)
    assert set(found["reporting"]) == {"complete"}
    assert set(found["short_name"]) == {"Patients feel safe", "All reported incidents"}
    assert signals(connection, "programme", measures=["SS-O1"]).height == 1


def test_what_was_recorded_for_some_units_is_newest_first(connection):
    found = recorded(connection, ["Z01-ALDER1", "programme"])
    assert set(found["label"]) == {"Learning set", "Training at Alderquill"}
    assert found["day"].is_sorted(descending=True)
    others = recorded(connection, ["Z02-BIRCH1"])
    assert set(others["unit_id"]) <= {"Z02-BIRCH1"}
