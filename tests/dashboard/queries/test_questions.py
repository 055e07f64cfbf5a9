"""Each function of `dashboard.queries` on the tiny release, for which the results are known."""

from datetime import date

import polars as pl
import pytest

from dashboard import store
from dashboard.access import Scope
from dashboard.queries.charters import (
    adoption,
    before_and_after_charter,
    charters_now,
    foundations_now,
)
from dashboard.queries.organisations import wards
from dashboard.queries.returns import findings, receipts, returns_grid
from dashboard.queries.series import events, observed, recorded, series, signals
from dashboard.queries.trace import trace, wards_in_total
from dashboard.queries.windows import first_and_last, rolling_years, twelve_months
from tests.dashboard import tiny_release
from tests.dashboard.tiny_release import LAST, MONTHS, TODAY, WARDS

TEAM = Scope("programme", frozenset(), "team@example.org", "Team")


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    release = tiny_release.write(tmp_path_factory.mktemp("home"))
    return store.cursor(release, TEAM)


def test_wards_are_those_of_today_once_each(connection):
    found = wards(connection)
    assert set(found["ward_id"]) == set(WARDS)
    assert found.height == len(WARDS)


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"trust": "Z02"}, {"Z02-BIRCH1", "Z02-FERN1"}),
        ({"peer_group": "acute-female"}, {"Z01-ALDER1", "Z02-BIRCH1", "Z03-ELM1"}),
        ({"sex": "mixed"}, {"Z02-FERN1"}),
        ({"stage": "drafting"}, {"Z02-FERN1"}),
        ({"region": "London", "sex": "male"}, {"Z01-OAK1"}),
        ({"region": "Nowhere"}, set()),
        ({"trust": "Z02' OR '1'='1"}, set()),
    ],
)
def test_wards_are_filtered_by_every_parameter_at_once(connection, about, expected):
    assert set(wards(connection, **about)["ward_id"]) == expected


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


def test_the_grid_holds_every_trust_and_month(connection):
    found = returns_grid(connection, TODAY)
    assert found.height == 3 * len(MONTHS)
    missing = found.filter(pl.col("state") == "missing")
    assert missing.select("trust_code", "month").rows() == [("Z03", MONTHS[4].first_day)]
    assert set(returns_grid(connection, TODAY, trust="Z02")["trust_code"]) == {"Z02"}


def test_the_grid_knows_what_is_provisional_nil_or_closed(tmp_path):
    tables = tiny_release.frames()
    said = pl.concat(
        [
            tables["cells"]
            .filter(pl.col("month") == LAST, pl.col("trust_code").is_in(["Z01", "Z02"]))
            .with_columns(field=pl.lit("return_status"), row=pl.lit(90, pl.Int64))
            .with_columns(
                text=pl.when(pl.col("trust_code") == "Z01")
                .then(pl.lit("nil_incidents"))
                .otherwise(pl.lit("ward_closed"))
            )
        ]
    )
    tables["cells"] = pl.concat([tables["cells"], said])
    tables["returns"] = tables["returns"].with_columns(
        data_status=pl.when(pl.col("trust_code") == "Z03")
        .then(pl.lit("provisional"))
        .otherwise("data_status")
    )
    release = tiny_release.write(tmp_path, tables, "tiny-nil")
    found = returns_grid(store.cursor(release, TEAM), TODAY).filter(pl.col("month") == LAST)
    assert found.select("trust_code", "provisional", "nil", "shut").sort("trust_code").rows() == [
        ("Z01", False, True, False),
        ("Z02", False, False, True),
        ("Z03", True, None, None),
    ]


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 3, 31), None),
        (date(2026, 4, 1), "not_yet_due"),
        (date(2026, 4, 15), "not_yet_due"),
        (date(2026, 4, 16), "missing"),
    ],
)
def test_the_grid_knows_what_is_due_on_the_day_it_is_asked(tmp_path, today, state):
    tables = tiny_release.frames()
    last = pl.col("scope").eq("return") & pl.col("month").eq(LAST)
    tables["completeness"] = tables["completeness"].with_columns(
        state=pl.when(last).then(pl.lit("not_yet_due")).otherwise("state"),
    )
    release = tiny_release.write(tmp_path, tables, "tiny-due")
    found = returns_grid(store.cursor(release, TEAM), today)
    latest = found.filter(pl.col("month") == LAST)
    assert latest["state"].to_list() == ([] if state is None else [state] * 3)
    assert set(found.filter(pl.col("month") < LAST)["state"]) == {"received", "missing"}


