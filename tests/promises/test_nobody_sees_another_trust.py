"""No figure can be shown to someone who may not see it: the crawl of every scope of the demo."""

import inspect
from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

import polars as pl
import pytest

import dashboard.queries
from dashboard import store
from dashboard.access import Scope
from schemas.release import TABLES

NAMES_NOBODY = {"release", "measures", "standards_text", "questions", "peer_bands"}


def covered(scope: Scope, tables: dict[str, pl.DataFrame]) -> frozenset[str]:
    """The trusts that a scope is about: of a group, all that have ever had a ward in it."""
    inside = tables["groups"].filter(pl.col("group_code").is_in(scope.groups))
    return scope.trusts | set(inside["trust_code"])


def sentinels(tables: dict[str, pl.DataFrame], trusts: frozenset[str]) -> set[str]:
    """Codes, names and addresses that belong to other trusts alone."""
    others = tables["trusts"].filter(~pl.col("current_code").is_in(trusts))
    wards = tables["wards"].filter(~pl.col("current_trust_code").is_in(trusts))
    own_wards = tables["wards"].filter(pl.col("current_trust_code").is_in(trusts))
    words = {*others["trust_code"], *others["trust_name"], *wards["ward_id"]}
    return words | (set(wards["ward_name"]) - set(own_wards["ward_name"]))


def texts(frame: pl.DataFrame) -> set[str]:
    """Every text in a frame, and each word of it."""
    found = set()
    for column in frame.select(pl.col(pl.String)).iter_columns():
        values = set(column.drop_nulls().unique())
        found |= values | {word for value in values for word in value.replace("/", " ").split()}
    return found


def test_no_table_of_a_scope_names_another_trust(tables, scopes, release):
    narrow = [scope for scope in scopes if not scope.sees_everything]
    assert {scope.role for scope in narrow} == {"trust", "region", "group"}
    for scope in narrow:
        foreign = sentinels(tables, covered(scope, tables))
        assert foreign
        connection = store.open(release, scope)
        for table in TABLES:
            held = connection.sql(f"FROM {table}").pl()
            assert not texts(held) & foreign, (scope.role, table)


def test_no_row_of_another_trusts_figures_is_in_a_scope(tables, scopes, release):
    for scope in scopes:
        if scope.sees_everything:
            continue
        connection = store.open(release, scope)
        for table in set(TABLES) - NAMES_NOBODY:
            held = connection.sql(f"FROM {table}").pl()
            if table == "people":
                assert set(held["email"]) <= {scope.email}
            elif "level" in held.columns and "unit_id" in held.columns and table != "events":
                assert set(held["level"]) <= {"ward", "trust", scope.role}, table
            elif "trust_code" in held.columns and table != "wards":
                about = covered(scope, tables)
                codes = tables["trusts"].filter(pl.col("current_code").is_in(about))
                moved = tables["wards"].filter(pl.col("current_trust_code").is_in(about))
                own = {*codes["trust_code"], *moved["trust_code"], None}
                assert set(held["trust_code"]) <= own, (scope.role, table)


def test_a_scope_cannot_reach_the_release_or_any_file(scopes, release):
    for scope in scopes:
        if scope.sees_everything:
            continue
        connection = store.open(release, scope)
        for attempt in (
            f"ATTACH '{release}' AS again (READ_ONLY)",
            f"FROM read_text('{release.parent / 'CURRENT'}')",
            "SET enable_external_access = true",
            "FROM release.observations",
        ):
            with pytest.raises(Exception, match=r"disabled|locked|does not exist|lock_config"):
                connection.execute(attempt).fetchall()


def test_restricted_measures_are_in_no_peer_table(tables):
    restricted = set(tables["measures"].filter("restricted")["measure"])
    assert restricted
    for table in ("peer_bands", "comparisons"):
        assert not set(tables[table]["measure"]) & restricted


def questions() -> list[Callable[..., pl.DataFrame]]:
    """Every public function of `dashboard.queries`."""
    modules = [
        import_module(f"dashboard.queries.{found.name}")
        for found in iter_modules(dashboard.queries.__path__)
    ]
    return [
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == module.__name__
    ]


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.__name__)
def test_no_question_is_answered_with_another_trusts_figures(question, tables, scopes, release):
    for scope in scopes:
        if scope.sees_everything:
            continue
        connection = store.open(release, scope)
        own = covered(scope, tables)
        foreign = tables["wards"].filter(~pl.col("current_trust_code").is_in(own))
        for about in asked_by_hand(question, foreign, tables):
            answer = question(connection, **about)
            assert not texts(answer) & sentinels(tables, own), (scope.role, about)


def asked_by_hand(
    question: Callable[..., pl.DataFrame], foreign: pl.DataFrame, tables: dict[str, pl.DataFrame]
) -> list[dict[str, object]]:
    """Arguments that ask about a ward and a trust that are not theirs, and about all."""
    ward, trust = foreign.row(0, named=True), foreign["trust_code"][0]
    last, built = tables["release"]["data_to"][0], tables["release"]["built_at"][0]
    said = {
        "ward": ward["ward_id"], "wards": [ward["ward_id"]], "unit": ward["ward_id"],
        "units": [ward["ward_id"], trust, "programme"], "trust": trust, "month": last,
        "last": last, "today": built.date(), "measure": "SS-I1", "measures": ["SS-O1", "SS-I8"],
        "level": "ward", "least": 1, "before": (last, last), "after": (last, last),
        "start": "charter", "peer_group": ward["peer_group"], "within": trust, "number": 3,
        "group": tables["groups"].filter(trust_code=trust)["group_code"][-1],
        "fields": ["pt_safe", "inc_alleged_staff"], "affected": "patient", "alleged": "staff",
        "patients": "SS-O1", "staff": "SS-O2", "incidents": "SS-I1",
    }  # fmt: skip
    parameters = list(inspect.signature(question).parameters.values())
    assert parameters[0].name == "connection", "a query must not find its own way to the release"
    needed = [p.name for p in parameters[1:] if p.default is p.empty]
    offered = [p.name for p in parameters[1:] if p.name in said]
    assert set(needed) <= set(said), f"say here what to ask {question.__name__}: {needed}"
    return [{name: said[name] for name in names} for names in (needed, offered)]
