"""What lies beside the archive is named if it is damaged, with what to do and what that costs."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from pipelines.keeping import set_aside
from pipelines.keeping.beside_archive import beside_problems
from pipelines.keeping.drafts import FILE, Draft, save
from pipelines.keeping.set_aside import NOTE, SET_ASIDE, note_folder, waiting


@pytest.fixture
def saved(tmp_path) -> Draft:
    typed = {"pt_answered": 12}
    at = datetime(2026, 4, 9, 10, 30, tzinfo=UTC)
    return save(tmp_path, Draft("Z01", "2026-03", "ALDER1", typed, "jo@trust.example", at, "1.0"))


def test_a_file_of_drafts_cut_short_is_named_and_a_whole_one_is_not(tmp_path, saved):
    assert beside_problems(tmp_path) == []
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    (said,) = beside_problems(tmp_path)
    assert said.startswith("drafts.sqlite is damaged. Stop the service, move it")
    assert said.endswith("have to be typed again.")


def test_a_file_that_somebody_is_writing_is_not_damaged(tmp_path, saved):
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as busy:
        busy.execute("BEGIN EXCLUSIVE")
        assert beside_problems(tmp_path) == []


def test_a_damaged_note_of_a_watched_folder_is_named_and_written_again(tmp_path):
    folder = tmp_path / "drop"
    (folder / SET_ASIDE).mkdir(parents=True)
    for name in ("a.zip", f"a.zip{NOTE}"):
        (folder / SET_ASIDE / name).touch()
    note_folder(tmp_path, folder)
    assert waiting(tmp_path) == {folder / SET_ASIDE: 1}
    (note,) = (tmp_path / "watched").glob("*.json")
    for content in (b"{", b"[]", b'{"folder": 5}', note.read_bytes().replace(b"drop", b"drip")):
        note.write_bytes(content)
        assert waiting(tmp_path) == {}
        assert set_aside.damaged(tmp_path) == [note]
        assert "is damaged: look into the folder set-aside" in beside_problems(tmp_path)[0]
    note_folder(tmp_path, folder)
    assert waiting(tmp_path) == {folder / SET_ASIDE: 1}
