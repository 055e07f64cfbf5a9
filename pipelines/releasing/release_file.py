"""Reads and writes release files; the only code that writes DuckDB.

A release is written under another name, flushed and moved into place, and `CURRENT` is replaced
by one rename: readers find either the whole old release or the whole new one.
"""

import os
from pathlib import Path
from secrets import token_hex
from shutil import copyfile

import duckdb
import polars as pl

from pipelines.keeping.staging import STAGED, flush_file, keep_file, put_in_place
from pipelines.releasing.last_release import CHAIN, KEYS, NOTHING, WORKINGS, LastRelease
from pipelines.releasing.release_checks import ReleaseError
from pipelines.releasing.release_tables import Changes
from schemas.receipts import Head

CURRENT, SUFFIX = "CURRENT", ".duckdb"
AS_AT = "as-at"  # the folder of releases as at an earlier day
KEPT, KEPT_AS_AT = 10, 5


def path_of(releases: Path, release_id: str) -> Path:
    """The file of a release."""
    return releases / f"{release_id}{SUFFIX}"


def current(releases: Path) -> Path | None:
    """The release in use, or None before the first one."""
    try:
        name = (releases / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    path = path_of(releases, name)
    return path if name and path.exists() else None


def write(path: Path, changes: Changes, last: LastRelease = NOTHING) -> None:
    """Write a whole release, which can't be seen until it is complete and on disk.

    It is made of a copy of the last release, if there is one to take rows over from.
    """
    staged = path.with_name(f"{STAGED}{token_hex(8)}{SUFFIX}")
    try:
        if last.path is not None:
            copyfile(last.path, staged)
        _fill(staged, changes)
        flush_file(staged)
        put_in_place(staged, path)
    except duckdb.Error as error:
        raise ReleaseError(f"The release could not be written to {path.parent}: {error}") from error
    finally:
        staged.unlink(missing_ok=True)


def clear_staged(folder: Path) -> None:
    """Delete what builds that were cut short left behind; only whoever holds the lock may."""
    for path in folder.glob(f"{STAGED}*"):
        path.unlink(missing_ok=True)


def make_current(path: Path) -> None:
    """Put a release in use, unless it is already, and delete all but the last few."""
    if current(path.parent) == path:
        return  # everyone reading it may go on as they are
    keep_file(path.with_name(CURRENT), f"{path.stem}\n".encode())
    os.utime(path)
    _clear_old(path, KEPT)


def keep_beside(path: Path) -> None:
    """Keep a release as at an earlier day, and delete all but the few last looked at."""
    os.utime(path)
    _clear_old(path, KEPT_AS_AT)


def chain_of(path: Path) -> Head | None:
    """The last line of the archive's chain when a release was built; older ones don't say."""
    try:
        return Head(**read(path, f"SELECT * FROM {CHAIN}").row(0, named=True))  # noqa: S608
    except ReleaseError:
        return None


def all_of(releases: Path) -> list[Path]:
    """Every release that is kept, those as at an earlier day included."""
    found = [*releases.glob(f"*{SUFFIX}"), *(releases / AS_AT).glob(f"*{SUFFIX}")]
    return sorted(path for path in found if not path.name.startswith(STAGED))


def is_whole(path: Path) -> bool:
    """True for a release file that opens and names itself."""
    if not path.exists():
        return False
    try:
        return read(path, "SELECT release_id FROM release")["release_id"].to_list() == [path.stem]
    except ReleaseError:
        return False


def last(releases: Path, code_version: str) -> LastRelease:
    """The release in use, to take rows over from, if the same code made it; otherwise none."""
    path = current(releases)
    try:
        if path is None or _made_by(path) != code_version:
            return LastRelease()
        keys = read(path, f"SELECT stage, part, key FROM {KEYS}")  # noqa: S608 - a constant
    except ReleaseError:  # a damaged release only means that this shortcut is not used
        return LastRelease()
    return LastRelease(path, {(stage, part): key for stage, part, key in keys.iter_rows()})


def read(path: Path, sql: str) -> pl.DataFrame:
    """The rows of a query on a release file; raises ReleaseError if it can't be read."""
    try:
        with duckdb.connect() as connection:
            connection.execute("ATTACH ? AS release_file (READ_ONLY)", [str(path)])
            connection.execute("USE release_file")
            return connection.sql(sql).pl()
    except duckdb.Error as error:
        raise ReleaseError(str(error)) from error


def _made_by(path: Path) -> str:
    return read(path, "SELECT code_version FROM release").item()


def _fill(path: Path, changes: Changes) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("BEGIN")
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {WORKINGS}")
        for name, frame in changes.rows.items():
            connection.register("frame", frame)
            if name in changes.gone:
                _take_out(connection, name, changes.gone[name])
                connection.execute(f"INSERT INTO {name} SELECT * FROM frame")  # noqa: S608
            else:
                connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM frame")  # noqa: S608
            connection.unregister("frame")
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")


def _take_out(connection: duckdb.DuckDBPyConnection, name: str, gone: pl.DataFrame) -> None:
    """Delete the rows of a table that have the values of a row of `gone`."""
    connection.register("gone", gone)
    same = " AND ".join(f"{name}.{column} = gone.{column}" for column in gone.columns)
    connection.execute(f"DELETE FROM {name} USING gone WHERE {same}")  # noqa: S608
    connection.unregister("gone")


def _clear_old(used: Path, kept: int) -> None:
    releases = [p for p in used.parent.glob(f"*{SUFFIX}") if not p.name.startswith(STAGED)]
    newest_first = sorted(releases, key=lambda p: p.stat().st_mtime_ns, reverse=True)
    for path in newest_first[kept:]:
        try:
            path.unlink()
        except PermissionError:  # Windows, while someone reads it: the next build tries again
            continue
