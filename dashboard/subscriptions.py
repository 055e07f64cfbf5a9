"""Who wants the monthly pack sent, how often, and what each of them was sent last.

It is a SQLite file in the home that no backup includes: a copy of a programme must not send again
what was sent. It holds addresses, so only this account can read it.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines.keeping.seals import is_whole, seal, with_seals

FILE = "reports.sqlite"
Often = Literal["monthly", "changes", "never"]
WHOLE = ""  # in place of a trust: the whole programme
_GROUP = "group:"  # before the code of a group, as a trust may have the same code
# What a pack is about has been in the column `trust` since before there were packs of groups.
_TABLE = """
CREATE TABLE IF NOT EXISTS subscriptions (
    person TEXT NOT NULL, trust TEXT NOT NULL, often TEXT NOT NULL,
    monthly TEXT, changes TEXT, trying TEXT, seal TEXT, PRIMARY KEY (person, trust)
)
"""
_WHICH = "person = ? AND trust = ?"  # a person's wish for one pack
_PATIENCE = 5  # seconds to wait for another process, which never holds the file for long


class SubscriptionsUnreadable(Exception):
    """The file can't be read or written; the message is a sentence."""


@dataclass(frozen=True)
class Subscription:
    """One person's wish for the pack of one trust or group, or of the whole programme.

    `about` says which. `monthly` is the month and `changes` the digest of what stood out that they
    were sent last; `trying` is what was being sent when the program stopped, so that nobody knows
    if it arrived.
    """

    person: str
    about: str
    often: Often
    monthly: str | None = None
    changes: str | None = None
    trying: str | None = None

    @property
    def group(self) -> str | None:
        """The group that the pack is about, if it is one."""
        return self.about.removeprefix(_GROUP) if self.about.startswith(_GROUP) else None

    @property
    def trust(self) -> str | None:
        """The trust that it is about, if it is one."""
        return None if self.group else self.about or None

    @property
    def last(self) -> str | None:
        """What was sent last for the same reason."""
        return self.changes if self.often == "changes" else self.monthly


def about(trust: str | None, group: str | None) -> str:
    """What a pack of a trust, of a group, or without either of the whole programme, is about."""
    return f"{_GROUP}{group}" if group else trust or WHOLE


def of_person(home: Path, person: str) -> list[Subscription]:
    """What one person wants, in the order of trusts."""
    return [one for one in every(home) if one.person == person]


def every(home: Path) -> list[Subscription]:
    """What everybody wants, in the order of people and trusts; those who stopped are left out.

    So is what isn't as it was kept: nothing is sent for it until the person chooses again.
    This and every other function here raises SubscriptionsUnreadable.
    """
    if not (home / FILE).exists():
        return []
    with _opened(home) as file:
        rows = file.execute(
            "SELECT * FROM subscriptions WHERE often <> 'never' ORDER BY person, trust"
        )
        return [Subscription(*row[:-1]) for row in rows if is_whole(row)]


def choose(home: Path, person: str, about: str, often: Often) -> None:
    """Keep how often a person wants a pack; what they were sent is remembered, also by “never”."""
    which = (person, about)
    with _opened(home) as file:
        there = file.execute(f"SELECT * FROM subscriptions WHERE {_WHICH}", which)  # noqa: S608
        if not all(map(is_whole, there.fetchall())):
            file.execute(f"DELETE FROM subscriptions WHERE {_WHICH}", which)  # noqa: S608
        file.execute(
            "INSERT INTO subscriptions (person, trust, often) VALUES (?, ?, ?) "
            "ON CONFLICT (person, trust) DO UPDATE SET often = excluded.often",
            (*which, often),
        )
        seal(file, "subscriptions", _WHICH, which)


def begin(home: Path, one: Subscription, what: str) -> bool:
    """Say that something is about to be sent; whether nobody else is sending it, or may have."""
    with _opened(home) as file:
        claimed = file.execute(
            "UPDATE subscriptions SET trying = ? WHERE person = ? AND trust = ? AND often = ? "
            "AND (trying IS NULL OR trying <> ?)",
            (what, one.person, one.about, one.often, what),
        )
        seal(file, "subscriptions", _WHICH, (one.person, one.about))
        return claimed.rowcount == 1


def failed(home: Path, one: Subscription) -> None:
    """Say that it certainly wasn't sent, so that the next run tries again."""
    which = (one.person, one.about)
    with _opened(home) as file:
        file.execute(f"UPDATE subscriptions SET trying = NULL WHERE {_WHICH}", which)  # noqa: S608
        seal(file, "subscriptions", _WHICH, which)


def done(home: Path, one: Subscription, what: str) -> None:
    """Remember what was sent, or what stood out when changes were first looked at."""
    column = "changes" if one.often == "changes" else "monthly"
    which = (one.person, one.about)
    with _opened(home) as file:
        file.execute(
            f"UPDATE subscriptions SET {column} = ?, trying = NULL WHERE {_WHICH}",  # noqa: S608
            (what, *which),
        )
        seal(file, "subscriptions", _WHICH, which)


@contextmanager
def _opened(home: Path) -> Iterator[sqlite3.Connection]:
    """The file, created if there is none; everything in one step, and on the disk at the end."""
    try:
        os.close(os.open(home / FILE, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(home / FILE, timeout=_PATIENCE)) as file:
            file.execute("PRAGMA synchronous = EXTRA")  # also that its journal is gone
            file.execute(_TABLE)
            with file:
                file.execute("BEGIN IMMEDIATE")
                with_seals(file, "subscriptions")
                yield file
    except (sqlite3.Error, OSError) as error:
        raise SubscriptionsUnreadable(
            f"Who wants packs sent can’t be read or saved at the moment ({FILE} in the home), and "
            "nothing was changed. If this stays, the file is damaged: move it elsewhere, and "
            "people choose again on Downloads."
        ) from error
