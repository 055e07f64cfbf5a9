"""Series, events and signals of units."""

from datetime import date

import polars as pl

from dashboard import store
from dashboard.access import Scope
from dashboard.queries.organisations import measures
from dashboard.queries.series import coverage, events, recorded, series, signals
from tests.dashboard import tiny_release
from tests.dashboard.tiny_release import LAST, MONTHS, WARDS

TEAM = Scope("programme", frozenset(), "team@example.org", "Team")


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


def test_wards_with_nothing_to_count_are_left_out_of_what_a_total_is_based_on(tmp_path):
    tables = tiny_release.frames()
    mine = (pl.col("measure") == "SS-P7") & (pl.col("month") == LAST)
    idle = pl.col("unit_id").is_in(["Z01-ALDER1", "Z02-BIRCH1"]) & mine
    outside = (pl.col("unit_id") == "Z02-BIRCH1") & mine  # not in the programme that month
    counted = pl.col("level").is_in(["peer_group", "programme"]) & mine
    tables["observations"] = tables["observations"].with_columns(
        state=pl.when(idle).then(pl.lit("not_applicable")).otherwise("state"),
        value=pl.when(idle).then(None).otherwise("value"),
        wards_expected=pl.when(outside).then(0).when(counted).then(4).otherwise("wards_expected"),
    )
    reading = store.cursor(tiny_release.write(tmp_path, tables), TEAM)
    for level in ("peer_group", "programme"):
        found = coverage(reading, level).filter(pl.col("measure") == "SS-P7")
        assert found.select("nothing_to_count", "wards_expected").rows() == [(1, 3)], level


def test_what_only_some_wards_ask_is_not_there_for_the_others(connection, tmp_path):
    assert "SS-O3" in measures(connection)["measure"].to_list()
    assert signals(connection, "ward", measures=["SS-O3"]).height == len(WARDS)
    one, visitors = pl.col("unit_id") == "Z02-BIRCH1", pl.col("measure") == "SS-O3"
    for silent, wards in ((one, len(WARDS) - 1), (pl.lit(True), 0)):
        tables = tiny_release.frames()
        tables["observations"] = tables["observations"].with_columns(
            numerator=pl.when(~(visitors & silent)).then("numerator")
        )
        (home := tmp_path / str(wards)).mkdir()
        reading = store.cursor(tiny_release.write(home, tables), TEAM)
        assert signals(reading, "ward", measures=["SS-O3"]).height == wards
        assert ("SS-O3" in measures(reading)["measure"].to_list()) == bool(wards)
