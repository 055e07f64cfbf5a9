"""Copies every entry to a second place, in the order of the chain and by the same atomic steps.

The copy is a home itself: it can be opened, verified, and copied back by the same function.
Whatever interrupts it, the next run goes on where its chain ends. It never removes anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.keeping import chain, digests
from pipelines.keeping.chain_checks import name
from pipelines.keeping.home import SETTINGS, Home
from pipelines.keeping.layout import ARCHIVE, HEAD, chain_file, published_in
from pipelines.keeping.staging import (
    STAGED,
    begin_log,
    keep_file,
    keep_folder,
    make_folders,
    write_at,
)
from schemas.receipts import Link


class MirrorError(ValueError):
    """A copy that can't be continued; the message is a sentence."""


@dataclass(frozen=True)
class Mirrored:
    """How many entries were copied, and a sentence for each that is damaged here."""

    copied: int
    left_out: tuple[str, ...] = ()


def mirror(home: Home, folder: Path) -> Mirrored:
    """Copy what a folder doesn't hold yet; raises MirrorError if it holds something else.

    An entry that is not as it was kept is left out and named; the others are copied.
    """
    root, copy = home.archive.root, folder / ARCHIVE
    home.archive.settle()
    if folder.resolve() == home.root.resolve():
        raise MirrorError(f"{folder} is the programme’s own folder: choose another for the copy.")
    if not chain_file(copy).exists() and _holds_something(folder):
        raise MirrorError(f"{folder} holds something else: choose an empty folder for the copy.")
    make_folders(copy)
    with chain.turn(copy):
        new = _new(chain.links(root), copy, folder)
        left_out = [sentence for link in new for sentence in _copy(root, copy, link)]
    _copy_beside(home, folder)
    entries = sum(link.kind != "start" for link in new)
    return Mirrored(entries - len(left_out), tuple(left_out))


def complete(home: Home, folder: Path) -> int:
    """Copy again what a copy has lost or left out since, and return how many entries that is."""
    root, copy = home.archive.root, folder / ARCHIVE
    found = 0
    with chain.turn(copy):
        for link in chain.links(copy):
            if link.kind in ("start", "attempt") or (copy / link.entry).exists():
                continue
            if digests.of_entry(root, link.entry) == link.digest:
                _put(root / link.entry, copy / link.entry)
                found += 1
    return found


def behind(root: Path, folder: Path) -> int | None:
    """How many lines a copy of a home lacks; None if it can't be reached or isn't one yet."""
    here, there = chain.head(root / ARCHIVE), chain.head(folder / ARCHIVE)
    return None if there is None else max((here.sequence if here else 0) - there.sequence, 0)


def differences(home: Home, other: Home) -> list[str]:
    """A sentence for everything in which another home does not hold what this one does."""
    links, others = (one.archive.links() for one in (home, other))
    found = [] if links == others else [f"Its chain has {len(others)} lines, ours {len(links)}."]
    root = other.archive.root
    found += [
        f"{name(link.kind, link.entry)} is missing in it or not the same."
        for link in links
        if link.kind != "start" and digests.of_entry(root, link.entry) != link.digest
    ]
    return found


def _holds_something(folder: Path) -> bool:
    """Whether a folder holds more than a copy that was cut short before it had a chain."""
    begun = (*_inside(folder), *_inside(folder / ARCHIVE))
    return any(path.name not in (ARCHIVE, HEAD, "turns") for path in begun)


def _inside(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if not path.name.startswith(STAGED))


def _new(links: list[Link], copy: Path, folder: Path) -> list[Link]:
    """The lines that the copy lacks; needs its turn."""
    if not chain_file(copy).exists():
        chain.follow(copy, links[0])
    last = chain.settled(copy)
    known = [links[0].previous, *(link.sha256 for link in links)]
    if last.sequence >= len(known) or known[last.sequence] != last.digest:
        raise MirrorError(
            f"The copy in {folder} holds entries that are not in this archive: keep it, find out "
            "with “feeling-safe verify” what is gone here, and choose another folder."
        )
    return links[last.sequence :]


def _copy(root: Path, copy: Path, link: Link) -> Iterator[str]:
    """Copy one entry with its line; a sentence if it is damaged, and then only its line."""
    whole = link.kind == "start" or digests.of_entry(root, link.entry) == link.digest
    if not whole:
        yield f"{name(link.kind, link.entry)} is damaged or gone, so it was not copied."
    with chain.linked(copy, link.kind, link.entry, link.digest):
        if link.kind == "attempt":
            _copy_line(root, copy, link.entry)
        elif whole and link.kind != "start":
            _put(root / link.entry, copy / link.entry)


def _put(source: Path, place: Path) -> None:
    if source.is_file():
        keep_file(place, source.read_bytes())
    else:
        files = {path.name: path.read_bytes() for path in digests.files_of(source)}
        try:
            keep_folder(place, files)
        except FileExistsError as error:
            raise MirrorError(f"{place} is not what belongs there: move it away.") from error


def _copy_line(root: Path, copy: Path, entry: str) -> None:
    """Copy a log up to the end of a line, to the byte, with whatever was cut short before it.

    Lines of an earlier version may be on the chain in another order than in their log.
    """
    file, _, first = entry.partition("#")
    log = copy / file
    begin_log(log)
    there = log.stat().st_size
    start = min(there, int(first))
    with (root / file).open("rb") as source:
        source.seek(int(first))
        end = int(first) + len(source.readline())
        source.seek(start)
        write_at(log, start, source.read(max(end, there) - start))


def _copy_beside(home: Home, folder: Path) -> None:
    """Copy the settings and the published heads where they changed."""
    for path in (home.root / SETTINGS, *published_in(home.archive.root).glob("*.json")):
        place, content = folder / path.relative_to(home.root), path.read_bytes()
        if not place.exists() or place.read_bytes() != content:
            keep_file(place, content)
