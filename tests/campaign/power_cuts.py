"""Cuts the power at every point of a day's work, and looks at what is left.

    uv run python -m tests.campaign.power_cuts --seed 1 --cuts 1000

Everything that people do to a home is done once, such as sending, deciding, building and copying,
while every write, flush and rename is recorded. After each of them, several disks are made of what
had been flushed and any part of the rest. Each must open and verify, hold everything that anyone
had been told is kept, and go on. Prints counts; exits with 1 if anything was lost or torn.
"""

import argparse
import os
import shutil
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from random import Random
from zipfile import BadZipFile, ZipFile

from dashboard import subscriptions
from dashboard.shared import Shared
from pipelines.backup import backup
from pipelines.keeping import drafts, tokens
from pipelines.keeping.chain_checks import KnownLine, missing
from pipelines.keeping.home import Home
from pipelines.keeping.uploads import Uploads
from pipelines.keeping.verify import archive_problems
from pipelines.mirror import mirror
from pipelines.verify_home import verify
from tests import worlds
from tests.campaign.acts import ACTS, NOW, Seen, Show, world
from tests.campaign.disk import Tree, disks, lay_out
from tests.campaign.recorder import Recorder, recording

# Their files are flushed by SQLite itself, which isn't seen here.
BY_SQLITE = ("draft", "subscribe", "sign out")
BEHIND = ("does not match what the archive holds now", "There is no release in use")


@dataclass
class Counts:
    """How many different disks were looked at, and what was wrong with any of them."""

    cuts: int = 0
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    events: Counter[str] = field(default_factory=Counter)


def doing(*acts: str) -> Callable[[Path, Show], None]:
    """Work that does some acts, one after the other, on the home below a folder."""

    def work(root: Path, show: Show) -> None:
        for number, act in enumerate(acts, start=500):
            ACTS[act](Home(root / "home"), number, show)
            if act == "build":  # a whole backup in one file, and another entry after the copy
                made = root / f"backup-{number}.zip"
                backup(root / "home", made)
                show(("backup", made.name))

    return work


keep = doing("submit", "on charts", "register", "measures", "forum")
brief = doing("submit", "about returns", "drop", "build", "mirror", "token", "mirror", "build")
day = doing(*(act for act in ACTS if act not in BY_SQLITE), "submit", "mirror", "build")


def recorded(
    root: Path,
    work: Callable[[Path, Show], None] = day,
    forgetting: Callable[[int], bool] = lambda descriptor: False,
) -> tuple[Recorder, int]:
    """Everything that reached the disk while some work was done, and where that begins."""
    world(root / "home")
    with recording(root, forgetting) as recorder:
        started = len(recorder.events)

        def show(seen: Seen) -> None:
            recorder.show(seen)
            if seen[0] in ("return", "decision", "register", "measures", "forum"):
                last = Home(root / "home").archive.links()[-1]
                recorder.show(("line", KnownLine("A receipt", last.sequence, last.sha256)))

        work(root, show)
    return recorder, started


def campaign(recorder: Recorder, started: int, seed: int, most: int) -> Counts:
    """Cut the power after each event, in several ways, up to `most` different disks."""
    counts, distinct = Counts(), {}
    for place, (_, tree, _) in enumerate(disks_of(recorder, started, seed)):
        distinct.setdefault(_digest(tree), place)
    places = sorted(distinct.values())
    chance = Random(seed)  # noqa: S311 - which cuts are tried is no secret
    chosen = set(chance.sample(places, min(most, len(places))))
    with tempfile.TemporaryDirectory() as scratch:
        for place, (what, tree, shown) in enumerate(disks_of(recorder, started, seed)):
            if place not in chosen:
                continue
            counts.cuts += 1
            counts.events[what] += 1
            root = Path(scratch) / str(place)
            lay_out(tree, root)
            try:
                counts.lost += lost(root, shown)
                counts.torn += torn(root)
            except Exception as error:  # whatever doesn't open is torn
                counts.torn.append(f"{type(error).__name__}: {error}")
            shutil.rmtree(root)
    return counts


def disks_of(recorder: Recorder, started: int, seed: int) -> Iterator[tuple[str, Tree, list]]:
    """Several disks for each event, with what had been shown by then."""
    for number, disk, shown in disks(recorder, started):
        what = type(recorder.events[number]).__name__
        for variant, kept in enumerate((0, 1, *[0.2, 0.5, 0.8] * 6)):
            chance = Random(f"{seed} {number} {variant}")  # noqa: S311
            yield what, disk.after_cut(chance, kept), list(shown)


