"""What earlier versions of returns came to is counted once, and kept as long as it is needed."""

from datetime import timedelta

import duckdb
import polars as pl
import pytest

from pipelines.keeping.decisions import Decided
from pipelines.registers import ward_acts
from pipelines.releasing import earlier_versions
from pipelines.releasing.build import build
from tests import worlds

TABLES = ("earlier_months", "earlier_bands")
NOW = worlds.received(worlds.LAST) + timedelta(days=1)
SAFE = (8, 9, 5)  # of the first ward, in each further version


@pytest.fixture
def counted(monkeypatch):
    """The returns of each earlier world that is counted."""
    worlds_counted = []

    def noted(basis, today, cells, other):
        worlds_counted.append({receipt.return_id for receipt in other})
        return with_versions(basis, today, cells, other)

    with_versions = earlier_versions.with_versions
    monkeypatch.setattr(earlier_versions, "with_versions", noted)
    return worlds_counted


def send_again(home, trust, month, number):
    rows = [worlds.monthly_row(ward, month) for ward in worlds.WARDS[trust]]
    rows[0] |= {"pt_safe": SAFE[number]}
    at = worlds.received(month) + timedelta(hours=number + 1)
    worlds.send(home, trust, month, at=at, monthly=rows)


def built(home, **how):
    return kept(build(home, NOW, **how))


def kept(release):
    with duckdb.connect(release, read_only=True) as connection:
        rows = {name: connection.sql(f"FROM workings.{name}").pl() for name in TABLES}
    return {name: frame.sort(pl.all()) for name, frame in rows.items()}


def test_a_month_sent_again_and_again_is_never_counted_as_it_was(own_home, counted):
    for number in range(len(SAFE)):
        send_again(own_home, "Z01", worlds.LAST, number)
        last = built(own_home)
    assert counted == []
    whole = built(own_home, full=True)
    assert len(counted) == len(SAFE)
    for name in TABLES:
        assert last[name].equals(whole[name]), name


def test_only_the_worlds_that_another_trust_changes_are_counted(own_home, counted):
    for trust, number in (("Z01", 0), ("Z01", 1), ("Z02", 0)):
        send_again(own_home, trust, worlds.LAST, number)
        built(own_home)
    assert counted == [{"Z01/2026-02/2"}], "beside the second version that there is of Z02 now"


def test_of_a_month_each_earlier_state_is_kept_and_none_that_never_was(own_home):
    states = []
    for trust, number in (("Z01", 0), ("Z02", 0), ("Z01", 1)):
        send_again(own_home, trust, worlds.LAST, number)
        states.append(built(own_home)["earlier_months"]["key"].n_unique())
    assert states == [1, 1, 2], "as first sent; no more; and each first correction"


def test_nothing_is_kept_of_a_year_that_is_over(own_home, counted):
    for number in range(2):
        send_again(own_home, "Z01", worlds.FIRST, number)
        assert built(own_home)["earlier_months"].is_empty()
    assert counted == [{"Z01/2025-01/1"}], "which the first correction found in the last release"


def test_what_is_kept_makes_way_when_wards_are_placed_otherwise(own_home, counted):
    send_again(own_home, "Z01", worlds.LAST, 0)
    before = built(own_home)
    register, day = own_home.archive.newest_register(), worlds.LAST.first_day
    changed = ward_acts.change_ward(register, "Z02", "ELDER1", day, {"intended_sex": "male"})
    own_home.archive.keep_register(changed, Decided(worlds.TEAM, NOW, "Built anew"))
    after = built(own_home)
    assert counted
    assert not set(before["earlier_months"]["key"]) & set(after["earlier_months"]["key"])
