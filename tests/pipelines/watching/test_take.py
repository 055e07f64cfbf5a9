"""The watched folder: complete files are sent once, nothing is lost, each ends where it should."""

import json
import os
from datetime import timedelta

import openpyxl
import pytest

from pipelines.keeping.drop_folder import waiting
from pipelines.keeping.home import Home
from pipelines.reading.file_kind import LARGEST_FILE
from pipelines.watching import take
from pipelines.watching.watcher import FolderError
from tests import worlds
from tests.pipelines.keeping import crash
from tests.pipelines.keeping.crash import crashed
from tests.pipelines.watching.dropped import ALL, NEXT, drop, look, names, rows, versions


def test_a_good_file_is_kept_and_lies_in_sent_with_its_receipt(own_home, folder):
    drop(folder, "return.zip", worlds.return_file("Z01", NEXT))
    [taken] = look(own_home, folder)
    assert names(folder) == ["problems", "sent"]
    assert names(folder / "sent") == [
        "return.zip",
        "return.zip.answers.json",
        "return.zip.receipt.json",
    ]
    said = json.loads((folder / "sent" / "return.zip.receipt.json").read_text(encoding="utf-8"))
    assert said == taken.details
    assert said["return_id"] == f"Z01/{NEXT}/1"
    assert said["release"] == "a-release"
    assert said["received_by"] == worlds.LEAD
    assert look(own_home, folder) == []


def test_one_release_shows_all_that_was_kept(own_home, folder, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "pipelines.watching.take.released",
        lambda home, at: asked.append(versions(home)) or (None, "No"),
    )
    drop(folder, "a.zip", worlds.return_file("Z01", NEXT))
    drop(folder, "b.zip", worlds.return_file("Z01", NEXT, monthly=rows(pt_safe=1)), age=-5)
    taken = look(own_home, folder)
    assert asked == [[1, 2]]
    assert [each.details["trouble"] for each in taken] == ["No", "No"]


def test_a_file_that_still_grows_is_left_alone(own_home, folder):
    content = worlds.return_file("Z01", NEXT)
    drop(folder, "return.zip", content[:500])
    before = waiting(folder)
    drop(folder, "return.zip", content)
    assert look(own_home, folder, before) == []
    assert versions(own_home) == []
    assert len(look(own_home, folder)) == 1
    assert versions(own_home) == [1]


def test_a_file_that_changes_while_it_is_sent_is_looked_at_again(own_home, folder, monkeypatch):
    half = b"trust_code,period\nZ01,"
    drop(folder, "return.zip", half, answers=None)
    real = take.submit

    def while_it_is_written(*arguments, **named):
        drop(folder, "return.zip", worlds.return_file("Z01", NEXT))
        return real(*arguments, **named)

    monkeypatch.setattr("pipelines.watching.take.submit", while_it_is_written)
    assert look(own_home, folder) == []
    assert (folder / "return.zip").exists()
    monkeypatch.setattr("pipelines.watching.take.submit", real)
    [taken] = look(own_home, folder)
    assert taken.submission.receipt.return_id == f"Z01/{NEXT}/1"
    assert names(folder) == ["problems", "sent"]


@pytest.mark.parametrize(
    "name", [".hidden.zip", "~$return.xlsx", "return.zip.part", "Return.XLSX.FilePart", "a.tmp"]
)
def test_what_a_program_is_still_writing_is_left_alone(own_home, folder, name):
    drop(folder, name, worlds.return_file("Z01", NEXT), answers=None)
    assert look(own_home, folder) == []
    assert (folder / name).exists()


