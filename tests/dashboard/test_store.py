"""A connection holds what its scope may see, and nothing more."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import duckdb
import polars as pl
import pytest

from dashboard import derived, own_rows, store
from dashboard.access import Scope, resolve
from dashboard.store import NoRelease
from pipelines.measures import load
from pipelines.releasing import release_file
from pipelines.releasing.definitions import DEFINITIONS, definitions
from schemas.release import TABLES
from tests.dashboard import tiny_release
from tests.dashboard.tiny_release import NAMES, NUMBER, PEOPLE, TODAY, WARDS


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return tiny_release.write(tmp_path_factory.mktemp("home"))


def scope_of(release, email: str) -> Scope:
    scope = resolve(email, store.people(release), TODAY)
    assert scope
    return scope


def words_of(trust: str) -> set[str]:
    """Everything that is only in this trust's rows."""
    wards = {
        word for ward, (name, *_) in WARDS.items() if ward[:3] == trust for word in (ward, name)
    }
    return {trust, NAMES[trust], str(NUMBER[trust])[:2], *wards}


def holds(connection, words: set[str]) -> list[tuple[str, str]]:
    """Tables, derived ones included, with a cell that names a trust or has one of its numbers."""
    found = []
    for table in (*TABLES, *derived.QUERIES):
        frame = connection.sql(f"FROM {table}").pl()
        columns = frame.with_columns(pl.all().cast(pl.String)).get_columns()
        cells = {cell for column in columns for cell in column.unique() if cell}
        found += [(table, word) for word in words if any(_in(word, cell) for cell in cells)]
    return sorted(found)


def _in(word: str, cell: str) -> bool:
    if word.isdigit():  # the first two of four digits of a trust's own counts
        return re.fullmatch(rf"{word}\d\d(\.0)?(abc)?", cell) is not None
    return word in cell


def test_every_table_of_the_contract_has_a_rule():
    assert set(own_rows.ROWS) == set(TABLES)


@pytest.mark.parametrize(
    ("email", "own"),
    [
        ("lead1@example.org", {"Z01"}),
        ("lead2@example.org", {"Z02"}),
        ("region@example.org", {"Z01", "Z03"}),
    ],
)
def test_a_scope_holds_its_own_trusts_and_no_word_or_number_of_another(release, email, own):
    connection = store.open(release, scope_of(release, email))
    for trust in NAMES:
        found = holds(connection, words_of(trust))
        assert bool(found) == (trust in own), found


def test_the_programme_sees_every_trust(release):
    connection = store.open(release, scope_of(release, "team@example.org"))
    for table in TABLES:
        whole = tiny_release.frames()[table].height
        assert connection.sql(f"FROM {table}").pl().height == whole


def test_a_trust_keeps_the_history_of_what_merged_into_it(release):
    connection = store.open(release, scope_of(release, "lead1@example.org"))
    codes = connection.sql("SELECT DISTINCT trust_code FROM trusts ORDER BY 1").pl()["trust_code"]
    assert codes.to_list() == ["Z01", "Z04"]
    assert "Z04-OAK1" in connection.sql("FROM wards").pl()["ward_id"].to_list()


def test_someone_for_a_trust_that_has_merged_away_sees_nothing_of_its_successor(release):
    gone = Scope("trust", frozenset({"Z04"}), "old@example.org", "Old")
    connection = store.open(release, gone)
    for table in ("trusts", "wards", "returns", "cells", "observations", "points", "charters"):
        assert connection.sql(f"FROM {table}").pl().is_empty()


def test_nobody_below_the_programme_has_figures_of_a_group_or_the_programme(release):
    for email in ("lead1@example.org", "region@example.org"):
        connection = store.open(release, scope_of(release, email))
        for table in ("observations", "points", "signals", "comparisons", "foundations"):
            levels = set(connection.sql(f"FROM {table}").pl()["level"])
            assert levels <= {"ward", "trust"}, table
            assert levels, table


