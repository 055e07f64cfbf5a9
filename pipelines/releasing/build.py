"""Builds the release in use from the archive, whatever happens on the way."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from filelock import FileLock

from pipelines.keeping.damaged import DamagedRows
from pipelines.keeping.home import Home, ready_home
from pipelines.keeping.staging import make_folders
from pipelines.registers.register import RegisterError
from pipelines.releasing import release_checks, release_file
from pipelines.releasing.code_version import code_version, note_checked
from pipelines.releasing.last_release import NOTHING, LastRelease, UnreadableRelease
from pipelines.releasing.points import Charting, charted_here
from pipelines.releasing.release_checks import ReleaseError
from pipelines.releasing.release_tables import changes
from pipelines.releasing.sources import Sources, sources_of
from schemas.receipts import Head


def build(
    home: Home,
    now: datetime,
    as_at: date | None = None,
    full: bool = False,
    chart: Charting = charted_here,
) -> Path:
    """Build the release of everything in the archive, put it in use, and return its file.

    Only one build runs at a time; if there are newer entries when it has finished, it runs again.
    `full` reads every return again instead of reusing the last release. A release `as_at` an
    earlier day is built in a separate folder, so that it holds up nobody who sends a return, and is
    never put in use. `chart` works out the points. Raises HomeError if a setting names something
    that isn't there.
    """
    ready_home(home.root)
    folder = home.releases if as_at is None else home.releases / release_file.AS_AT
    make_folders(folder)
    with FileLock(folder / ".building"):
        release_file.clear_staged(folder)
        note_checked(home.releases)
        damaged: frozenset[str] = frozenset()
        while True:
            head = home.archive.settle()
            sources = sources_of(home, as_at, damaged)
            path = release_file.path_of(folder, sources.release_id)
            if full or not release_file.is_whole(path):
                try:
                    _make(path, sources, _basis(home, sources, full), _Making(now, chart, head))
                except DamagedRows as found:
                    damaged |= found.returns
                    continue
                except RegisterError as error:
                    raise ReleaseError(f"{error} The last release stays in use.") from error
            if as_at is None:
                release_file.make_current(path)
            else:
                release_file.keep_beside(path)
            if home.archive.settle() == head:
                return path


def _basis(home: Home, sources: Sources, full: bool) -> LastRelease:
    """The release to take over from what is unchanged."""
    if full:
        return NOTHING
    if sources.as_at is None:
        return release_file.last(home.releases, code_version())
    returns = {(receipt.return_id, receipt.sha256) for receipt in sources.entries.in_use}
    return release_file.nearest(home.releases, code_version(), returns)


@dataclass(frozen=True)
class _Making:
    """What a release is made with, apart from its sources."""

    now: datetime
    chart: Charting
    head: Head | None


def _make(path: Path, sources: Sources, last: LastRelease, how: _Making) -> None:
    """Write a release, taking over what is unchanged unless the last one can't be read.

    The head of the chain stands beside its tables, which do not depend on it.
    """
    try:
        made = changes(sources, how.now, last, how.chart)
        release_checks.check(made.rows)
        release_file.write(path, made.and_head(how.head), last)
    except UnreadableRelease:
        _make(path, sources, NOTHING, how)
    finally:
        last.close()
