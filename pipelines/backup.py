"""Backs up a programme's settings and archive into one file, and restores them, verified.

Releases are left out, because they can be rebuilt from the archive. A damaged entry keeps nothing
else from being backed up or restored: it comes along as it is, and is named.
"""

import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from secrets import token_hex
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pydantic import ValidationError

from pipelines.keeping import chain, tokens
from pipelines.keeping.chain_checks import KnownLine
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import PRIVATE, SETTINGS, Home, open_home
from pipelines.keeping.layout import ARCHIVE, HEAD
from pipelines.keeping.staging import STAGED, flush_file, put_in_place
from pipelines.keeping.verify import Examined, examined
from schemas.receipts import Head

MOST_BYTES = 50 * 2**30  # unpacked; far more than 20 years of every ward's returns
_DAMAGED = (BadZipFile, EOFError, zlib.error, RuntimeError)  # the last: of a damaged flag
_AT_ONCE = 2**20


class BackupError(ValueError):
    """A backup that can't be made or used; the message is a sentence."""


@dataclass(frozen=True)
class Backup:
    """How many files a backup holds, and a sentence for everything in it that isn't whole."""

    files: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Restored:
    """What a restore brought back, and a sentence for everything in it that isn't whole.

    `returns` counts the whole ones. `tokens_ended` are the ids of tokens that were in use in the
    backup.
    """

    returns: int
    problems: tuple[str, ...]
    tokens_ended: tuple[str, ...]


def backup(root: Path, file: Path) -> Backup:
    """Write a home into a new ZIP file, restore it beside that file, and verify every entry.

    Raises BackupError rather than replacing an existing file.
    """
    open_home(root)
    if file.exists():
        raise BackupError(f"{file} already exists: choose another name for the backup.")
    written = file.with_name(f"{STAGED}{file.name}-{token_hex(8)}")
    try:
        count, unread = _write(root, written)
        with TemporaryDirectory(prefix=f"{STAGED}{file.name}-", dir=file.parent) as trial:
            if damaged := _unpack(written, Path(trial)):
                raise BackupError(
                    f"{damaged[0]} could not be read back: is the disk full or failing?"
                )
            _, found = _looked_at(Home(Path(trial)))
        flush_file(written)
        put_in_place(written, file)
    finally:
        written.unlink(missing_ok=True)
    return Backup(count, (*unread, *found))


def restore(file: Path, root: Path, ending: Decided | None = None) -> Restored:
    """Unpack a backup into a new home and verify every entry.

    With `ending`, every token that was in use in the backup is revoked, because one of them may
    have been revoked since. Raises BackupError, and leaves nothing behind, if the file is not a
    backup or its settings can't be read.
    """
    if root.exists() and any(root.iterdir()):
        raise BackupError(f"{root} is not empty: restore into a new folder.")
    fresh = root.with_name(f"{STAGED}{root.name}-{token_hex(8)}")
    try:
        damaged = _unpack(file, fresh)
        if not (fresh / SETTINGS).is_file():
            raise BackupError(
                f"{file.name} has no readable {SETTINGS}, and without it nothing can be restored: "
                "use another backup."
            )
        lost = [f"{name} is damaged in {file.name}." for name in damaged]
        home = open_home(fresh)
        archived, found = _looked_at(home)
        home.archive.settle()
        ended = tokens.end_all(home, ending) if ending else ()
        if root.exists():
            root.rmdir()
        fresh.chmod(PRIVATE)
        fresh.rename(root)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Restored(archived.whole_returns, (*lost, *found), ended)


def known_line(file: Path) -> KnownLine:
    """The last line of the chain in a backup; raises BackupError if it has none."""
    try:
        with ZipFile(file) as packed:
            head = Head.model_validate_json(packed.read(HEAD))
    except (*_DAMAGED, KeyError, ValidationError):
        raise BackupError(
            f"{file.name} is no backup with a chain: it was cut off, or made by an earlier version."
        ) from None
    return KnownLine(f"Backup {file.name}", head.sequence, head.digest)


def is_intact(file: Path) -> bool:
    """Whether every byte of a backup's files is as it was written; reads the whole backup."""
    try:
        with ZipFile(file) as packed:
            return all(_belongs(e.filename) and _is_readable(packed, e) for e in packed.infolist())
    except (*_DAMAGED, OSError):
        return False


