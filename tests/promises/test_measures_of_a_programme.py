"""Measures that a programme changes or adds are part of it, wherever it is built again."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from dashboard import store
from pipelines.backup import backup, restore
from pipelines.edited_measures import keep_edited
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.keeping.verify import archive_problems
from pipelines.measures import load
from pipelines.mirror import mirror
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from pipelines.releasing.release_tables import tables
from pipelines.releasing.sources import sources_of
from schemas.release import TABLES
from tests import worlds
from tests.released import tables_of

NOW = datetime(2025, 4, 20, 12, tzinfo=UTC)
OWN = {
    **worlds.measure_file("SS-I1", numerator='["inc_assault"]'),
    **worlds.measure_file("SS-P4", target="80"),
    **worlds.measure_file("SS-P4", id='"SS-P50"', name='"Twice"', short_name='"Twice"'),
}


@pytest.fixture(scope="module")
def changed(tmp_path_factory) -> Home:
    """A programme with measures of its own; only read it."""
    root = tmp_path_factory.mktemp("own") / "home"
    home = worlds.small_world(root, worlds.FIRST, worlds.FIRST + 2)
    keep_edited(home, OWN, Decided(worlds.TEAM, NOW, "Agreed by the collaborative"))
    build(home, NOW)
    return home


def figures(home: Home) -> dict[str, pl.DataFrame]:
    """Every table of the release in use."""
    path = release_file.current(home.releases)
    found = tables_of(path, [*TABLES, "definitions"])
    return {name: rows.sort(pl.all()) for name, rows in found.items()}


def assert_same(home: Home, other: Home) -> None:
    build(other, NOW)
    found = figures(other)
    for name, rows in figures(home).items():
        assert_frame_equal(found[name], rows, check_exact=True)


def test_its_figures_are_worked_out_with_them(changed):
    seen = figures(changed)["observations"].filter(level="programme", measure="SS-I1")
    cells = figures(changed)["cells"].filter(sheet="monthly", field="inc_assault")
    assert seen["numerator"].sum() == cells["number"].sum() > 0
    assert "SS-P50" in figures(changed)["observations"]["measure"]


def test_a_backup_restored_elsewhere_gives_the_same_figures(changed, tmp_path):
    backup(changed.root, tmp_path / "backup.zip")
    restored = restore(tmp_path / "backup.zip", tmp_path / "elsewhere")
    assert restored.problems == ()
    assert_same(changed, Home(tmp_path / "elsewhere"))


def test_a_copy_gives_the_same_figures(changed, tmp_path):
    assert mirror(changed, tmp_path / "copy").left_out == ()
    assert archive_problems(Home(tmp_path / "copy").archive) == []
    assert_same(changed, Home(tmp_path / "copy"))


def test_a_programme_that_changed_none_is_as_it_was_before(tmp_path):
    home = worlds.small_world(tmp_path / "home", worlds.FIRST, worlds.FIRST)
    sources = sources_of(home)
    assert sources.measures == load()
    assert not (home.archive.root / "measures").exists()


def test_what_a_screen_shows_was_worked_out_with_the_measures_that_it_names(changed, tmp_path):
    home = Home(Path(shutil.copytree(changed.root, tmp_path / "home")))
    release = store.current(home.releases)
    again = worlds.measure_file("SS-P4", target="70")
    home.archive.keep_measures(again, Decided(worlds.TEAM, NOW, "Lower"), 1)
    assert {m.id: m.target for m in store.measures(release)}["SS-P4"] == 80
    newer = build(home, NOW)
    assert {m.id: m.target for m in store.measures(newer)}["SS-P4"] == 70
    assert [m.id for m in store.measures(newer)] == [m.id for m in home.archive.newest_measures()]


def test_an_earlier_day_is_worked_out_with_the_measures_of_that_day(changed):
    before = tables(sources_of(changed, date(2025, 4, 19)), NOW)
    assert before["measures"].filter(measure="SS-P4")["target"].item() == 90
    assert "SS-P50" not in before["observations"]["measure"]
    assert sources_of(changed, date(2025, 4, 19)).measures == load()
    today = sources_of(changed, date(2025, 4, 20))
    assert today.measures == changed.archive.newest_measures()
