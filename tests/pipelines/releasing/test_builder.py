"""Saves that arrive together cost one build, and nobody who saves waits for it."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier, Event

import pytest

from pipelines.keeping import decide
from pipelines.keeping.decisions import Decided
from pipelines.releasing import builder, release_file
from pipelines.releasing.build import build
from pipelines.releasing.builder import Apart, Builder, Built, here
from tests import worlds
from tests.patience import PATIENCE

NOW = datetime(2026, 4, 9, tzinfo=UTC)
NEXT = worlds.LAST + 1


class Builds:
    """Builds that are only counted; each takes until `go_on`."""

    def __init__(self) -> None:
        self.count, self.go_on, self.begun = 0, Event(), Event()
        self.trouble: str | None = None

    def __call__(self, now: datetime) -> Built:
        self.count += 1
        self.begun.set()
        assert self.go_on.wait(PATIENCE)
        return Built(None, self.trouble) if self.trouble else Built(f"release {self.count}")


@pytest.fixture
def builds():
    made = Builds()
    yield made
    made.go_on.set()


def test_a_builder_that_is_stopped_leaves_no_thread_and_begins_no_build(builds):
    builds.go_on.set()
    before, stopped = set(threading.enumerate()), Builder(builds, lambda: NOW)
    stopped.wait(stopped.ask(), PATIENCE)
    assert set(threading.enumerate()) - before
    stopped.stop()
    assert not set(threading.enumerate()) - before
    stopped.ask()
    assert builds.count == 1


def test_twenty_saves_that_arrive_together_cost_one_build(builds, monkeypatch):
    monkeypatch.setattr(builder, "LONGEST_WAIT", PATIENCE)
    builds.go_on.set()
    shared, together = Builder(builds, lambda: NOW), Barrier(20)

    def save(_: int) -> int:
        with shared.saving():
            together.wait(PATIENCE)
            return shared.ask()

    with ThreadPoolExecutor(20) as savers:
        numbers = list(savers.map(save, range(20)))
    assert sorted(numbers) == list(range(1, 21))
    assert {shared.wait(number, PATIENCE) for number in numbers} == {("release 1", None)}
    assert builds.count == 1


def test_what_is_saved_during_a_build_is_in_the_next_one_and_all_of_it_in_one(builds):
    shared = Builder(builds, lambda: NOW)
    first = shared.ask()
    assert builds.begun.wait(PATIENCE)
    later = [shared.ask() for _ in range(5)]
    assert {shared.outcome(number) for number in (first, *later)} == {None}
    builds.go_on.set()
    assert shared.wait(first, PATIENCE).release
    assert {shared.wait(number, PATIENCE) for number in later} == {("release 2", None)}
    assert builds.count == 2


def test_a_save_that_never_ends_holds_a_build_up_only_for_a_while(builds, monkeypatch):
    monkeypatch.setattr(builder, "LONGEST_WAIT", 0.01)
    builds.go_on.set()
    shared = Builder(builds, lambda: NOW)
    with shared.saving():
        assert shared.wait(shared.ask(), PATIENCE) == ("release 1", None)


def test_a_build_that_fails_takes_nothing_away_from_what_was_shown_before(builds):
    builds.go_on.set()
    shared = Builder(builds, lambda: NOW)
    shown = shared.ask()
    shared.wait(shown, PATIENCE)
    builds.trouble = "No space left"
    hidden = shared.ask()
    assert shared.wait(hidden, PATIENCE) == (None, "No space left")
    assert shared.trouble == "No space left"
    assert shared.outcome(shown) == ("release 1", None)
    builds.trouble = None
    last = shared.ask()
    assert {shared.wait(number, PATIENCE) for number in (last, hidden)} == {("release 3", None)}
    assert shared.trouble is None


def test_an_unexpected_fault_is_an_outcome_and_its_words_are_logged_nowhere(
    own_home, monkeypatch, caplog
):
    def fault(*_: object) -> None:
        raise KeyError("Mrs Smith")

    monkeypatch.setattr(builder, "build", fault)
    done = here(own_home)(NOW)
    assert done.release is None
    assert done.trouble.endswith("The error has been logged.")
    assert "KeyError at" in caplog.text
    assert "Smith" not in done.trouble + caplog.text


@pytest.fixture
def apart(own_home):
    process = Apart(own_home.root)
    yield process
    process.stop()


@pytest.mark.slow
def test_a_process_of_its_own_builds_what_was_saved_and_is_started_again(own_home, apart):
    worlds.send(own_home, "Z01", NEXT)
    first = apart(NOW)
    assert first == (release_file.current(own_home.releases).stem, None)
    os.kill(apart._process.pid, signal.SIGKILL)
    decide.withdraw(own_home, f"Z01/{NEXT}/1", Decided(worlds.TEAM, NOW, "Sent by mistake"))
    second = apart(NOW)
    assert second == (release_file.current(own_home.releases).stem, None)
    assert second != first


def test_a_build_with_nothing_new_leaves_the_release_in_use_as_it_is(own_home):
    path = build(own_home, NOW)
    os.utime(path, ns=(1, 1))
    assert build(own_home, NOW) == path
    assert path.stat().st_mtime_ns == 1, "or every session would read it all again"
