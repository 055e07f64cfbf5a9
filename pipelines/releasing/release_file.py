"""Reads and writes release files; the only code that writes DuckDB.

A release is written under another name, flushed and moved into place, and `CURRENT` is replaced
by one rename: readers find either the whole old release or the whole new one.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

import duckdb
import polars as pl

from pipelines.keeping.staging import STAGED, flush_file, keep_file, put_in_place
from pipelines.releasing.cells import NOTHING, Known
from pipelines.releasing.release_checks import ReleaseError
from schemas.release import ReleaseCells
from schemas.typed import typed

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


def write(path: Path, tables: Mapping[str, pl.DataFrame]) -> None:
    """Write a whole release, which can't be seen until it is complete and on disk."""
    staged = path.with_name(f"{STAGED}{token_hex(8)}{SUFFIX}")
    try:
        _fill(staged, tables)
        flush_file(staged)
        put_in_place(staged, path)
    except duckdb.Error as error:
        raise ReleaseError(f"The release could not be written to {path.parent}: {error}") from error
    finally:
        staged.unlink(missing_ok=True)


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


def is_whole(path: Path) -> bool:
    """True for a release file that opens and names itself."""
    if not path.exists():
        return False
    try:
        return read(path, "SELECT release_id FROM release")["release_id"].to_list() == [path.stem]
    except ReleaseError:
        return False


def known(releases: Path, code_version: str) -> Known:
    """The cells of the release in use, if the same code read them; otherwise nothing."""
    path = current(releases)
    try:
        if path is None or _made_by(path) != code_version:
            return NOTHING
        cells = read(path, "SELECT * FROM cells")
        hashes = read(path, "SELECT return_id, sha256 FROM returns WHERE status = 'active'")
    except ReleaseError:  # a damaged release only means that this shortcut is not used
        return NOTHING
    return Known(typed(cells, ReleaseCells), dict(hashes.iter_rows()))


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


def _fill(path: Path, tables: Mapping[str, pl.DataFrame]) -> None:
    with duckdb.connect(path) as connection:
        for name, frame in tables.items():
            connection.register("frame", frame)
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM frame')  # noqa: S608
            connection.unregister("frame")
        connection.execute("CHECKPOINT")


def _clear_old(used: Path, kept: int) -> None:
    releases = [p for p in used.parent.glob(f"*{SUFFIX}") if not p.name.startswith(STAGED)]
    newest_first = sorted(releases, key=lambda p: p.stat().st_mtime_ns, reverse=True)
    for path in newest_first[kept:]:
        try:
            path.unlink()
        except PermissionError:  # Windows, while someone reads it: the next build tries again
            continue
