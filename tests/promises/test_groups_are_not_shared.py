"""Figures of groups are in nothing that peers or the public get, whoever makes it and however."""

from dataclasses import replace
from io import BytesIO

import polars as pl
import pytest

from dashboard import store
from dashboard.access import Scope
from dashboard.exports.make import make, source
from dashboard.exports.order import CannotMake, Order
from pipelines import measures as measure_files
from schemas import disclosure, sums
from schemas.programme import Programme
from tests.dashboard import tiny_release
from tests.promises.ordered import kinds_of_order

TEAM = Scope("programme", frozenset(), "team@example.org", "Team")
PROGRAMME = Programme(name="Tiny programme", fictional=True, first_month="2025-01")
OF_GROUPS = pl.col("level") == "group"


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return tiny_release.write(tmp_path_factory.mktemp("groups"))


@pytest.fixture
def known(release):
    """The programme team's source, which does hold exact figures of groups."""
    connection = store.open(release, TEAM)

    def ask(question, **about):
        return question(connection, **about)

    found = source(ask, store.facts(release), measure_files.load(), PROGRAMME)
    assert found.table("programme").filter(OF_GROUPS).height
    return found


def shared_of_groups(known) -> list[str]:
    """What is said of groups in the tables for sharing, and in the files made from them."""
    tables = {audience: known.table(audience) for audience in ("peer", "public")}
    said = [audience for audience, table in tables.items() if table.filter(OF_GROUPS).height]
    files = {
        kind: make(known, Order("tidy", "public", kind)).content for kind in ("csv", "parquet")
    }
    tidy = (pl.read_csv(files["csv"]), pl.read_parquet(BytesIO(files["parquet"])))
    said += [f"tidy {n}" for n, table in enumerate(tidy) if table.filter(OF_GROUPS).height]
    plain = make(known, Order("figures", "public", "csv")).content.decode()
    return said + [word for word in ("Y56", "London") if word in plain]


def test_no_table_and_no_file_for_sharing_has_a_group(known):
    assert shared_of_groups(known) == []


def test_a_group_that_is_let_through_is_noticed(known):
    exact = known.table("programme").filter(OF_GROUPS)
    leaky = replace(known, table=lambda to: pl.concat([known.table(to), exact], how="diagonal"))
    said = ["peer", "public", "tidy 0", "tidy 1", "Y56", "London"]
    assert shared_of_groups(leaky) == said


def test_the_rules_for_sharing_refuse_a_level_that_they_do_not_know(known, monkeypatch):
    monkeypatch.setattr(disclosure, "LEVELS", (*sums.LEVELS, "group"))
    with pytest.raises(pl.exceptions.InvalidOperationError):
        source(known.ask, known.facts, known.measures, PROGRAMME).table("public")


@pytest.mark.parametrize("audience", ["public", "peer"])
def test_there_is_no_file_of_a_group_for_sharing(known, audience):
    for what, kind in kinds_of_order():
        with pytest.raises(CannotMake, match="for sharing"):
            make(known, Order(what, audience, kind, measure="SS-O1", group="Y56"))


def test_nobody_but_the_programme_team_has_a_row_of_a_group(release):
    for role, trusts in (("trust", {"Z01"}), ("region", {"Z01", "Z02", "Z03"})):
        connection = store.open(release, Scope(role, frozenset(trusts), "a@example.org", "A"))
        for table in ("observations", "points", "signals"):
            assert connection.sql(f"FROM {table} WHERE level = 'group'").pl().is_empty()
        assert connection.sql("FROM groups").pl().is_empty()