def test_a_region_sees_with_whom_a_charter_was_made_and_not_how_many_they_were(release):
    counts = ["patients_n", "staff_n", "carers_n", "conversations_n", "changes_n"]
    for email, hidden in (("region@example.org", True), ("lead1@example.org", False)):
        connection = store.open(release, scope_of(release, email))
        found = connection.sql("FROM charters WHERE in_place").pl()
        assert found.height
        assert found["coproduced_patients"].all()
        assert all(found[name].is_null().all() == hidden for name in counts), email


def test_a_comparison_in_a_small_group_says_nothing_of_the_others(release):
    connection = store.open(release, scope_of(release, "lead1@example.org"))
    found = connection.sql("FROM comparisons").pl()
    small = found.filter(pl.col("units") < 5)
    large = found.filter(pl.col("units") >= 5)
    assert not small.is_empty()
    of_the_others = ["z", "centre", "lower95", "upper95", "lower998", "upper998", "phi", "tau2"]
    assert small.select(of_the_others).null_count().row(0) == (small.height,) * 8
    assert set(small["category"]) == {"too_few"}
    assert small["n"].null_count() == 0
    assert set(large["category"]) == {"within"}
    assert large.select(of_the_others).null_count().row(0) == (0,) * 8


@pytest.mark.parametrize(("smallest", "shown"), [(12, {"within"}), (13, set())])
def test_a_group_is_as_small_as_the_programme_says(tmp_path, smallest, shown):
    tables = tiny_release.frames()
    stricter = tables["release"].with_columns(smallest_peer_group=pl.lit(smallest))
    release = tiny_release.write(tmp_path, tables | {"release": stricter}, "stricter")
    found = store.open(release, scope_of(release, "lead1@example.org")).sql("FROM comparisons").pl()
    assert set(found["category"]) == {"too_few", *shown}
    assert set(found.filter(pl.col("centre").is_not_null())["category"]) == shown


def test_every_table_reaches_a_trust_and_all_but_what_was_typed_a_region(release):
    empty = {}
    for email in ("lead1@example.org", "region@example.org"):
        connection = store.open(release, scope_of(release, email))
        empty[email] = {t for t in TABLES if connection.sql(f"FROM {t}").pl().is_empty()}
    said = {"forum_answers", "engagement", "groups"}  # for the programme team only
    said |= {"baselines"}  # nobody in the tiny release brought one
    few = {"confidence_items", "incident_pairs"}  # each is about few people
    typed = {"cells", "queries", "forum_attendance", "change_tests"}
    for_no_region = {*typed, "breakdowns", *few, *said}
    assert empty == {"lead1@example.org": said, "region@example.org": for_no_region}


def test_what_was_hidden_of_a_restricted_measure_is_not_told_to_a_region(tmp_path):
    tables = tiny_release.frames()
    restricted = tables["suppressed"].with_columns(measure=pl.lit("SS-I8"))
    release = tiny_release.write(tmp_path, tables | {"suppressed": restricted}, "restricted")
    for email, empty in (("region@example.org", True), ("lead1@example.org", False)):
        connection = store.open(release, scope_of(release, email))
        assert connection.sql("FROM suppressed").pl().is_empty() == empty


def test_an_event_of_the_programme_is_for_all_unless_it_names_a_trust(tmp_path):
    tables = tiny_release.frames()
    named = pl.when(pl.col("level") == "programme").then(pl.lit("Z02")).otherwise("trust_code")
    release = tiny_release.write(
        tmp_path, tables | {"events": tables["events"].with_columns(trust_code=named)}, "named"
    )
    events = store.open(release, scope_of(release, "lead1@example.org")).sql("FROM events").pl()
    assert set(events["level"]) == {"ward"}


def test_a_person_is_found_however_their_address_was_written(tmp_path):
    tables = tiny_release.frames()
    typed = tables["people"].with_columns(email=pl.lit(" ") + pl.col("email").str.to_uppercase())
    release = tiny_release.write(tmp_path, tables | {"people": typed}, "typed")
    held = store.open(release, scope_of(release, "lead1@example.org")).sql("FROM people").pl()
    assert held["name"].to_list() == ["Lena Lead"]


