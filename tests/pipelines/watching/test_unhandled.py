"""A dropped file that makes the program fail is set aside, and the next one is taken."""

import json
import os
import subprocess
import sys

import pytest

from pipelines.keeping import drop_folder, interrupted_files
from pipelines.keeping.set_aside import waiting, waiting_in
from pipelines.registers.register import RegisterError
from pipelines.status import status
from pipelines.watching import take
from pipelines.watching.watcher import ProcessDied
from tests import worlds
from tests.patience import PATIENCE
from tests.pipelines.watching.dropped import NEXT, drop, look, names, rows, versions

NAMED = "Ask Kowalski in room 4"


@pytest.fixture
def broken(monkeypatch):
    """A rule with a fault that only one ward's figures reveal."""
    from pipelines.checking import check

    def rule(sent):
        if any(entry["pt_safe"] == 1 for entry in sent.counted()):
            raise KeyError(NAMED)
        return iter(())

    monkeypatch.setattr(check, "RULES", (*check.RULES, rule))


def bad() -> bytes:
    return worlds.return_file("Z01", NEXT, monthly=rows(pt_safe=1))


@pytest.mark.usefixtures("broken")
def test_it_is_set_aside_with_a_note_and_the_next_file_is_kept(own_home, folder):
    drop(folder, "bad.zip", bad(), age=60)
    drop(folder, "good.zip", worlds.return_file("Z01", NEXT))
    faults = []
    first, second = look(own_home, folder, faults=faults)
    assert (first.fault, first.submission) == ("KeyError", None)
    assert second.submission.receipt.return_id == f"Z01/{NEXT}/1"
    place = folder / "set-aside"
    assert names(place) == ["bad.zip", "bad.zip.answers.json", "bad.zip.what-to-do.txt"]
    assert (place / "bad.zip").read_bytes() == bad()
    note = (place / "bad.zip.what-to-do.txt").read_text("utf-8")
    assert "could not be handled" in note
    assert "move it back into the folder above" in note
    assert first.details["sha256"] in note
    ((about, fault),) = faults
    assert about == f"a dropped file, sha256 {first.details['sha256']}"
    assert type(fault) is KeyError
    told = note + json.dumps(first.details) + about
    assert "Kowalski" not in told
    assert names(folder) == ["problems", "sent", "set-aside"]
    assert look(own_home, folder) == []


@pytest.mark.usefixtures("broken")
def test_status_shows_that_it_waits_until_it_is_taken_out(own_home, folder):
    drop(folder, "bad.zip", bad())
    look(own_home, folder, faults=[])
    place = folder.resolve() / "set-aside"
    today = worlds.received(NEXT).date()
    assert waiting_in(folder) == 1
    assert status(own_home.root, today).set_aside == waiting(own_home.root) == {place: 1}
    drop(folder, "bad.zip", bad())
    look(own_home, folder, faults=[])
    assert status(own_home.root, today).set_aside == {place: 2}
    for path in place.iterdir():
        path.unlink()
    assert status(own_home.root, today).set_aside == {}


def test_moved_back_once_the_fault_is_mended_it_is_kept(own_home, folder, request):
    drop(folder, "bad.zip", bad())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(take, "submit", _fails)
        look(own_home, folder, faults=[])
    (folder / "set-aside" / "bad.zip").rename(folder / "bad.zip")
    (folder / "set-aside" / "bad.zip.answers.json").rename(folder / "bad.zip.answers.json")
    [taken] = look(own_home, folder)
    assert taken.submission.receipt.return_id == f"Z01/{NEXT}/1"
    assert waiting_in(folder) == 0


def test_a_return_that_was_kept_before_the_fault_says_so(own_home, folder, monkeypatch):
    monkeypatch.setattr(take, "put_away", _fails)
    drop(folder, "good.zip", worlds.return_file("Z01", NEXT))
    [taken] = look(own_home, folder, faults=[])
    assert taken.details["return_id"] == f"Z01/{NEXT}/1"
    assert versions(own_home) == [1]
    note = (folder / "set-aside" / "good.zip.what-to-do.txt").read_text("utf-8")
    assert f"its receipt is Z01/{NEXT}/1" in note


def test_a_release_that_fails_leaves_the_receipts(own_home, folder, monkeypatch):
    monkeypatch.setattr(take, "released", _fails)
    drop(folder, "good.zip", worlds.return_file("Z01", NEXT))
    faults = []
    [taken] = look(own_home, folder, faults=faults)
    assert taken.details["trouble"].startswith("The return was received")
    assert (folder / "sent" / "good.zip").exists()
    assert [about for about, _ in faults] == ["the release"]


@pytest.mark.parametrize(
    "broken_off", [OSError(5, "Input/output error"), PermissionError(13, "No")]
)
def test_a_drive_that_is_away_sets_nothing_aside(own_home, folder, monkeypatch, broken_off):
    def away(*_, **__):
        raise broken_off

    monkeypatch.setattr(take, "submit", away)
    drop(folder, "good.zip", worlds.return_file("Z01", NEXT))
    with pytest.raises(OSError, match=broken_off.strerror):
        look(own_home, folder)
    assert (folder / "good.zip").exists()
    assert not (folder / "set-aside").exists()


