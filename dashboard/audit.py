"""The audit log: one line of JSON for every sign-in, and for everything somebody took or did.

A line says who, what, of which release, and never a figure, a name or an e-mail address. A person
is their role and a fingerprint of their address, which whoever holds the register can match.
"""

import json
import logging
import os
from datetime import UTC, datetime
from hashlib import sha256
from logging.handlers import WatchedFileHandler
from pathlib import Path

from dashboard.access import Scope, same_email

_LOG = logging.getLogger("feeling_safe.audit")


def begin(file: Path | None = None) -> None:
    """Write audit lines to a file, or else to standard error; asked for twice, once is enough.

    The file is only added to, and found again after it was moved away to be kept elsewhere. Raises
    OSError where it can't be written.
    """
    if not _LOG.handlers:
        handler = logging.StreamHandler() if file is None else _file(file)
        handler.setFormatter(_WithTime("audit " if file is None else ""))
        _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)


def record(action: str, actor: Scope, release: str, **target: str | None) -> None:
    """Write one line: what was done, by whom, to what, of which release."""
    _write(action, fingerprint(actor), release, target)


def typed(action: str, by: str, release: str, **target: str | None) -> None:
    """Write one line about something done with the command line, by whoever is named there."""
    _write(action, _fingerprint("command_line", by), release, target)


def refused(reason: str, email: str | None, release: str) -> None:
    """Write one line about somebody who came to the door and was not let in."""
    _write("sign_in_refused", _fingerprint("nobody", email or ""), release, {"reason": reason})


def fingerprint(actor: Scope) -> str:
    """A person as the log names them: `trust:` and 12 digits of their address's SHA-256."""
    return _fingerprint(actor.role, actor.email)


def _fingerprint(role: str, email: str) -> str:
    return f"{role}:{sha256(same_email(email).encode()).hexdigest()[:12]}"


def _write(action: str, actor: str, release: str, target: dict[str, str | None]) -> None:
    line = {"action": action, "actor": actor, "release": release, "target": target}
    _LOG.info(json.dumps(line, ensure_ascii=True))


def _file(path: Path) -> WatchedFileHandler:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
    return WatchedFileHandler(path, encoding="utf-8")


class _WithTime(logging.Formatter):
    """Puts the time, in UTC, first in the line."""

    def __init__(self, before: str) -> None:
        super().__init__()
        self._before = before

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return f'{self._before}{{"at": "{at}", {record.getMessage()[1:]}'
