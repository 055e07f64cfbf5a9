"""Damages every file of a home, and lets the disk fail at every step of every act.

    uv run python -m tests.campaign.faults --seed 1

A byte of each file is changed (of a SQLite file, one of a text that somebody relies on), or its
second half is cut off: `verify` must name it, and everything else must work or say in a sentence
why not. Then each act meets a full, a read-only, a forbidden or
a failing disk at its first step, its second, and so on, where a step is a file that is opened to be
written, a new folder, a flush, a rename or a replacement: it must say which file couldn't be kept,
leave nothing half done, and succeed once the disk is well. Prints counts; exits with 1 if anything
was unexpected.
"""

import argparse
import errno
import io
import os
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from dashboard.subscriptions import SubscriptionsUnreadable
from pipelines.keeping.drafts import DraftsUnreadable
from pipelines.keeping.home import Home
from tests import worlds
from tests.campaign.acts import ACTS, made
from tests.campaign.power_cuts import torn
from tests.dashboard.cli.typed import run

ERRORS = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO)
EXITS = (0, 1, 2, 3)
_OWN = {"turns", "published"}  # locks; and what is published is the programme's to change
_WAITING = ("upload", "draft", "subscribe", "sign out")  # acts on what lies beside the archive
_SENTENCES = (DraftsUnreadable, SubscriptionsUnreadable)
_NOTES = {"CHECKED", "ORDER"}  # of releases: what a build makes again without them
_SETTINGS = "programme.toml"  # people edit it: only what can't be read is noticed


@dataclass
class Counts:
    """How many files were damaged and disks failed, and a line for all that was unexpected.

    For a control it is `enough` to notice one thing.
    """

    tried: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    enough: bool = False


def flipped(content: bytes, chance: Random) -> bytes:
    """One byte of it is another one."""
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << chance.randrange(7))]) + content[at + 1 :]


