"""One damaged entry is named, its month is marked, and everything else works."""

import os
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import time_ns

import polars as pl
import pytest

from pipelines.keeping import damaged, decide
from pipelines.keeping.damaged import Damaged, DamagedEntry, DamagedRows, sentence
from pipelines.keeping.decisions import Decided, decision
from pipelines.keeping.home import Home
from pipelines.keeping.layout import RECEIPT, REGISTER_TABLES
from pipelines.registers.register import RegisterError
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from pipelines.releasing.release_checks import ReleaseError
from pipelines.status import status
from schemas.periods import Month
from schemas.register import REGISTER_FILES, Groups, Yardsticks
from schemas.typed import typed
from tests import worlds

LAST = Month(2025, 4)
NEXT = LAST + 1
NOW = worlds.received(NEXT)
GONE = Damaged("return", "Z01/2025-03/1")


@pytest.fixture(scope="module")
def made_home(tmp_path_factory) -> Home:
    home = worlds.small_world(tmp_path_factory.mktemp("damaged") / "home", last=LAST)
    build(home, NOW)
    return home


def half(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def without_rows(folder):
    (folder / "rows.parquet").unlink()


def half_of_the_rows(folder):
    half(folder / "rows.parquet")


def half_a_receipt(folder):
    half(folder / "receipt.json")


def no_receipt(folder):
    (folder / "receipt.json").unlink()


def the_receipt_of_another(folder):
    shutil.copy(folder.parents[1] / "2025-04" / "1" / "receipt.json", folder)


def damage_of(home, spoil, version=1):
    spoil(home.archive.root / "returns" / "Z01" / "2025-03" / str(version))


def states(path):
    found = release_file.read(
        path, "SELECT trust_code, month, state FROM completeness WHERE scope = 'return'"
    )
    return {f"{trust}/{month:%Y-%m}": state for trust, month, state in found.iter_rows()}


def counted(path, **about):
    return release_file.read(path, "SELECT * FROM observations").filter(**about)


@pytest.mark.parametrize(
    "spoil",
    [half_a_receipt, no_receipt, the_receipt_of_another, without_rows, half_of_the_rows],
)
def test_whatever_is_damaged_of_a_return_it_is_named(home, spoil):
    damage_of(home, spoil)
    assert home.archive.entries().damaged == (GONE,)
    assert home.archive.entries().lost == {("Z01", "2025-03")}
    seen = status(home.root, date(2025, 6, 10))
    assert seen.damaged == (GONE,)
    assert seen.states["Z01"][Month(2025, 3)] == "damaged"
    assert seen.states["Z02"][Month(2025, 3)] == "received"


@pytest.mark.parametrize(
    "spoil",
    [half_a_receipt, no_receipt, the_receipt_of_another, without_rows, half_of_the_rows],
)
def test_a_file_is_read_again_only_if_it_was_written_to(home, spoil, monkeypatch):
    monkeypatch.setattr(damaged, "time_ns", lambda: time_ns() + 3600 * 10**9)  # an hour later
    read, real = [], Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or real(path))
    before, first = home.archive.entries(), len(read)
    read.clear()
    assert home.archive.entries() == before
    assert first > len(before.receipts)
    assert not [path for path in read if path.name == RECEIPT]
    damage_of(home, spoil)
    assert home.archive.entries().damaged == (GONE,)


def test_what_was_just_written_is_read_every_time(home):
    home.archive.entries()
    path = home.archive.root / "returns" / "Z01" / "2025-03" / "1" / RECEIPT
    content, about = path.read_bytes(), path.stat()
    path.write_bytes(b"x" * len(content))
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert home.archive.entries().damaged == (GONE,)


def test_a_damaged_return_stops_nobody_and_its_month_is_marked(home):
    before = release_file.current(home.releases)
    damage_of(home, half_a_receipt)
    sent = worlds.send(home, "Z02", NEXT, release=True)
    assert sent.receipt.return_id == "Z02/2025-05/1"
    path = release_file.current(home.releases)
    of_months = states(path)
    assert of_months["Z01/2025-03"] == "damaged"
    assert [name for name, state in of_months.items() if state == "damaged"] == ["Z01/2025-03"]
    others = pl.col("month") < date(2025, 5, 1), pl.col("unit_id").str.starts_with("Z02-")
    same = ["unit_id", "measure", "month", "state", "numerator", "denominator", "value"]
    was, now = (counted(each, level="ward").filter(others).select(same) for each in (before, path))
    assert was.height
    assert now.sort(same[:3]).equals(was.sort(same[:3]))
    march = counted(path, level="ward", month=date(2025, 3, 1), measure="SS-O1")
    assert set(march.filter(pl.col("unit_id").str.starts_with("Z01-"))["value"]) == {None}


