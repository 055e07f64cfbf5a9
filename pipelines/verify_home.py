"""Checks a whole home: the archive is as it was saved, and the release matches the archive."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from pipelines.checking.check import Context, check
from pipelines.keeping.archive import Archive
from pipelines.keeping.beside_archive import beside_problems
from pipelines.keeping.chain_checks import KnownLine, missing
from pipelines.keeping.home import Home
from pipelines.keeping.tokens import damaged
from pipelines.keeping.verify import archive_problems
from pipelines.publishing import unfit_heads
from pipelines.releasing import release_file
from pipelines.releasing.cells import KEYS, shown_cells
from pipelines.releasing.code_version import code_version
from pipelines.releasing.release_checks import ReleaseError
from schemas.london_time import london_day
from schemas.receipts import Receipt
from schemas.release import ReleaseCells
from schemas.typed import typed


def verify(
    home: Home, read_again: bool = False, others_know: Sequence[KnownLine] = ()
) -> list[str]:
    """A sentence for everything that is wrong; empty if all is well.

    Besides the head of the chain, each release knows how far the archive had come when it was
    built, as do receipts and backups (`others_know`): nothing since then can be gone unnoticed.
    `read_again` also parses every original again and compares it with the saved rows, which takes
    about as long as sending them all did.
    """
    found = [*archive_problems(home.archive), *gone(home, others_know), *damaged(home)]
    beside = beside_problems(home.root)
    if found:  # a release can't be compared with a damaged archive
        return [*found, *_earlier_releases(home), *beside]
    if read_again:
        found = [fault for receipt in home.archive.receipts() for fault in _reread(home, receipt)]
    return [*found, *_release(home), *_earlier_releases(home), *beside]


def gone(home: Home, others_know: Sequence[KnownLine] = ()) -> list[str]:
    """A sentence for each release, published head or other that knows of entries now gone."""
    known = [line for path in release_file.all_of(home.releases) for line in _known_to(path)]
    return [*missing(home.archive.root, [*known, *others_know]), *unfit_heads(home)]


def _known_to(release: Path) -> Iterator[KnownLine]:
    if last := release_file.chain_of(release):
        yield KnownLine(f"Release {release.stem}", last.sequence, last.digest)


def _release(home: Home) -> Iterator[str]:
    entries, path = home.archive.entries(), release_file.current(home.releases)
    if path is None:
        if entries.every:
            yield "There is no release in use: “feeling-safe build” builds one."
        return
    damaged = (
        f"The release in use, {path.name}, is damaged: its file is not the one that was written. "
        "“feeling-safe build” makes it again from the archive."
    )
    try:
        state, made_by = release_file.read(
            path, "SELECT archive_state, code_version FROM release"
        ).row(0)
        if made_by != code_version():
            yield (
                f"The release in use, {path.name}, was built by another version of feeling-safe: "
                "“feeling-safe build” makes one that this version can check."
            )
            return
        if not release_file.is_whole(path):
            yield damaged
            return
        shown = typed(release_file.read(path, "SELECT * FROM cells"), ReleaseCells)
    except ReleaseError:
        yield damaged
        return
    if state != entries.state:
        yield (
            f"The release in use, {path.name}, does not match what the archive holds now: "
            "“feeling-safe build” builds a new one."
        )
    elif not shown.sort(KEYS).equals(shown_cells(home.archive, entries.in_use)):
        yield (
            f"The cells in the release in use, {path.name}, are not those that were sent: "
            "“feeling-safe build --full” builds it again."
        )


def _earlier_releases(home: Home) -> Iterator[str]:
    """A sentence for each damaged release that is kept but not in use.

    One without a digest of its own was built by a version that kept none.
    """
    used = release_file.current(home.releases)
    for path in release_file.all_of(home.releases):
        if path != used and release_file.has_digest(path) and not release_file.is_whole(path):
            yield (
                f"Release {path.stem}, which is not in use, is damaged: its file is not the one "
                f"that was written. Delete {path.relative_to(home.root).as_posix()}; if it is "
                "needed again, it is built from the archive."
            )


def _reread(home: Home, receipt: Receipt) -> list[str]:
    """Compare with today's reading; a return that today's rules refuse is not damaged."""
    archive: Archive = home.archive
    path = archive.original(receipt)
    today = london_day(receipt.received_at)
    context = Context(home.programme, archive.register(today), today)
    again = check(path.read_bytes(), receipt.filename, context).cells
    kept = archive.cells(receipt)
    if again is None or _values(again).equals(_values(kept)):
        return []
    return [f"Return {receipt.return_id} is read differently today from when it was received."]


def _values(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select("sheet", "row", "column", "field", "text", "number", "state")
