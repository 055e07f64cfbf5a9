"""Kills real processes in the middle of their work, and looks at what they leave.

    uv run python -m tests.campaign.kills --seed 1 --kills 1000

Each process does one act on a home and tells what anyone would be told, until SIGKILL ends it at a
moment drawn from the seed. What had been told must be there, everything must verify, and the next
process goes on with what the last one left. Prints counts; exits with 1 if anything was lost or
torn.
"""

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from pipelines.keeping.chain_checks import KnownLine
from pipelines.keeping.home import Home
from pipelines.rotation import newest_whole
from tests import worlds
from tests.campaign.acts import ACTS, Seen, Show, world
from tests.campaign.power_cuts import lost, torn

A_HOME = 40  # kills after which a new home is used, because each one makes it larger
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.campaign.power_cuts", "pipelines.rotation"])


@dataclass
class Counts:
    """How many processes were killed, how many of them before their end, and what was wrong."""

    kills: int = 0
    within: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Drawn:
    """How many processes are killed, the seed of their moments, a safeguard that is left out."""

    seed: int
    kills: int
    control: str = ""


def campaign(
    scratch: Path, drawn: Drawn, counts: Counts, acts: tuple[str, ...] = tuple(ACTS)
) -> Counts:
    """Kill so many processes, each in one of the acts."""
    kills, control = drawn.kills, drawn.control
    chance = Random(drawn.seed)  # noqa: S311 - chance that repeats is wanted
    made = world(scratch / "made" / "home")
    (made.root.parent / "backups").mkdir()
    lasts: dict[str, float] = {}
    root, shown = made.root.parent, []
    for number in range(kills):
        if number % A_HOME == 0:
            shutil.rmtree(scratch / "used", ignore_errors=True)
            root, shown = Path(shutil.copytree(made.root.parent, scratch / "used")), []
        act = acts[number % len(acts)]
        if act not in lasts:
            lasts[act] = _killed(root, act, number, None, control, shown)[0]
        share = chance.uniform(0, 1.1)
        _, ended = _killed(root, act, number + kills, share * lasts[act], control, shown)
        counts.kills += 1
        counts.within[act] += not ended
        counts.lost += [f"{act} {number}: {said}" for said in _lost(root, shown)]
        counts.torn += [f"{act} {number}: {said}" for said in _torn(root)]
        if control and (counts.lost or counts.torn):
            break
    return counts


def _killed(
    root: Path, act: str, number: int, after: float | None, control: str, shown: list[Seen]
) -> tuple[float, bool]:
    """Kill a process so many seconds after it began, and say how long it took and if it had ended.

    Without `after`, it is killed once it has ended. What it told is added to `shown`.
    """
    ours, theirs = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=_work, args=(root, act, number, control, theirs))
    process.start()
    theirs.close()
    ours.recv()  # it has begun
    began, ended = time.monotonic(), False
    try:
        while not ended and (after is None or ours.poll(max(began + after - time.monotonic(), 0))):
            ended = _heard(ours.recv(), shown)
        took = time.monotonic() - began
        process.kill()
        process.join()
        while ours.poll():  # told before the end, and perhaps acted upon
            ended = _heard(ours.recv(), shown) or ended
    except EOFError:
        took = time.monotonic() - began
    process.join()
    if after is None and not ended:
        raise RuntimeError(f"{act} did not come to its end.")
    return took, ended


def _heard(seen: Seen, shown: list[Seen]) -> bool:
    """Note what was told; True if that was the end."""
    if seen[0] == "release":
        shown[:] = [each for each in shown if each[0] != "release"]  # old ones are deleted
    shown.append(seen)
    return seen[0] == "end"


def _work(root: Path, act: str, number: int, control: str, told) -> None:
    """What the process does."""
    home = Home(root / "home")
    if control:
        CONTROLS[control]()
    told.send(("begin", None))

    def show(seen: Seen) -> None:
        told.send(seen)
        if seen[0] in ("return", "decision", "register", "measures"):
            last = home.archive.links()[-1]
            told.send(("line", KnownLine("A receipt", last.sequence, last.sha256)))

    ACTS[act](home, number, show)
    told.send(("end", None))
    time.sleep(60)  # until it is killed


def _lost(root: Path, shown: list[Seen]) -> list[str]:
    found = lost(root, shown)
    numbers = [what for kind, what in shown if kind == "rotated"]
    last = newest_whole(root / "backups")
    if numbers and (last is None or last.number < max(numbers)):
        found.append(f"backup {max(numbers)}")
    return found


def _torn(root: Path) -> list[str]:
    try:
        return torn(root)
    except Exception as error:  # whatever doesn't open is torn
        return [f"{type(error).__name__}: {error}"]


def _move_slowly() -> None:
    """A control: a file is written where it belongs, a part at a time, and not moved there."""
    began, pause = time.monotonic(), 0.0

    def replace(staged: Path, path: Path) -> None:
        nonlocal pause  # as long as all before the first, so that most kills come within one
        pause = pause or max(time.monotonic() - began, 0.05)
        content = Path(staged).read_bytes()
        with open(path, "wb", buffering=0) as file:
            for part in (content[: len(content) // 2], content[len(content) // 2 :]):
                time.sleep(pause)
                file.write(part)
        Path(staged).unlink()

    os.replace = replace  # type: ignore[assignment]


def _tell_early() -> None:
    """A control: a decision is told of before it is kept."""

    def decide(home: Home, number: int, show: Show) -> None:
        began = time.monotonic()
        home.archive.record(worlds.note(10_000 + number))
        took, told = time.monotonic() - began, worlds.note(100 + number)
        show(("decision", told.id))
        time.sleep(max(4 * took, 0.2))  # most of the time, on a slow machine too
        home.archive.record(told)

    ACTS["decide"] = decide


CONTROLS = {"moved slowly": _move_slowly, "told early": _tell_early}


def main() -> int:
    """Run a campaign, and print its counts."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--kills", type=int, default=1000)
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = Counts()
        with suppress(KeyboardInterrupt):  # what came until then is printed
            campaign(Path(folder), Drawn(options.seed, options.kills), counts)
    print(
        f"Kills: {counts.kills:,} processes, {sum(counts.within.values()):,} of them before they "
        f"had ended ({dict(counts.within)}), {len(counts.lost)} lost, {len(counts.torn)} torn."
    )
    print(*counts.lost, *counts.torn, sep="\n")
    return 1 if counts.lost or counts.torn else 0


if __name__ == "__main__":
    sys.exit(main())