def test_receipts_are_the_newest_first(connection):
    found = receipts(connection, trust="Z01")
    assert found["received_at"].is_sorted(descending=True)
    assert receipts(connection, month=LAST).height == 3


def test_findings_without_an_answer_are_those_of_returns_in_use(connection):
    assert findings(connection).height == len(WARDS)


def test_adoption_counts_wards_by_stage_and_in_place(connection):
    found = adoption(connection)
    now = found.filter(pl.col("month") == LAST)
    assert now.select("stage", "wards", "in_place").sort("stage").rows() == [
        ("displayed", 4, 4),
        ("drafting", 1, 0),
    ]


def test_the_latest_charter_of_each_ward(connection):
    found = charters_now(connection)
    assert found.height == len(WARDS)
    assert set(found["month"]) == {LAST}
    assert charters_now(connection, wards=["Z01-OAK1"])["ward_name"].to_list() == ["Oakquill"]


def test_before_and_since_the_charter_use_every_month_with_a_value(connection):
    found = before_and_after_charter(connection, "SS-O1")
    assert "Z02-FERN1" not in found["ward_id"].to_list()
    assert set(found["months_before"]) == {5}
    assert set(found["months_since"]) == {len(MONTHS) - 6}


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


def test_a_total_is_the_sum_of_its_wards(connection):
    whole = observed(connection, "programme", ["SS-I1"]).filter(pl.col("month") == LAST)
    wards_then = wards_in_total(connection, "SS-I1", LAST)
    assert set(wards_then["ward_id"]) == set(WARDS)
    assert wards_in_total(connection, "SS-I1", LAST, trust="Z02")[
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


def test_what_was_recorded_for_some_units_is_newest_first(connection):
    found = recorded(connection, ["Z01-ALDER1", "programme"])
    assert set(found["label"]) == {"Learning set", "Training at Alderquill"}
    assert found["day"].is_sorted(descending=True)
    others = recorded(connection, ["Z02-BIRCH1"])
    assert set(others["unit_id"]) <= {"Z02-BIRCH1"}


def test_a_rolling_year_adds_up_the_months_that_have_a_figure(connection):
    years = rolling_years(connection, "Z01-ALDER1", "SS-O1")
    months = observed(connection, "ward", ["SS-O1"], units=["Z01-ALDER1"])
    sent = months.filter(pl.col("state") == "value", pl.col("month") <= LAST).sort("month")
    year = sent.filter(pl.col("month") > LAST.replace(year=LAST.year - 1))
    last = years.filter(pl.col("month") == LAST).row(0, named=True)
    assert last["months"] == year.height
    assert last["numerator"] == year["numerator"].sum()
    assert last["value"] == year["numerator"].sum() / year["denominator"].sum()
    assert years.sort("month")["value"][0] is None
    assert rolling_years(connection, "", "SS-O1").is_empty()


def test_a_figure_is_traced_to_the_cells_it_adds_up(connection):
    found = trace(connection, "Z01-ALDER1", LAST, ["pt_safe", "pt_answered"])
    assert found.select("sheet", "row", "column", "entered", "version").rows() == [
        ("monthly", 4, "F", "7103", 1)
    ]
    assert trace(connection, "Z01-ALDER1", LAST, ["none_such"]).is_empty()


def test_the_latest_foundations_of_a_level(connection):
    assert foundations_now(connection, "programme").height == 4
    assert foundations_now(connection, "trust")["trust_name"].null_count() == 0
