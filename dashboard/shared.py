"""What all processes of one home know together: requests, sign-ins, accounts used, time taken.

It is a SQLite file in the home that nothing is built from and no backup includes: without it,
limits start afresh and 180 days without use count from the day it is made again. All processes that
share it must be on one machine.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Lock
from weakref import finalize

from pipelines.keeping.seals import seal, with_seals

FILE = "shared.sqlite"
_TABLES = """
CREATE TABLE IF NOT EXISTS requests (caller TEXT NOT NULL, until REAL NOT NULL);
CREATE INDEX IF NOT EXISTS requests_by_caller ON requests (caller, until);
CREATE INDEX IF NOT EXISTS requests_by_time ON requests (until);
CREATE TABLE IF NOT EXISTS sign_ins (
    what TEXT NOT NULL, key TEXT NOT NULL, at REAL NOT NULL, seal TEXT, PRIMARY KEY (what, key)
);
CREATE INDEX IF NOT EXISTS sign_ins_by_time ON sign_ins (what, at);
CREATE TABLE IF NOT EXISTS used (account TEXT PRIMARY KEY, day TEXT NOT NULL, seal TEXT);
CREATE TABLE IF NOT EXISTS took (what TEXT PRIMARY KEY, seconds REAL NOT NULL);
"""
_SEALED = ("sign_ins", "used")  # what else there is counts for minutes
_PATIENCE = 5  # seconds to wait for another process, which never holds the file for long
_BEGAN = ""


class Shared:
    """The file in a home; without a folder, one in memory for this process alone."""

    def __init__(self, home: Path | None = None) -> None:
        """Open the file, or create it, readable by this account only; raises OSError."""
        if home is not None:
            os.close(os.open(home / FILE, os.O_CREAT | os.O_RDWR, 0o600))
        self._file = sqlite3.connect(
            ":memory:" if home is None else home / FILE,
            timeout=_PATIENCE,
            isolation_level=None,
            check_same_thread=False,
        )
        finalize(self, self._file.close)
        self._lock = Lock()
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = NORMAL")
        self._file.executescript(_TABLES)
        with self._changing():
            for table in _SEALED:
                with_seals(self._file, table)

    def request(self, caller: str, most: int, seconds: int, now: float) -> float | None:
        """Count one more request within so many seconds; how long to wait if that is too many."""
        with self._changing():
            self._file.execute(
                "DELETE FROM requests WHERE until <= ? OR (caller = ? AND until > ?)",
                (now, caller, now + seconds),  # one counted by a clock that was ahead
            )
            waiting = self._file.execute(
                "SELECT until FROM requests WHERE caller = ? ORDER BY until DESC LIMIT 1 OFFSET ?",
                (caller, most - 1),
            ).fetchone()
            if waiting is None:
                self._file.execute("INSERT INTO requests VALUES (?, ?)", (caller, now + seconds))
        return float(waiting[0]) - now if waiting else None

    def add(self, what: str, key: str, now: float, since: float, most: int) -> bool:
        """Add a key to a list of sign-ins; whether it is new.

        Keys older than `since` are forgotten, and the oldest if there are too many.
        """
        with self._changing():
            self._file.execute("DELETE FROM sign_ins WHERE what = ? AND at < ?", (what, since))
            added = self._file.execute(
                "INSERT OR IGNORE INTO sign_ins (what, key, at) VALUES (?, ?, ?)", (what, key, now)
            ).rowcount
            seal(self._file, "sign_ins", "what = ? AND key = ?", (what, key))
            self._file.execute(
                "DELETE FROM sign_ins WHERE what = ? AND key IN (SELECT key FROM sign_ins "
                "WHERE what = ? ORDER BY at DESC, rowid DESC LIMIT -1 OFFSET ?)",
                (what, what, most),
            )
        return bool(added)

    def holds(self, what: str, key: str) -> bool:
        """Whether a key is in a list of sign-ins."""
        with self._lock:
            found = self._file.execute(
                "SELECT 1 FROM sign_ins WHERE what = ? AND key = ?", (what, key)
            )
            return found.fetchone() is not None

    def use(self, account: str, day: date) -> None:
        """Note that an account was used on a day."""
        with self._changing():
            self._file.execute(
                "REPLACE INTO used (account, day) VALUES (?, ?)", (account, day.isoformat())
            )
            seal(self._file, "used", "account = ?", (account,))

    def last_used(self, account: str, today: date) -> date:
        """The last day an account was used; the day this was first noted if it never was."""
        days = self._days(account)
        if _BEGAN not in days:
            self.use(_BEGAN, today)
            days = self._days(account)
        return date.fromisoformat(days.get(account, days[_BEGAN]))

    def note_took(self, what: str, seconds: float) -> None:
        """Note how long something took."""
        with self._changing():
            self._file.execute("REPLACE INTO took VALUES (?, ?)", (what, seconds))

    def took(self, what: str) -> float | None:
        """How many seconds something took last time; None if it was never done."""
        with self._lock:
            row = self._file.execute("SELECT seconds FROM took WHERE what = ?", (what,)).fetchone()
        return float(row[0]) if row else None

    def _days(self, account: str) -> dict[str, str]:
        with self._lock:
            return dict(
                self._file.execute(
                    "SELECT account, day FROM used WHERE account IN (?, ?)", (account, _BEGAN)
                )
            )

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One change at a time, of all processes: all of it or none."""
        with self._lock:
            self._file.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._file.execute("ROLLBACK")
                raise
            self._file.execute("COMMIT")
