"""A copy holds every entry, whatever interrupts it, and loses nothing that was lost here."""

import os
import shutil

import pytest

from pipelines.keeping.home import Home
from pipelines.keeping.layout import chain_file, head_file
from pipelines.keeping.verify import archive_problems
from pipelines.mirror import MirrorError, behind, complete, differences, mirror
from pipelines.publishing import publish
from tests import worlds
from tests.pipelines.keeping.crash import crashed


@pytest.fixture(scope="module")
def made_home(tmp_path_factory) -> Home:
    home = worlds.small_world(tmp_path_factory.mktemp("mirror") / "home", last=worlds.FIRST)
    home.archive.record(worlds.note())
    return home


@pytest.fixture
def copy(home, tmp_path):
    """A copy of everything in the home."""
    mirror(home, tmp_path / "copy")
    return Home(tmp_path / "copy")


def is_the_same(home, copy):
    return differences(home, copy) == archive_problems(copy.archive) == []


def test_a_copy_is_a_home_with_everything_and_is_continued(home, copy):
    assert is_the_same(home, copy)
    assert copy.archive.state() == home.archive.state()
    assert copy.programme == home.programme
    assert copy.archive.attempts() == home.archive.attempts()
    assert mirror(home, copy.root).copied == 0
    worlds.send(home, "Z01", worlds.FIRST + 1)
    publish(home, worlds.FIRST, home.root / "out")
    assert behind(home.root, copy.root) == 2
    assert mirror(home, copy.root).copied == 2
    assert behind(home.root, copy.root) == 0
    assert (copy.root / "published" / "2025-01.json").exists()
    assert is_the_same(home, copy)


def test_a_copy_is_copied_back(home, copy, tmp_path):
    assert mirror(copy, tmp_path / "back").copied == 6
    assert is_the_same(home, Home(tmp_path / "back"))


def test_how_far_behind_is_not_known_of_what_is_no_copy(home, tmp_path):
    assert behind(home.root, tmp_path / "nowhere") is None


def test_an_archive_of_an_earlier_version_is_copied_with_its_chain(home, tmp_path):
    for trust, days in (("Z01", 20), ("Z02", 5)):  # lines of one log that are not in order
        worlds.send(home, trust, worlds.FIRST + 1, at=worlds.received(worlds.FIRST + 1, days))
    chain_file(home.archive.root).unlink()
    head_file(home.archive.root).unlink()
    mirror(home, tmp_path / "copy")
    assert is_the_same(home, Home(tmp_path / "copy"))


def test_a_log_is_copied_with_what_was_cut_short_in_it(home, copy):
    (log,) = (home.archive.root / "attempts").iterdir()
    with log.open("ab") as file:
        file.write(b'{"at": "2025')
    worlds.send(home, "Z01", worlds.FIRST)
    mirror(home, copy.root)
    assert (copy.archive.root / "attempts" / log.name).read_bytes() == log.read_bytes()
    assert is_the_same(home, copy)


def test_what_is_removed_here_stays_in_the_copy(home, copy):
    shutil.rmtree(home.archive.root / "returns" / "Z01")
    worlds.send(home, "Z02", worlds.FIRST + 1)
    assert mirror(home, copy.root).left_out == ()
    assert "Z01/2025-01/1" in [receipt.return_id for receipt in copy.archive.receipts()]
    assert archive_problems(copy.archive) == []


def test_what_is_damaged_here_is_left_out_and_copied_when_it_is_whole_again(home, copy):
    worlds.send(home, "Z01", worlds.FIRST + 1)
    worlds.send(home, "Z02", worlds.FIRST + 1)
    rows = home.archive.root / "returns" / "Z01" / "2025-02" / "1" / "rows.parquet"
    whole = rows.read_bytes()
    rows.write_bytes(b"?")
    done = mirror(home, copy.root)
    assert done.left_out == ("Return Z01/2025-02/1 is damaged or gone, so it was not copied.",)
    assert done.copied == 3
    (said,) = archive_problems(copy.archive)
    assert "Return Z01/2025-02/1 was kept as line" in said
    assert complete(home, copy.root) == 0
    rows.write_bytes(whole)
    assert complete(home, copy.root) == 1
    assert is_the_same(home, copy)


def test_a_chain_that_was_begun_again_here_is_not_copied_over_the_old_one(home, copy):
    before = chain_file(copy.archive.root).read_bytes()
    chain_file(home.archive.root).unlink()
    home.archive.record(worlds.note(1))
    with pytest.raises(MirrorError, match="holds entries that are not in this archive"):
        mirror(home, copy.root)
    assert chain_file(copy.archive.root).read_bytes() == before
    assert archive_problems(copy.archive) == []


def test_a_folder_that_holds_anything_else_is_refused(home, tmp_path):
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(MirrorError, match="holds something else"):
        mirror(home, tmp_path)
    with pytest.raises(MirrorError, match="own folder"):
        mirror(home, home.root)


def test_something_in_the_way_in_a_copy_is_never_replaced(home, copy):
    worlds.send(home, "Z01", worlds.FIRST + 1)
    place = copy.archive.root / "returns" / "Z01" / "2025-02" / "1"
    place.mkdir(parents=True)
    (place / "receipt.json").write_text("theirs")
    with pytest.raises(MirrorError, match="is not what belongs there"):
        mirror(home, copy.root)
    assert (place / "receipt.json").read_text() == "theirs"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork to kill many quickly")
def test_wherever_a_copy_is_cut_short_it_is_whole_and_goes_on(made_home, tmp_path):
    copies = crashed(made_home, tmp_path / "copies", "mirror")
    assert len(copies) > 50
    for root in copies:
        home, copy = Home(root), Home(root / "copy")
        assert archive_problems(copy.archive) == [], root.name
        mirror(home, copy.root)
        assert is_the_same(home, copy), root.name