def lost(root: Path, shown: list[Seen]) -> list[str]:
    """What somebody had been told is kept, and isn't there."""
    home, copy = Home(root / "home"), Home(root / "copy")
    entries = home.archive.entries()
    there = {
        "return": {receipt.return_id for receipt in entries.every},
        "decision": {decision.id for decision in entries.decisions},
        "register": {receipt.version for receipt in entries.registers},
        "measures": {receipt.version for receipt in entries.measures},
        "forum": {receipt.version for receipt in entries.forums},
        "release": {path.stem for path in home.releases.glob("*.duckdb")},
        "backup": {path.name for path in root.glob("backup-*.zip")},
        "dropped": {path.name for path in (root / "drop").rglob("*")},
        "token": {
            (known.token.id, ended)
            for known in tokens.tokens(home)
            for ended in {False, known.revocation is not None}
        },
    }
    found = [f"{kind} {what}" for kind, what in shown if kind in there and what not in there[kind]]
    found += _lost_beside(home, shown)
    lines = [what for kind, what in shown if kind == "line"]
    found += missing(home.archive.root, lines)
    copied = [what for kind, what in shown if kind == "copy"]
    if copied and len(copy.archive.links()) < copied[-1]:
        found.append(f"copy of {copied[-1]} lines")
    return found


def _lost_beside(home: Home, shown: list[Seen]) -> list[str]:
    """What was kept beside the archive and isn't there: each time, the last that was told."""
    last = {(kind, what[0] if isinstance(what, tuple) else ""): what for kind, what in shown}
    found = []
    for (kind, _), what in last.items():
        if kind == "upload":
            waiting = Uploads(home.root / "inbox").waiting(worlds.LEAD, "Z01", str(worlds.FIRST))
            there = waiting is not None and int(Path(waiting.filename).stem) >= what
        elif kind == "draft":
            there = any(
                draft.ward == what[0] and draft.version >= what[1]
                for draft in drafts.of_trust(home.root, "Z01", NOW)
            )
        elif kind == "subscription":
            wanted = subscriptions.of_person(home.root, what[0])
            there = any(what[1] in (None, one.monthly) for one in wanted)
        elif kind == "signed out":
            there = Shared(home.root).holds("ended", what)
        else:
            continue
        found += [] if there else [f"{kind} {what}"]
    return found


def torn(root: Path) -> list[str]:
    """What is there but isn't whole, before and after the next entry."""
    home, copy = Home(root / "home"), Home(root / "copy")
    found = [said for said in verify(home) if not any(usual in said for usual in BEHIND)]
    found += archive_problems(copy.archive)
    for path in root.glob("backup-*.zip"):
        try:
            with ZipFile(path) as packed:
                found += filter(None, [packed.testzip()])
        except BadZipFile as error:
            found.append(f"{path.name}: {error}")
    home.archive.record(worlds.note(90))
    found += archive_problems(home.archive)
    mirror(home, copy.root)
    found += archive_problems(copy.archive)
    return found


def forgetting_files(descriptor: int) -> bool:
    """A control: no file is flushed, only folders are."""
    return stat.S_ISREG(os.fstat(descriptor).st_mode)


def forgetting_folders(descriptor: int) -> bool:
    """A control: no folder is flushed, only files are."""
    return stat.S_ISDIR(os.fstat(descriptor).st_mode)


def forgetting_the_chain(descriptor: int) -> bool:
    """A control on Linux: one flush is left out, that of a line of the chain."""
    return os.readlink(f"/proc/self/fd/{descriptor}").endswith("chain.jsonl")


def _digest(tree: Tree) -> bytes:
    lines = [
        f"{name} {content if content is None else _sha256(content)}"
        for name, content in sorted(tree.items())
    ]
    return sha256("\n".join(lines).encode()).digest()


@lru_cache(maxsize=128)
def _sha256(content: bytes) -> str:
    """Most files of most disks are the same."""
    return sha256(content).hexdigest()


def main() -> None:
    """Run the campaign as a command."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--cuts", type=int, default=1000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        recorder, started = recorded(Path(scratch))
        counts = campaign(recorder, started, chosen.seed, chosen.cuts)
    points = len(recorder.events) - started
    print(
        f"Power cuts: {counts.cuts:,} different disks at {points:,} points "
        f"({dict(counts.events)}), {len(counts.lost)} lost, {len(counts.torn)} torn."
    )
    for said in (*counts.lost, *counts.torn):
        print(f"  {said}")
    sys.exit(1 if counts.lost or counts.torn else 0)


if __name__ == "__main__":
    main()