def test_a_person_is_the_only_person_they_can_read_about(release):
    scopes = [resolve(email, store.people(release), TODAY) for email in PEOPLE]
    narrow = [scope for scope in scopes if scope and not scope.sees_everything]
    assert {scope.role for scope in narrow} == {"trust", "region"}
    for scope in narrow:
        held = store.open(release, scope).sql("FROM people").pl()
        assert held["email"].to_list() == [scope.email]


def test_a_region_sees_neither_what_was_typed_nor_restricted_measures(release):
    connection = store.open(release, scope_of(release, "region@example.org"))
    assert connection.sql("FROM cells").pl().is_empty()
    assert connection.sql("FROM queries").pl().is_empty()
    restricted = set(connection.sql("FROM measures WHERE restricted").pl()["measure"])
    assert restricted
    for table in ("observations", "points", "signals", "comparisons", "peer_bands"):
        assert not restricted & set(connection.sql(f"FROM {table}").pl()["measure"]), table
    own = store.open(release, scope_of(release, "lead1@example.org"))
    assert restricted & set(own.sql("FROM observations").pl()["measure"])


@pytest.mark.parametrize("email", ["team@example.org", "lead1@example.org", "region@example.org"])
def test_a_connection_reaches_no_file_and_cannot_be_unlocked(release, email, tmp_path):
    cursor = store.cursor(release, scope_of(release, email))
    cursor.execute("FROM measures")
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n", encoding="utf-8")
    for statement in (
        f"ATTACH '{tmp_path / 'x.duckdb'}'",
        f"FROM read_csv('{other}')",
        f"FROM '{other}'",
        f"COPY measures TO '{tmp_path / 'out.csv'}'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "INSTALL httpfs",
    ):
        with pytest.raises(duckdb.Error, match=r"operations are disabled|has been locked"):
            cursor.execute(statement).fetchall()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.csv"]


def test_a_trusts_connection_has_let_go_of_the_release_and_cannot_take_it_up_again(release):
    connection = store.open(release, scope_of(release, "lead1@example.org"))
    with pytest.raises(duckdb.PermissionException, match="operations are disabled"):
        connection.execute(f"ATTACH '{release}' AS again (READ_ONLY)")
    attached = connection.sql("FROM duckdb_databases() WHERE NOT internal").pl()
    assert attached["database_name"].to_list() == ["memory"]
    assert "own_trusts" not in connection.sql("SHOW TABLES").pl()["name"].to_list()


def test_a_trusts_connection_gets_a_table_when_it_is_asked_for_with_its_own_rows_alone(release):
    connection = store.open(release, scope_of(release, "lead1@example.org"))
    assert connection.sql("SHOW TABLES").pl().is_empty()
    codes = connection.sql("SELECT trust_code FROM Returns UNION SELECT trust_code FROM (queries)")
    assert set(codes.pl()["trust_code"]) == {"Z01"}
    assert connection.sql("SHOW TABLES").pl()["name"].to_list() == ["queries", "returns"]
    assert not connection.sql("FROM open_wards JOIN wards USING (ward_id)").pl().is_empty()
    held = connection.sql("SHOW TABLES").pl()["name"].to_list()
    assert held == ["open_wards", "queries", "release", "returns", "wards"]
    attached = connection.sql("FROM duckdb_databases() WHERE NOT internal").pl()
    assert attached["database_name"].to_list() == ["memory"]


def test_every_table_of_a_scope_has_the_columns_and_types_of_the_release(release):
    team, lead = (
        store.open(release, scope_of(release, f"{who}@example.org")) for who in ("team", "lead1")
    )
    for table in TABLES:
        whole, own = (c.sql(f"FROM {table} LIMIT 0") for c in (team, lead))
        assert list(zip(own.columns, own.types, strict=True)) == list(
            zip(whole.columns, whole.types, strict=True)
        ), table


