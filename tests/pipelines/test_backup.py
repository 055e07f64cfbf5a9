"""A backup is complete or isn't there, and a damaged one restores nothing."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.backup import BackupError, backup, restore
from pipelines.demo.cast import Size
from pipelines.demo.make import make
from pipelines.demo.story import Story
from pipelines.keeping.home import Home, HomeError
from schemas.periods import Month


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("backup") / "demo"
    story = Story(Size(1, 1, 2), Month(2026, 3))
    return make(root, story, datetime(2026, 4, 20, tzinfo=UTC), lambda *_: None)


@pytest.fixture
def file(tiny: Home, tmp_path: Path) -> Path:
    path = tmp_path / "backup.zip"
    backup(tiny.root, path)
    return path


def test_there_and_back_is_the_same(tiny: Home, file: Path, tmp_path: Path) -> None:
    assert restore(file, tmp_path / "new") == len(tiny.archive.receipts())
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


def test_a_damaged_backup_restores_nothing(file: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(file) as packed:
        name = next(name for name in packed.namelist() if name.endswith(".xlsx"))
    repacked(file, {name: b"something else"})
    with pytest.raises(BackupError, match="damaged, so nothing was restored"):
        restore(file, tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["backup.zip"]


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/etc/outside", "archive/../../outside", "notes.txt", "C:/outside"]
)
def test_no_name_in_a_file_leads_anywhere_else(file: Path, tmp_path: Path, name: str) -> None:
    repacked(file, {name: b"x"})
    with pytest.raises(BackupError, match="not a backup of a programme"):
        restore(file, tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["backup.zip"]


@pytest.mark.parametrize("keep", [0, 40, 2000])
def test_a_file_cut_short_is_said_to_be(file: Path, tmp_path: Path, keep: int) -> None:
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(BackupError, match="not a complete ZIP file"):
        restore(file, tmp_path / "new")


def test_only_a_programme_is_backed_up(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="There is no programme"):
        backup(tmp_path, tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == []
