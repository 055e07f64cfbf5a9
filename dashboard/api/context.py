"""What the API works with: a programme's home and a clock."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from dashboard import audit, store
from dashboard.token_holders import Bearer
from pipelines.keeping.home import Home
from pipelines.releasing.builder import Builder


@dataclass(frozen=True)
class ApiContext:
    """One programme at one moment.

    `builder` works out the figures of what is received. `pool` checks and saves, a few at a time:
    a request that waits for its turn holds no thread, so that all others are still answered.
    """

    home: Home
    now: Callable[[], datetime]
    builder: Builder
    pool: Executor

    def note(self, action: str, who: Bearer, **about: str | None) -> None:
        """Log in the audit log what was asked for and with which token, never a figure."""
        audit.record(action, who.scope, self._release(), token=who.token.id, **about)

    def note_refused(self, token: str | None, address: str) -> None:
        """Log in the audit log that a token was refused: its id if there is one, and from where."""
        audit.refused_token(token, address, self._release())

    def _release(self) -> str:
        try:
            return store.current(self.home.releases).stem
        except store.NoRelease:
            return ""


def context_of(request: Request) -> ApiContext:
    """The context of a request."""
    return request.app.state.context
