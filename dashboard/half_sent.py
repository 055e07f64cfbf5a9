"""Ends connections whose request doesn't arrive: uvicorn itself would wait for ever."""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS = 20  # seconds for everything before the body
BODY = 120  # seconds for a body: 5 MB at 350 kbit/s


class Impatient(H11Protocol):
    """uvicorn's protocol, with a limit on how long a request may take to arrive."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waiting_for: tuple[int, object] | None = None
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take in some more of a request."""
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def _wait(self) -> None:
        """Wait for the rest of what has begun to arrive; more of the same gains no time."""
        state = self.conn.their_state
        if state not in (h11.IDLE, h11.SEND_BODY) or self.transport.get_protocol() is not self:
            self._stop()
            return
        waiting_for = (id(self.cycle), state)
        if waiting_for != self._waiting_for:
            self._stop()
            self._waiting_for = waiting_for
            seconds = HEADERS if state is h11.IDLE else BODY
            self._end = self.loop.call_later(seconds, self._give_up)

    def _stop(self) -> None:
        self._waiting_for = None
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
