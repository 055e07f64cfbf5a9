"""Reads and writes release files; the only code that writes DuckDB.

A release is written under another name, flushed and moved into place, and `CURRENT` is replaced
by one rename: readers find either the whole old release or the whole new one. Beside each release
is the digest of its file, so that damage is noticed. `ORDER` names the releases in the order in
which they were last used, because clocks and the times of files can be wrong.
"""

import errno
import os
from collections.abc import Collection
from hashlib import file_digest
from pathlib import Path
from secrets import token_hex
from shutil import copyfile
from typing import Any

import duckdb
import polars as pl

from pipelines.keeping.staging import STAGED, flush_file, keep_file, put_in_place
from pipelines.releasing.changes import Changes
from pipelines.releasing.last_release import (
    CHAIN,
    FEW_ROWS,
    NOTHING,
    WORKINGS,
    LastRelease,
    UnreadableRelease,
)
from pipelines.releasing.release_checks import ReleaseError
from schemas.receipts import Head

CURRENT, ORDER = "CURRENT", "ORDER"
SUFFIX, DIGEST = ".duckdb", ".sha256"
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
        _fill(staged, changes, {} if last.path is None else FEW_ROWS)
        flush_file(staged)
        seal(path, staged)
        put_in_place(staged, path)
    except duckdb.Error as error:
        full = os.strerror(errno.ENOSPC) in str(error)  # the database has no error of its own
        why = "the disk is full: make room on it and try again." if full else error
        raise ReleaseError(f"The release could not be written to {path.parent}: {why}") from error
    finally:
        staged.unlink(missing_ok=True)


def clear_staged(folder: Path) -> None:
    """Delete what builds that were cut short left behind; needs the lock on builds."""
    for path in folder.glob(f"{STAGED}*"):
        path.unlink(missing_ok=True)


def seal(path: Path, staged: Path) -> None:
    """Write the digest of the file that is about to become a release.

    If it replaces another file of the same release, that one's digest stays beside it: whichever
    of the two a reader finds, or a crash leaves, is whole.
    """
    digests = dict.fromkeys([_digest(staged), *_digests(path)[:1]])
    keep_file(path.with_suffix(DIGEST), "".join(f"{each}\n" for each in digests).encode())


def make_current(path: Path) -> None:
    """Put a release in use, unless it is already, and delete all but the last few that were."""
    if current(path.parent) == path:
        return  # everyone reading it may go on as they are
    keep_file(path.with_name(CURRENT), f"{path.stem}\n".encode())
    _clear_old(path, KEPT)


def keep_beside(path: Path) -> None:
    """Keep a release as at an earlier day, and delete all but the few last looked at."""
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
    """True for a release file that is, byte for byte, as it was written."""
    try:
        found = _digest(path)  # before the list, which is written before the file is replaced
    except OSError:
        return False
    return found in _digests(path)


def has_digest(path: Path) -> bool:
    """True if there is a note of what was written; the first versions made none."""
    return path.with_suffix(DIGEST).exists()


def last(releases: Path, code_version: str) -> LastRelease:
    """The release in use, to take rows over from, if the same code made it; otherwise none."""
    path = current(releases)
    return NOTHING if path is None else _made_by(path, code_version)


def nearest(releases: Path, code_version: str, returns: Collection[tuple[str, str]]) -> LastRelease:
    """The release that holds most nearly these returns (`LastRelease.returns_in_use`).

    A release as at an earlier day is built upon it: that of another day may be nearer than the
    one in use, which is taken if none is.
    """
    paths = all_of(releases / AS_AT)
    found = [last(releases, code_version), *(_made_by(path, code_version) for path in paths)]
    best = min(found, key=lambda each: len(each.returns_in_use.symmetric_difference(returns)))
    for each in found:
        if each is not best:
            each.close()
    return best


def _made_by(path: Path, code_version: str) -> LastRelease:
    """A release to take rows over from, if it is whole and the same code made it."""
    if not is_whole(path):
        return NOTHING
    found = LastRelease(path)
    try:
        if found.rows("release")["code_version"].item() == code_version:
            return found
    except UnreadableRelease:  # that only means that this shortcut is not used
        pass
    found.close()
    return NOTHING


def read(path: Path, sql: str) -> pl.DataFrame:
    """The rows of a query on a release file; raises ReleaseError if it can't be read."""
    try:
        with duckdb.connect() as connection:
            connection.execute("ATTACH ? AS release_file (READ_ONLY)", [str(path)])
            connection.execute("USE release_file")
            return connection.sql(sql).pl()
    except duckdb.Error as error:
        raise ReleaseError(str(error)) from error


def _fill(path: Path, changes: Changes, settings: dict[str, Any]) -> None:
    with duckdb.connect(path, config=settings) as connection:
        connection.execute("BEGIN")
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {WORKINGS}")
        for name, frame in changes.rows.items():
            if name in changes.gone:
                _take_out(connection, name, changes.gone[name])
                _put_in(connection, f"INSERT INTO {name}", frame)
            else:
                _put_in(connection, f"CREATE OR REPLACE TABLE {name} AS", frame, empty=True)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")


def _take_out(connection: duckdb.DuckDBPyConnection, name: str, gone: pl.DataFrame) -> None:
    """Delete the rows of a table that have the values of a row of `gone`."""
    if gone.is_empty():
        return
    connection.register("gone", gone)
    same = " AND ".join(f"{name}.{column} = gone.{column}" for column in gone.columns)
    connection.execute(f"DELETE FROM {name} USING gone WHERE {same}")  # noqa: S608
    connection.unregister("gone")


def _put_in(
    connection: duckdb.DuckDBPyConnection, what: str, frame: pl.DataFrame, *, empty: bool = False
) -> None:
    """Run a statement on the rows of a frame; on none only if it is to be so."""
    if frame.height or empty:
        connection.register("frame", frame)
        connection.execute(f"{what} SELECT * FROM frame")  # noqa: S608
        connection.unregister("frame")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _digests(path: Path) -> list[str]:
    try:
        return path.with_suffix(DIGEST).read_text(encoding="ascii").split()
    except (FileNotFoundError, UnicodeDecodeError):
        return []


def _clear_old(used: Path, most: int) -> None:
    """Note that a release was used last, and delete all but the last few and their digests."""
    here = {p.stem for p in used.parent.glob(f"*{SUFFIX}") if not p.name.startswith(STAGED)}
    order = used.with_name(ORDER)
    noted = order.read_text(encoding="utf-8").split() if order.exists() else []
    older = sorted(here - set(noted))  # of a version that did not note them
    last = [*older, *(name for name in noted if name in here and name != used.stem), used.stem]
    if last[-most:] != noted:
        keep_file(order, "".join(f"{name}\n" for name in last[-most:]).encode())
    for path in used.parent.glob("*"):
        if path.suffix in (SUFFIX, DIGEST) and path.stem not in last[-most:]:
            try:
                path.unlink()
            except PermissionError:  # Windows, while someone reads it: the next build tries again
                continue
