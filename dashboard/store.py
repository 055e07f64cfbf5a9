"""The only way to read a release: a connection that holds only what one person may see.

For a trust or a region, the connection is an in-memory copy of that scope's rows, plus the peer
tables that were suppressed when the release was built. The release is then detached, and the
connection can no longer reach any file, so a forgotten filter cannot leak what is not there.

Which trust a ward belongs to is always read from the release in use: a release as at an earlier
day provides its figures, but never brings back anyone's former right to see them.
"""

from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from threading import Lock

import duckdb
import polars as pl

from dashboard.access import Scope
from schemas.release import TABLES

_OWN_ROWS = "((ward_id IS NULL AND trust_code IN own_trusts) OR ward_id IN own_wards)"
_OWN_UNITS = """((level = 'trust' AND unit_id IN own_totals)
    OR (level = 'ward' AND unit_id IN own_wards))"""
_NOT_RESTRICTED = "measure NOT IN (SELECT measure FROM release.measures WHERE restricted)"

# Which rows of each table a trust may see; every table of a release is listed.
ROWS = {
    "release": "true",
    "measures": "true",
    "standards_text": "true",
    "questions": "true",
    "peer_bands": _NOT_RESTRICTED,
    "trusts": "trust_code IN own_trusts",
    "wards": "ward_id IN own_wards",
    "returns": "trust_code IN own_trusts",
    "cells": _OWN_ROWS,
    "queries": _OWN_ROWS,
    "events": f"((level = 'programme' AND trust_code IS NULL) OR {_OWN_UNITS})",
    "observations": _OWN_UNITS,
    "points": _OWN_UNITS,
    "signals": _OWN_UNITS,
    "comparisons": _OWN_UNITS,
    "suppressed": _OWN_UNITS,
    "charters": "ward_id IN own_wards",
    "standards": _OWN_ROWS,
    "foundations": _OWN_UNITS,
    "completeness": _OWN_ROWS,
    "people": "lower(trim(email)) = $email",
}
# Regions never see typed values, nor anything about staff alleged responsible.
_NOT_FOR_REGIONS = ("cells", "queries")
# Comparing peers' tables from day to day would show what each return added to them.
_ONLY_OF_TODAY = ("peer_bands", "comparisons")
_MEASURED = ("observations", "points", "signals", "comparisons", "suppressed")

# In a small group, the average and limits would give away what the others sent.
_BLANKED = ("z", "centre", "lower95", "upper95", "lower998", "upper998", "phi", "tau2")
_ENOUGH = "units >= (SELECT smallest_peer_group FROM release.release)"
_COLUMNS = {
    "comparisons": "* REPLACE ("
    + ", ".join(f"CASE WHEN {_ENOUGH} THEN {c} END AS {c}" for c in _BLANKED)
    + f", CASE WHEN {_ENOUGH} THEN category ELSE 'too_few' END AS category)"
}


# Every question that names an organisation names it as it is called last, and every count of wards
# as they are now leaves out the same closed ones.
_LATEST = (
    """
    CREATE VIEW main.latest_trusts AS
    SELECT trust_code, arg_max(trust_name, valid_from) AS trust_name,
        arg_max(region, valid_from) AS region
    FROM main.trusts GROUP BY trust_code
    """,
    """
    CREATE VIEW main.latest_wards AS
    SELECT w.ward_id, w.ward_name, w.trust_code, t.trust_name
    FROM (
        SELECT ward_id, arg_max(ward_name, valid_from) AS ward_name,
            arg_max(current_trust_code, valid_from) AS trust_code
        FROM main.wards GROUP BY ward_id
    ) AS w
    LEFT JOIN main.latest_trusts AS t USING (trust_code)
    """,
    """
    CREATE VIEW main.open_wards AS
    SELECT ward_id
    FROM (
        FROM main.wards
        WHERE ward_id = current_ward_id
        QUALIFY row_number() OVER (PARTITION BY ward_id ORDER BY valid_from DESC) = 1
    )
    WHERE open_to IS NULL OR open_to >= (SELECT coalesce(data_to, open_to) FROM main.release)
    """,
)


class NoRelease(Exception):
    """There is no release to read yet; the message says what to do."""


