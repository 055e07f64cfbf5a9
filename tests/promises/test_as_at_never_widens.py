"""An earlier day's figures are shown only to those who may see those units today."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dashboard import store
from dashboard.access import Scope
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.registers.register import register_of
from pipelines.releasing.build import build
from schemas.periods import Month
from schemas.release import TABLES
from tests import worlds

LAST = Month(2025, 6)
MOVED = "Z01-BIRCH1"
THEN = worlds.received(LAST).date()
LATER = datetime(2025, 8, 1, 9, tzinfo=UTC)
LEAD1 = Scope("trust", frozenset({"Z01"}), worlds.LEAD, "Lead")
LEAD2 = Scope("trust", frozenset({"Z02"}), "lead2@trust.example", "Lead two")
REGION = Scope("region", frozenset({"Z01"}), "region@trust.example", "Region")


def moved_register(home: Home) -> None:
    """From August BIRCH1 belongs to Z02."""
    day = LATER.date()
    rows = [worlds.ward_row(t, w) for t, wards in worlds.WARDS.items() for w in wards]
    for row in rows:
        if row["ward_code"] == "BIRCH1":
            row |= {
                "valid_to": day - timedelta(days=1),
                "open_to": day - timedelta(days=1),
                "successor_trust_code": "Z02",
                "successor_ward_code": "BIRCH1",
            }
    rows.append(worlds.ward_row("Z02", "BIRCH1", valid_from=day))
    frames = worlds.register_frames(wards=pl.DataFrame(rows, infer_schema_length=None))
    home.archive.keep_register(register_of(frames), Decided(worlds.TEAM, LATER, "A ward moved"))


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    made = worlds.small_world(tmp_path_factory.mktemp("moved") / "home", last=LAST)
    moved_register(made)
    build(made, LATER)
    return made


@pytest.fixture(scope="module")
def then(home: Home) -> Path:
    """The release as at a day before the ward moved."""
    return build(home, LATER, as_at=THEN)


def units(release: Path, scope: Scope, table: str = "observations") -> set[str]:
    return set(store.open(release, scope).sql(f"FROM {table}").pl()["unit_id"])


def test_the_ward_belonged_to_the_first_trust_then(then):
    with duckdb.connect(str(then), read_only=True) as connection:
        found = connection.execute(
            "SELECT DISTINCT current_trust_code FROM wards WHERE ward_id = ?", [MOVED]
        ).fetchall()
    assert found == [("Z01",)]


def test_a_ward_that_is_somebody_elses_today_is_not_shown_to_its_former_trust(then):
    connection = store.open(then, LEAD1)
    for table in TABLES:
        held = connection.sql(f"FROM {table}").pl()
        for column in held.select(pl.col(pl.String)).iter_columns():
            assert MOVED not in column.to_list(), (table, column.name)
    assert {"Z01-ALDER1", "Z01-CEDAR1"} <= units(then, LEAD1)


def test_no_total_holds_a_ward_that_is_somebody_elses_today(then):
    for table in ("observations", "points", "signals", "foundations"):
        assert "Z01" not in units(then, LEAD1, table), table


def test_the_trust_that_has_the_ward_today_sees_its_history(then):
    assert units(then, LEAD2) == {MOVED, "Z02-DOGWD1", "Z02-ELDER1", "Z02"}


def test_peers_are_in_no_scope_of_an_earlier_day(then):
    for scope in (LEAD1, LEAD2, REGION):
        connection = store.open(then, scope)
        for table in ("peer_bands", "comparisons"):
            assert connection.sql(f"FROM {table}").pl().is_empty()


def test_nobody_gains_a_unit_by_looking_back(home, then):
    now = store.current(home.releases)
    for scope in (LEAD1, LEAD2, REGION):
        connection = store.open(now, scope)
        known = connection.sql("SELECT ward_id FROM wards").pl()["ward_id"].to_list()
        codes = connection.sql("SELECT trust_code FROM trusts").pl()["trust_code"].to_list()
        assert units(then, scope) <= {*known, *codes}


def test_when_the_register_changes_what_was_kept_for_a_scope_is_let_go(tmp_path):
    home = worlds.small_world(tmp_path / "home", last=LAST)
    build(home, LATER)
    then = build(home, LATER, as_at=THEN)
    before = store.stamp(then)
    assert MOVED in store.cursor(then, LEAD1).sql("FROM wards").pl()["ward_id"].to_list()
    moved_register(home)
    build(home, LATER)
    assert store.stamp(then) != before
    assert MOVED not in store.cursor(then, LEAD1).sql("FROM wards").pl()["ward_id"].to_list()
