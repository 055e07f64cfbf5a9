"""Run as a program: sends, decides, builds a release or watches a folder, and dies at a disk write.

For each n from 1 upwards, a fork of this process works on its own copy of a home and is killed just
before its n-th flush, rename or replacement, until one survives. Prints one line for each, with the
copy and whether it survived.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import holidays.countries.united_kingdom  # noqa: F401 - imported once, before the forks
import scipy.stats  # noqa: F401

from pipelines import submit  # noqa: F401
from pipelines.keeping.decisions import Decided
from pipelines.keeping.drop_folder import waiting
from pipelines.keeping.home import Home
from pipelines.mirror import mirror
from pipelines.releasing import build
from pipelines.watching import take
from pipelines.watching.watcher import Taken, Watcher
from tests import worlds
from tests.patience import PATIENCE

CALLS = ("fsync", "rename", "replace")
LIVED, DIED = 0, 9


def crashed(home: Home, copies: Path, what: str) -> dict[Path, bool]:
    """Copies of a home in which this program died at each of its writes, and which one lived."""
    copies.mkdir()
    program = [sys.executable, "-W", "ignore", "-m", "tests.pipelines.keeping.crash"]
    run = subprocess.run(
        [*program, str(home.root), str(copies), what],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    lines = [line.split() for line in run.stdout.splitlines()]
    assert [word for _, word in lines].count("lived") == 1, run.stderr
    return {copies / name: word == "lived" for name, word in lines}


def die_at(count: int) -> None:
    """Make the process die before its count-th call, as in a power cut."""
    left = [count]
    for name in CALLS:
        setattr(os, name, _dying(getattr(os, name), left))


def _dying(real, left):
    def call(*arguments, **named):
        left[0] -= 1
        if left[0] == 0:
            os._exit(DIED)
        return real(*arguments, **named)

    return call


def watch(home: Home) -> list[Taken]:
    """Send what was dropped into the folder `drop` of a home."""
    now, trusts = worlds.received(worlds.LAST + 1), frozenset({"Z01"})
    folder = home.root / "drop"
    watcher = Watcher(home, folder, worlds.LEAD, trusts, lambda: now, lambda about, fault: None)
    return take.take(watcher, waiting(folder))


def decide(home: Home) -> None:
    """Take a decision, and keep the register again."""
    home.archive.record(worlds.note())
    register = home.archive.register()
    home.archive.keep_register(register, Decided(worlds.TEAM, worlds.received(worlds.LAST), "So"))


def main(home: Path, copies: Path, what: str) -> None:
    for count in range(1, 100):
        copy = copies / str(count)
        shutil.copytree(home, copy)
        child = os.fork()
        if child == 0:
            signal.alarm(PATIENCE)  # each for itself: together they may take far longer
            die_at(count)
            if what == "build":
                build.build(Home(copy), worlds.received(worlds.LAST + 1))
            elif what == "mirror":
                mirror(Home(copy), copy / "copy")
            elif what == "decide":
                decide(Home(copy))
            elif what == "watch":
                take.released = lambda home, at: (None, None)  # it has a test of its own
                watch(Home(copy))
            else:
                worlds.send(Home(copy), "Z01", worlds.LAST + 1)
            os._exit(LIVED)
        _, status = os.waitpid(child, 0)
        ended = os.waitstatus_to_exitcode(status)
        if ended not in (LIVED, DIED):
            raise RuntimeError(f"{what} ended with {ended} before its write {count}.")
        print(copy.name, "lived" if ended == LIVED else "died", flush=True)
        if ended == LIVED:
            break


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
