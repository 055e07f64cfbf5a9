"""Builds the release in use from the archive, whatever happens on the way."""

from datetime import date, datetime
from pathlib import Path

from filelock import FileLock

from pipelines.keeping.home import Home, ready_home
from pipelines.keeping.staging import make_folders
from pipelines.releasing import release_checks, release_file
from pipelines.releasing.cells import NOTHING
from pipelines.releasing.code_version import code_version
from pipelines.releasing.points import Charting, charted_here
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import sources_of


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
        while True:
            last = home.archive.settle()
            sources = sources_of(home, as_at)
            path = release_file.path_of(folder, sources.release_id)
            if full or not release_file.is_whole(path):
                known = NOTHING if full else release_file.known(home.releases, code_version())
                made = tables(sources, now, known, chart)
                release_checks.check(made)
                release_file.write(path, made, last)
            if as_at is None:
                release_file.make_current(path)
            else:
                release_file.keep_beside(path)
            if home.archive.state(as_at) == sources.entries.state:
                return path
