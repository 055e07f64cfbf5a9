import os
import threading
from datetime import date

import duckdb
import polars as pl
import pytest

from pipelines import measures
from pipelines.keeping.archive import Archive
from pipelines.releasing import build as build_module
from pipelines.releasing import release_file, release_tables
from pipelines.releasing.build import build
from pipelines.releasing.cells import ActiveCells, cells_of
from pipelines.releasing.changes import Changes
from pipelines.releasing.code_version import code_version
from pipelines.releasing.last_release import NOTHING
from pipelines.releasing.release_checks import ReleaseError
from pipelines.releasing.sources import sources_of
from schemas.ambitions import Ambition
from schemas.typed import in_words
from tests import worlds
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow

NEXT = worlds.LAST + 1
NOW = worlds.received(NEXT)


def rows(path, table):
    return release_file.read(path, f'SELECT * FROM "{table}"')  # noqa: S608 - names of the contract


def test_building_twice_gives_the_same_release_and_writes_it_once(own_home):
    first = build(own_home, NOW)
    written = first.stat().st_ino
    assert build(own_home, NOW) == first
    assert first.stat().st_ino == written
    assert release_file.current(own_home.releases) == first
    assert first.stem == rows(first, "release")["release_id"].item()


def test_the_file_holds_what_the_tables_are(own_home):
    path = build(own_home, NOW, full=True)
    made = release_tables.tables(sources_of(own_home), NOW)
    for name, frame in made.items():
        assert rows(path, name).equals(frame), name


def test_building_everything_again_gives_what_the_last_release_helped_to_make(own_home):
    worlds.send(own_home, "Z01", NEXT)
    quick = build(own_home, NOW)
    helped = {name: rows(quick, name) for name in release_tables.TABLES}
    again = build(own_home, NOW, full=True)
    assert again == quick
    for name, frame in helped.items():
        assert rows(again, name).sort(pl.all()).equals(frame.sort(pl.all())), name


def test_a_return_sent_again_draws_only_the_charts_whose_figures_are_others(own_home):
    ward = next(iter(worlds.WARDS["Z01"]))
    worlds.send(own_home, "Z01", NEXT, release=True)
    others = [worlds.monthly_row(w, NEXT) for w in worlds.WARDS["Z01"] if w != ward]
    corrected = worlds.monthly_row(ward, NEXT, occupied_bed_days=500)
    worlds.send(own_home, "Z01", NEXT, monthly=[corrected, *others])
    last = release_file.last(own_home.releases, code_version())

    made = release_tables.changes(sources_of(own_home), NOW, last)
    last.close()

    told, drawn = (made.gone[name].filter(level="ward") for name in ("observations", "points"))
    of_wards = {f"Z01-{each}" for each in worlds.WARDS["Z01"]}
    assert set(told["unit_id"]) == of_wards  # each row names the return that it is from
    assert set(drawn["unit_id"]) == {f"Z01-{ward}"}
    assert 0 < drawn.height < told.filter(unit_id=f"Z01-{ward}").height
    assert set(made.rows["points"].filter(level="ward")["unit_id"]) == {f"Z01-{ward}"}


def test_building_everything_again_gives_the_same_ambitions(own_home, monkeypatch):
    aim = {"change": 10, "by": "2026-12", "baseline": {"months": 6}, "source": "Made up."}
    shared = {"name": "a made-up ambition", "levels": ["programme", "trust", "ward"]}
    own = {"name": "its own", "levels": ["trust"], "trust": "Z01"}
    aims = tuple(Ambition.model_validate(aim | each) for each in (shared, own))
    aimed = [
        measure.model_copy(update={"ambitions": aims}) if measure.id == "SS-P3" else measure
        for measure in measures.load()
    ]
    monkeypatch.setattr(measures, "load", lambda: aimed)
    for trust in ("Z01", "Z02"):
        worlds.send(own_home, trust, NEXT)
        quick = build(own_home, NOW)
    helped = rows(quick, "ambitions")
    assert helped.select("level", "unit_id", "own").sort(pl.all()).rows() == [
        ("programme", "programme", False),
        *[("trust", "Z01", own) for own in (False, True)],
        ("trust", "Z02", False),
        *[("ward", ward, False) for ward in sorted(helped.filter(level="ward")["unit_id"])],
    ]
    assert helped["now_last"].unique().to_list() == [NEXT.first_day]
    again = rows(build(own_home, NOW, full=True), "ambitions")
    assert again.sort(pl.all()).equals(helped.sort(pl.all()))
    judged = rows(quick, "signals").filter(measure="SS-P3", level="trust")
    assert judged["target"].is_not_null().all()