def test_cursors_that_ask_for_the_same_tables_at_once_each_get_them(release):
    connection = store.open(release, scope_of(release, "region@example.org"))
    started = Barrier(4)

    def ask(_: int) -> list[int]:
        cursor = connection.cursor()
        started.wait()
        return [cursor.sql(f"FROM {table}").pl().height for table in sorted(TABLES)]

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(ask, range(4))
    assert others == [first] * 3
    assert sum(first) > 0


def test_the_programme_can_write_nothing_into_the_release(release):
    connection = store.open(release, scope_of(release, "team@example.org"))
    with pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("DELETE FROM release.observations")


def test_sessions_of_one_scope_share_a_connection_and_a_new_release_replaces_it(tmp_path):
    first = tiny_release.write(tmp_path)
    scope = scope_of(first, "lead1@example.org")
    cursor = store.cursor(first, scope)
    cursor.execute("CREATE TABLE mark (a INTEGER)")
    assert store.cursor(first, scope).sql("FROM mark").pl().is_empty()
    tables = tiny_release.frames() | {"events": tiny_release.frames()["events"].clear()}
    second = tiny_release.write(tmp_path, tables, "tiny-2")
    assert store.current(tmp_path / "releases") == second
    assert store.cursor(second, scope).sql("FROM events").pl().is_empty()
    assert not cursor.sql("FROM events").pl().is_empty(), "a screen being drawn is finished"


def test_two_scopes_never_share_a_connection(release):
    one, two = (scope_of(release, f"lead{n}@example.org") for n in (1, 2))
    trusts = [
        set(store.cursor(release, scope).sql("FROM returns").pl()["trust_code"])
        for scope in (one, two, one)
    ]
    assert trusts == [{"Z01"}, {"Z02"}, {"Z01"}]


@pytest.fixture(params=["0123456789abcdef", "tiny-1"])
def earlier(tmp_path, request):
    """A release as at an earlier day, beside one in use whose name is before its own, or after."""
    tiny_release.write(tmp_path, release_id=request.param)
    return tiny_release.write_as_at(tmp_path)


def test_an_earlier_day_has_a_trusts_own_figures_but_no_table_of_its_peers(earlier):
    connection = store.open(earlier, scope_of(earlier, "lead1@example.org"))
    for table in ("peer_bands", "comparisons"):
        assert connection.sql(f"FROM {table}").pl().is_empty(), table
    assert not connection.sql("FROM observations").pl().is_empty()
    today = store.open(store.owners(earlier), scope_of(earlier, "lead1@example.org"))
    assert not today.sql("FROM peer_bands").pl().is_empty(), "or this test shows nothing"


def test_a_ward_that_moves_today_leaves_an_earlier_days_connection_too(earlier, tmp_path):
    """The connection is shared, so it must be replaced when who owns what changes."""
    scope = scope_of(earlier, "lead1@example.org")

    def wards() -> set[str]:
        return set(store.cursor(earlier, scope).sql("FROM observations").pl()["unit_id"])

    assert "Z01-OAK1" in wards()
    moved = pl.when(pl.col("ward_id") == "Z01-OAK1").then(pl.lit("Z02"))
    tables = tiny_release.frames()
    tables["wards"] = tables["wards"].with_columns(
        current_trust_code=moved.otherwise("current_trust_code")
    )
    tiny_release.write(tmp_path, tables, "tiny-2")
    assert "Z01-OAK1" not in wards()
    assert "Z01-ALDER1" in wards()


def test_an_earlier_days_stamp_changes_with_todays_release_whatever_that_is_called(
    earlier, tmp_path
):
    stamps = {store.stamp(earlier)}
    for name in ("2025-12-31", "2026-01-01"):  # before “as-at” in the alphabet
        tiny_release.write(tmp_path, release_id=name)
        stamps.add(store.stamp(earlier))
    assert len(stamps) == 3


