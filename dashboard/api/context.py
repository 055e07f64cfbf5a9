"""What the API works with: a programme's home and a clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from dashboard import audit, store
from dashboard.token_holders import Bearer
from pipelines.keeping.home import Home


@dataclass(frozen=True)
class ApiContext:
    """One programme at one moment."""

    home: Home
    now: Callable[[], datetime]

    def note(self, action: str, who: Bearer, **about: str | None) -> None:
        """Log in the audit log what was asked for and with which token, never a figure."""
        try:
            release = store.current(self.home.releases).stem
        except store.NoRelease:
            release = ""
        audit.record(action, who.scope, release, token=who.token.id, **about)


def context_of(request: Request) -> ApiContext:
    """The context of a request."""
    return request.app.state.context