def test_only_new_returns_are_read_again(own_home, monkeypatch):
    build(own_home, NOW)
    read = []
    cells_of = Archive.cells_of

    def counting(archive, receipts):
        read.append([receipt.return_id for receipt in receipts])
        return cells_of(archive, receipts)

    monkeypatch.setattr(Archive, "cells_of", counting)
    worlds.send(own_home, "Z02", NEXT, release=True)
    assert read[-1] == ["Z02/2026-03/1"]  # after the check has read what the trust had sent before


def test_only_the_trust_that_sent_is_counted_again(own_home, monkeypatch):
    build(own_home, NOW)
    worlds.send(own_home, "Z01", NEXT)
    build(own_home, NOW)  # with a month more, everything is
    worlds.send(own_home, "Z02", NEXT)
    made = []
    changes = build_module.changes

    def spied(*arguments):
        made.append(changes(*arguments))
        return made[-1]

    monkeypatch.setattr(build_module, "changes", spied)
    path = build(own_home, NOW)
    drawn = made[0].rows["points"]
    assert set(drawn["trust_code"]) == {"Z02", None}
    assert set(rows(path, "points")["trust_code"]) == {"Z01", "Z02", None}


def test_a_release_made_by_other_code_is_not_taken_from(own_home, monkeypatch):
    build(own_home, NOW)
    monkeypatch.setattr("pipelines.releasing.build.code_version", lambda: "changed")
    assert release_file.last(own_home.releases, "changed").path is None


def test_another_return_kept_under_a_known_name_is_read_again(own_home):
    build(own_home, NOW)
    last = release_file.last(own_home.releases, code_version())
    first, *others = own_home.archive.entries().active
    changed = first.model_copy(update={"sha256": "another file"})
    cells = ActiveCells(own_home.archive, [changed, *others], last)
    assert cells.gone["return_id"].to_list() == [first.return_id]
    assert in_words(cells.new).equals(cells_of(own_home.archive, [first]))
    last.close()


def test_no_text_that_recurs_is_held_once_for_each_cell(own_home):
    cells = ActiveCells(own_home.archive, own_home.archive.entries().active, NOTHING).new
    texts = {name for name, kind in cells.schema.items() if kind == pl.String}
    assert texts == {"entered", "text"}
    assert in_words(cells).equals(cells_of(own_home.archive, own_home.archive.entries().active))


