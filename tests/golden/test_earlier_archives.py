"""An archive made by any earlier version opens unchanged and gives the same figures.

Each folder `archive_COMMIT` holds a small fictional programme, as `feeling-safe backup` of that
commit wrote it, and the figures of the release that the commit built from it: with a resubmission,
a withdrawal, explained queries and a reopened month. Sentences are left out.
"""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.backup import restore
from pipelines.keeping.home import Home, open_home
from pipelines.releasing.build import build
from pipelines.verify_home import verify

FOLDERS = sorted(Path(__file__).parent.glob("archive_*"))
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
CASES = [(folder, file.stem) for folder in FOLDERS for file in sorted(folder.glob("*.parquet"))]


@pytest.fixture(scope="module")
def restored(tmp_path_factory) -> dict[Path, tuple[Home, Path]]:
    """Each archive in a home of today, with the release built from it."""
    found = {}
    for folder in FOLDERS:
        root = tmp_path_factory.mktemp(folder.name) / "home"
        restore(folder / "archive.zip", root)
        home = open_home(root)
        found[folder] = home, build(home, NOW)
    return found


def test_there_is_an_archive_with_figures_to_compare():
    assert {table for _, table in CASES} >= {"cells", "observations", "points", "queries"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_is_whole_and_its_release_says_what_was_sent(restored, folder):
    home, _ = restored[folder]
    assert verify(home, read_again=True) == []


@pytest.mark.parametrize(
    ("folder", "table"), CASES, ids=[f"{folder.name}-{table}" for folder, table in CASES]
)
def test_its_figures_are_those_of_the_version_that_made_it(restored, folder, table):
    then = pl.read_parquet(folder / f"{table}.parquet")
    names = ", ".join(f'"{name}"' for name in then.columns)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{restored[folder][1]}' AS release (READ_ONLY)")
        now = connection.sql(f"SELECT {names} FROM release.{table} ORDER BY ALL").pl()
    assert not then.is_empty()
    assert_frame_equal(now, then, check_exact=True)
