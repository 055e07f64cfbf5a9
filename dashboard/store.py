"""The only way to read a release: a connection that holds only what one person may see.

For a trust, a region or a group, the connection has copies in memory of that scope's rows
(`dashboard.own_rows`), plus the peer tables suppressed when the release was built. It never has the
release attached and can reach no file, so a forgotten filter can't leak what is not there.
"""

import re
from collections import OrderedDict
from copy import copy
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Self

import duckdb
import polars as pl

from dashboard import derived, own_rows
from dashboard.access import Scope
from dashboard.own_groups import of_groups
from pipelines.releasing import release_file
from pipelines.releasing.definitions import DEFINITIONS, measures_of
from schemas.measures import Measure
from schemas.release import TABLES

_WORD = re.compile(r"\w+")
_EARLIER = "The release in use lacks tables of this version: “feeling-safe build” builds it again."


class NoRelease(Exception):
    """There is no release to read yet; the message says what to do."""


class DamagedRelease(NoRelease):
    """The file of the release in use is not as it was written; the message says what to do."""


def current(releases: Path) -> Path:
    """The release in use; raise NoRelease if there is none, or an earlier version's or damaged."""
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
    _check_once(path, path.stat().st_mtime_ns)
    return path


def owners(release: Path) -> Path:
    """The release that says which trust each ward belongs to: itself, or today's for an old one."""
    return release if facts(release)["as_at"] is None else current(release.parent.parent)


def stamp(release: Path) -> tuple[object, ...]:
    """A key that changes whenever a scope's rows may: the release's file, and today's owners'."""
    owned = owners(release)
    written = release.stat().st_mtime_ns
    return (written,) if owned == release else (written, owned, owned.stat().st_mtime_ns)


def open(release: Path, scope: Scope) -> "Reading":  # noqa: A001 - as files are opened
    """A new connection in memory that holds what this scope may see of the release."""
    return WholeRelease(release) if scope.sees_everything else OwnRows(release, scope)


def cursor(release: Path, scope: Scope) -> "Reading":
    """A cursor on the connection that all sessions of this release and scope share."""
    return _CONNECTIONS.cursor(release, scope)


def people(release: Path) -> pl.DataFrame:
    """The access register of a release: read before anyone's scope is known."""
    return _table(release, "people")


def facts(release: Path) -> dict[str, object]:
    """The one row that describes a release, such as its id, programme and last month of data."""
    return _table(release, "release").row(0, named=True)


def measures(release: Path) -> tuple[Measure, ...]:
    """The measures of a release, those that are archived included, as its figures were made."""
    return _measures(release, release.stat().st_mtime_ns)


class Reading:
    """A connection in memory that gets a table when a query first names it: most need a few.

    What is derived from tables (`dashboard.derived`) is made in the same way.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._missing = {*TABLES, *derived.QUERIES}
        self._lock = Lock()
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        self._connection = connection

    def cursor(self) -> Self:
        """Another cursor on the same rows."""
        other = copy(self)
        other._connection = self._connection.cursor()
        return other

    def sql(self, query: str, **about: Any) -> duckdb.DuckDBPyRelation:
        """What DuckDB's `sql` gives."""
        self._get(query)
        return self._connection.sql(query, **about)

    def execute(self, query: str, *about: Any) -> duckdb.DuckDBPyConnection:
        """What DuckDB's `execute` gives."""
        self._get(query)
        return self._connection.execute(query, *about)

    def close(self) -> None:
        self._connection.close()

    def _get(self, query: str) -> None:
        """Make what a word of a query names and isn't here yet."""
        if self._missing:
            with self._lock:
                self._make_all(query)

    def _make_all(self, query: str) -> None:
        for name in set(_WORD.findall(query.lower())):
            if name in self._missing:
                self._make(name)

    def _make(self, name: str) -> None:
        if name in TABLES:
            self._make_table(name)
        else:
            self._make_all(derived.QUERIES[name])
            self._connection.execute(derived.statement(name))
        self._missing.remove(name)

    def _make_table(self, name: str) -> None:
        raise NotImplementedError