def test_its_trust_can_send_it_again(home):
    damage_of(home, half_a_receipt)
    again = worlds.send(home, "Z01", Month(2025, 3), release=True)
    assert again.receipt.return_id == "Z01/2025-03/2"
    assert home.archive.entries().damaged == (GONE,)  # still named, until it is restored
    assert states(release_file.current(home.releases))["Z01/2025-03"] == "received"
    assert status(home.root, date(2025, 6, 10)).states["Z01"][Month(2025, 3)] == "received"


def test_a_damaged_correction_does_not_bring_back_what_it_corrected(home):
    worlds.send(home, "Z01", Month(2025, 3), monthly=_other_rows())
    damage_of(home, half_a_receipt, version=2)
    path = build(home, NOW)
    assert states(path)["Z01/2025-03"] == "damaged"
    march = counted(path, level="ward", month=date(2025, 3, 1), measure="SS-O1")
    assert set(march.filter(pl.col("unit_id").str.starts_with("Z01-"))["value"]) == {None}


def test_a_damaged_version_that_was_replaced_or_withdrawn_takes_nothing_away(home):
    worlds.send(home, "Z01", Month(2025, 3), monthly=_other_rows())
    damage_of(home, half_a_receipt)
    assert states(build(home, NOW))["Z01/2025-03"] == "received"
    home.archive.record(_withdrawal("Z01/2025-03/2"))
    home.archive.record(_withdrawal("Z01/2025-03/1"))
    assert home.archive.entries().lost == frozenset()


def test_a_damaged_correction_can_be_withdrawn(home):
    worlds.send(home, "Z01", Month(2025, 3), monthly=_other_rows())
    damage_of(home, half_a_receipt, version=2)
    assert home.archive.entries().lost
    decide.withdraw(home, "Z01/2025-03/2", Decided(worlds.TEAM, NOW, "It is damaged"))
    assert "Z01/2025-03/1" in {r.return_id for r in home.archive.entries().active}


def test_rows_that_are_damaged_inside_are_found_when_they_are_read(home):
    path = home.archive.root / "returns" / "Z01" / "2025-03" / "1" / "rows.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:4] + bytes(len(content) - 8) + content[-4:])
    whole = home.archive.entries()
    assert whole.damaged == ()
    with pytest.raises(DamagedRows, match="The rows of return Z01/2025-03/1 can't be read"):
        home.archive.cells_of(whole.receipts)
    assert states(build(home, NOW, full=True))["Z01/2025-03"] == "damaged"
    (home.releases / "CURRENT").unlink()  # nothing is known from a release
    assert worlds.send(home, "Z02", NEXT).receipt.return_id == "Z02/2025-05/1"


def test_a_repaired_entry_is_in_the_next_release(home):
    path = home.archive.root / "returns" / "Z01" / "2025-03" / "1" / "receipt.json"
    whole, before = path.read_bytes(), build(home, NOW)
    half(path)
    assert build(home, NOW) != before
    path.write_bytes(whole)
    assert build(home, NOW) == before


def test_a_decision_that_cannot_be_read_is_named(home):
    taken = home.archive.record(_withdrawal("Z02/2025-03/1"))
    half(home.archive.root / "decisions" / f"{taken.id}.json")
    entries = home.archive.entries()
    assert entries.damaged == (Damaged("decision", taken.id),)
    assert home.archive.decisions() == []
    assert states(build(home, NOW))["Z02/2025-03"] == "received"
    assert status(home.root, date(2025, 6, 10)).damaged == entries.damaged


@pytest.mark.parametrize("file", ["receipt.json", *REGISTER_TABLES])
def test_a_damaged_register_in_use_lets_nobody_in(home, file):
    grouped = pl.DataFrame([worlds.group_row("NORTH1", "Z01")])
    measured = pl.DataFrame([worlds.yardstick_row("Z01")])
    register = replace(
        home.archive.register(),
        groups=typed(grouped, Groups),
        yardsticks=typed(measured, Yardsticks),
    )
    decided = Decided(worlds.TEAM, NOW, "Again")
    home.archive.keep_register(register, decided)
    half(home.archive.root / "register" / "2" / file)
    for read in (home.archive.register, home.archive.newest_register, lambda: _status(home)):
        with pytest.raises(RegisterError, match="Version 2 of the register is damaged: restore"):
            read()


