"""Seals: digests kept with small records outside the chain, so that a changed letter is noticed.

SQLite notices if its pages don't hang together, but not if a letter within a text is another one. A
seal guards against faults of a disk, not against somebody who can write to the home.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

SEAL = "seal"  # the last column of a sealed table, the last name of a sealed record


def seal_of(record: object) -> str:
    """The digest of what JSON can hold."""
    return sha256(json.dumps(record, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def sealed_json(record: Mapping[str, object]) -> bytes:
    """A record as JSON, with its seal."""
    text = json.dumps({**record, SEAL: seal_of(record)}, ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def unsealed_json(content: bytes) -> dict[str, Any]:
    """The record without its seal; raises ValueError if it isn't as it was sealed.

    Records of earlier versions have no seal, and are taken as they are.
    """
    record = json.loads(content)
    if not isinstance(record, dict):
        raise ValueError("It is no record.")
    seal = record.pop(SEAL, None)
    if seal is not None and seal != seal_of(record):
        raise ValueError("It is not as it was sealed.")
    return record


def with_seals(file: sqlite3.Connection, table: str) -> None:
    """Seal the rows that have no seal, because an earlier version wrote them."""
    _read_any_text(file)
    if SEAL not in _columns(file, table):
        file.execute(f"ALTER TABLE {table} ADD COLUMN {SEAL} TEXT")
    seal(file, table, f"{SEAL} IS NULL")


def seal(
    file: sqlite3.Connection, table: str, which: str, values: Sequence[str | int] = ()
) -> None:
    """Seal rows of a table as they have just been written."""
    query = f"SELECT rowid, * FROM {table} WHERE {which}"  # noqa: S608 - written in the code
    for rowid, *row, _ in file.execute(query, values).fetchall():
        file.execute(
            f"UPDATE {table} SET {SEAL} = ? WHERE rowid = ?",  # noqa: S608
            (seal_of(row), rowid),
        )


def is_whole(row: Sequence[object]) -> bool:
    """Whether a row of a sealed table is as it was written."""
    *values, sealed = row
    return sealed == seal_of(values)


def damaged_rows(file: sqlite3.Connection) -> Iterator[str]:
    """For each row that isn't as it was sealed, the name of its table."""
    _read_any_text(file)
    names = file.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    for (table,) in names.fetchall():
        if SEAL in _columns(file, table):
            for row in file.execute(f'SELECT * FROM "{table}" WHERE {SEAL} IS NOT NULL'):  # noqa: S608
                if not is_whole(row):
                    yield table


def _read_any_text(file: sqlite3.Connection) -> None:
    """A letter changed to no letter at all is read as another one, and stops nobody."""
    file.text_factory = lambda content: content.decode(errors="replace")


def _columns(file: sqlite3.Connection, table: str) -> list[str]:
    return [name for _, name, *_ in file.execute(f'PRAGMA table_info("{table}")')]
