"""The chain: a line for each entry of the archive, naming the digest of the line before it.

An entry is put on record in three steps, each of which waits until it is on disk: its line is
added to the chain, it is moved into place, and the head is replaced, which names the last line that
counts. Only then does anyone get a receipt. What a crash cuts short is settled by the next one to
keep something: a line past the head counts if its entry is there, and is removed if it isn't.
Each step costs the same, however large the archive is.
"""

import json
import mmap
import os
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import get_args

from filelock import FileLock
from pydantic import ValidationError

from pipelines.keeping import digests
from pipelines.keeping.layout import RECEIPT, chain_file, head_file
from pipelines.keeping.on_disk import in_order
from pipelines.keeping.staging import NotKept, is_cut_short, keep_file, keep_version, write_at
from schemas.receipts import Head, Link, LinkKind, Receipt, VersionReceipt

NOTHING = "0" * 64  # what the first line names as the digest of the line before it
_ENTRY = re.compile(rb'"entry":("(?:[^"\\]|\\.)*")')
_BEFORE = Head(sequence=0, digest=NOTHING, size=0)


@contextmanager
def joining(root: Path, kind: LinkKind, place: Path, files: Mapping[str, bytes]) -> Iterator[None]:
    """Put on record what is moved to a place meanwhile; FileExistsError if something is there."""
    with turn(root):
        if place.exists():
            raise FileExistsError(f"{place} is kept already.")
        entry = place.relative_to(root).as_posix()
        with linked(root, kind, entry, digests.of_content(files)):
            yield


def keep_next(
    root: Path,
    kind: LinkKind,
    place: Path,
    files: Mapping[str, bytes],
    receipt: Receipt | VersionReceipt,
    only_this: bool = True,
) -> int:
    """Keep files with their receipt as a version under a place, put on record; returns its number.

    That is the receipt's version, and VersionTaken is raised if there is one already; without
    `only_this`, it is the next that is free.
    """

    def content(version: int) -> Mapping[str, bytes]:
        numbered = receipt.model_copy(update={"version": version})
        return {**files, RECEIPT: (numbered.model_dump_json(indent=2) + "\n").encode()}

    only_as = receipt.version if only_this else None
    return keep_version(place, content, only_as, partial(joining, root, kind))


@contextmanager
def linked(root: Path, kind: LinkKind, entry: str, digest: str) -> Iterator[None]:
    """Put on record an entry that is kept meanwhile; needs the turn."""
    before = settled(root)
    link = _next(before, kind, entry, digest)
    try:
        size = _add(root, before, link.line)
        yield
        _keep_head(root, Head(sequence=link.sequence, digest=link.sha256, size=size))
    except BaseException:
        settled(root)
        raise


@contextmanager
def turn(root: Path) -> Iterator[None]:
    """Wait for a turn to add to the chain, among all processes that use the archive."""
    folder = root.parent / "turns"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "chain.lock"):
        yield


def settled(root: Path) -> Head:
    """The last line that counts, after settling what was cut short; needs the turn.

    An archive of an earlier version gets its chain here.
    """
    found, path = head(root), chain_file(root)
    if not path.exists():
        return _begin(root, found or _BEFORE)
    size = path.stat().st_size
    if found and found.size >= size:
        return found
    before = found or _BEFORE
    past = _past(root, before)
    end = before.size + sum(len(line) + 1 for line in past)
    if end != size:
        write_at(path, end, b"")
    last = read_line(past[-1]) if past else None
    counted = _head_of(last, end) if last else before
    _keep_head(root, counted)
    return counted


def follow(root: Path, first: Link) -> None:
    """Begin a chain that has the lines of another one, from its first; needs the turn."""
    _keep_head(root, Head(sequence=0, digest=first.previous, size=0))
    keep_file(chain_file(root), b"")


def adopt(root: Path) -> int:
    """Put on the chain what came to the archive without it, and return how many entries that is.

    An earlier version of feeling-safe keeps entries like that; nothing else may.
    """
    with turn(root):
        settled(root)
        known = {link.entry for link in links(root)}
        found = [(kind, entry) for kind, entry, _ in in_order(root) if entry not in known]
        for kind, entry in found:
            with linked(root, kind, entry, digests.of_entry(root, entry) or NOTHING):
                pass
    return len(found)


def head(root: Path) -> Head | None:
    """The last line that counts, as the head says; None if there is none or it can't be read."""
    try:
        return Head.model_validate_json(head_file(root).read_bytes())
    except (OSError, ValidationError):
        return None


def links(root: Path) -> list[Link]:
    """Every entry's line, oldest first, without lines that can't be read."""
    return [link for link in map(read_line, lines(root)) if link]