def test_a_link_leads_nowhere(own_home, folder, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(worlds.return_file("Z01", NEXT))
    (folder / "return.zip").symlink_to(secret)
    assert look(own_home, folder) == []
    drop(folder, "other.zip", worlds.return_file("Z01", NEXT), answers=None)
    (folder / "other.zip.answers.json").symlink_to(tmp_path / "elsewhere.json")
    (tmp_path / "elsewhere.json").write_text(ALL, encoding="utf-8")
    [taken] = look(own_home, folder)
    assert taken.submission.receipt is None
    (folder / "problems").rename(folder / "real")
    (folder / "problems").symlink_to(tmp_path)
    with pytest.raises(FolderError, match="is a link"):
        look(own_home, folder)


def test_problems_come_with_a_report_a_program_and_a_person_can_read(own_home, folder):
    drop(folder, "return.zip", worlds.return_file("Z01", NEXT, monthly=rows(pt_safe=999)))
    [taken] = look(own_home, folder)
    assert taken.moved_to == folder / "problems" / "return.zip"
    assert names(folder / "problems") == [
        "return.zip",
        "return.zip.answers.json",
        "return.zip.problems.json",
        "return.zip.problems.xlsx",
    ]
    said = json.loads((folder / "problems" / "return.zip.problems.json").read_text("utf-8"))
    assert said["outcome"] == "errors"
    assert any(problem["value"] == "999" for problem in said["problems"])
    book = openpyxl.load_workbook(folder / "problems" / "return.zip.problems.xlsx")
    assert book.sheetnames[:2] == ["Fix these", "All problems"]
    assert versions(own_home) == []


def test_queries_wait_in_problems_until_the_file_comes_again_with_its_answers(own_home, folder):
    content = worlds.return_file("Z01", NEXT, monthly=rows(pt_answered=2, pt_safe=2))
    drop(folder, "return.zip", content, answers=None)
    [taken] = look(own_home, folder)
    needed = taken.details["answers_needed"]
    assert "W01" in needed
    assert versions(own_home) == []
    (folder / "problems" / "return.zip").rename(folder / "return.zip")
    answers = dict.fromkeys(needed, "Few were well enough to be asked")
    (folder / "return.zip.answers.json").write_text(json.dumps(answers), encoding="utf-8")
    [taken] = look(own_home, folder)
    assert {q.answer for q in taken.submission.receipt.queries if q.severity == "query"} == {
        "Few were well enough to be asked"
    }


@pytest.mark.parametrize("answers", ["W01: because", "[1]", '{"W01": 1}', "[" * 9999, "\0"])
def test_answers_that_cannot_be_read_stop_the_file_with_a_sentence(own_home, folder, answers):
    drop(folder, "return.zip", worlds.return_file("Z01", NEXT), answers=answers)
    [taken] = look(own_home, folder)
    assert "return.zip.answers.json can't be read" in taken.details["problems"][0]["message"]
    assert versions(own_home) == []
    assert (folder / "problems" / "return.zip").exists()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 nothing", b"PK\x03\x04 torn"])
def test_what_cannot_be_read_is_put_aside_and_the_rest_goes_on(own_home, folder, content):
    drop(folder, "bad.xlsx", content, answers=None, age=100)
    drop(folder, "good.zip", worlds.return_file("Z01", NEXT))
    bad, good = look(own_home, folder)
    assert bad.details["outcome"] == "unreadable"
    assert (folder / "problems" / "bad.xlsx").read_bytes() == content
    assert good.submission.receipt is not None


def test_a_huge_file_is_put_aside_unread(own_home, folder):
    with (folder / "huge.xlsx").open("wb") as file:
        file.truncate(LARGEST_FILE * 40)
    [taken] = look(own_home, folder)
    assert "200.0 MB" in taken.details["problems"][0]["message"]
    assert (folder / "problems" / "huge.xlsx").stat().st_size == LARGEST_FILE * 40


def test_another_trusts_file_is_not_kept(own_home, folder):
    drop(folder, "theirs.zip", worlds.return_file("Z02", NEXT))
    [taken] = look(own_home, folder)
    assert taken.details["problems"][0]["code"] == "F04"
    assert not [r for r in own_home.archive.receipts() if r.month == str(NEXT)]


def test_two_files_for_one_month_are_two_versions_in_the_order_they_came(own_home, folder):
    second = worlds.return_file("Z01", NEXT, monthly=rows(pt_safe=1))
    drop(folder, "a_correction.zip", second, age=1)
    drop(folder, "first.zip", worlds.return_file("Z01", NEXT), age=60)
    taken = look(own_home, folder)
    assert [(t.name, t.submission.receipt.version) for t in taken] == [
        ("first.zip", 1),
        ("a_correction.zip", 2),
    ]


def test_a_name_that_comes_again_never_writes_over_what_was_put_away(own_home, folder):
    first = worlds.return_file("Z01", NEXT)
    for content in (first, worlds.return_file("Z01", NEXT, monthly=rows(pt_safe=1)), first):
        drop(folder, "return.zip", content)
        look(own_home, folder)
    kept = [name for name in names(folder / "sent") if name.endswith(".zip")]
    assert kept == ["return (2).zip", "return (3).zip", "return.zip"]
    assert (folder / "sent" / "return.zip").read_bytes() == first
    assert versions(own_home) == [1, 2, 3]


def test_the_file_in_use_dropped_again_gets_its_receipt_again(own_home, folder):
    for name in ("return.zip", "copy.zip"):
        drop(folder, name, worlds.return_file("Z01", NEXT))
        [taken] = look(own_home, folder)
    assert taken.details["already_kept"] is True
    assert versions(own_home) == [1]


def test_after_a_crash_a_version_that_came_meanwhile_stays_in_use(own_home, folder, monkeypatch):
    """Sent, then the power failed before it was put away, then somebody sent a correction."""
    drop(folder, "return.zip", worlds.return_file("Z01", NEXT))
    with monkeypatch.context() as dying:
        dying.setattr("pipelines.watching.take.put_away", _power_failure)
        with pytest.raises(PowerFailure):
            look(own_home, folder)
    later = worlds.received(NEXT) + timedelta(hours=1)
    worlds.send(own_home, "Z01", NEXT, later, monthly=rows(pt_safe=1))
    [taken] = look(own_home, folder, at=later + timedelta(hours=1))
    assert taken.submission.receipt.version == 1
    assert versions(own_home) == [1, 2]
    assert names(folder) == ["problems", "sent"]


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to kill many quickly")
def test_wherever_the_power_fails_one_version_is_kept_and_no_file_is_lost(tmp_path):
    home = worlds.small_world(tmp_path / "home", worlds.LAST)
    folder = home.root / "drop"
    folder.mkdir()
    content = worlds.return_file("Z01", NEXT)
    drop(folder, "return.zip", content)
    drop(folder, "bad.xlsx", b"%PDF-1.4 nothing", answers=None)
    copies = crashed(home, tmp_path / "copies", "watch")
    assert len(copies) > 10
    for copy in copies:
        crash.watch(Home(copy))
        assert versions(Home(copy)) == [1], copy.name
        assert names(copy / "drop") == ["problems", "sent"], copy.name
        sent, problems = copy / "drop" / "sent", copy / "drop" / "problems"
        assert (sent / "return.zip").read_bytes() == content, copy.name
        receipt = json.loads((sent / "return.zip.receipt.json").read_text(encoding="utf-8"))
        assert receipt["return_id"] == f"Z01/{NEXT}/1"
        assert (sent / "return.zip.answers.json").exists()
        assert names(problems) == ["bad.xlsx", "bad.xlsx.problems.json", "bad.xlsx.problems.xlsx"]


class PowerFailure(BaseException):
    """The process ends here."""


def _power_failure(*_):
    raise PowerFailure
