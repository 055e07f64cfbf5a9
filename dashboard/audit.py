"""The audit log: one line of JSON for everything that somebody took away or did.

A line says who, what, of which release, and never a figure, a name or an e-mail address. A person
is their role and a fingerprint of their address, which whoever holds the register can match.
"""

import json
import logging
from hashlib import sha256

from dashboard.access import Scope

_LOG = logging.getLogger("feeling_safe.audit")


def begin() -> None:
    """Write audit lines to standard error, each with its time; asked for twice, once is enough."""
    if not _LOG.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s audit %(message)s"))
        _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)


def record(action: str, actor: Scope, release: str, **target: str | None) -> None:
    """Write one line: what was done, by whom, to what, of which release."""
    line = {"action": action, "actor": fingerprint(actor), "release": release, "target": target}
    _LOG.info(json.dumps(line, ensure_ascii=True))


def fingerprint(actor: Scope) -> str:
    """A person as the log names them: `trust:` and 12 digits of their address's SHA-256."""
    return f"{actor.role}:{sha256(actor.email.encode()).hexdigest()[:12]}"