def current(releases: Path) -> Path:
    """The release in use; raise NoRelease if none has been built."""
    try:
        release_id = (releases / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        release_id = ""
    path = releases / f"{release_id}.duckdb"
    if not release_id or path.parent != releases or not path.is_file():
        raise NoRelease(
            "There are no figures to show yet: either no return has been received, or no release "
            "has been built since. “feeling-safe build” builds one."
        )
    return path


def owners(release: Path) -> Path:
    """The release that says which trust each ward belongs to: itself, or today's for an old one."""
    return release if facts(release)["as_at"] is None else current(release.parent.parent)


def stamp(release: Path) -> tuple[object, ...]:
    """A key that changes whenever a scope's rows may: the release's file, and today's owners'."""
    owned = owners(release)
    written = release.stat().st_mtime_ns
    return (written,) if owned == release else (written, owned, owned.stat().st_mtime_ns)


def open(release: Path, scope: Scope) -> duckdb.DuckDBPyConnection:  # noqa: A001 - as files are opened
    """A new connection in memory that holds what this scope may see of the release."""
    connection = duckdb.connect(":memory:")
    connection.execute("ATTACH ? AS release (READ_ONLY)", [str(release)])
    if scope.sees_everything:
        for table in TABLES:
            connection.execute(f"CREATE VIEW main.{table} AS FROM release.{table}")
    else:
        _copy(connection, release, scope)
    for view in _LATEST:
        connection.execute(view)
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def cursor(release: Path, scope: Scope) -> duckdb.DuckDBPyConnection:
    """A cursor on the connection that all sessions of this release and scope share."""
    return _CONNECTIONS.cursor(release, scope)


def people(release: Path) -> pl.DataFrame:
    """The access register of a release: read before anyone's scope is known."""
    return _people(release, release.stat().st_mtime_ns)


def facts(release: Path) -> dict[str, object]:
    """The one row that describes a release, such as its id, programme and last month of data."""
    return _facts(release, release.stat().st_mtime_ns)


def _copy(connection: duckdb.DuckDBPyConnection, release: Path, scope: Scope) -> None:
    """Copy the scope's rows into memory, then detach the release."""
    owned, today = owners(release), "release"
    if owned != release:
        today = "today"
        connection.execute("ATTACH ? AS today (READ_ONLY)", [str(owned)])
    trusts = sorted(scope.trusts)
    _own(connection, "own_trusts", "trust_code", f"{today}.trusts", "current_code", trusts)
    _own(connection, "own_wards", "ward_id", f"{today}.wards", "current_trust_code", trusts)
    # A total that includes a ward now belonging to another trust would give that ward away.
    connection.execute(
        "CREATE TABLE main.own_totals AS FROM main.own_trusts EXCEPT SELECT current_trust_code "
        "FROM release.wards WHERE ward_id NOT IN (FROM main.own_wards SELECT ward_id)"
    )
    for table in TABLES:
        parameters = [scope.email] if table == "people" else []
        connection.execute(
            f"CREATE TABLE main.{table} AS SELECT {_COLUMNS.get(table, '*')} "  # noqa: S608 - constants of this file
            f"FROM release.{table} WHERE {_rows(table, scope, today).replace('$email', '?')}",
            parameters,
        )
    for table in ("own_trusts", "own_wards", "own_totals"):
        connection.execute(f"DROP TABLE {table}")
    for file in {"release", today}:
        connection.execute(f"DETACH {file}")


def _own(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    unit: str,
    table: str,
    owner: str,
    trusts: list[str],
) -> None:
    connection.execute(
        f"CREATE TABLE main.{name} AS SELECT DISTINCT {unit} FROM {table} "  # noqa: S608 - constants of this file
        f"WHERE {owner} IN (SELECT unnest(?::VARCHAR[]))",
        [trusts],
    )


def _rows(table: str, scope: Scope, today: str) -> str:
    # `x IN name` reads better above than the subquery DuckDB needs.
    if today != "release" and table in _ONLY_OF_TODAY:
        return "false"
    where = ROWS[table]
    names = (("own_trusts", "trust_code"), ("own_wards", "ward_id"), ("own_totals", "trust_code"))
    for name, unit in names:
        where = where.replace(f"IN {name}", f"IN (FROM main.{name} SELECT {unit})")
    if scope.role != "region":
        return where
    if table in _NOT_FOR_REGIONS:
        return "false"
    return f"{where} AND {_NOT_RESTRICTED}" if table in _MEASURED else where


class Connections:
    """The open connections, most recently used last; those of an older release are dropped.

    A dropped connection stays alive until its last cursor is gone, so a session still reading from
    it can finish its screen.
    """

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._open: OrderedDict[
            tuple[Path, tuple[object, ...], Scope], duckdb.DuckDBPyConnection
        ] = OrderedDict()
        self._lock = Lock()

    def cursor(self, release: Path, scope: Scope) -> duckdb.DuckDBPyConnection:
        written = stamp(release)
        key = (release, written, scope)
        with self._lock:
            if key not in self._open:
                self._drop_older(release, written)
                self._open[key] = open(release, scope)
            self._open.move_to_end(key)
            return self._open[key].cursor()

    def scopes(self) -> list[Scope]:
        """Whose connections are open, the longest unused first."""
        return [scope for *_, scope in self._open]

    def _drop_older(self, release: Path, written: tuple[object, ...]) -> None:
        for key in [k for k in self._open if k[0].parent == release.parent]:
            if key[:2] != (release, written):
                del self._open[key]
        while len(self._open) >= self._most:
            self._open.popitem(last=False)


_CONNECTIONS = Connections()


@lru_cache(maxsize=8)
def _people(release: Path, written: int) -> pl.DataFrame:
    return _read(release, "FROM release.people")


@lru_cache(maxsize=8)
def _facts(release: Path, written: int) -> dict[str, object]:
    return _read(release, "FROM release.release").row(0, named=True)


def _read(release: Path, query: str) -> pl.DataFrame:
    with duckdb.connect(":memory:") as connection:
        connection.execute("ATTACH ? AS release (READ_ONLY)", [str(release)])
        return connection.sql(query).pl()
