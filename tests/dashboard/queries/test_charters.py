"""Charters and foundations, then and now."""

import polars as pl

from dashboard.queries.charters import (
    adoption,
    before_and_after_charter,
    charters_now,
    foundations_now,
)
from tests.dashboard.tiny_release import LAST, MONTHS, WARDS


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


def test_the_latest_foundations_of_a_level(connection):
    assert foundations_now(connection, "programme").height == 4
    assert foundations_now(connection, "trust")["trust_name"].null_count() == 0
