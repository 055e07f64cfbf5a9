"""Charters and foundations, then and now."""

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
    ratings,
)
from schemas.release import TABLES
from tests.dashboard.queries.conftest import Holding
from tests.dashboard.tiny_release import LAST, MONTHS, WARDS, frame, frames, write


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


def test_months_before_a_charter_are_counted_apart_from_the_one_it_began_in_and_later_ones():
    months = [month.first_day for month in MONTHS[:5]]
    counted = {"level": "ward", "unit_id": "Z01-A", "measure": "SS-O1", "value": 0.1}
    rows = [
        {**counted, "month": month, "numerator": 10**at, "denominator": 2 * 10**at}
        for at, month in enumerate(months)
    ]
    rows[1]["value"] = None  # it was not returned
    rows += [rows[0] | other for other in ({"measure": "SS-O2"}, {"level": "trust"})]
    charters = [
        {"ward_id": "Z01-A", "month": month, "in_place": month >= months[2]} for month in months
    ]
    found = before_and_after_charter(Holding(observations=rows, charters=charters), "SS-O1")
    (row,) = found.iter_rows(named=True)
    assert (row["ward_id"], row["began"]) == ("Z01-A", months[2])
    for name, numbers in {"before": (1, 2, 1), "since": (11_100, 22_200, 3)}.items():
        counts = ("numerator", "denominator", "months")
        assert tuple(row[f"{count}_{name}"] for count in counts) == numbers


def test_the_latest_foundations_of_a_level(connection):
    assert foundations_now(connection, "programme").height == 4
    assert foundations_now(connection, "trust")["trust_name"].null_count() == 0


def test_a_rating_has_the_one_of_the_time_before(connection):
    found = ratings(connection, wards=["Z01-ALDER1", "Z02-FERN1"])
    seen = {row["ward_id"]: row for row in found.iter_rows(named=True)}
    assert found.height == 2
    assert (seen["Z01-ALDER1"]["rating"], seen["Z01-ALDER1"]["before"]) == ("partly_met", "not_met")
    assert seen["Z01-ALDER1"]["before_month"] == MONTHS[-8].first_day
    assert seen["Z02-FERN1"]["before"] is None


def test_a_trust_rates_itself_apart_from_its_wards(connection):
    found = ratings(connection, trust="Z01")
    assert found.select("level", "org_code", "set_title").rows() == [("trust", "Z01", "framework")]
    assert ratings(connection, trust="Z99").is_empty()


@pytest.mark.parametrize(
    ("sent", "before"),
    [
        ([("met", 1), ("met", 1), ("met", 1)], None),
        ([("not_met", 1), ("met", 2), ("met", 2)], "not_met"),
        ([("not_met", 1), ("partly_met", 2), ("met", 3)], "partly_met"),
        ([("not_met", 1), ("met", None)], "not_met"),
        ([("not_met", None), ("met", None)], "not_met"),
    ],
)
def test_the_same_assessment_sent_again_is_not_the_time_before(sent, before, tmp_path):
    """A workbook is filled in with the last ratings, day of assessment included."""
    tables = frames()
    rows = tables["standards"].filter(ward_id="Z02-FERN1").to_dicts()
    months = [
        rows[0]
        | {"month": MONTHS[number].first_day, "rating": rating}
        | {"assessed_on": day and date(2025, 3, day)}
        for number, (rating, day) in enumerate(sent)
    ]
    tables["standards"] = frame(TABLES["standards"], months)
    scope = Scope("programme", frozenset(), "team@example.org", "Team")
    found = ratings(store.open(write(tmp_path, tables), scope), wards=["Z02-FERN1"])
    assert found["before"].to_list() == [before]
