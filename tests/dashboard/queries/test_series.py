"""Series, events and signals of units."""

from datetime import date

import polars as pl
import pytest

from dashboard import store
from dashboard.access import Scope
from dashboard.queries.organisations import measures
from dashboard.queries.series import (
    brought,
    coverage,
    events,
    latest_points,
    recorded,
    series,
    signals,
    standing_out,
)
from tests.dashboard import tiny_release
from tests.dashboard.queries.conftest import Holding
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


JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))


def ward(code: str, name: str, open_to: date | None = None) -> dict[str, object]:
    place = {"trust_code": code[:3], "current_trust_code": code[:3], "valid_from": JANUARY}
    return {"ward_id": code, "current_ward_id": code, "ward_name": name, "open_to": open_to} | place


def signal(unit: str, variation: str | None, level="ward") -> dict[str, object]:
    return {"level": level, "unit_id": unit, "measure": "SS-O1", "variation": variation}


MEASURE = {"measure": "SS-O1", "only_where_asked": False, "multiplier": 100, "sort": 1}


def test_open_wards_stand_out_concerns_first_and_by_name():
    said = ("neutral_low", "improvement_high", None, "concern_low", "common", "concern_high")
    wards = [ward(f"Z01-{name}", name) for name in "FEDCBA"]
    wards += [ward("Z01-G", "G", FEBRUARY), ward("Z01-H", "H", MARCH)]
    changed = [*zip((w["ward_id"] for w in wards), (*said, *["concern_high"] * 2), strict=True)]
    connection = Holding(
        wards=wards,
        trusts=[{"trust_code": "Z01", "trust_name": "One", "valid_from": JANUARY}],
        measures=[MEASURE],
        signals=[*(signal(*of) for of in changed), signal("Z01", "concern_high", "trust")],
        release=[{"data_to": MARCH}],
    )
    found = standing_out(connection, ["SS-O1"])
    assert found["ward_name"].to_list() == ["A", "C", "H", "E", "F"]
    assert standing_out(connection, ["SS-O1"], trust="Z02").is_empty()
    assert standing_out(connection, ["SS-O2"]).is_empty()


def test_a_total_of_under_half_its_wards_is_not_judged():
    """Of four wards that had something to count, two are half of them; of five they aren't."""
    connection = Holding(
        observations=[
            {"level": "trust", "unit_id": trust, "measure": "SS-O1", "month": month, "value": 0.5}
            | about
            for trust, expected in (("Z01", 4), ("Z02", 5))
            for month, about in (
                (FEBRUARY, {"wards": 4, "wards_expected": 8}),
                (MARCH, {"wards": 2, "wards_expected": expected}),
                (date(2026, 4, 1), {"wards": 0, "wards_expected": 9, "value": None}),
            )
        ],
        measures=[MEASURE],
        signals=[
            signal(trust, "concern_high", "trust") | {"assurance": "fail", "runs_signal": True}
            for trust in ("Z01", "Z02")
        ],
    )
    found = signals(connection, "trust")
    assert found.select("unit_id", "few_wards", "wards", "wards_expected").rows() == [
        ("Z01", False, 2, 4),
        ("Z02", True, 2, 5),
    ]
    judged = found.select("variation", "assurance", "runs_signal").rows()
    assert judged == [("concern_high", "fail", True), (None, None, None)]


def test_the_latest_points_are_the_last_few_of_each_measure_that_have_a_value():
    def point(month: date, **about: object) -> dict[str, object]:
        at = {"level": "ward", "unit_id": "Z01-A", "measure": "SS-O1", "month": month}
        return {**at, "value": 0.5, **about}

    connection = Holding(
        measures=[
            {**MEASURE, "restricted": False, "sort": 2},
            {**MEASURE, "measure": "SS-I1", "restricted": False},
            {**MEASURE, "measure": "SS-I8", "restricted": True},
        ],
        points=[
            *(point(month) for month in (JANUARY, FEBRUARY, MARCH)),
            point(date(2026, 4, 1), value=None),
            point(JANUARY, measure="SS-I1"),
            point(JANUARY, measure="SS-I8"),
            point(MARCH, unit_id="Z01-B"),
            point(MARCH, level="trust"),
        ],
    )
    found = latest_points(connection, "ward", "Z01-A", 2)
    assert found.select("measure", "month").rows() == [
        ("SS-I1", JANUARY),
        ("SS-O1", FEBRUARY),
        ("SS-O1", MARCH),
    ]


