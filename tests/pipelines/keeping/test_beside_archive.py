"""What lies beside the archive is named if it is damaged, with what to do and what that costs."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard import subscriptions
from dashboard.shared import FILE as FILE_OF_SHARED
from dashboard.shared import Shared
from pipelines.keeping import drafts, set_aside
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
    assert said.startswith("drafts.sqlite is damaged. Stop the service, move drafts")
    assert said.endswith("have to be typed again.")


def test_a_draft_of_which_a_letter_changed_is_named_and_in_nobodys_way(tmp_path, saved):
    path, at = tmp_path / FILE, saved.at
    other = save(tmp_path, replace(saved, ward="BIRCH1", typed={"pt_answered": 9}, version=0))
    (said,) = _changed(path, b'{"pt_answered": 12}', b'{"pt_answered": 72}')
    assert said.startswith("One row of drafts.sqlite changed on disk after being written.")
    assert drafts.of_trust(tmp_path, "Z01", at) == [other]
    assert [drafts.read(tmp_path, trust, at).damaged for trust in ("Z01", "Z02")] == [1, 0]
    again = save(tmp_path, replace(saved, version=0))
    assert drafts.of_trust(tmp_path, "Z01", at) == [again, other]
    assert beside_problems(tmp_path) == []


@pytest.mark.parametrize("letter", [b"\xff", b"\x00", b"K"])
def test_whatever_a_letter_becomes_it_is_named(tmp_path, saved, letter):
    assert len(_changed(tmp_path / FILE, b"jo@trust", letter + b"o@trust")) == 1
    assert drafts.of_trust(tmp_path, "Z01", saved.at) == []


def test_a_wish_of_which_a_letter_changed_sends_nothing_until_it_is_chosen_again(tmp_path):
    for person in ("jo@trust.example", "al@trust.example"):
        subscriptions.choose(tmp_path, person, "Z01", "monthly")
    one, other = subscriptions.every(tmp_path)
    assert subscriptions.begin(tmp_path, other, "2026-03")
    subscriptions.done(tmp_path, other, "2026-03")
    (said,) = _changed(tmp_path / subscriptions.FILE, b"2026-03", b"2027-03")
    assert "reports.sqlite" in said
    assert "jo@" not in said, "a message names nobody"
    assert subscriptions.every(tmp_path) == [one]
    subscriptions.choose(tmp_path, "jo@trust.example", "Z01", "changes")
    assert [each.often for each in subscriptions.every(tmp_path)] == ["monthly", "changes"]
    assert beside_problems(tmp_path) == []


def test_an_ended_sign_in_or_a_last_use_of_which_a_letter_changed_is_named(tmp_path):
    shared = Shared(tmp_path)
    shared.add("ended", "the key of a sign-in", 5.0, 0, 10)
    shared.use("account", date(2026, 4, 9))
    shared.request("somebody", 3, 60, 5.0)
    assert beside_problems(tmp_path) == []
    path = tmp_path / FILE_OF_SHARED
    assert "A sign-in that was ended" in _changed(path, b"the key of", b"the kez of")[0]
    assert "2 rows of shared.sqlite" in _changed(path, b"2026-04-09", b"2024-04-09")[0]


def test_files_of_earlier_versions_are_sealed_as_they_are(tmp_path):
    """Their tables have no such column, and their rows no seal."""
    for name, tables in EARLIER.items():
        with closing(sqlite3.connect(tmp_path / name)) as file:
            file.executescript(tables)
    moment = datetime(2026, 4, 9, 12, tzinfo=UTC)
    (draft,) = drafts.of_trust(tmp_path, "Z01", moment)
    assert (draft.ward, draft.typed, draft.version) == ("ALDER1", {"pt_answered": 12}, 1)
    (wish,) = subscriptions.every(tmp_path)
    assert (wish.about, wish.monthly) == ("Z01", "2026-03")
    shared = Shared(tmp_path)
    assert shared.holds("ended", "key")
    assert shared.last_used("account", moment.date()) == date(2026, 4, 1)
    del shared
    assert beside_problems(tmp_path) == []
    assert _changed(tmp_path / FILE, b"ALDER1", b"ALDER7")


EARLIER = {
    FILE: """
CREATE TABLE drafts (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    trust TEXT NOT NULL, month TEXT NOT NULL, ward TEXT NOT NULL,
    typed TEXT NOT NULL, person TEXT NOT NULL, at TEXT NOT NULL, template TEXT NOT NULL,
    UNIQUE (trust, month, ward)
);
INSERT INTO drafts VALUES (1, 'Z01', '2026-03', 'ALDER1', '{"pt_answered": 12}',
    'jo@trust.example', '2026-04-09T10:30:00+00:00', '1.0');
""",
    subscriptions.FILE: """
CREATE TABLE subscriptions (
    person TEXT NOT NULL, trust TEXT NOT NULL, often TEXT NOT NULL,
    monthly TEXT, changes TEXT, trying TEXT, PRIMARY KEY (person, trust)
);
INSERT INTO subscriptions VALUES ('jo@trust.example', 'Z01', 'monthly', '2026-03', NULL, NULL);
""",
    FILE_OF_SHARED: """
CREATE TABLE sign_ins (
    what TEXT NOT NULL, key TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (what, key)
);
CREATE TABLE used (account TEXT PRIMARY KEY, day TEXT NOT NULL);
INSERT INTO sign_ins VALUES ('ended', 'key', 5);
INSERT INTO used VALUES ('', '2026-01-01'), ('account', '2026-04-01');
""",
}


def _changed(path: Path, text: bytes, into: bytes) -> list[str]:
    """What is said once a text is another one on disk, wherever it stands as a row's."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    assert text in content
    path.write_bytes(content.replace(text, into))
    return beside_problems(path.parent)


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
