"""Works out the figures of saves that arrive together: one build for all of them.

A save needs only the archive, so nobody waits for a build to be given a receipt. A build takes
everything that is in the archive when it begins: after a crash, the next one includes whatever had
no build yet.
"""

import json
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Condition, Thread
from typing import IO, NamedTuple

import polars as pl

from pipelines.keeping.home import Home, HomeError
from pipelines.measures import MeasureError
from pipelines.releasing.build import build
from pipelines.releasing.release_checks import ReleaseError

_LOG = logging.getLogger("feeling_safe")
LONGEST_WAIT = 2.0  # seconds that a build waits for saves that have begun, so as to include them


_BRIEFLY = 1.0  # seconds
_SAVED = "It has been saved, but the figures could not be worked out"


class Built(NamedTuple):
    """How a build ended: the release in use, or a sentence that says why there is no new one."""

    release: str | None
    trouble: str | None = None


Build = Callable[[datetime], Built]


class Builder:
    """Builds once for all that has been saved, and tells each save how it went.

    One thread calls `build`, once at a time; it starts with the first save. `now` is its clock.
    """

    def __init__(self, build: Build, now: Callable[[], datetime]) -> None:
        self._build, self._now = build, now
        self._changed = Condition()
        self._saving = 0
        # Saves are numbered: the newest that asked, that a build tried to show, and that one shows.
        self._asked = self._tried = self._shown = 0
        self._release: str | None = None
        self._trouble: str | None = None
        self._thread: Thread | None = None
        self._stopped = False

    @contextmanager
    def saving(self) -> Iterator[None]:
        """While something is being saved: a build waits for it, but not for long."""
        with self._changed:
            self._saving += 1
        try:
            yield
        finally:
            with self._changed:
                self._saving -= 1
                self._changed.notify_all()

    def ask(self) -> int:
        """Have whatever has been saved so far worked out; returns a number to ask about it by."""
        with self._changed:
            self._asked += 1
            if self._thread is None:
                self._thread = Thread(target=self._work, name="builder", daemon=True)
                self._thread.start()
            self._changed.notify_all()
            return self._asked

    def outcome(self, number: int) -> Built | None:
        """How it went for the save of this number; None while its figures are being worked out."""
        with self._changed:
            if number <= self._shown:  # whatever happened to later ones
                return Built(self._release)
            return Built(None, self._trouble) if number <= self._tried else None

    def wait(self, number: int, seconds: float) -> Built | None:
        """The same, after waiting for it for at most some seconds."""
        with self._changed:
            self._changed.wait_for(lambda: number <= self._tried, seconds)
        return self.outcome(number)

    def stop(self) -> None:
        """End the thread; a build that is under way goes on, and is waited for only briefly."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(_BRIEFLY)

    @property
    def trouble(self) -> str | None:
        """Why the newest saves are not shown, unless they are or a build is still due."""
        with self._changed:
            return self._trouble if self._shown < self._tried == self._asked else None

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or self._tried < self._asked)
                if self._stopped:
                    return
                self._changed.wait_for(lambda: not self._saving, LONGEST_WAIT)
                number = self._asked
            built = self._build(self._now())
            with self._changed:
                self._tried = number
                if built.trouble is None:
                    self._shown, self._release = number, built.release
                self._trouble = built.trouble
                self._changed.notify_all()


def released(home: Home, now: datetime) -> Built:
    """Build the release of everything in a home, or say why it can't be built."""
    try:
        return Built(build(home, now).stem)
    except (ReleaseError, HomeError, MeasureError, OSError, pl.exceptions.PolarsError) as error:
        return Built(None, f"{_SAVED}: {error}")


def here(home: Home) -> Build:
    """Builds a home's releases in this process; whatever goes wrong is an outcome, not an error."""

    def build_here(now: datetime) -> Built:
        try:
            return released(home, now)
        except Exception as error:
            # Never its message, which may quote a row of data.
            frames = traceback.extract_tb(error.__traceback__)[-8:]
            where = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames[::-1])
            _LOG.error("%s at %s", type(error).__name__, where)
            return Built(None, f"{_SAVED}. The error has been logged.")

    return build_here


class Apart:
    """Builds a home's releases in a process of its own, which starts with the first build.

    Whoever reads the dashboard or sends a return then keeps their processor time. The process ends
    when this one does, after the build that is under way.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[str] | None = None

    def __call__(self, now: datetime) -> Built:
        for _ in range(2):  # a process that was stopped is started again, once
            try:
                return self._asked(now)
            except (OSError, ValueError):
                self.stop()
        return Built(None, f"{_SAVED}: the process that does so was stopped.")

    def stop(self) -> None:
        """End the process, once its build is finished."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(OSError):  # it has ended already
                process.stdin.close()
            process.stdout.close()
            process.wait()

    def _asked(self, now: datetime) -> Built:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - this program itself
                [sys.executable, "-m", "pipelines.releasing.builder", str(self._root)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C is for the server alone
            )
        _to(self._process.stdin, now.isoformat())
        return Built(*json.loads(self._process.stdout.readline()))


def _to(pipe: IO[str], line: str) -> None:
    pipe.write(f"{line}\n")
    pipe.flush()


def _serve(root: Path) -> None:
    """Build for each moment that arrives, one a line, and reply with how it went."""
    replies, sys.stdout = sys.stdout, sys.stderr
    if hasattr(os, "nice"):
        os.nice(5)  # readers go first
    build_here = here(Home(root))
    for line in sys.stdin:
        with suppress(BrokenPipeError):  # the server has ended, and nobody needs to know
            _to(replies, json.dumps(build_here(datetime.fromisoformat(line.strip()))))


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
