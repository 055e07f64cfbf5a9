import os
import threading
from datetime import date

import duckdb
import polars as pl
import pytest

from pipelines.keeping.archive import Archive
from pipelines.releasing import release_file, release_tables
from pipelines.releasing.build import build
from pipelines.releasing.release_checks import ReleaseError
from pipelines.releasing.sources import sources_of
from tests import worlds

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
        assert rows(again, name).equals(frame), name


def test_only_new_returns_are_read_again(own_home, monkeypatch):
    build(own_home, NOW)
    read = []
    cells_of = Archive.cells_of

    def counting(archive, receipts):
        read.append([receipt.return_id for receipt in receipts])
        return cells_of(archive, receipts)

    monkeypatch.setattr(Archive, "cells_of", counting)
    worlds.send(own_home, "Z02", NEXT, release=True)
    assert read == [[], ["Z02/2026-03/1"]]  # nothing for the check, one for the release


def test_a_release_made_by_other_code_is_not_taken_from(own_home, monkeypatch):
    build(own_home, NOW)
    monkeypatch.setattr("pipelines.releasing.build.code_version", lambda: "changed")
    assert release_file.known(own_home.releases, "changed").cells.is_empty()


def test_another_return_kept_under_a_known_name_is_read_again(own_home):
    build(own_home, NOW)
    receipt = own_home.archive.receipts()[0]
    known = release_file.known(own_home.releases, release_tables.code_version())
    assert known.hashes[receipt.return_id] == receipt.sha256
    other = release_tables.Known(known.cells, {receipt.return_id: "another file"})
    entries = own_home.archive.entries()
    frame = release_tables.cells_of(own_home.archive, entries.active, other)
    assert frame.equals(release_tables.cells_of(own_home.archive, entries.active))


def test_a_damaged_release_is_made_again(own_home):
    path = build(own_home, NOW)
    path.write_bytes(b"not a database")
    assert build(own_home, NOW) == path
    assert rows(path, "observations").height


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

    def slowly(path, tables, chain):
        if not late:
            late.append(worlds.send(own_home, "Z02", NEXT).receipt.return_id)
        write(path, tables, chain)

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


def test_the_last_ten_releases_are_kept(tmp_path):
    for number in range(12):
        path = release_file.path_of(tmp_path, f"release{number:02}")
        release_file.write(path, {"release": pl.DataFrame({"release_id": [path.stem]})})
        os.utime(path, (number, number))
    release_file.make_current(release_file.path_of(tmp_path, "release00"))
    kept = sorted(path.stem for path in tmp_path.glob("*.duckdb"))
    assert kept == ["release00", *(f"release{number:02}" for number in range(3, 12))]


def test_without_a_release_there_is_none_in_use(tmp_path):
    assert release_file.current(tmp_path) is None
    (tmp_path / release_file.CURRENT).write_text("gone\n")
    assert release_file.current(tmp_path) is None
    assert release_file.known(tmp_path, "any").cells.is_empty()


def test_readers_see_whole_releases_while_others_are_made(own_home):
    build(own_home, NOW)
    done, trouble, seen = threading.Event(), [], set()

    def look() -> None:
        while not done.is_set():
            path = release_file.current(own_home.releases)
            try:
                named, returns = _named_and_counted(path)
            except duckdb.Error as error:
                trouble.append(error)
                return
            if named != path.stem or returns < 28:
                trouble.append((named, path.stem, returns))
            seen.add(named)

    reader = threading.Thread(target=look)
    reader.start()
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
    with pytest.raises(ReleaseError, match="could not be written"):
        build(own_home, NOW)
    assert release_file.current(own_home.releases) == before
