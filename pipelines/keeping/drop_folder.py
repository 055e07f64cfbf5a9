"""Finds the files in a watched folder that are complete and safe to read."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from io import BufferedReader
from pathlib import Path

from pipelines.reading.file_kind import LARGEST_FILE

ANSWERS = ".answers.json"
_UNFINISHED = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".upload", ".swp")

Look = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Dropped:
    """A file in the folder; its content is left out if it is too big for a return."""

    name: str
    size: int
    sha256: str
    content: bytes

    @property
    def too_big(self) -> bool:
        return self.size > LARGEST_FILE

    @property
    def readable_name(self) -> str:
        """Its name as text, since some systems allow any bytes in a name."""
        return self.name.encode("utf-8", "replace").decode()


def waiting(folder: Path) -> dict[str, tuple[int, int]]:
    """The dropped files by name, with their size and time of change.

    Hidden files, links, and names that programs use while writing are left alone.
    """
    found = {}
    for entry in os.scandir(folder):
        name = entry.name.lower()
        if name.startswith((".", "~")) or name.endswith((*_UNFINISHED, ANSWERS)):
            continue
        if entry.is_file(follow_symlinks=False):
            about = entry.stat(follow_symlinks=False)
            found[entry.name] = about.st_size, about.st_mtime_ns
    return found


def whole(folder: Path, before: Look) -> list[Dropped]:
    """The files that have not changed since an earlier look, oldest first."""
    here = waiting(folder)
    settled = [name for name, about in here.items() if before.get(name) == about]
    ordered = sorted(settled, key=lambda name: (here[name][1], name))
    return [found for name in ordered for found in _read(folder, name, here[name][0])]


def content_of(path: Path) -> bytes | None:
    """The bytes of a small file; None if it can't be read."""
    try:
        with _opened(path) as file:
            return file.read(LARGEST_FILE)
    except OSError:
        return None


def free_name(place: Path, name: str) -> Path:
    """A name in a folder that no file has yet, so that nothing is ever overwritten."""
    return next(path for path in _names(place, name) if not path.exists())


def _read(folder: Path, name: str, size: int) -> Iterator[Dropped]:
    try:
        with _opened(folder / name) as file:
            if size > LARGEST_FILE:
                yield Dropped(name, size, file_digest(file, "sha256").hexdigest(), b"")
                return
            content = file.read(size + 1)
    except OSError:
        return  # still being written, or gone: the next look may find it
    if len(content) == size:
        yield Dropped(name, size, sha256(content).hexdigest(), content)


def _opened(path: Path) -> BufferedReader:
    """Open a file but never a link, which could be used to read other people's files."""
    return os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb")


def _names(place: Path, name: str) -> Iterator[Path]:
    first, number = place / name, 1
    while True:
        yield first if number == 1 else first.with_stem(f"{first.stem} ({number})")
        number += 1
