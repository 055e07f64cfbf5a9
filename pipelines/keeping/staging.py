"""Writes files so that a crash leaves either all of something or none of it.

Everything is staged beside its destination, flushed to disk, and moved into place by one rename.
That rename takes a folder's version number, so two processes can never take the same one and no
number is skipped.
"""

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from secrets import token_hex
from typing import Concatenate, ParamSpec, TypeVar

STAGED = ".staged-"
_WAITS = ContextVar("waits", default=True)

Files = Mapping[str, bytes]
Joining = Callable[[Path, Files], AbstractContextManager[object]]
"""Puts what is moved to a place on record: entered before the move and left once it is on disk."""


def _unrecorded(place: Path, files: Files) -> AbstractContextManager[object]:
    return nullcontext()


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO)
_TO_DO = {
    errno.ENOSPC: "Make room on that disk",
    errno.EDQUOT: "Make room on that disk",
    errno.EROFS: "Mount that disk so that it can be written",
}


class NotKept(OSError):
    """The disk took no more, so that nothing was kept; the message names the file."""

    state = "Nothing has been changed."
    then = "try again"

    def __str__(self) -> str:
        return (
            f"{self.filename} could not be kept: {self.strerror[:1].lower()}{self.strerror[1:]}. "
            f"{self.state} {_TO_DO.get(self.errno or 0, 'Look at that disk')}, then {self.then}."
        )


Kept = TypeVar("Kept")
Keeps = ParamSpec("Keeps")


def _names_what_is_not_kept(
    keep: Callable[Concatenate[Path, Keeps], Kept],
) -> Callable[Concatenate[Path, Keeps], Kept]:
    """Raise NotKept with a function's first argument if the disk takes no more."""

    @wraps(keep)
    def keep_or_say(path: Path, *arguments: Keeps.args, **named: Keeps.kwargs) -> Kept:
        try:
            return keep(path, *arguments, **named)
        except OSError as error:
            if error.errno in _NO_ROOM and not isinstance(error, NotKept):
                raise NotKept(error.errno, error.strerror, str(path)) from error
            raise

    return keep_or_say


class VersionTaken(Exception):
    """Someone else has taken the version number."""


@_names_what_is_not_kept
def keep_version(
    parent: Path,
    files: Callable[[int], Files],
    only_as: int | None = None,
    joining: Joining = _unrecorded,
) -> int:
    """Save a folder of files as the next version under `parent` and return its number.

    `files` gives the content for a version number, and is called again if another process takes
    that number first. With `only_as`, VersionTaken is raised instead.
    """
    make_folders(parent)
    staged = _beside(parent / "version")
    staged.mkdir()
    try:
        version = only_as or newest_version(parent) + 1
        while not _taken_by(staged, parent / str(version), files(version), joining):
            if only_as is not None:
                raise VersionTaken
            version += 1
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return version


@_names_what_is_not_kept
def keep_folder(place: Path, files: Files) -> None:
    """Save a folder of files under a name of its own; FileExistsError if there is one."""
    make_folders(place.parent)
    staged = _beside(place)
    staged.mkdir()
    try:
        if not _taken_by(staged, place, files, _unrecorded):
            raise FileExistsError(f"{place} is there already.")
    finally:
        shutil.rmtree(staged, ignore_errors=True)


@_names_what_is_not_kept
def keep_file(path: Path, content: bytes, joining: Joining = _unrecorded) -> None:
    """Write or replace a file so that readers see all of the old one or all of the new one."""
    make_folders(path.parent)
    staged = _beside(path)
    try:
        write_flushed(staged, content)
        with joining(path, {path.name: content}):
            put_in_place(staged, path)
    finally:
        staged.unlink(missing_ok=True)


def put_in_place(staged: Path, path: Path) -> None:
    """Replace `path` with a flushed file beside it, waiting a moment if a reader has it open."""
    for patience in (0.01, 0.1, 1.0, None):
        try:
            os.replace(staged, path)
            break
        except PermissionError:  # Windows, while someone reads the file
            if patience is None:
                raise
            time.sleep(patience)
    flush_folder(path.parent)


def write_flushed(path: Path, content: bytes) -> None:
    """Write a file and wait until it is on disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        _flush(file.fileno())


@_names_what_is_not_kept
def write_at(path: Path, offset: int, content: bytes) -> None:
    """Write at a place of a file, which then ends there, and wait until it is on disk."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)
        file.truncate()
        file.flush()
        _flush(file.fileno())


@_names_what_is_not_kept
def make_folders(folder: Path) -> None:
    """Make a folder and those above it, and wait until they are on disk."""
    if folder.is_dir():
        return
    make_folders(folder.parent)
    folder.mkdir(exist_ok=True)
    flush_folder(folder.parent)


@_names_what_is_not_kept
def begin_log(log: Path) -> None:
    """Make sure that a file of lines is there, which only its owner and group may read."""
    make_folders(log.parent)
    log.touch(mode=0o640)
    flush_folder(log.parent)


def is_cut_short(log: Path) -> bool:
    """Whether a file of lines ends within a line, because writing it was interrupted."""
    if log.stat().st_size == 0:
        return False
    with log.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"


@_names_what_is_not_kept
def flush_file(path: Path) -> None:
    """Wait until a file written elsewhere is on disk."""
    with path.open("r+b") as file:
        _flush(file.fileno())


def flush_folder(folder: Path) -> None:
    """Wait until a folder's list of names is on disk; Windows does so by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _flush(descriptor)
    except OSError as error:  # which knows only a descriptor
        raise OSError(error.errno, error.strerror, str(folder)) from error
    finally:
        os.close(descriptor)


@contextmanager
def unflushed() -> Iterator[None]:
    """Don't wait for the disk with what this thread keeps meanwhile: only `flush_all` does.

    For what can be made again from nothing, and that nobody has been promised.
    """
    before = _WAITS.set(False)
    try:
        yield
    finally:
        _WAITS.reset(before)


def flush_all() -> None:
    """Wait until everything that was written is on disk; Windows has nothing like it."""
    if hasattr(os, "sync"):
        os.sync()


def newest_version(parent: Path) -> int:
    """The highest version in a folder; 0 if there is none."""
    return max(versions(parent), default=0)


def versions(parent: Path | str) -> list[int]:
    """The versions in a folder, in order."""
    try:
        names = os.listdir(parent)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(int(name) for name in names if name.isdecimal())


def leftovers(root: Path) -> list[Path]:
    """Files that crashed processes left behind, which nothing reads."""
    return sorted(root.rglob(f"{STAGED}*"))


def _taken_by(staged: Path, destination: Path, files: Files, joining: Joining) -> bool:
    for name, content in files.items():
        write_flushed(staged / name, content)
    flush_folder(staged)
    try:
        with joining(destination, files):
            os.rename(staged, destination)
            flush_folder(destination.parent)
    except OSError:  # a folder with files in it is never replaced, on any system
        if staged.exists() and destination.exists():
            return False
        raise
    return True


def _beside(path: Path) -> Path:
    return path.with_name(f"{STAGED}{path.name}-{token_hex(8)}")


def _flush(descriptor: int) -> None:
    if not _WAITS.get():
        return
    try:
        import fcntl

        full_flush = fcntl.F_FULLFSYNC  # macOS: fsync alone leaves it in the drive's own memory
    except (ImportError, AttributeError):
        os.fsync(descriptor)
    else:
        fcntl.fcntl(descriptor, full_flush)
