"""Makes a demonstration: a home, its register, every return sent like a real one, and a release."""

import atexit
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import datetime
from multiprocessing import Pipe, connection, get_context, parent_process
from pathlib import Path
from threading import Thread

from pipelines.demo.decisions import decisions
from pipelines.demo.forums import hold_forums
from pipelines.demo.register import editions
from pipelines.demo.script import script
from pipelines.demo.send import count, send_all
from pipelines.demo.story import Story
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home, create_home
from pipelines.keeping.staging import flush_all, unflushed
from pipelines.measures import FOLDER, contents
from pipelines.registers.placeholders import placeholders
from pipelines.releasing.build import build
from schemas.register import REGISTER_FILES

# Called with what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]
_MONTHS_TO_REACH_IT = 29  # after the first month: half a year after the demo's last
_ALONE = 40  # one process sends this many workbooks before a second one has even started


def make(root: Path, story: Story, now: datetime, progress: Progress) -> Home:
    """Make the whole demonstration in an empty folder."""
    first, *later = editions(story, placeholders())
    by = script()["people"][0]["email"]
    frames = {name: getattr(first.register, name) for name in REGISTER_FILES}
    home = create_home(root, story.programme, frames, by, first.at)
    agreed = Decided(by, first.at, "An ambition for the demonstration")
    home.archive.keep_measures(_with_ambition(story), agreed)
    for edition in later:
        home.archive.keep_register(edition.register, Decided(by, edition.at, edition.reason))
    _send(root, story, progress)
    with unflushed():
        for taken in decisions(story):
            home.archive.record(taken)
        hold_forums(home, story)
    flush_all()
    progress("Working out the figures", 0, 1)
    build(home, now)
    progress("Working out the figures", 1, 1)
    return home


def _with_ambition(story: Story) -> dict[str, bytes]:
    """The file of restrictive interventions, with an ambition that reaches into months to come."""
    ((name, text),) = ((n, t) for n, t in contents(FOLDER).items() if n.startswith("SS-B1_"))
    by = story.programme.first + _MONTHS_TO_REACH_IT
    ambition = f"""
[[ambitions]]
name = "fictional ambition"
levels = ["programme", "trust", "group"]
change = -25
by = "{by}"
baseline = {{ months = 6 }}
source = "Made up for this demonstration."
"""
    return {name: text + ambition.encode()}


def _send(root: Path, story: Story, progress: Progress) -> None:
    workbooks = count(story)
    total, done = sum(workbooks.values()), 0
    progress("Sending returns", 0, total)
    for sent in _sent(root, story, workbooks):
        done += sent
        progress("Sending returns", done, total)


def _sent(root: Path, story: Story, workbooks: dict[str, int]) -> Iterator[int]:
    busy = sorted((code for code, n in workbooks.items() if n), key=lambda c: -workbooks[c])
    processes = min(len(busy), os.cpu_count() or 1)
    if processes < 2 or sum(workbooks.values()) <= _ALONE:
        yield from (send_all(root, story, code) for code in busy)
        return
    with helpers(processes) as pool:
        futures = [pool.submit(send_all, root, story, code) for code in busy]
        yield from (future.result() for future in as_completed(futures))


def end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, even if it was killed.

    Otherwise it would wait for work for ever: it holds both ends of the pipe that brings it. When
    the process ends by itself, the waiting does too: else DuckDB would report leaks by the dozen.
    """
    begun, ending = Pipe(duplex=False)
    parent = parent_process().sentinel

    def wait() -> None:
        if parent in connection.wait([parent, begun]):
            os._exit(1)

    waiting = Thread(target=wait, daemon=True)
    waiting.start()

    def end() -> None:
        ending.close()
        waiting.join()

    atexit.register(end)


@contextmanager
def helpers(processes: int) -> Iterator[Executor]:
    """A pool of newly started processes (a fork would copy the running threads of polars)."""
    before = os.environ.get("POLARS_MAX_THREADS")
    os.environ["POLARS_MAX_THREADS"] = "1"
    try:
        with ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=end_with_parent
        ) as pool:
            yield pool
    finally:
        os.environ.pop("POLARS_MAX_THREADS")
        if before is not None:
            os.environ["POLARS_MAX_THREADS"] = before
