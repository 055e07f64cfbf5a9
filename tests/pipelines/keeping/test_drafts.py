"""Drafts: nothing is overwritten unseen, they expire, and only this account can read them."""

import sqlite3
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from pipelines.keeping import drafts
from pipelines.keeping.drafts import Draft, DraftsUnreadable, SavedMeanwhile

NOW = datetime(2026, 4, 9, 10, 30, tzinfo=UTC)
TYPED = {"return_status": "data", "pt_answered": 12, "explain": "Half closed"}
FIRST = Draft("Z01", "2026-03", "ALDER1", TYPED, "jo@trust.example", NOW, "1.0")


def test_a_draft_comes_back_as_it_was_saved_and_nobody_elses_does(tmp_path):
    assert drafts.of_trust(tmp_path, "Z01", NOW) == []
    saved = drafts.save(tmp_path, FIRST)
    drafts.save(tmp_path, replace(FIRST, trust="Z02"))
    assert drafts.of_trust(tmp_path, "Z01", NOW) == [saved]
    assert (saved.typed, saved.by, saved.at) == (TYPED, FIRST.by, NOW)


def test_only_this_account_can_read_them(tmp_path):
    drafts.save(tmp_path, FIRST)
    assert stat.S_IMODE((tmp_path / drafts.FILE).stat().st_mode) == 0o600


def test_a_save_over_another_version_changes_nothing_and_shows_it(tmp_path):
    first = drafts.save(tmp_path, FIRST)
    second = drafts.save(tmp_path, replace(first, typed={"pt_answered": 13}, by="al@trust.example"))
    for over in (0, first.version):
        with pytest.raises(SavedMeanwhile) as found:
            drafts.save(tmp_path, replace(FIRST, typed={"pt_answered": 99}, version=over))
        assert found.value.now == second
    assert drafts.of_trust(tmp_path, "Z01", NOW) == [second]


def test_a_version_that_was_deleted_is_never_the_version_of_another(tmp_path):
    first = drafts.save(tmp_path, FIRST)
    assert drafts.remove(tmp_path, "Z01", [first.version]) == 1
    with pytest.raises(SavedMeanwhile) as found:
        drafts.save(tmp_path, first)
    assert found.value.now is None
    assert drafts.save(tmp_path, FIRST).version > first.version


def test_of_two_who_save_at_once_one_is_told(tmp_path):
    first = drafts.save(tmp_path, FIRST)
    together, told = Barrier(2), []

    def save(number: int) -> None:
        together.wait()
        try:
            told.append(drafts.save(tmp_path, replace(first, typed={"pt_answered": number})))
        except SavedMeanwhile as found:
            told.append(found)

    both = [Thread(target=save, args=(number,)) for number in (1, 2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    (kept,) = [one for one in told if isinstance(one, Draft)]
    (refused,) = [one for one in told if isinstance(one, SavedMeanwhile)]
    assert refused.now == kept
    assert drafts.of_trust(tmp_path, "Z01", NOW) == [kept]


def test_they_expire_and_are_gone_from_the_file(tmp_path):
    drafts.save(tmp_path, replace(FIRST, typed={"explain": "a text to look for"}))
    last = NOW + drafts.KEPT_FOR
    assert len(drafts.of_trust(tmp_path, "Z01", last)) == 1
    assert drafts.of_trust(tmp_path, "Z02", last + timedelta(seconds=1)) == []
    assert b"a text to look for" not in (tmp_path / drafts.FILE).read_bytes()


def test_only_the_versions_named_are_removed_and_only_of_the_trust(tmp_path):
    first = drafts.save(tmp_path, FIRST)
    second = drafts.save(tmp_path, replace(FIRST, ward="BIRCH1"))
    assert drafts.remove(tmp_path, "Z02", [first.version, second.version]) == 0
    assert drafts.remove(tmp_path, "Z01", [first.version]) == 1
    assert drafts.of_trust(tmp_path, "Z01", NOW) == [second]


def test_a_file_that_is_no_file_of_drafts_is_said_in_a_sentence(tmp_path):
    (tmp_path / drafts.FILE).write_bytes(b"this is no database, however long one reads it" * 30)
    for act in (
        lambda: drafts.of_trust(tmp_path, "Z01", NOW),
        lambda: drafts.save(tmp_path, FIRST),
    ):
        with pytest.raises(DraftsUnreadable, match="nothing was changed") as found:
            act()
        assert isinstance(found.value.__cause__, sqlite3.Error)
