"""The audit log: one line of JSON for every sign-in, download and action.

A line records who did what with which release, never a figure, a name or an e-mail address. People
appear as their role and a fingerprint of their address, which anyone with the register can match.
"""

import json
import logging
import os
from datetime import UTC, datetime
from hashlib import sha256
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from pathlib import Path

from dashboard.access import Scope, same_email

LOG = "feeling_safe.audit"
_LOG = logging.getLogger(LOG)


def begin(file: Path | None = None) -> None:
    """Send audit lines to a file, or to standard error; calling it again changes nothing.

    The file is only appended to, and is opened again if log rotation moves it away. Raises OSError
    if it can't be written.
    """
    if not _LOG.handlers:
        handler = logging.StreamHandler() if file is None else _file(file)
        handler.setFormatter(_WithTime("audit " if file is None else ""))
        _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)


def record(action: str, actor: Scope, release: str, **target: str | None) -> None:
    """Write one line: what was done, by whom, to what, with which release."""
    _write(action, fingerprint(actor), release, target)


def typed(action: str, by: str, release: str, **target: str | None) -> None:
    """Write one line about something done on the command line, by the person named there."""
    _write(action, _fingerprint("command_line", by), release, target)


def refused(reason: str, email: str | None, release: str) -> None:
    """Write one line about a sign-in that was refused."""
    _write("sign_in_refused", _fingerprint("nobody", email or ""), release, {"reason": reason})


def refused_token(token: str | None, address: str, release: str) -> None:
    """Write one line about a token that was refused: its id if it is one of ours, and from where.

    An address of a program is logged as it is: it is needed when looking for an attack.
    """
    target = {"token": token, "address": address}
    _write("token_refused", _fingerprint("nobody", ""), release, target)


def fingerprint(actor: Scope) -> str:
    """How the log names a person: `trust:` and 12 digits of their address's SHA-256."""
    return _fingerprint(actor.role, actor.email)


def _fingerprint(role: str, email: str) -> str:
    return f"{role}:{sha256(same_email(email).encode()).hexdigest()[:12]}"


def _write(action: str, actor: str, release: str, target: dict[str, str | None]) -> None:
    line = {"action": action, "actor": actor, "release": release, "target": target}
    _LOG.info(json.dumps(line, ensure_ascii=True), extra={"action": action})


def _file(path: Path) -> WatchedFileHandler:
    path.parent.mkdir(parents=True, exist_ok=True)
    return _Private(path, encoding="utf-8")


class _Private(WatchedFileHandler):
    """A log that only this account can read, also the new file after rotation."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=_privately)


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class _WithTime(logging.Formatter):
    """Starts each line with the time in UTC."""

    def __init__(self, before: str) -> None:
        super().__init__()
        self._before = before

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return f'{self._before}{{"at": "{at}", {record.getMessage()[1:]}'
