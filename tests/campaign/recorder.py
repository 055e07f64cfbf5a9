"""Records what reaches a folder, and what of it has been flushed, while a program runs.

The folder is looked at before and after every flush, rename and replacement: whatever is new by
then was written in between, and nobody knows in which order. Each inode is held open, so that no
number is used twice.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

Inode = int


@dataclass(frozen=True)
class Named:
    """Names that came, went or moved in folders, all at once or not at all."""

    entries: tuple[tuple[Inode, str, Inode | None], ...]


@dataclass(frozen=True)
class Written:
    """A file's whole content from here on."""

    inode: Inode
    content: bytes


@dataclass(frozen=True)
class Flushed:
    """A file's content, or a folder's names, are on disk from here on."""

    inode: Inode


@dataclass(frozen=True)
class Shown:
    """Somebody has been told this by now."""

    what: Any


@dataclass
class Recorder:
    """Everything that happened below a folder, in order."""

    root: Path
    events: list[Named | Written | Flushed | Shown] = field(default_factory=list)
    folders: dict[Inode, dict[str, Inode]] = field(default_factory=dict)
    _seen: dict[Inode, tuple[int, int]] = field(default_factory=dict)
    _contents: dict[Inode, bytes] = field(default_factory=dict)
    _held: dict[Inode, int] = field(default_factory=dict)

    def show(self, what: Any) -> None:
        """Note that somebody has been told something."""
        self.look()
        self.events.append(Shown(what))

    def look(self, at_once: bool = False) -> None:
        """Note what has changed; names that changed `at_once` were moved by one rename."""
        folders, changed = {}, []
        for folder, names, files in os.walk(self.root):
            inode = os.stat(folder).st_ino
            self._hold(folder, inode)
            folders[inode] = {}
            for name in [*names, *files]:
                path = os.path.join(folder, name)
                about = os.stat(path)
                folders[inode][name] = about.st_ino
                if stat.S_ISREG(about.st_mode):
                    self._hold(path, about.st_ino)
                    now = about.st_mtime_ns, about.st_size
                    if self._seen.get(about.st_ino) != now:
                        self._seen[about.st_ino] = now
                        content = Path(path).read_bytes()
                        if self._contents.get(about.st_ino) != (digest := sha256(content).digest()):
                            self._contents[about.st_ino] = digest
                            changed.append(Written(about.st_ino, content))
        named = list(_changes(self.folders, folders))
        self.events += changed
        self.events += [Named(tuple(named))] if at_once and named else [Named((n,)) for n in named]
        self.folders = folders

    def flushed(self, descriptor: int) -> None:
        """Note that a file or folder has been flushed."""
        self.events.append(Flushed(os.fstat(descriptor).st_ino))

    def close(self) -> None:
        """Let go of every file."""
        for descriptor in self._held.values():
            os.close(descriptor)

    def _hold(self, path: str, inode: Inode) -> None:
        if inode not in self._held:
            self._held[inode] = os.open(path, os.O_RDONLY)


@contextmanager
def recording(
    root: Path, forgetting: Callable[[int], bool] = lambda descriptor: False
) -> Iterator[Recorder]:
    """Record what happens below a folder; a flush that is `forgetting` never reaches the disk."""
    recorder = Recorder(root)
    recorder.look()
    real = {name: getattr(os, name) for name in ("fsync", "rename", "replace")}
    real_fsync = real.pop("fsync")

    def fsync(descriptor: int) -> None:
        recorder.look()
        real_fsync(descriptor)
        if not forgetting(descriptor):
            recorder.flushed(descriptor)

    def moving(move: Callable[..., None]) -> Callable[..., None]:
        def moved(*arguments: Any, **named: Any) -> None:
            recorder.look()
            move(*arguments, **named)
            recorder.look(at_once=True)

        return moved

    os.fsync = fsync
    for name, move in real.items():
        setattr(os, name, moving(move))
    try:
        yield recorder
        recorder.look()
    finally:
        os.fsync = real_fsync
        for name, move in real.items():
            setattr(os, name, move)
        recorder.close()


def _changes(
    before: dict[Inode, dict[str, Inode]], after: dict[Inode, dict[str, Inode]]
) -> Iterator[tuple[Inode, str, Inode | None]]:
    for folder, names in after.items():
        known = before.get(folder, {})
        for name in known.keys() | names.keys():
            if known.get(name) != names.get(name):
                yield folder, name, names.get(name)