def cut(content: bytes, chance: Random) -> bytes:
    """Its second half is gone."""
    return content[: len(content) // 2]


def letter(path: Path, chance: Random) -> bytes:
    """A SQLite file in which one byte of one text of a sealed table is another one."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        texts = [text for row in sealed_rows(file) for text in row if isinstance(text, str)]
    content, text = path.read_bytes(), chance.choice(sorted({*texts} - {""})).encode()
    at = content.rindex(text)
    return content[:at] + flipped(text, chance) + content[at + len(text) :]


def sealed_rows(file: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    """Every row of every table that has a seal."""
    tables = file.execute("SELECT name FROM sqlite_schema WHERE sql LIKE '%seal%'").fetchall()
    for (table,) in tables:
        yield from file.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608


WAYS: dict[str, Callable[[bytes, Random], bytes]] = {"changed": flipped, "cut off": cut}


def kinds(home: Home) -> list[Path]:
    """One file of each kind of a home, below its root."""
    found: dict[str, Path] = {}
    for path in sorted(home.root.rglob("*")):
        place = path.relative_to(home.root)
        if path.is_file() and path.stat().st_size and place.parts[0] not in _OWN:
            found.setdefault(_kind(place), place)
    return list(found.values())


def damage(scratch: Path, home: Home, seed: int, counts: Counts, places: list[Path]) -> Counts:
    """Damage each of some files of a home in every way, one at a time."""
    chance = Random(seed)  # noqa: S311 - chance that repeats is wanted
    for place in places:
        for way, damaged in WAYS.items():
            if place.name == _SETTINGS and way == "changed":
                continue
            root = Path(shutil.copytree(home.root, scratch / "damaged"))
            if place.suffix == ".sqlite" and way == "changed":
                (root / place).write_bytes(letter(root / place, chance))
            else:
                (root / place).write_bytes(damaged((home.root / place).read_bytes(), chance))
            counts.tried[way] += 1
            counts.wrong += [f"{place} {way}: {said}" for said in _unnamed(root, place, way)]
            shutil.rmtree(root)
    return counts


def _unnamed(root: Path, place: Path, way: str) -> Iterator[str]:
    """What doesn't name a damaged file, or doesn't work because of it."""
    for command in ("verify", "status", "build"):
        result = run(command, "--home", root)
        sentence = isinstance(result.exception, (SystemExit, type(None)))
        if result.exit_code not in EXITS or not sentence:
            yield f"{command} ended with {result.exception!r}"
        named = bool(result.exit_code) and _is_named(place, result.output)
        if command == "verify" and place.name not in _NOTES and not named:
            yield f"verify says {result.output.strip()!r}"
    yield from _stopped(root, place, way)


def _stopped(root: Path, place: Path, way: str) -> Iterator[str]:
    """What others can't do because of a damaged file; one letter stops nobody."""
    try:
        worlds.send(Home(root), "Z02", worlds.FIRST + 2)
    except ValueError as refused:
        if place.parts[:2] != ("archive", "register") and place.name != _SETTINGS:
            yield f"another trust can't send: {refused}"
    for act in _WAITING:
        try:
            ACTS[act](Home(root), 900, lambda seen: None)
        except _SENTENCES:
            if place.suffix != ".sqlite" or way == "changed":
                yield f"{act} is refused"
        except Exception as error:
            if place.name != "shared.sqlite" or way == "changed":  # with half, nothing is served
                yield f"{act}: {type(error).__name__}: {error}"


def _is_named(place: Path, said: str) -> bool:
    if place.parts[0] == "releases":
        return place.stem in said or (place.stem == "CURRENT" and "release in use" in said)
    if place.parts[0] != "archive":
        return place.name in said
    if place.parts[1] == "returns":
        return "/".join(place.parts[2:5]) in said
    if place.parts[1] == "forums":
        return f"ersion {place.parts[3]} of the forum {place.parts[2]}" in said
    if place.parts[1] in ("register", "measures"):
        return f"ersion {place.parts[2]} of the {place.parts[1]}" in said
    if place.parts[1] == "chain.jsonl":
        return "chain" in said
    return place.stem in said


def _kind(place: Path) -> str:
    """What a file is, whichever trust, month, version or moment it belongs to."""
    if place.parts[:2] == ("archive", "returns"):
        return place.stem
    if place.parts[:2] == ("archive", "decisions"):
        return "decision"
    return "/".join(
        part for part in (*place.parts[:2], place.suffix, place.stem[:4]) if not part.isdigit()
    )


def failing_disks(
    scratch: Path,
    home: Home,
    counts: Counts,
    acts: tuple[str, ...],
    errors: tuple[int, ...] = ERRORS,
) -> Counts:
    """Let the disk fail at each step of some acts, until one is done without meeting a failure."""
    for act in acts:
        for error in errors:
            step, met = 0, True
            while met and not (counts.enough and counts.wrong):
                root = Path(shutil.copytree(home.root.parent, scratch / "failing"))
                (root / "backups").mkdir(exist_ok=True)
                met, wrong = _failed(root, act, (step, error))
                counts.tried[f"disk: {errno.errorcode[error]}"] += met
                counts.wrong += [
                    f"{act}, step {step}, {errno.errorcode[error]}: {said}" for said in wrong
                ]
                shutil.rmtree(root)
                step += 1
    return counts


def _failed(root: Path, act: str, fault: tuple[int, int]) -> tuple[bool, list[str]]:
    """Do an act on a disk that fails at a step: whether it got there, and what was wrong."""
    home, wrong = Home(root / "home"), []
    with failing(*fault) as failed:
        try:
            ACTS[act](home, 500, lambda seen: None)
        except OSError as error:
            if failed and not error.filename:
                wrong.append(f"“{error}” names no file")
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")
    try:
        wrong += torn(root)
        ACTS[act](home, 501, lambda seen: None)
    except Exception as error:
        wrong.append(f"afterwards, {type(error).__name__}: {error}")
    return bool(failed), wrong


@contextmanager
def failing(step: int, error: int) -> Iterator[list[str]]:
    """Let a step on the disk fail, counted from 0; yields a list of what did."""
    real = [(os, name, getattr(os, name)) for name in ("mkdir", "fsync", "rename", "replace")]
    real.append((io, "open", io.open))  # which is how a Path is opened
    calls, failed = iter(range(10**6)), []

    def unless_it_fails(name: str, does: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if _may_fail(name, arguments, error) and next(calls) == step:
                failed.append(name)
                on_the_way(name, arguments)
                places = [p for p in arguments if not isinstance(p, int)]
                raise OSError(error, os.strerror(error), *map(str, places[:1]))
            return does(*arguments, **named)

        return call

    for module, name, does in real:
        setattr(module, name, unless_it_fails(name, does))
    try:
        yield failed
    finally:
        for module, name, does in real:
            setattr(module, name, does)


def _may_fail(name: str, arguments: tuple[Any, ...], error: int) -> bool:
    """Whether a call is a step on the disk: a right is asked for by name, so never by a flush."""
    if name == "open":
        return len(arguments) > 1 and bool(set("wax+") & set(arguments[1]))
    return name != "fsync" or error != errno.EACCES


def on_the_way(name: str, arguments: tuple[Any, ...]) -> None:
    """What a failing step leaves: nothing, as rename and flush promise. A control replaces this."""


def main() -> int:
    """Run the campaign, and print its counts."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    counts = Counts()
    with tempfile.TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        scratch = Path(folder)
        home = made(scratch / "made")
        damage(scratch, home, options.seed, counts, kinds(home))
        failing_disks(scratch, home, counts, tuple(ACTS))
    print(f"Faults: {dict(counts.tried)}, {len(counts.wrong)} unexpected.")
    print(*counts.wrong, sep="\n")
    return 1 if counts.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