def test_events_are_of_the_measure_or_of_all_and_of_the_unit_its_trust_or_everyone():
    def event(label: str, level: str, unit: str, measure: str | None = None) -> dict[str, object]:
        at = {"level": level, "unit_id": unit, "day": MARCH, "label": label}
        return at | {"measure": measure}

    connection = Holding(
        events=[
            event("all", "programme", "programme"),
            event("mine", "ward", "Z01-A", "SS-O1"),
            event("of another measure", "ward", "Z01-A", "SS-I1"),
            event("of another ward", "ward", "Z01-B"),
            event("of its trust", "trust", "Z01"),
            event("of another trust", "trust", "Z02"),
        ]
    )
    found = events(connection, "Z01-A", "SS-O1", "Z01")
    assert found["label"].to_list() == ["all", "mine", "of its trust"]
    assert events(connection, "Z01-A", "SS-O1")["label"].to_list() == ["all", "mine"]


def test_baselines_that_were_brought_are_of_the_measures_and_the_ward_asked_for():
    rows = [
        {"unit_id": unit, "measure": measure, "month": month}
        for unit in ("Z01-A", "Z01-B")
        for measure in ("SS-I1", "SS-O1")
        for month in (MARCH, FEBRUARY)
    ]
    connection = Holding(baselines=rows)
    mine = brought(connection, ["SS-O1"], "Z01-A").select("unit_id", "measure", "month")
    assert mine.rows() == [("Z01-A", "SS-O1", FEBRUARY), ("Z01-A", "SS-O1", MARCH)]
    assert brought(connection, ["SS-O1"]).height == 4


@pytest.mark.parametrize(
    ("since", "until", "idle"),
    [
        (date(2026, 3, 31), None, 1),
        (date(2026, 4, 1), None, 0),
        (JANUARY, MARCH, 1),
        (JANUARY, date(2026, 2, 28), 0),
    ],
)
def test_a_ward_belongs_to_its_peer_group_on_any_day_of_a_month(since, until, idle):
    place = {"ward_id": "Z01-A", "current_ward_id": "Z01-A", "peer_group": "acute"}
    latest = {"measure": "SS-P7", "month": MARCH, "wards_expected": 1}
    connection = Holding(
        wards=[{**place, "valid_from": since, "valid_to": until}],
        observations=[
            {**latest, "level": "peer_group", "unit_id": "acute", "value": 1.0, "wards": 0},
            {**latest, "level": "ward", "unit_id": "Z01-A", "state": "not_applicable"},
        ],
    )
    assert coverage(connection, "peer_group")["nothing_to_count"].to_list() == [idle]


def test_wards_with_nothing_to_count_are_those_of_the_total_its_measure_and_its_month():
    def at(level: str, unit: str, measure: str, **about: object) -> dict[str, object]:
        row = {"level": level, "unit_id": unit, "trust_code": unit[:3], "measure": measure}
        return {**row, "month": MARCH, "wards_expected": 3, **about}

    totals = [("trust", "Z01"), ("trust", "Z02"), ("group", "NORTH"), ("programme", "programme")]
    idle = [("Z01-A", "SS-P7"), ("Z02-C", "SS-P7"), ("Z01-A", "SS-P6"), ("Z01-B", "SS-P6")]
    wards = [ward(f"{trust}-{name}", name) for trust, name in (("Z01", "A"), ("Z01", "B"))]
    halves = ({"valid_to": date(2026, 3, 14)}, {"valid_from": date(2026, 3, 15)})
    wards += [ward("Z02-C", "C") | half for half in halves]  # its details changed
    connection = Holding(
        observations=[
            *(at(*of, m, value=1.0, wards=0) for of in totals for m in ("SS-P6", "SS-P7")),
            *(at("ward", *of, state="not_applicable") for of in idle),
            at("ward", "Z01-B", "SS-P7", state="not_applicable", month=FEBRUARY),
            at("ward", "Z01-B", "SS-P7", state="missing"),
        ],
        wards=wards,
        groups=[
            {"group_code": "NORTH", "ward_id": "Z01-A", "first_month": date(2026, 4, 1)},
            {"group_code": "NORTH", "ward_id": "Z01-B", "first_month": date(2026, 3, 1)},
            {"group_code": "NORTH", "ward_id": "Z02-C", "first_month": date(2026, 1, 1)},
        ],
    )
    counted = {
        (unit, measure): number
        for level in ("trust", "group", "programme")
        for unit, measure, number in coverage(connection, level)
        .select("unit_id", "measure", "nothing_to_count")
        .iter_rows()
    }
    numbers = {"Z01": (2, 1), "Z02": (0, 1), "NORTH": (1, 1), "programme": (2, 2)}
    assert counted == {
        (unit, measure): number
        for unit, each in numbers.items()
        for measure, number in zip(("SS-P6", "SS-P7"), each, strict=True)
    }
