"""Opens zip files safely, refusing archives that are damaged, encrypted or unpack to too much."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from pipelines.reading.text_sheets import Unreadable

LARGEST_UNPACKED = 40 * 1024 * 1024
MOST_MEMBERS = 500
_LITTER = ("desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r")
_DAMAGED = "This file is damaged or was only partly uploaded, so it can't be opened."
_DAMAGED_FIX = "Try to open it on your computer. If it opens, save it and send it again."


@contextmanager
def open_zip(content: bytes) -> Iterator[ZipFile]:
    """Open an archive that unpacks to a reasonable size; raises Unreadable otherwise."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            _refuse_bombs(archive)
            yield archive
    except Unreadable:
        raise
    # Damaged archives raise many kinds of error, which all mean the same to the sender.
    except (
        BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        KeyError,
        IndexError,
        NotImplementedError,
        RuntimeError,
        MemoryError,
    ) as error:
        raise Unreadable(_DAMAGED, _DAMAGED_FIX) from error


def plain_path(name: str) -> str:
    """A member's path with forward slashes: some programs for Windows write backslashes."""
    return name.replace("\\", "/").removeprefix("./").lstrip("/")


def is_litter(name: str) -> bool:
    """Whether a member is what an operating system or an office program leaves in every folder."""
    *folders, last = plain_path(name).lower().split("/")
    return "__macosx" in folders or last.startswith((".", "~$")) or last in _LITTER


def read_member(archive: ZipFile, name: str) -> bytes:
    """One file of an archive, up to the size allowed for the whole, whatever its header claims."""
    with archive.open(name) as member:
        content = member.read(LARGEST_UNPACKED + 1)
    if len(content) > LARGEST_UNPACKED:
        raise too_large()
    return content


def too_large() -> Unreadable:
    """The error for a file that unpacks to more than any return needs."""
    return Unreadable(
        "This file unpacks to far more than any return needs, so it was not opened.",
        "Copy your figures into a newly downloaded workbook and send that.",
    )


def _refuse_bombs(archive: ZipFile) -> None:
    members = archive.infolist()
    if any(member.flag_bits & 0x1 for member in members):
        raise Unreadable(
            "This file is protected by a password, so it can't be opened.",
            "Save it without a password and send it again.",
        )
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > LARGEST_UNPACKED:
        raise too_large()