def cut_short(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 9 // 10])


def change_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def lose_its_digest(path):
    path.with_suffix(release_file.DIGEST).unlink()


@pytest.mark.parametrize(
    "damage",
    [cut_short, change_a_byte, lose_its_digest, lambda path: path.write_bytes(b"no database")],
)
def test_a_damaged_release_is_made_again(own_home, damage):
    path = build(own_home, NOW)
    assert release_file.is_whole(path)
    damage(path)
    assert not release_file.is_whole(path)
    assert build(own_home, NOW) == path
    assert release_file.is_whole(path)
    assert rows(path, "observations").height


def test_nothing_is_taken_from_a_damaged_release(own_home):
    change_a_byte(build(own_home, NOW))
    assert release_file.last(own_home.releases, code_version()).path is None


def test_a_release_as_at_an_earlier_day_is_not_put_in_use(own_home):
    now = build(own_home, NOW)
    earlier = build(own_home, NOW, as_at=date(2025, 7, 1))
    assert release_file.current(own_home.releases) == now
    assert rows(earlier, "release").select("as_at", "data_to").row(0) == (
        date(2025, 7, 1),
        date(2025, 5, 1),
    )


def test_a_return_that_comes_while_a_release_is_made_is_in_the_one_in_use(own_home, monkeypatch):
    write, late = release_file.write, []

    def slowly(path, changes, last):
        if not late:
            late.append(worlds.send(own_home, "Z02", NEXT).receipt.return_id)
        write(path, changes, last)

    monkeypatch.setattr(release_file, "write", slowly)
    worlds.send(own_home, "Z01", NEXT)
    path = build(own_home, NOW)
    assert late == ["Z02/2026-03/1"]
    assert late[0] in rows(path, "returns")["return_id"]
    assert release_file.current(own_home.releases) == path


def test_a_release_that_breaks_its_rules_never_comes_into_use(own_home, monkeypatch):
    before = build(own_home, NOW)
    worlds.send(own_home, "Z01", NEXT)
    points = release_tables.points_and_signals

    def wrong(*arguments):
        charted, signals = points(*arguments)
        return charted.with_columns(level=pl.lit("bed")), signals

    monkeypatch.setattr(release_tables, "points_and_signals", wrong)
    with pytest.raises(ReleaseError, match=r"points\.level"):
        build(own_home, NOW)
    assert release_file.current(own_home.releases) == before
    assert sorted(p.suffix for p in own_home.releases.iterdir()).count(".duckdb") == 1


def _put_in_use(folder, name):
    path = release_file.path_of(folder, name)
    if not path.exists():
        release_file.write(path, Changes({"release": pl.DataFrame({"release_id": [name]})}, {}))
    release_file.make_current(path)


def test_the_last_ten_releases_put_in_use_are_kept(tmp_path):
    for number in range(10):
        _put_in_use(tmp_path, f"release{number:02}")
    for name in ("release00", "release10"):  # one of the first is in use again
        _put_in_use(tmp_path, name)
    kept = sorted(path.stem for path in tmp_path.glob("*.duckdb"))
    assert kept == ["release00", *(f"release{number:02}" for number in range(2, 11))]
    assert sorted(path.stem for path in tmp_path.glob("*.sha256")) == kept


def test_a_clock_that_was_set_back_removes_nothing_that_is_in_use(tmp_path):
    for number in range(10):
        _put_in_use(tmp_path, f"release{number:02}")
        path = release_file.path_of(tmp_path, f"release{number:02}")
        os.utime(path, (2_000_000_000, 2_000_000_000))  # made while the clock was years ahead
    _put_in_use(tmp_path, "another")
    assert release_file.current(tmp_path) == release_file.path_of(tmp_path, "another")
    assert not release_file.path_of(tmp_path, "release00").exists()


def test_releases_that_an_earlier_version_made_are_the_oldest(tmp_path):
    for number in range(12):
        path = release_file.path_of(tmp_path, f"older{number:02}")
        rows = {"release": pl.DataFrame({"release_id": [path.stem]})}
        release_file.write(path, Changes(rows, {}))
    _put_in_use(tmp_path, "another")
    kept = sorted(path.stem for path in tmp_path.glob("*.duckdb"))
    assert kept == ["another", *(f"older{number:02}" for number in range(3, 12))]


def test_without_a_release_there_is_none_in_use(tmp_path):
    assert release_file.current(tmp_path) is None
    (tmp_path / release_file.CURRENT).write_text("gone\n")
    assert release_file.current(tmp_path) is None
    assert release_file.last(tmp_path, "any").path is None


def test_readers_see_whole_releases_while_others_are_made(own_home):
    build(own_home, NOW)
    begun, done, trouble, seen = threading.Event(), threading.Event(), [], set()

    def look() -> None:
        last = False
        while not last:  # once more when all is done, however slow this thread was
            last = done.is_set()
            path = release_file.current(own_home.releases)
            try:
                named, returns = _named_and_counted(path)
            except duckdb.Error as error:
                trouble.append(error)
                return
            if named != path.stem or returns < 28:
                trouble.append((named, path.stem, returns))
            seen.add(named)
            begun.set()

    reader = threading.Thread(target=look)
    reader.start()
    assert begun.wait(PATIENCE)
    for trust in ("Z01", "Z02"):
        worlds.send(own_home, trust, NEXT, release=True)
    done.set()
    reader.join()
    assert trouble == []
    assert len(seen) > 1


def _named_and_counted(path):
    with duckdb.connect() as connection:
        connection.execute("ATTACH ? AS seen (READ_ONLY)", [str(path)])
        question = (
            "SELECT any_value(release_id), (SELECT count(*) FROM seen.returns) FROM seen.release"
        )
        return connection.execute(question).fetchone()


def test_a_disk_that_cannot_hold_the_release_is_told_in_a_sentence(own_home, monkeypatch):
    before = build(own_home, NOW)
    worlds.send(own_home, "Z01", NEXT)

    def full(*_: object) -> None:
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr(release_file, "_fill", full)
    with pytest.raises(ReleaseError, match="the disk is full: make room on it"):
        build(own_home, NOW)
    assert release_file.current(own_home.releases) == before


def test_what_a_build_that_was_cut_short_left_behind_is_removed_by_the_next(own_home):
    left = own_home.releases / ".staged-0123456789abcdef.duckdb"
    left.write_bytes(b"half a release")
    build(own_home, NOW)
    assert not left.exists()
