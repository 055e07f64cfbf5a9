"""Makes the next backup in a folder, and removes the oldest ones only if everything is whole.

Backups are numbered, and the number alone says which is newer: clocks and the times of files can be
wrong. The time in a name is for people. A backup of an archive that isn't whole says so in its
name, and nothing is removed after it: the older ones may be the only whole ones. Nor does a backup
that was damaged since take the place of one that is whole: each is read through before it counts.
"""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from filelock import FileLock

from pipelines.backup import BackupError, backup, is_intact, known_line
from pipelines.keeping import chain
from pipelines.keeping.chain_checks import KnownLine
from pipelines.keeping.home import Home, open_home
from pipelines.keeping.layout import ARCHIVE
from pipelines.keeping.staging import STAGED, flush_folder, put_in_place
from pipelines.verify_home import gone

_BEGINS, _NOT_WHOLE = "feeling-safe", "-not-whole"
_NAME = re.compile(rf"{_BEGINS}-(\d{{5,}})-(\d{{4}}-\d\d-\d\dT\d{{6}}Z)({_NOT_WHOLE})?\.zip")
_MOMENT = "%Y-%m-%dT%H%M%S"


@dataclass(frozen=True)
class Numbered:
    """A backup in a folder of them; `whole` if every entry in it was, when it was made."""

    folder: Path
    number: int
    at: datetime
    whole: bool

    @property
    def path(self) -> Path:
        """Its file: the number, the time in UTC, and whether it is whole."""
        ending = "" if self.whole else _NOT_WHOLE
        return self.folder / f"{_BEGINS}-{self.number:05}-{self.at:{_MOMENT}}Z{ending}.zip"

    @cached_property
    def line(self) -> KnownLine | None:
        """How far the archive had come; None if the file can't be read."""
        try:
            return known_line(self.path)
        except (OSError, BackupError):
            return None


@dataclass(frozen=True)
class Rotated:
    """The backup that was made, with how many files it holds, and the older ones removed after it.

    `problems` are sentences about what isn't whole, `stayed` about older backups that could not be
    removed, and `unread` about files that can't be read or are damaged, and so don't count.
    """

    made: Numbered
    files: int
    problems: tuple[str, ...]
    removed: tuple[str, ...] = ()
    stayed: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def rotate(home: Home, folder: Path, keep: int, now: datetime) -> Rotated:
    """Make the next backup in a folder and, if all is whole, keep only the newest `keep` of them.

    All is whole if every entry in the backup is, and if the archive still holds whatever any backup
    in the folder, any release and any published head knows of. Raises BackupError if the folder
    isn't there or belongs to the home.
    """
    open_home(home.root)
    if not folder.is_dir():
        raise BackupError(f"There is no folder {folder}: create it, or mount its disk.")
    if folder.resolve().is_relative_to(home.root.resolve()):
        raise BackupError(f"{folder} is inside the programme’s own folder: choose another disk.")
    (home.root / "turns").mkdir(exist_ok=True)
    with FileLock(home.root / "turns" / "backups.lock"):
        _clear(folder)
        before = numbered(folder)
        number = before[-1].number + 1 if before else 1
        made = Numbered(folder, number, now.astimezone(UTC), whole=False)
        held = backup(home.root, made.path)
        problems = (*held.problems, *gone(home, [b.line for b in before if b.line]))
        if not problems:
            whole = replace(made, whole=True)
            put_in_place(made.path, whole.path)
            made = whole
        opened = [b for b in (*before, made) if b.line]
        old, damaged = _too_many(opened, keep) if made.whole else ([], [])
        removed, stayed = _remove(old)
    unread = tuple(
        f"{name} {why}, so it doesn’t count as a backup and was left where it is. Delete it, or "
        "move it elsewhere."
        for names, why in ((unreadable(before), "can’t be read"), (damaged, "is damaged"))
        for name in names
    )
    return Rotated(made, held.files, problems, removed, stayed, unread)


def numbered(folder: Path) -> list[Numbered]:
    """The backups in a folder, oldest first; other files in it are nobody's business here."""
    found = [b for path in folder.glob(f"{_BEGINS}-*.zip") if (b := _read(path))]
    return sorted(found, key=lambda b: (b.number, b.at))


def newest_whole(folder: Path) -> Numbered | None:
    """The newest backup in a folder that is whole and can be opened."""
    return next((b for b in reversed(numbered(folder)) if b.whole and b.line), None)


def unreadable(backups: Iterable[Numbered]) -> list[str]:
    """The names of those that can't be opened, or that were cut off."""
    return [each.path.name for each in backups if each.line is None]


def entries_since(root: Path, last: Numbered) -> int:
    """How many entries a home has kept since a backup was made."""
    here = chain.head(root / ARCHIVE)
    known = last.line.sequence if last.line else 0
    return max((here.sequence if here else 0) - known, 0)


def _read(path: Path) -> Numbered | None:
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    try:
        at = datetime.strptime(named[2], f"{_MOMENT}%z")
    except ValueError:
        return None
    return Numbered(path.parent, int(named[1]), at, named[3] is None)


def _too_many(backups: list[Numbered], keep: int) -> tuple[list[Numbered], list[str]]:
    """Those older than the newest `keep` whole ones, oldest first, and the names of damaged ones.

    Backups are read from the newest back until enough are whole; those damaged since don't count.
    """
    damaged: list[Numbered] = []
    for each in reversed([b for b in backups if b.whole]):
        if not is_intact(each.path):
            damaged.append(each)
            continue
        keep -= 1
        if keep == 0:
            old = [b for b in backups if b.number < each.number]
            return old, [b.path.name for b in damaged]
    return [], [b.path.name for b in damaged]


def _remove(old: Iterable[Numbered]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the backups that were removed, and a sentence for each that couldn't be."""
    removed, stayed = [], []
    for each in old:
        try:
            each.path.unlink()
            flush_folder(each.folder)
            removed.append(each.path.name)
        except OSError as error:
            stayed.append(f"{each.path.name} could not be removed ({error.strerror}).")
    return tuple(removed), tuple(stayed)


def _clear(folder: Path) -> None:
    """Delete what an interrupted backup of this folder left behind; needs the lock."""
    for path in folder.glob(f"{STAGED}{_BEGINS}-*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