def _looked_at(home: Home) -> tuple[Examined, tuple[str, ...]]:
    """What its archive holds, and a sentence for everything in it and its tokens not as saved."""
    archived = examined(home.archive)
    return archived, (*archived.problems, *tokens.damaged(home))


def _write(root: Path, file: Path) -> tuple[int, list[str]]:
    """How many files were written, and a sentence for each that could not be read."""
    growing, names = _growing(root)
    unread = []
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        for name, content in growing.items():
            packed.writestr(name, content)
        for name in names:
            try:
                about, content = ZipInfo.from_file(root / name, name), (root / name).read_bytes()
            except OSError as error:
                reason = error.strerror or "unknown error"
                unread.append(f"{name} can't be read ({reason}) and is not in the backup.")
                continue
            about.compress_type = ZIP_DEFLATED
            packed.writestr(about, content)
    return len(growing) + len(names) - len(unread), unread


def _growing(root: Path) -> tuple[dict[str, bytes], list[str]]:
    """What every entry adds to, as it is at one moment, and the other files there are then."""
    archive = open_home(root).archive
    archive.settle()
    with chain.turn(archive.root):
        names = [SETTINGS, *sorted(_archived(root))]
        grow = [name for name in names if Path(name).suffix == ".jsonl"]
        content = {name: (root / name).read_bytes() for name in [HEAD, *grow]}
    return content, [name for name in names if name not in content]


def _archived(root: Path) -> Iterator[str]:
    """Every file of the archive, without what a crashed process left behind."""
    for path in (root / ARCHIVE).rglob("*"):
        if path.is_file() and not any(part.startswith(STAGED) for part in path.parts):
            yield path.relative_to(root).as_posix()


def _unpack(file: Path, folder: Path) -> list[str]:
    """Unpack a backup and return the names of the files in it that are damaged.

    Any file name that could lead outside the folder is refused.
    """
    try:
        with ZipFile(file) as packed:
            entries = packed.infolist()
            if sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise BackupError(f"{file.name} is too large to be a backup of a programme.")
            if strange := _strange([entry.filename for entry in entries]):
                raise BackupError(
                    f"{file.name} is not a backup of a programme: it contains {strange}."
                )
            return [e.filename for e in entries if not _extracted(packed, e, folder)]
    except (BadZipFile, EOFError) as error:
        raise BackupError(
            f"{file.name} is not a complete ZIP file: was the copy interrupted?"
        ) from error


def _strange(names: list[str]) -> str | None:
    """A name that no backup has: one that leads outside, or any other if nothing is familiar.

    In a backup, a name that is only unknown is one that was damaged.
    """
    is_backup = any(name in (SETTINGS, HEAD) for name in names)
    return next((n for n in names if not (_belongs(n) or (is_backup and _is_inside(n)))), None)


def _extracted(packed: ZipFile, entry: ZipInfo, folder: Path) -> bool:
    """Unpack one file; False, with nothing of it left, if its content or name is damaged."""
    if not _belongs(entry.filename) or not _is_packed_by_us(entry):
        return False
    try:
        packed.extract(entry, folder)
    except _DAMAGED:
        (folder / entry.filename).unlink(missing_ok=True)
        return False
    return True


def _is_readable(packed: ZipFile, entry: ZipInfo) -> bool:
    """Whether a file's content is, by its checksum, what was packed."""
    if not _is_packed_by_us(entry):
        return False
    try:
        with packed.open(entry) as content:
            while content.read(_AT_ONCE):
                pass
    except _DAMAGED:
        return False
    return True


def _is_packed_by_us(entry: ZipInfo) -> bool:
    return entry.compress_type in (ZIP_STORED, ZIP_DEFLATED)


def _belongs(name: str) -> bool:
    known = name in (SETTINGS, HEAD) or PurePosixPath(name).parts[:1] == (ARCHIVE,)
    return known and _is_inside(name)


def _is_inside(name: str) -> bool:
    inside = not name.startswith("/") and ".." not in PurePosixPath(name).parts
    return inside and "\\" not in name and ":" not in name