def test_without_an_earlier_register_no_release_is_made(home):
    before = release_file.current(home.releases)
    home.archive.keep_register(home.archive.register(), Decided(worlds.TEAM, NOW, "Again"))
    half(home.archive.root / "register" / "1" / "receipt.json")
    with pytest.raises(ReleaseError, match=r"Version 1 of the register is damaged.*stays in use"):
        build(home, NOW)
    assert release_file.current(home.releases) == before
    sent = worlds.send(home, "Z02", NEXT)
    assert sent.receipt.return_id == "Z02/2025-05/1"


def test_a_file_that_is_gone_is_named(home):
    receipt = home.archive.receipts()[0]
    home.archive.original(receipt).unlink()
    with pytest.raises(DamagedEntry, match=f"The file of return {receipt.return_id} is not in"):
        home.archive.original(receipt)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs errors of the system's own")
def test_a_fault_of_the_machine_is_not_taken_for_damage(home, monkeypatch):
    def too_many(path: Path) -> bytes:
        raise OSError(24, "Too many open files", str(path))

    monkeypatch.setattr(Path, "read_bytes", too_many)
    with pytest.raises(OSError, match="Too many open files"):
        home.archive.entries()


def test_the_sentence_names_every_entry():
    assert sentence((GONE,)) == (
        "One entry of the archive can't be read, and the figures leave it out: return "
        "Z01/2025-03/1. Restore it from a backup; a return can also be sent again."
    )
    assert "version 3 of the register" in sentence((GONE, Damaged("register", "3")))


def test_the_tables_of_a_register_are_those_of_its_schema():
    assert [f"{name}.csv" for name in REGISTER_FILES] == list(REGISTER_TABLES)


def _status(home):
    return status(home.root, date(2025, 6, 10))


def _other_rows():
    return [worlds.monthly_row(ward, Month(2025, 3), pt_safe=1) for ward in worlds.WARDS["Z01"]]


def _withdrawal(name):
    return decision("withdrawal", Decided(worlds.TEAM, NOW, "Wrong"), return_id=name)


def test_a_version_that_is_gone_brings_back_no_figures_it_corrected(home):
    worlds.send(home, "Z01", Month(2025, 3), monthly=_other_rows())
    assert home.archive.entries().damaged == ()
    shutil.rmtree(home.archive.root / "returns" / "Z01" / "2025-03" / "2")
    entries = home.archive.entries()
    assert entries.damaged == (Damaged("return", "Z01/2025-03/2"),)
    assert ("Z01", "2025-03") not in {(r.trust_code, r.month) for r in entries.active}
    assert states(build(home, NOW))["Z01/2025-03"] == "damaged"
    assert status(home.root, NOW.date()).states["Z01"][Month(2025, 3)] == "damaged"


def test_a_register_that_is_gone_lets_nobody_in_by_an_older_one(home):
    decided = Decided(worlds.TEAM, NOW, "Somebody left")
    home.archive.keep_register(home.archive.register(), decided)
    shutil.rmtree(home.archive.root / "register" / "2")
    for look in (home.archive.newest_register, home.archive.entries):
        with pytest.raises(RegisterError, match=r"Version 2 of the register is gone: restore it"):
            look()
    with pytest.raises(RegisterError, match="is gone"):
        home.archive.keep_register(home.archive.register_version(1), decided)


def test_a_decision_that_is_gone_is_named(home):
    kept = home.archive.record(worlds.note())
    (home.archive.root / "decisions" / f"{kept.id}.json").unlink()
    assert home.archive.entries().damaged == (Damaged("decision", kept.id),)
    assert status(home.root, NOW.date()).damaged == (Damaged("decision", kept.id),)


def test_what_is_only_on_its_way_is_not_taken_for_gone(home):
    """A line is added past the head before its entry is moved into place."""
    head = home.root / "head.json"
    before = head.read_bytes()
    home.archive.keep_register(home.archive.register(), Decided(worlds.TEAM, NOW, "Again"))
    shutil.rmtree(home.archive.root / "register" / "2")
    head.write_bytes(before)
    assert home.archive.entries().damaged == ()
    assert home.archive.newest_register().version == 1