class WholeRelease(Reading):
    """A reading of everything, straight from the release's file."""

    def __init__(self, release: Path) -> None:
        connection = duckdb.connect(":memory:")
        connection.execute("ATTACH ? AS release (READ_ONLY)", [str(release)])
        super().__init__(connection)

    def _make_table(self, name: str) -> None:
        self._connection.execute(f"CREATE VIEW main.{name} AS FROM release.{name}")


class OwnRows(Reading):
    """A reading that gets copies of the rows of its scope.

    It never has the release attached, and it can reach no file; what it doesn't hold, no query
    finds.
    """

    def __init__(self, release: Path, scope: Scope) -> None:
        self._whole, self._scope = _whole(release), scope
        self._own = _own(release, scope)
        super().__init__(duckdb.connect(":memory:", config={"threads": 1}))

    def _make_table(self, name: str) -> None:
        rows = self._whole.cursor().sql(own_rows.select(name, self._scope, self._own))
        self._connection.register("rows", rows.to_arrow_table())
        self._connection.execute(f"CREATE TABLE main.{name} AS FROM rows")
        self._connection.unregister("rows")


def _own(release: Path, scope: Scope) -> own_rows.Own:
    """What a scope's own trusts and wards are, by the release that says so today."""
    then, wards = owners(release), _table(release, "wards")
    if scope.groups:
        groups, trusts = _table(release, "groups"), _table(release, "trusts")
        seen = _whole(release).cursor().sql("SELECT DISTINCT month FROM release.observations").pl()
        own = of_groups(groups, wards, trusts, seen["month"], scope.groups)
    else:
        own = own_rows.of_trusts(scope.trusts, _table(then, "trusts"), _table(then, "wards"), wards)
    return own_rows.Own(
        **own,
        restricted=set(_table(release, "measures").filter("restricted")["measure"]),
        monthly={m.id for m in measures(release) if m.rolling_months == 1 and m.unit != "days"},
        smallest_group=int(str(facts(release)["smallest_peer_group"])),
        today=then == release,
    )


class Connections:
    """The open connections, most recently used last; those of an older release are dropped.

    A dropped connection stays alive until its last cursor is gone, so a session still reading from
    it can finish its screen.
    """

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._open: OrderedDict[tuple[Path, tuple[object, ...], Scope], Reading] = OrderedDict()
        self._lock = Lock()

    def cursor(self, release: Path, scope: Scope) -> Reading:
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


def knows(release: Path, return_id: str) -> bool:
    """Whether a release was built with a return, in use or not."""
    query = "SELECT count(*) FROM release.returns WHERE return_id = ?"
    return _whole(release).cursor().execute(query, [return_id]).fetchall() != [(0,)]


def _table(release: Path, name: str) -> pl.DataFrame:
    """A small table of a release, whole, for this module alone."""
    return _tables(release, release.stat().st_mtime_ns, name)


@lru_cache(maxsize=64)
def _tables(release: Path, written: int, name: str) -> pl.DataFrame:
    return _whole(release).cursor().sql(f"FROM release.{name}").pl()


@lru_cache(maxsize=8)
def _measures(release: Path, written: int) -> tuple[Measure, ...]:
    try:
        rows = _whole(release).cursor().sql(f"FROM release.{DEFINITIONS}").pl()
    except duckdb.CatalogException:
        raise NoRelease(_EARLIER) from None
    return measures_of(rows)


def _whole(release: Path) -> duckdb.DuckDBPyConnection:
    """A connection to the whole of a release, which rows are copied from; never given out."""
    return _releases(release, release.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _check_once(release: Path, written: int) -> None:
    """Look at a release when it is first opened: its digest, and whether it has every table."""
    if not release_file.is_whole(release):
        raise DamagedRelease(
            "The release in use is damaged, so no figures are shown. Nothing that was sent is "
            "lost: “feeling-safe build” makes it again from the archive."
        )
    tables = release_file.read(release, "SELECT table_name FROM duckdb_tables()")
    if not {*TABLES, DEFINITIONS} <= {*tables["table_name"]}:
        raise NoRelease(_EARLIER)


@lru_cache(maxsize=8)
def _releases(release: Path, written: int) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute("ATTACH ? AS release (READ_ONLY)", [str(release)])
    return connection
