"""feeling-safe backup and restore, as they are typed."""

import json
import shutil
from pathlib import Path

from dashboard.cli.errors import Exit
from pipelines.keeping.home import Home, open_home
from tests import worlds
from tests.dashboard.cli.typed import run

GONE = "return Z01/2025-01/1"


def test_a_backup_brings_everything_back(demo_home: Path, tmp_path: Path) -> None:
    file, new = tmp_path / "backup.zip", tmp_path / "new"
    assert run("backup", file, "--home", demo_home).exit_code == Exit.DONE
    refused = run("backup", file, "--home", demo_home)
    assert (refused.exit_code, "already exists" in refused.stderr) == (Exit.WRONG_USE, True)
    result = run("restore", file, "--home", new, "--json")
    assert result.exit_code == Exit.DONE, result.output
    assert open_home(new).archive.state() == open_home(demo_home).archive.state()
    assert (
        json.loads(result.stdout)["release"]
        == json.loads(run("status", "--json", "--home", new).stdout)["release"]
    )
    assert run("verify", "--home", new, "--read-again").exit_code == Exit.DONE
    full = run("restore", file, "--home", new)
    assert (full.exit_code, "is not empty" in full.stderr) == (Exit.WRONG_USE, True)


def test_a_damaged_archive_is_named_by_every_command(two_months, tmp_path: Path) -> None:
    home = shutil.copytree(two_months.root, tmp_path / "home")
    receipt = home / "archive" / "returns" / "Z01" / "2025-01" / "1" / "receipt.json"
    receipt.write_bytes(receipt.read_bytes()[:100])
    built = run("build", "--home", home)
    assert (built.exit_code, "in use." in built.stdout) == (Exit.PROBLEMS, True)
    assert f"can't be read, and the figures leave it out: {GONE}." in built.stderr
    assert json.loads(run("build", "--json", "--home", home).stdout)["damaged"] == [GONE]
    status = run("status", "--months", "99", "--home", home)
    assert status.exit_code == Exit.DONE
    assert GONE in status.stdout
    assert "  Damaged: Z01 Tiny trust Z01" in status.stdout
    assert json.loads(run("status", "--json", "--home", home).stdout)["damaged"] == [GONE]
    saved = run("backup", tmp_path / "b.zip", "--home", home)
    assert saved.exit_code == Exit.PROBLEMS
    assert "read back.\n" in saved.stdout
    assert "Return Z01/2025-01/1 has no readable receipt." in saved.stdout
    restored = run("restore", tmp_path / "b.zip", "--home", tmp_path / "new")
    assert restored.exit_code == Exit.PROBLEMS
    assert "3 returns. Release" in restored.stdout  # without the one that is named
    assert "Everything that is whole was brought back." in restored.stdout


def test_tokens_of_a_backup_are_revoked_by_a_restore(two_months, tmp_path: Path) -> None:
    home = shutil.copytree(two_months.root, tmp_path / "home")
    made = run("token", "issue", "lead@trust.example", "--name", "Export", "--home", home)
    assert made.exit_code == Exit.DONE, made.output
    run("backup", tmp_path / "b.zip", "--home", home)
    restored = run("restore", tmp_path / "b.zip", "--home", tmp_path / "new")
    assert restored.exit_code == Exit.DONE, restored.output
    assert "1 token from the backup no longer works" in restored.stdout
    (token,) = json.loads(run("token", "list", "--json", "--home", tmp_path / "new").stdout)
    assert token["state"] == "revoked"
    assert token["revocation"]["reason"] == "Restored from a backup"
    run("restore", tmp_path / "b.zip", "--keep-tokens", "--home", tmp_path / "kept")
    (token,) = json.loads(run("token", "list", "--json", "--home", tmp_path / "kept").stdout)
    assert token["state"] == "in use"


def test_backups_in_a_folder_are_rotated_and_status_names_the_last(
    two_months, tmp_path: Path, monkeypatch
) -> None:
    home = Path(shutil.copytree(two_months.root, tmp_path / "home"))
    folder = tmp_path / "backups"
    monkeypatch.setenv("FEELING_SAFE_BACKUPS", str(folder))
    assert f"There is no whole backup in {folder}" in run("status", "--home", home).stdout
    refused = run("backup", "--keep", 1, folder, "--home", home)
    assert (refused.exit_code, "mount its disk" in refused.stderr) == (Exit.WRONG_USE, True)
    folder.mkdir()
    first = run("backup", "--keep", 1, folder, "--home", home)
    assert first.exit_code == Exit.DONE, first.output
    assert "It is the first in this folder." in first.stdout
    again = run("backup", "--keep", 1, folder, "--home", home)
    assert "Removed, with 1 newer one kept: feeling-safe-00001-" in again.stdout
    second = json.loads(run("backup", "--keep", 1, folder, "--home", home, "--json").stdout)
    (name,) = (path.name for path in folder.iterdir())
    assert second["file"] == str(folder / name)
    assert len(second["removed"]) == 1
    said = run("status", "--home", home).stdout
    assert f"The last whole backup in {folder} is {name}, made at " in said
    assert ": no entry is newer." in said
    Home(home).archive.record(worlds.note())
    receipt = home / "archive" / "returns" / "Z01" / "2025-01" / "1" / "receipt.json"
    receipt.write_bytes(receipt.read_bytes()[:100])
    third = run("backup", "--keep", 1, folder, "--home", home)
    assert third.exit_code == Exit.PROBLEMS
    assert "The archive isn't whole, so no older backup was removed:" in third.stdout
    told = json.loads(run("status", "--home", home, "--json").stdout)["backups"]
    assert (told["last"], told["entries_since"]) == (name, 1)
    (newer,) = told["newer_but_not_whole"]
    assert (
        f"1 entry is newer. Made since, but not whole: {newer}."
        in run("status", "--home", home).stdout
    )
    (folder / newer).write_bytes((folder / newer).read_bytes()[:200])
    assert f"Can’t be read, and don’t count: {newer}." in run("status", "--home", home).stdout
    assert run("backup", "--keep", 0, folder, "--home", home).exit_code == Exit.WRONG_USE


def test_an_older_file_that_was_cut_off_fails_no_later_backup(two_months, tmp_path: Path) -> None:
    home = Path(shutil.copytree(two_months.root, tmp_path / "home"))
    folder = tmp_path / "backups"
    folder.mkdir()
    made = run("backup", "--keep", 2, folder, "--home", home, "--json")
    first = Path(json.loads(made.stdout)["file"])
    first.write_bytes(first.read_bytes()[:200])
    for number in range(2, 5):
        made = run("backup", "--keep", 2, folder, "--home", home)
        assert made.exit_code == Exit.DONE, made.output
        assert "read back and complete." in made.stdout
        assert f"{first.name} can’t be read, so it doesn’t count" in made.stdout
        assert f"feeling-safe-{number:05}-" in made.stdout
    assert sorted(int(path.name.split("-")[2]) for path in folder.iterdir()) == [1, 3, 4]
    told = json.loads(run("backup", "--keep", 2, folder, "--home", home, "--json").stdout)
    assert (told["stayed"], len(told["unread"])) == ([], 1)
