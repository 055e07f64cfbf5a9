"""Forums in the archive: on the chain, checked, backed up, mirrored, and named when damaged."""

import shutil
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from pipelines.backup import backup, restore
from pipelines.keeping.damaged import Damaged, DamagedEntry, sentence
from pipelines.keeping.decide import DecisionError
from pipelines.keeping.decisions import Decided
from pipelines.keeping.forums import KeptForum
from pipelines.keeping.home import Home
from pipelines.keeping.staging import VersionTaken
from pipelines.learning.save import save_forums, undo_forum
from pipelines.mirror import mirror
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from pipelines.status import status
from pipelines.verify_home import verify
from schemas.forums import Answers, Attendance, Forum
from schemas.typed import typed
from tests import worlds

AT = datetime(2026, 3, 20, 9, tzinfo=UTC)
DECIDED = Decided(worlds.TEAM, AT, "From the team")
ABOUT = Forum(forum="LF01", day=date(2026, 3, 12), title="Safety first", kind="workshop")
WORDS = 'A "huddle", every\nmorning; 1,5 – né'


def forum(people=3) -> KeptForum:
    came = {"trust_code": "Z01", "ward_code": None, "group": "staff", "people": people}
    said = {"question": 1, "text": "What now?", "scale": "comment", "answer": WORDS, "people": 6}
    return KeptForum(
        ABOUT, typed(pl.DataFrame([came]), Attendance), typed(pl.DataFrame([said]), Answers)
    )


@pytest.fixture(scope="module")
def made_home(tmp_path_factory) -> Home:
    home = worlds.small_world(tmp_path_factory.mktemp("forums") / "home", last=worlds.FIRST)
    home.archive.keep_forum(forum(), DECIDED)
    home.archive.keep_forum(forum(4), Decided(worlds.TEAM, AT + timedelta(days=2), "Four came"), 1)
    build(home, AT)
    return home


def shown(home, query="SELECT * FROM forum_attendance"):
    return release_file.read(release_file.current(home.releases), query)


def test_every_version_is_read_as_it_was_kept(home):
    for version, people in ((1, 3), (2, 4)):
        kept = home.archive.forum_version("LF01", version)
        assert kept.about == ABOUT
        assert kept.attendance.equals(forum(people).attendance)
        assert kept.answers.equals(forum().answers)


def test_each_is_an_entry_of_the_chain_and_the_home_is_whole(home):
    entries = [link.entry for link in home.archive.links() if link.kind == "forum"]
    assert entries == ["forums/LF01/1", "forums/LF01/2"]
    assert verify(home) == []
    assert status(home.root, AT.date()).damaged == ()


def test_a_version_is_kept_over_the_one_it_was_made_from_only(home):
    with pytest.raises(VersionTaken):
        home.archive.keep_forum(forum(5), DECIDED, 1)


def test_a_backup_and_a_copy_hold_them(home, tmp_path):
    backup(home.root, tmp_path / "backup.zip")
    restore(tmp_path / "backup.zip", tmp_path / "restored")
    mirror(home, tmp_path / "copy")
    for root in (tmp_path / "restored", tmp_path / "copy"):
        other = Home(root)
        build(other, AT)
        assert verify(other) == []
        assert other.archive.state() == home.archive.state()
        assert shown(other).equals(shown(home))


def test_what_was_known_on_an_earlier_day_is_the_version_of_that_day(home):
    then = build(home, AT, as_at=AT.date())
    assert release_file.read(then, "SELECT people FROM forum_attendance").item() == 3
    assert shown(home)["people"].item() == 4
    before = build(home, AT, as_at=AT.date() - timedelta(days=1))
    assert release_file.read(before, "SELECT * FROM forums").is_empty()


@pytest.mark.parametrize("name", ["forum.json", "attendance.csv", "answers.csv", "receipt.json"])
def test_a_damaged_version_is_named_and_an_older_one_never_takes_its_place(home, name):
    folder = home.archive.root / "forums" / "LF01" / "2"
    (folder / name).write_bytes((folder / name).read_bytes()[:-9])
    assert [each for each in verify(home) if "LF01" in each] == [
        "Version 2 of the forum LF01 is not the one its receipt was given for, or its receipt "
        "cannot be read."
    ]
    damaged = Damaged("forum", "LF01/2")
    assert home.archive.entries().damaged == (damaged,)
    assert status(home.root, AT.date()).damaged == (damaged,)
    assert "version 2 of the forum LF01" in sentence((damaged,))
    assert "Until then" not in sentence((damaged,))
    build(home, AT)
    assert shown(home, "SELECT * FROM forums").is_empty()
    with pytest.raises(DamagedEntry, match="Version 2 of the forum LF01 is damaged"):
        home.archive.forum_version("LF01", 2)


def test_a_version_that_is_gone_or_another_forums_is_noticed(home):
    folder = home.archive.root / "forums" / "LF01"
    (folder / "2").rename(folder.parent / "LF02")
    (folder.parent / "LF02").rename(folder.parent / "2")
    (folder.parent / "LF02").mkdir()
    (folder.parent / "2").rename(folder.parent / "LF02" / "1")
    found = " ".join(verify(home))
    assert "Version 2 of the forum LF01 was kept as line" in found
    assert "Version 1 of the forum LF02 is not the one its receipt was given for" in found


def test_nothing_is_kept_in_place_of_a_version_that_is_gone(home):
    shutil.rmtree(home.archive.root / "forums" / "LF01" / "2")
    assert home.archive.entries().damaged == (Damaged("forum", "LF01/2"),)
    build(home, AT)
    assert shown(home, "SELECT * FROM forums").is_empty()
    with pytest.raises(DecisionError, match="Version 2 of the forum LF01 is gone: restore it"):
        save_forums(home, [ABOUT.model_copy(update={"title": "Another"})], DECIDED)
    with pytest.raises(DecisionError, match="Version 2 of the forum LF01 is gone"):
        undo_forum(home, "LF01", DECIDED)
