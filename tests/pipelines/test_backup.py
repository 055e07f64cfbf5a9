"""A backup is complete or isn't there; all that is whole in a damaged one is restored."""

import shutil
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.backup import BackupError, Restored, backup, restore
from pipelines.demo.cast import Size
from pipelines.demo.make import make
from pipelines.demo.story import Story
from pipelines.keeping import tokens
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home, HomeError
from pipelines.keeping.tokens import NewToken
from schemas.periods import Month


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("backup") / "demo"
    story = Story(Size(1, 1, 2), Month(2026, 3))
    return make(root, story, datetime(2026, 4, 20, tzinfo=UTC), lambda *_: None)


@pytest.fixture
def file(tiny: Home, tmp_path: Path) -> Path:
    path = tmp_path / "backup.zip"
    assert backup(tiny.root, path).problems == ()
    return path


def test_there_and_back_is_the_same(tiny: Home, file: Path, tmp_path: Path) -> None:
    assert restore(file, tmp_path / "new") == Restored(len(tiny.archive.receipts()), (), ())
    assert Home(tmp_path / "new").archive.state() == tiny.archive.state()
    with zipfile.ZipFile(file) as packed:
        assert not any(name.startswith("releases") for name in packed.namelist())


def test_what_a_crash_left_behind_is_no_part_of_a_backup(tiny: Home, tmp_path: Path) -> None:
    left = tiny.root / "archive" / "returns" / ".staged-version-1"
    left.mkdir()
    (left / "half.xlsx").write_bytes(b"half")
    backup(tiny.root, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        assert not any(".staged-" in name for name in packed.namelist())


def repacked(file: Path, change: dict[str, bytes]) -> None:
    with zipfile.ZipFile(file) as packed:
        held = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in (held | change).items():
            packed.writestr(name, content)


def test_a_backup_of_a_damaged_archive_says_so_and_holds_the_rest(tiny, tmp_path) -> None:
    home = Home(Path(shutil.copytree(tiny.root, tmp_path / "home")))
    first, *others = home.archive.receipts()
    receipt = home.archive.folder(first) / "receipt.json"
    receipt.write_bytes(receipt.read_bytes()[:100])
    made = backup(home.root, tmp_path / "b.zip")
    assert made.problems == (f"Return {first.return_id} has no readable receipt.",)
    restored = restore(tmp_path / "b.zip", tmp_path / "new")
    assert restored.problems == made.problems
    assert Home(tmp_path / "new").archive.receipts() == others
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "home", "new"]


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_backed_up(
    tiny, tmp_path, monkeypatch
) -> None:
    first = tiny.archive.receipts()[0]
    unreadable, read = tiny.archive.original(first), Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path == unreadable:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    made = backup(tiny.root, tmp_path / "b.zip")
    name = unreadable.relative_to(tiny.root).as_posix()
    assert made.problems == (
        f"{name} can't be read (Permission denied) and is not in the backup.",
        f"Return {first.return_id} has 0 original files instead of one.",
    )


def test_all_that_is_whole_in_a_damaged_backup_is_restored(tiny, file, tmp_path) -> None:
    with zipfile.ZipFile(file) as packed:
        name = next(name for name in packed.namelist() if name.endswith(".xlsx"))
    repacked(file, {name: b"something else"})
    restored = restore(file, tmp_path / "new")
    assert [sentence.partition(" of return")[0] for sentence in restored.problems] == [
        "The original file"
    ]
    assert Home(tmp_path / "new").archive.receipts() == tiny.archive.receipts()


def test_a_file_whose_bytes_were_changed_in_a_backup_is_left_out(tiny, file, tmp_path) -> None:
    with zipfile.ZipFile(file) as packed:
        entry = next(e for e in packed.infolist() if e.filename.endswith("rows.parquet"))
    content = bytearray(file.read_bytes())
    content[entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2] ^= 0xFF
    file.write_bytes(content)
    restored = restore(file, tmp_path / "new")
    assert restored.problems[0] == f"{entry.filename} is damaged in backup.zip."
    assert not (tmp_path / "new" / entry.filename).exists()
    (damaged,) = Home(tmp_path / "new").archive.entries().damaged
    assert damaged.name in entry.filename


def test_a_token_revoked_after_the_backup_stays_revoked(tiny, tmp_path) -> None:
    home = Home(Path(shutil.copytree(tiny.root, tmp_path / "home")))
    today = date(2026, 4, 20)
    now = datetime(2026, 4, 20, 9, tzinfo=UTC)
    new = NewToken("Nightly export", "lead@trust.example", ["Z01"], ["send"], None)
    token, _ = tokens.issue(home, new, "team@programme.example", now)
    backup(home.root, tmp_path / "b.zip")
    tokens.revoke(home, token.id, Decided("team@programme.example", now, "Lost"))
    restored = restore(tmp_path / "b.zip", tmp_path / "new", Decided("somebody", now, "Restored"))
    assert restored.tokens_ended == (token.id,)
    assert tokens.find(Home(tmp_path / "new"), token.id).state(today) == "revoked"
    kept = restore(tmp_path / "b.zip", tmp_path / "kept")
    assert kept.tokens_ended == ()
    assert tokens.find(Home(tmp_path / "kept"), token.id).state(today) == "in use"


def test_without_settings_nothing_is_restored(file: Path, tmp_path: Path) -> None:
    repacked(file, {"programme.toml": b"name = "})
    with pytest.raises(HomeError, match="can't be read as TOML"):
        restore(file, tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["backup.zip"]


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/etc/outside", "archive/../../outside", "C:/outside"]
)
def test_no_name_in_a_file_leads_anywhere_else(file: Path, tmp_path: Path, name: str) -> None:
    repacked(file, {name: b"x"})
    with pytest.raises(BackupError, match="not a backup of a programme"):
        restore(file, tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["backup.zip"]


def test_a_name_that_no_backup_has_is_named_and_the_rest_is_restored(tiny, file, tmp_path) -> None:
    repacked(file, {"archivf/notes.txt": b"x"})
    restored = restore(file, tmp_path / "new")
    assert restored.problems == ("archivf/notes.txt is damaged in backup.zip.",)
    assert Home(tmp_path / "new").archive.state() == tiny.archive.state()
    assert not (tmp_path / "new" / "archivf").exists()


def test_other_files_packed_together_are_no_backup(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "backup.zip", "w") as packed:
        packed.writestr("notes.txt", "x")
    with pytest.raises(BackupError, match="not a backup of a programme: it contains notes"):
        restore(tmp_path / "backup.zip", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("flag", [1, 1 << 5])
def test_a_file_whose_entry_says_that_it_is_packed_otherwise_is_named(file, tmp_path, flag) -> None:
    content = bytearray(file.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] ^= flag  # needs a password; is a patch
    file.write_bytes(content)
    with zipfile.ZipFile(file) as packed:
        name = packed.namelist()[0]
    assert f"{name} is damaged in backup.zip." in restore(file, tmp_path / "new").problems


@pytest.mark.parametrize("keep", [0, 40, 2000])
def test_a_file_cut_short_is_said_to_be(file: Path, tmp_path: Path, keep: int) -> None:
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(BackupError, match="not a complete ZIP file"):
        restore(file, tmp_path / "new")


def test_only_a_programme_is_backed_up(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="There is no programme"):
        backup(tmp_path, tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == []
