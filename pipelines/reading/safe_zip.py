"""Opens zip files safely, refusing archives that are damaged, encrypted or unpack to too much.

Only the two usual ways of compressing are accepted: others can ask for gigabytes of memory before
they give anything.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from pipelines.reading.produced import MOST, Produced, too_much
from pipelines.reading.text_sheets import Unreadable

MOST_MEMBERS = 500
_CHUNK = 64 * 1024
_ENTRY = b"PK\x01\x02"  # begins each entry of the directory
_LITTER = ("desktop.ini", "thumbs.db", "ehthumbs.db", "icon\r")
_DAMAGED = "This file is damaged or was only partly uploaded, so it can't be opened."
_DAMAGED_FIX = "Try to open it on your computer. If it opens, save it and send it again."


class Archive:
    """The files in an archive. What they unpack to is counted, however often each is read."""

    def __init__(self, file: ZipFile, produced: Produced) -> None:
        self._file, self._produced = file, produced
        self.names = file.namelist()

    def read(self, name: str) -> bytes:
        """One file, whatever its size is said to be; raises Unreadable if it is too much."""
        content = bytearray()
        with self._file.open(name) as member:
            while chunk := member.read(_CHUNK):
                self._produced.add("bytes", len(chunk))
                content += chunk
        return bytes(content)

    def first(self, name: str, number: int) -> bytes:
        """The first bytes of one file."""
        with self._file.open(name) as member:
            return member.read(number)


@contextmanager
def open_zip(content: bytes, produced: Produced | None = None) -> Iterator[Archive]:
    """Open an archive that unpacks to a reasonable size; raises Unreadable otherwise."""
    if content.count(_ENTRY) > MOST_MEMBERS:  # before a record of each is made
        raise too_much("bytes")
    try:
        with ZipFile(BytesIO(content)) as archive:
            _refuse_unusual(archive)
            yield Archive(archive, produced or Produced())
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
        MemoryError,  # of a damaged length; a process with a limit tells it from the others
    ) as error:
        raise Unreadable(_DAMAGED, _DAMAGED_FIX) from error


def plain_path(name: str) -> str:
    """A member's path with forward slashes: some programs for Windows write backslashes."""
    return name.replace("\\", "/").removeprefix("./").lstrip("/")


def is_litter(name: str) -> bool:
    """Whether a member is what an operating system or an office program leaves in every folder."""
    *folders, last = plain_path(name).lower().split("/")
    return "__macosx" in folders or last.startswith((".", "~$")) or last in _LITTER


def _refuse_unusual(archive: ZipFile) -> None:
    members = archive.infolist()
    if any(member.flag_bits & 0x1 for member in members):
        raise Unreadable(
            "This file is protected by a password, so it can't be opened.",
            "Save it without a password and send it again.",
        )
    if any(member.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for member in members):
        raise Unreadable(_DAMAGED, _DAMAGED_FIX)
    if sum(member.file_size for member in members) > MOST["bytes"]:
        raise too_much("bytes")
