"""How long something took last time, so that somebody who waits can be told.

It is only ever told, and never decides anything: if it can't be read or noted, nothing is said.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from dashboard.shared import Shared
from pipelines.releasing.builder import Build, Built

FIGURES = "figures"
Known = Callable[[], Shared]


def last(known: Known, what: str) -> float | None:
    """How many seconds something took last time; None if nobody knows."""
    with suppress(OSError, sqlite3.Error):
        return known().took(what)
    return None


@contextmanager
def noted(known: Known, what: str) -> Iterator[None]:
    """Note how long what is done here takes, if it is finished."""
    began = time.monotonic()
    yield
    with suppress(OSError, sqlite3.Error):
        known().note_took(what, time.monotonic() - began)


def noting(known: Known, build: Build) -> Build:
    """The same way to work out figures, which notes how long that took."""

    def build_and_note(now: datetime) -> Built:
        with noted(known, FIGURES):
            return build(now)

    return build_and_note