def test_an_archive_that_can_not_be_read_is_no_files_fault(own_home, folder):
    (own_home.archive.root / "register" / "1" / "receipt.json").write_text("torn")
    drop(folder, "good.zip", worlds.return_file("Z01", NEXT))
    with pytest.raises(RegisterError, match="Version 1 of the register is damaged"):
        look(own_home, folder)
    assert (folder / "good.zip").exists()


def test_a_damaged_return_of_another_month_is_no_files_fault(own_home, folder):
    next((own_home.archive.root / "returns").rglob("receipt.json")).write_text("torn")
    drop(folder, "good.zip", worlds.return_file("Z01", NEXT))
    [taken] = look(own_home, folder)
    assert taken.submission.receipt.return_id == f"Z01/{NEXT}/1"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no such names")
@pytest.mark.parametrize(("name", "set_aside"), [(b"x" * 240 + b".zip", 1), (b"mars-\xe9.zip", 0)])
def test_a_name_that_nobody_would_expect_stops_no_other_file(own_home, folder, name, set_aside):
    odd = os.fsdecode(name)
    drop(folder, odd, worlds.return_file("Z01", NEXT), answers=None, age=60)
    drop(folder, "good.zip", worlds.return_file("Z01", NEXT, monthly=rows(pt_safe=2)))
    first, second = look(own_home, folder, faults=[])
    assert second.submission.receipt
    assert not os.path.exists(folder / odd)
    assert first.moved_to.read_bytes() == worlds.return_file("Z01", NEXT)
    assert (waiting_in(folder), bool(first.fault)) == (set_aside, bool(set_aside))


def test_a_link_in_its_place_is_refused(own_home, folder, tmp_path):
    (folder / "set-aside").symlink_to(tmp_path)
    with pytest.raises(take.FolderError, match="is a link"):
        look(own_home, folder)


def _fails(*_, **__):
    raise RuntimeError(NAMED)


_DIES = """
import os
import subprocess
import sys
from pathlib import Path

from pipelines.keeping.home import Home
from pipelines.watching import take
from tests.pipelines.watching.dropped import look

take.submit = lambda *arguments, **named: os._exit(9)
look(Home(Path(sys.argv[1])), Path(sys.argv[2]))
"""


def _dies_of(home, folder):
    """A process of its own that watches, and is killed while it works on a file."""
    run = subprocess.run(
        [sys.executable, "-c", _DIES, home.root, folder], check=False, timeout=PATIENCE
    )
    assert run.returncode == 9


def test_a_file_of_which_two_watchers_died_is_set_aside(own_home, folder):
    drop(folder, "deadly.zip", worlds.return_file("Z01", NEXT), age=60)
    _dies_of(own_home, folder)
    _dies_of(own_home, folder)
    assert (folder / "deadly.zip").exists()
    faults = []
    drop(folder, "good.zip", worlds.return_file("Z01", NEXT))
    first, second = look(own_home, folder, faults=faults)
    assert first.moved_to == folder / "set-aside" / "deadly.zip"
    assert second.submission.receipt.return_id == f"Z01/{NEXT}/1"
    assert [type(fault) for _, fault in faults] == [ProcessDied]
    note = (folder / "set-aside" / "deadly.zip.what-to-do.txt").read_text("utf-8")
    assert "The program was stopped both times it worked on this file." in note
    first.moved_to.rename(folder / "deadly.zip")  # it can be tried again
    [again] = look(own_home, folder)
    assert again.submission.receipt.return_id == f"Z01/{NEXT}/1"


def test_one_death_or_many_faults_of_the_drive_set_nothing_aside(own_home, folder, monkeypatch):
    drop(folder, "good.zip", worlds.return_file("Z01", NEXT))
    _dies_of(own_home, folder)
    with monkeypatch.context() as patch:
        patch.setattr(take, "submit", lambda *_, **__: (_ for _ in ()).throw(OSError(5, "I/O")))
        for _ in range(3):
            with pytest.raises(OSError, match="I/O"):
                look(own_home, folder)
    [taken] = look(own_home, folder)
    assert taken.submission.receipt.return_id == f"Z01/{NEXT}/1"


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"sha256": "x", "at": "y", "deaths": "z"}'])
def test_a_damaged_note_of_what_was_being_sent_stops_nothing(own_home, folder, content):
    drop(folder, "return.zip", worlds.return_file("Z01", NEXT))
    (dropped,) = drop_folder.whole(folder, drop_folder.waiting(folder))
    interrupted_files.begin(folder, dropped, worlds.received(NEXT))
    (note,) = folder.glob(".sending-*.json")
    note.write_bytes(content)
    (taken,) = look(own_home, folder)
    assert taken.submission.receipt is not None
    assert names(folder) == ["problems", "sent"]
