"""Drafts: a ward's figures for a month, typed on the screen and not sent yet.

They are a SQLite file in the home, beside the archive and in no backup: a draft is nobody's figure
until it is sent. It holds small numbers and addresses, so only this account can read it, and what
is deleted is overwritten.
"""

import json
import os
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pipelines.keeping.seals import is_whole, seal, with_seals
from schemas.london_time import as_utc

FILE = "drafts.sqlite"
KEPT_FOR = timedelta(days=30)  # after a draft was last saved
_TABLE = """
CREATE TABLE IF NOT EXISTS drafts (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    trust TEXT NOT NULL, month TEXT NOT NULL, ward TEXT NOT NULL,
    typed TEXT NOT NULL, person TEXT NOT NULL, at TEXT NOT NULL, template TEXT NOT NULL, seal TEXT,
    UNIQUE (trust, month, ward)
)
"""
_Row = tuple[int, str, str, str, str, str, str, str, str]
_PATIENCE = 5  # seconds to wait for another process, which never holds the file for long


@dataclass(frozen=True)
class Draft:
    """What one person saved for one ward and month: a value for each field that isn't blank.

    `template` is the version of the template whose fields these are. `version` is different for
    every save there ever was; 0 is a draft that isn't saved yet.
    """

    trust: str
    month: str
    ward: str
    typed: Mapping[str, int | str]
    by: str
    at: datetime
    template: str
    version: int = 0


class SavedMeanwhile(Exception):
    """Somebody else saved or deleted the draft since; `now` is theirs, None if there is none."""

    def __init__(self, now: Draft | None) -> None:
        super().__init__("The draft was changed by somebody else.")
        self.now = now


class DraftsUnreadable(Exception):
    """The file of drafts can't be read or written; the message is a sentence."""


class Drafts(NamedTuple):
    """The drafts of a trust that are as they were saved, and how many aren't."""

    whole: list[Draft]
    damaged: int


def read(home: Path, trust: str, now: datetime) -> Drafts:
    """The drafts of one trust that haven't expired, by month and ward; raises DraftsUnreadable."""
    if not (home / FILE).exists():
        return Drafts([], 0)
    with _changing(home) as file:
        _forget(file, now)
        rows = file.execute("SELECT * FROM drafts WHERE trust = ? ORDER BY month, ward", (trust,))
        found = rows.fetchall()
    whole = [_draft(row) for row in found if is_whole(row)]
    return Drafts(whole, len(found) - len(whole))


def of_trust(home: Path, trust: str, now: datetime) -> list[Draft]:
    """Those of them that are as they were saved; raises DraftsUnreadable."""
    return read(home, trust, now).whole


def save(home: Path, draft: Draft) -> Draft:
    """Put a draft in the place of the one with its version; returns it with its new version.

    It is on disk when this returns. Raises SavedMeanwhile, and changes nothing, if another version
    is there by now; raises DraftsUnreadable.
    """
    typed = json.dumps(dict(draft.typed), ensure_ascii=False)
    with _changing(home) as file:
        _forget(file, draft.at)
        place = (draft.trust, draft.month, draft.ward)
        row = file.execute(
            "SELECT * FROM drafts WHERE trust = ? AND month = ? AND ward = ?", place
        ).fetchone()
        there = _draft(row) if row and is_whole(row) else None
        if (there.version if there else 0) != draft.version:
            raise SavedMeanwhile(there)
        file.execute("DELETE FROM drafts WHERE trust = ? AND month = ? AND ward = ?", place)
        saved = file.execute(
            "INSERT INTO drafts (trust, month, ward, typed, person, at, template) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*place, typed, draft.by, as_utc(draft.at).isoformat(), draft.template),
        )
        version = int(saved.lastrowid or 0)
        seal(file, "drafts", "version = ?", (version,))
        return replace(draft, version=version)


def remove(home: Path, trust: str, versions: Collection[int]) -> int:
    """Remove these very versions of a trust's drafts; how many there still were."""
    if not (home / FILE).exists():
        return 0
    with _changing(home) as file:
        return sum(
            file.execute(
                "DELETE FROM drafts WHERE trust = ? AND version = ?", (trust, version)
            ).rowcount
            for version in versions
        )


def _forget(file: sqlite3.Connection, now: datetime) -> None:
    file.execute("DELETE FROM drafts WHERE at < ?", (as_utc(now - KEPT_FOR).isoformat(),))


def _draft(row: _Row) -> Draft:
    version, trust, month, ward, typed, by, at, template, _ = row
    moment = datetime.fromisoformat(at)
    return Draft(trust, month, ward, json.loads(typed), by, moment, template, version)


@contextmanager
def _changing(home: Path) -> Iterator[sqlite3.Connection]:
    """The file, created if there is none: one turn at a time, all of it or nothing, on disk."""
    try:
        os.close(os.open(home / FILE, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(home / FILE, timeout=_PATIENCE, isolation_level=None)) as file:
            file.execute("PRAGMA synchronous = EXTRA")  # also that its journal is gone
            file.execute("PRAGMA secure_delete = ON")
            file.execute("BEGIN IMMEDIATE")
            file.execute(_TABLE)
            with_seals(file, "drafts")
            try:
                yield file
            except BaseException:
                file.execute("ROLLBACK")
                raise
            file.execute("COMMIT")
    except (sqlite3.Error, OSError) as error:
        raise DraftsUnreadable(
            "Drafts can’t be read or saved at the moment, and nothing was changed. Try again in a "
            "minute. If this stays, tell the programme team, and send the workbook instead."
        ) from error
