"""Compares the chain with the archive, and with what others know of it, in sentences."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipelines.keeping import digests
from pipelines.keeping.chain import NOTHING, head, lines, read_line
from pipelines.keeping.layout import chain_file
from pipelines.keeping.on_disk import on_disk
from schemas.receipts import Head, Link


@dataclass(frozen=True)
class KnownLine:
    """A line of the chain that somebody knows of: its number, its digest, and who knows it."""

    who: str
    sequence: int
    digest: str


def chain_problems(root: Path, told: Collection[str] = ()) -> list[str]:
    """A sentence for every entry that is gone, changed, out of place or not on the chain.

    Entries that are `told` of already, such as `returns/Z01/2026-03/1`, are left out. An archive
    of an earlier version, which has no chain yet, has nothing to compare.
    """
    there = list(on_disk(root))  # first: an entry kept meanwhile is on the chain by then
    kept, last = lines(root), head(root)
    if not chain_file(root).exists():
        had = last.sequence if last else 0
        return [f"The chain is gone: it had {had} lines."] if had else []
    read = [(number, line, read_line(line)) for number, line in enumerate(kept, 1)]
    found = [*_order(read), *_end(kept, last)]
    links = [link for _, _, link in read if link and link.kind != "start"]
    for link in links:
        if link.entry not in told:
            found += _entry(root, link)
    known = {link.entry for link in links}
    found += [
        f"{name(kind, entry)} is in the archive but not on the chain: an earlier version of "
        "feeling-safe, or something else, put it there."
        for kind, entry in there
        if entry not in known and entry not in told
    ]
    return found


def cut_short(root: Path) -> list[str]:
    """A sentence if the chain has fewer lines than its head names, or others: entries are gone."""
    return list(_end(lines(root), head(root))) if chain_file(root).exists() else []


def missing(root: Path, known: Iterable[KnownLine]) -> list[str]:
    """A sentence for every line that somebody knows of and that is no longer on the chain."""
    digest_of = {number: sha256(line).hexdigest() for number, line in enumerate(lines(root), 1)}
    return [
        f"{one.who} knows line {one.sequence} of the chain, which is "
        + ("gone" if one.sequence not in digest_of else "another one now")
        + ": entries that had been kept by then were removed or replaced."
        for one in known
        if digest_of.get(one.sequence) != one.digest
    ]


def name(kind: str, entry: str) -> str:
    """An entry as a sentence begins with it."""
    parts = entry.split("/")
    if kind == "return":
        return f"Return {'/'.join(parts[1:])}"
    if kind in ("register", "measures"):
        return f"Version {parts[-1]} of the {kind}"
    if kind == "forum":
        return f"Version {parts[-1]} of the forum {parts[-2]}"
    if kind == "decision":
        return f"Decision {parts[-1].removesuffix('.json')}"
    return f"The attempt at {entry}"


def _order(read: list[tuple[int, bytes, Link | None]]) -> Iterator[str]:
    """What is wrong with the lines themselves."""
    before = NOTHING
    for number, line, link in read:
        if link is None:
            yield f"Line {number} of the chain cannot be read."
        elif number == 1 and link.previous != NOTHING:
            yield "The chain was begun again after an earlier one had been lost."
        elif link.previous != before or link.sequence != number:
            yield (
                f"Line {number} of the chain, {_named(link)}, does not follow from the line before "
                "it: a line was changed, removed or moved."
            )
        before = sha256(line).hexdigest()


def _end(kept: list[bytes], last: Head | None) -> Iterator[str]:
    if last is None:
        yield "head.json, which names the last line of the chain, is missing or cannot be read."
    elif len(kept) < last.sequence:
        gone = last.sequence - len(kept)
        yield f"The chain ends at line {len(kept)}, but had {last.sequence}: {gone} are gone."
    elif last.sequence and sha256(kept[last.sequence - 1]).hexdigest() != last.digest:
        yield f"Line {last.sequence} of the chain is not the one that head.json names."


def _entry(root: Path, link: Link) -> Iterator[str]:
    digest = digests.of_entry(root, link.entry)
    if digest is None:
        yield f"{name(link.kind, link.entry)} was kept as line {link.sequence} and is gone."
    elif digest != link.digest:
        yield (
            f"{name(link.kind, link.entry)} is not the one that was kept as line {link.sequence}: "
            "it has been changed or replaced."
        )


def _named(link: Link) -> str:
    called = name(link.kind, link.entry)
    return called[0].lower() + called[1:]