def lines(root: Path) -> list[bytes]:
    """The lines that count, as they are."""
    before = head(root) or _BEFORE
    return _content(root)[: before.size].splitlines() + _past(root, before)


def counts(root: Path) -> dict[str, int]:
    """How many entries of each kind are on the chain, without reading each line."""
    last = head(root) or _BEFORE
    content = _content(root)[: last.size]
    kinds = [kind for kind in get_args(LinkKind) if kind != "start"]
    # A quotation mark within a value has a backslash before it, so nothing else looks like this.
    return {kind: content.count(f'"kind":"{kind}"'.encode()) for kind in kinds}


def gone(root: Path, there: Collection[str] = ()) -> list[Path]:
    """The place of each return, decision and version that is on the chain and no longer there.

    Lines past the head don't count: what they name may be on its way. The places that have just
    been seen `there` aren't looked at.
    """
    last = head(root) or _BEFORE
    named = _named(_content(root)[: last.size]).difference(there)
    return sorted(root / entry for entry in named if not os.path.lexists(f"{root}/{entry}"))


@lru_cache(maxsize=2)
def _named(content: bytes) -> frozenset[str]:
    """The place of every entry in some lines."""
    named = json.loads(b"[%s]" % b",".join(_ENTRY.findall(content)))  # at once is faster
    return frozenset(entry for entry in named if "/" in entry and "#" not in entry)


def is_gone(root: Path, entry: str) -> bool:
    """Whether one entry is on the chain, by a line that counts, and no longer there."""
    link, last = link_of(root, entry), head(root)
    on_record = link is not None and last is not None and link.sequence <= last.sequence
    return on_record and not os.path.lexists(root / entry)


def link_of(root: Path, entry: str) -> Link | None:
    """The line of one entry; the newest are found first."""
    wanted = f'"entry":{json.dumps(entry, ensure_ascii=False)}'.encode()
    try:
        with (
            chain_file(root).open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
        ):
            place = content.rfind(wanted)
            if place < 0:
                return None
            first = content.rfind(b"\n", 0, place) + 1
            return read_line(content[first:].partition(b"\n")[0])
    except (OSError, ValueError):  # there is no chain, or an empty file
        return None


def read_line(line: bytes) -> Link | None:
    """A line of the chain; None if it can't be read."""
    try:
        return Link.model_validate_json(line)
    except ValidationError:
        return None


def _next(before: Head, kind: LinkKind, entry: str, digest: str) -> Link:
    return Link(
        sequence=before.sequence + 1,
        kind=kind,
        entry=entry,
        digest=digest,
        previous=before.digest,
    )


def _head_of(link: Link, size: int) -> Head:
    return Head(sequence=link.sequence, digest=link.sha256, size=size)


def _past(root: Path, before: Head) -> list[bytes]:
    """The whole lines past the head; the last of all only if its entry is there."""
    whole = _content(root, before.size).split(b"\n")[:-1]
    last = read_line(whole[-1]) if whole else None
    counts = last and (last.kind == "start" or digests.of_entry(root, last.entry) == last.digest)
    return whole if counts else whole[:-1]


def _add(root: Path, before: Head, line: bytes) -> int:
    """Write a line at the end of the chain, and return where it ends."""
    content, path = line + b"\n", chain_file(root)
    end = path.stat().st_size
    if is_cut_short(path):  # it lost its end: a crash alone leaves whole lines up to the head
        content = b"\n" + content
    write_at(path, end, content)
    return end + len(content)


def _begin(root: Path, lost: Head) -> Head:
    """Make the chain of everything that is there; its first line names a chain that was lost."""
    counted, content = Head(sequence=0, digest=lost.digest, size=0), b""
    there = in_order(root)
    newest = there[-1].moment.isoformat() if there else ""
    found = [(kind, entry, digests.of_entry(root, entry) or NOTHING) for kind, entry, _ in there]
    for kind, entry, digest in [*found, ("start", newest, NOTHING)]:
        link = _next(counted, kind, entry, digest)
        content += link.line + b"\n"
        counted = _head_of(link, len(content))
    keep_file(chain_file(root), content)
    _keep_head(root, counted)
    return counted


class HeadNotKept(NotKept):
    """The disk took the entry, perhaps, but not the note of which line is the last."""

    state = "What was being saved may be in the archive all the same."
    then = "look whether it is there before you save it again"


def _keep_head(root: Path, counted: Head) -> None:
    try:
        keep_file(head_file(root), (counted.model_dump_json() + "\n").encode())
    except NotKept as error:
        raise HeadNotKept(error.errno, error.strerror, error.filename) from error


def _content(root: Path, offset: int = 0) -> bytes:
    try:
        with chain_file(root).open("rb") as file:
            file.seek(offset)
            return file.read()
    except FileNotFoundError:
        return b""