def test_connections_of_an_older_release_are_dropped_and_those_of_another_home_kept(tmp_path):
    mine, other = (tiny_release.write(tmp_path / name) for name in ("mine", "other"))
    scope = scope_of(mine, "lead1@example.org")
    marked = [store.cursor(release, scope) for release in (mine, other)]
    for cursor in marked:
        cursor.execute("CREATE TABLE mark (a INTEGER)")
    for release in (mine, other):
        assert store.cursor(release, scope).sql("FROM mark").pl().is_empty()
    newer = tiny_release.write(tmp_path / "mine", release_id="tiny-2")
    with pytest.raises(duckdb.CatalogException):
        store.cursor(newer, scope).sql("FROM mark")
    with pytest.raises(duckdb.CatalogException):
        store.cursor(mine, scope).sql("FROM mark")
    assert store.cursor(other, scope).sql("FROM mark").pl().is_empty()
    store.cursor(newer, scope).execute("CREATE TABLE mark (a INTEGER)")
    newest = tiny_release.write(tmp_path / "mine", release_id="tiny-0")  # names have no order
    store.cursor(newest, scope)
    with pytest.raises(duckdb.CatalogException):
        store.cursor(newer, scope).sql("FROM mark")


def test_only_so_many_connections_stay_open_and_the_longest_unused_goes_first(release):
    scopes = [scope_of(release, f"{who}@example.org") for who in ("team", "lead1", "lead2")]
    connections = store.Connections(most=2)
    first, second, third = scopes
    for scope in (second, first):
        connections.cursor(release, scope).execute("CREATE TEMP TABLE mark (a INTEGER)")
    connections.cursor(release, second)
    connections.cursor(release, third)
    assert connections.scopes() == [second, third]


@pytest.mark.parametrize("text", [None, "", "\n", "none-such", "../elsewhere", "{}/elsewhere"])
def test_without_a_release_there_is_a_sentence_that_says_what_to_do(tmp_path, text):
    (tmp_path / "elsewhere.duckdb").write_bytes(b"")
    text = text and text.format(tmp_path)
    releases = tmp_path / "releases"
    releases.mkdir()
    if text is not None:
        (releases / "CURRENT").write_text(text, encoding="utf-8")
    with pytest.raises(
        NoRelease, match=r"^There are no figures .* “feeling-safe build” builds one"
    ):
        store.current(releases)


def test_a_release_tells_the_measures_that_its_figures_were_worked_out_with(tmp_path):
    path = tiny_release.write(tmp_path)
    assert list(store.measures(path)) == load()
    fewer = {DEFINITIONS: definitions(load()[:2])}
    path = tiny_release.write(tmp_path, tiny_release.frames() | fewer, "fewer")
    assert list(store.measures(path)) == load()[:2]


def test_a_release_of_an_earlier_version_has_no_definitions_and_says_so(tmp_path):
    path = tiny_release.write(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"DROP TABLE {DEFINITIONS}")
    with pytest.raises(store.NoRelease, match="“feeling-safe build” builds it again"):
        store.measures(path)


def test_a_release_of_an_earlier_version_that_lacks_a_table_is_not_in_use_and_says_so(tmp_path):
    path = tiny_release.write(tmp_path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("DROP TABLE yardsticks")
    release_file.seal(path, path)
    with pytest.raises(store.NoRelease, match="“feeling-safe build” builds it again"):
        store.current(path.parent)


def test_a_damaged_release_is_never_read(tmp_path):
    path = tiny_release.write(tmp_path)
    assert store.current(path.parent) == path
    content = path.read_bytes()
    path.write_bytes(content[:-4096])
    with pytest.raises(store.DamagedRelease, match="“feeling-safe build” makes it again"):
        store.current(path.parent)
    path.write_bytes(content)
    assert store.current(path.parent) == path


def test_a_release_knows_the_returns_it_was_built_with_and_no_other(release):
    assert store.knows(release, "Z01/2026-03/1")
    assert not store.knows(release, "Z01/2026-03/2")
