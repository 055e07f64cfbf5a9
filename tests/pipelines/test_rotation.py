"""Backups are numbered and kept in number; nothing is removed unless everything is whole."""

import json
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from pipelines.backup import BackupError, is_intact, known_line, restore
from pipelines.keeping.home import Home
from pipelines.keeping.staging import STAGED
from pipelines.releasing.build import build
from pipelines.rotation import entries_since, newest_whole, numbered, rotate
from tests import worlds

NOW = datetime(2026, 4, 20, 1, 15, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return worlds.small_world(tmp_path_factory.mktemp("kept") / "home", worlds.FIRST, worlds.FIRST)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def numbers(folder: Path) -> list[int]:
    return [each.number for each in numbered(folder)]


def damage(home: Home) -> Path:
    """Cut a return's rows short; what they were stands beside the home."""
    rows = next((home.root / "archive" / "returns").rglob("rows.parquet"))
    shutil.copy(rows, home.root.parent / "rows")
    rows.write_bytes(rows.read_bytes()[:100])
    return rows


def test_the_newest_are_kept_by_number(home, folder):
    removed = [rotate(home, folder, 2, NOW + n * DAY).removed for n in range(4)]
    assert names(folder) == [
        "feeling-safe-00003-2026-04-22T011500Z.zip",
        "feeling-safe-00004-2026-04-23T011500Z.zip",
    ]
    first, second = (f"feeling-safe-0000{n + 1}-2026-04-{20 + n}T011500Z.zip" for n in (0, 1))
    assert removed == [(), (), (first,), (second,)]
    assert restore(numbered(folder)[0].path, home.root.parent / "new").problems == ()


def test_a_clock_set_back_and_the_times_of_files_decide_nothing(home, folder):
    for n, now in enumerate((NOW, NOW - 400 * DAY, NOW - 800 * DAY), 1):
        made = rotate(home, folder, 2, now).made
        assert (made.number, made.whole) == (n, True)
        os.utime(made.path, (2_000_000_000 - n, 2_000_000_000 - n))
    assert numbers(folder) == [2, 3]
    assert newest_whole(folder).number == 3


def test_nothing_is_removed_while_the_archive_is_not_whole(home, folder):
    rotate(home, folder, 1, NOW)
    rows = damage(home)
    done = [rotate(home, folder, 1, NOW + n * DAY) for n in (1, 2)]
    assert all("cannot be read" in each.problems[0] for each in done)
    assert [each.removed for each in done] == [(), ()]
    assert names(folder)[1:] == [
        "feeling-safe-00002-2026-04-21T011500Z-not-whole.zip",
        "feeling-safe-00003-2026-04-22T011500Z-not-whole.zip",
    ]
    assert newest_whole(folder).number == 1, "the only whole one is still there"
    shutil.copy(home.root.parent / "rows", rows)
    again = rotate(home, folder, 1, NOW + 3 * DAY)
    assert (again.problems, len(again.removed), numbers(folder)) == ((), 3, [4])


def test_an_archive_that_lost_its_newest_entries_removes_no_backup_that_has_them(home, folder):
    old = shutil.copytree(home.root, home.root.with_name("old"))
    home.archive.record(worlds.note())
    known = rotate(home, folder, 1, NOW).made
    shutil.rmtree(home.root)
    shutil.copytree(old, home.root)  # as if an old copy had been put back: whole, but older
    done = rotate(home, folder, 1, NOW + DAY)
    assert done.problems[0].startswith(f"Backup {known.path.name} knows line ")
    assert (done.removed, done.made.whole) == ((), False)
    assert known.path.exists()


def test_what_a_release_knows_counts_too(home, folder):
    old = shutil.copytree(home.root, home.root.with_name("old"))
    home.archive.record(worlds.note())
    release = build(home, NOW)
    shutil.copytree(home.releases, old / "releases", dirs_exist_ok=True)
    done = rotate(Home(Path(old)), folder, 1, NOW)
    assert done.problems[0].startswith(f"Release {release.stem} knows line ")
    assert not done.made.whole


def test_a_backup_that_was_cut_short_does_not_count(home, folder):
    for n in range(3):
        rotate(home, folder, 3, NOW + n * DAY)
    cut = numbered(folder)[2].path
    cut.write_bytes(cut.read_bytes()[:500])
    assert newest_whole(folder).number == 2
    done = rotate(home, folder, 2, NOW + 3 * DAY)
    assert (numbers(folder), len(done.removed)) == ([2, 3, 4], 1)
    assert (done.problems, done.stayed, done.made.whole) == ((), (), True)
    assert done.unread == (
        f"{cut.name} can’t be read, so it doesn’t count as a backup and was left where it is. "
        "Delete it, or move it elsewhere.",
    )
    assert restore(done.made.path, home.root.parent / "new").problems == ()


def damaged(file: Path, chance: Random) -> bytes:
    """A backup with one bit changed, as often as not where it lists its files."""
    content = bytearray(file.read_bytes())
    listed = content.index(b"PK\x01\x02")
    at = chance.choice([chance.randrange(listed), chance.randrange(listed, len(content))])
    content[at] ^= 1 << chance.randrange(8)
    return bytes(content)


def test_a_backup_damaged_since_takes_the_place_of_no_whole_one(home, folder):
    first, second = (rotate(home, folder, 2, NOW + n * DAY).made for n in range(2))
    content = bytearray(second.path.read_bytes())
    content[content.index(b"PK\x01\x02") // 2] ^= 1  # in the middle of a file that is kept
    second.path.write_bytes(content)
    done = rotate(home, folder, 2, NOW + 2 * DAY)
    assert (done.removed, numbers(folder), done.made.whole) == ((), [1, 2, 3], True)
    assert done.unread == (
        f"{second.path.name} is damaged, so it doesn’t count as a backup and was left where it is. "
        "Delete it, or move it elsewhere.",
    )
    again = rotate(home, folder, 2, NOW + 3 * DAY)
    assert (numbers(folder), again.unread) == ([3, 4], ()), "two whole ones are newer than either"
    assert first.path.name in again.removed


@pytest.mark.parametrize("seed", range(60))
def test_whichever_bit_is_changed_a_backup_that_counts_brings_everything_back(home, folder, seed):
    made = rotate(home, folder, 1, NOW).made
    made.path.write_bytes(damaged(made.path, Random(seed)))  # noqa: S311 - the same each time
    if is_intact(made.path):
        assert restore(made.path, home.root.parent / "new").problems == ()
        assert Home(home.root.parent / "new").archive.state() == home.archive.state()
    else:
        with suppress(BackupError):  # which says that it is damaged
            assert restore(made.path, home.root.parent / "new").problems
    done = rotate(home, folder, 1, NOW + DAY)
    assert done.made.whole
    assert restore(done.made.path, home.root.parent / "again").problems == ()


def test_other_files_are_left_alone(home, folder):
    others = (
        "feeling-safe-2026-04-20.zip",
        "notes.txt",
        "feeling-safe-00009-2026-99-99T011500Z.zip",
    )
    for name in others:
        (folder / name).write_text("?")
    left = folder / f"{STAGED}feeling-safe-00001-x"
    left.mkdir()
    (left / "half").write_text("?")
    rotate(home, folder, 1, NOW)
    assert numbers(folder) == [1]
    assert {*others} < {*names(folder)}
    assert not left.exists(), "what an interrupted backup left is not kept for ever"


def test_one_that_cannot_be_removed_is_named(home, folder, monkeypatch):
    rotate(home, folder, 1, NOW)
    first, unlink = numbered(folder)[0].path, Path.unlink

    def refuse(path: Path, *args: object, **named: object) -> None:
        if path == first:
            raise PermissionError(1, "Operation not permitted", str(path))
        unlink(path, *args, **named)

    monkeypatch.setattr(Path, "unlink", refuse)
    done = rotate(home, folder, 1, NOW + DAY)
    assert done.stayed == (f"{first.name} could not be removed (Operation not permitted).",)
    assert done.made.whole


def test_how_much_is_newer_than_a_backup_is_counted_on_the_chain(home, folder):
    made = rotate(home, folder, 1, NOW).made
    assert entries_since(home.root, made) == 0
    home.archive.record(worlds.note())
    assert entries_since(home.root, made) == 1
    head = json.loads((home.root / "head.json").read_bytes())
    assert known_line(made.path).sequence == head["sequence"] - 1


def test_a_folder_that_is_not_there_or_in_the_home_is_refused(home, tmp_path):
    with pytest.raises(BackupError, match="create it, or mount its disk"):
        rotate(home, tmp_path / "nowhere", 3, NOW)
    (home.root / "backups").mkdir()
    with pytest.raises(BackupError, match="inside the programme’s own folder"):
        rotate(home, home.root / "backups", 3, NOW)
    assert list((home.root / "backups").iterdir()) == []
