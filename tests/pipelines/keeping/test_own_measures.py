"""A programme's own measures are kept in versions, over those that ship, and never lost."""

from datetime import UTC, date, datetime

import pytest

from pipelines.keeping.chain_checks import chain_problems
from pipelines.keeping.damaged import Damaged, sentence
from pipelines.keeping.decide import Event, UnitCodes, annotate
from pipelines.keeping.decisions import Decided
from pipelines.keeping.own_measures import files_of, put_over
from pipelines.keeping.staging import VersionTaken
from pipelines.keeping.verify import archive_problems
from pipelines.measures import MeasureError, load
from tests import worlds

AT = datetime(2025, 3, 10, 12, tzinfo=UTC)
LOWER = worlds.measure_file("SS-P4", target="80")
ADDED = worlds.measure_file("SS-P4", id='"SS-P50"', name='"Trained twice"', short_name='"Twice"')


def keep(home, files, over=0, at=AT):
    return home.archive.keep_measures(files, Decided(worlds.TEAM, at, "Agreed"), over)


def target(measures):
    return next(measure.target for measure in measures if measure.id == "SS-P4")


def test_without_any_the_measures_are_those_that_ship(home):
    assert home.archive.newest_measures() == load()
    assert home.archive.measures_kept() == []


def test_a_file_takes_the_place_of_the_one_that_ships_or_stands_beside_it(home):
    before = home.archive.state()
    assert keep(home, LOWER) == 1
    assert keep(home, ADDED, over=1) == 2
    found = home.archive.newest_measures()
    assert [m.id for m in found] == [m.id for m in sorted(found, key=lambda m: (m.sort, m.id))]
    assert {m.id for m in found} == {m.id for m in load()} | {"SS-P50"}
    assert (target(load()), target(found)) == (90, 80)
    (first, second) = home.archive.measures_kept()
    assert (first.received_by, first.reason, second.version) == (worlds.TEAM, "Agreed", 2)
    assert home.archive.state() != before
    assert chain_problems(home.archive.root) == archive_problems(home.archive) == []
    assert [link.entry for link in home.archive.links() if link.kind == "measures"] == [
        "measures/1",
        "measures/2",
    ]


def test_a_file_that_is_left_out_stays_and_one_that_ships_is_not_kept(home):
    keep(home, LOWER)
    keep(home, ADDED, over=1)
    assert files_of(home.archive.root, 2) == LOWER | ADDED
    keep(home, worlds.measure_file("SS-P4"), over=2)
    assert files_of(home.archive.root, 3) == ADDED
    assert target(home.archive.newest_measures()) == 90


def test_a_file_of_another_name_takes_the_place_of_the_same_measure():
    (text,) = LOWER.values()
    assert put_over(LOWER, {"SS-P4_again.toml": text}) == {"SS-P4_again.toml": text}


def test_nobody_takes_the_version_of_another(home):
    keep(home, LOWER)
    with pytest.raises(VersionTaken):
        keep(home, ADDED)
    assert files_of(home.archive.root, 1) == LOWER


def test_an_earlier_day_has_the_version_of_that_day_whatever_the_clock_said_since(home):
    keep(home, LOWER, at=datetime(2025, 3, 10, tzinfo=UTC))
    lowest = worlds.measure_file("SS-P4", target="70")
    keep(home, lowest, over=1, at=datetime(2025, 3, 5, tzinfo=UTC))
    on = {day: home.archive.measures_of(home.archive.entries(date(2025, 3, day))) for day in (4, 9)}
    assert (target(on[4]), target(on[9])) == (90, 70)
    assert target(home.archive.measures_of(home.archive.entries())) == 70


def test_a_damaged_version_in_use_gives_no_figures_and_stops_nobody_who_sends(home):
    keep(home, LOWER)
    path = home.archive.root / "measures" / "1" / "receipt.json"
    path.write_bytes(path.read_bytes()[:50])
    entries = home.archive.entries()
    assert entries.damaged == (Damaged("measures", "1"),)
    assert "version 1 of the measures" in sentence(entries.damaged)
    for reading in (home.archive.newest_measures, lambda: home.archive.measures_of(entries)):
        with pytest.raises(MeasureError, match="Version 1 of the programme’s own measures is dama"):
            reading()
    assert worlds.send(home, "Z01", worlds.FIRST).receipt


def test_an_altered_file_is_never_used(home):
    keep(home, LOWER)
    path = home.archive.root / "measures" / "1" / "SS-P4_own.toml"
    path.write_text(path.read_text().replace("= 80", "= 70"))
    with pytest.raises(MeasureError, match="is damaged: restore it from a backup"):
        home.archive.newest_measures()


def test_a_version_that_a_newer_code_cannot_use_says_so_and_can_be_replaced(home, monkeypatch):
    text = LOWER["SS-P4_own.toml"].replace(b'["trained_n"]', b'["trained_years_ago"]')
    monkeypatch.setattr("pipelines.keeping.own_measures.put_over", lambda kept, files: dict(files))
    keep(home, {"SS-P4_own.toml": text})
    monkeypatch.undo()
    with pytest.raises(MeasureError, match=r"can’t be used by this version .*trained_years_ago"):
        home.archive.newest_measures()
    keep(home, LOWER, over=1)
    assert target(home.archive.newest_measures()) == 80


def test_an_event_may_be_about_a_measure_of_the_programme(home):
    keep(home, ADDED)
    event = Event("2025-02", "training", "Again", "SS-P50")
    decided = Decided(worlds.TEAM, AT, "So that all see it")
    assert annotate(home, UnitCodes("Z01"), event, decided).measure == "SS-P50"
