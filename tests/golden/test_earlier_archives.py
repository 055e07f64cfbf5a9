"""An archive made by any earlier version opens unchanged and gives the same figures.

Each folder `archive_COMMIT` holds a small fictional programme, as `feeling-safe backup` of that
commit wrote it, and the figures of the release that the commit built from it: with a resubmission,
a withdrawal, explained queries and a reopened month. Sentences are left out.

Three decisions changed what is drawn, never what was sent: percentages of very few people are gaps
(90), rare incidents are drawn by quarter instead of over twelve months that overlap (91), and
audits of admissions are added up to quarters where months have few (90). The series that they
concern are left out here; every other figure must be what it was. What is measured
today and was not then (`ADDED`), and totals of groups, have no figures to compare.
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


# Measures that came later: from columns that were sent even then, or (SS-O3, SS-P13 to P15) not.
ADDED = ("SS-I9", "SS-O3", "SS-P13", "SS-P14", "SS-P15")
SERIES = ["level", "unit_id", "measure"]
REDRAWN = {  # how to find the series that each decision concerns, in the release of today
    "percentages of few people": "SELECT level, unit_id, measure FROM release.points "
    "WHERE state = 'few'",
    "rare incidents by quarter": "SELECT level, unit_id, measure FROM release.signals AS s "
    "JOIN release.measures AS m USING (measure) "
    "WHERE m.unit = 'per_1000_bed_days' AND s.chart = 'points' AND s.months = 3",
    "audits of admissions by quarter": "SELECT level, unit_id, measure FROM release.signals "
    "WHERE measure = 'SS-P6' AND months = 3",
}
FEW_IN_A_YEAR = "SELECT level, unit_id, measure FROM release.comparisons WHERE d BETWEEN 1 AND 4"


@pytest.mark.parametrize(
    ("folder", "table"), CASES, ids=[f"{folder.name}-{table}" for folder, table in CASES]
)
def test_its_figures_are_those_of_the_version_that_made_it(restored, folder, table):
    then = pl.read_parquet(folder / f"{table}.parquet")
    names = ", ".join(f'"{name}"' for name in then.columns)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{restored[folder][1]}' AS release (READ_ONLY)")
        now = connection.sql(f"SELECT {names} FROM release.{table} ORDER BY ALL").pl()
        redrawn = pl.concat([connection.sql(query).pl() for query in REDRAWN.values()]).unique()
        few = connection.sql(FEW_IN_A_YEAR).pl().with_columns(few=pl.lit(True))
    if "measure" in then.columns:
        assert set(ADDED).isdisjoint(then["measure"])
        now = now.filter(~pl.col("measure").is_in(ADDED).fill_null(value=False))
    if "level" in then.columns:  # groups came later: of each region, even in an old archive
        assert "group" not in then["level"]
        now = now.filter(pl.col("level") != "group")
    if table in ("points", "signals"):
        then, now = (frame.join(redrawn, on=SERIES, how="anti") for frame in (then, now))
        then, now = (frame.sort(frame.columns) for frame in (then, now))
    if table == "comparisons":
        then = then.join(few, on=SERIES, how="left", maintain_order="left")
        then = then.with_columns(value=pl.when(pl.col("few").is_null()).then("value")).drop("few")
    assert not then.is_empty()
    assert_frame_equal(now, then, check_exact=True)
