"""Backs up a programme's settings and archive into one file, and restores them, verified.

Releases are left out, because they can be rebuilt from the archive.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from secrets import token_hex
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from pydantic import ValidationError

from pipelines.keeping import chain
from pipelines.keeping.chain_checks import KnownLine
from pipelines.keeping.home import SETTINGS, open_home
from pipelines.keeping.layout import ARCHIVE, HEAD
from pipelines.keeping.staging import STAGED, flush_file, put_in_place
from pipelines.keeping.verify import archive_problems
from schemas.receipts import Head

MOST_BYTES = 50 * 2**30  # unpacked; far more than 20 years of every ward's returns


class BackupError(ValueError):
    """A backup that can't be made or used; the message is a sentence."""


def backup(root: Path, file: Path) -> int:
    """Write a home into a new ZIP file, read it back, and return the number of files in it.

    Raises BackupError rather than replacing an existing file.
    """
    open_home(root)
    if file.exists():
        raise BackupError(f"{file} already exists: choose another name for the backup.")
    written = file.with_name(f"{STAGED}{file.name}-{token_hex(8)}")
    try:
        count = _write(root, written)
        with ZipFile(written) as packed:
            if (damaged := packed.testzip()) is not None:
                raise BackupError(f"{damaged} could not be read back: is the disk full or failing?")
        flush_file(written)
        put_in_place(written, file)
    finally:
        written.unlink(missing_ok=True)
    return count


def restore(file: Path, root: Path) -> int:
    """Unpack a backup into a new home, verify it, and return the number of returns in it.

    Raises BackupError, and leaves nothing behind, if anything in it is not as it was saved.
    """
    if root.exists() and any(root.iterdir()):
        raise BackupError(f"{root} is not empty: restore into a new folder.")
    fresh = root.with_name(f"{STAGED}{root.name}-{token_hex(8)}")
    try:
        _unpack(file, fresh)
        home = open_home(fresh)
        if found := archive_problems(home.archive):
            raise BackupError(f"{file.name} is damaged, so nothing was restored: {found[0]}")
        home.archive.settle()
        returns = len(home.archive.receipts())
        if root.exists():
            root.rmdir()
        fresh.rename(root)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return returns


def known_line(file: Path) -> KnownLine:
    """The last line of the chain in a backup; raises BackupError if it has none."""
    try:
        with ZipFile(file) as packed:
            head = Head.model_validate_json(packed.read(HEAD))
    except (BadZipFile, KeyError, ValidationError):
        raise BackupError(
            f"{file.name} is no backup with a chain: it was cut off, or made by an earlier version."
        ) from None
    return KnownLine(f"Backup {file.name}", head.sequence, head.digest)


def _write(root: Path, file: Path) -> int:
    growing, names = _growing(root)
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        for name, content in growing.items():
            packed.writestr(name, content)
        for name in names:
            packed.write(root / name, name)
    return len(growing) + len(names)


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


def _unpack(file: Path, folder: Path) -> None:
    """Unpack a backup, refusing any file name that could lead outside its folder."""
    try:
        with ZipFile(file) as packed:
            entries = packed.infolist()
            if sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise BackupError(f"{file.name} is too large to be a backup of a programme.")
            if strange := [e.filename for e in entries if not _belongs(e.filename)]:
                raise BackupError(
                    f"{file.name} is not a backup of a programme: it contains {strange[0]}."
                )
            packed.extractall(folder)
    except (BadZipFile, EOFError) as error:
        raise BackupError(
            f"{file.name} is not a complete ZIP file: was the copy interrupted?"
        ) from error


def _belongs(name: str) -> bool:
    parts = PurePosixPath(name).parts
    inside = not name.startswith("/") and ".." not in parts and "\\" not in name
    known = name in (SETTINGS, HEAD) or parts[:1] == (ARCHIVE,)
    return inside and ":" not in name and known
