"""feeling-safe backup and restore, as they are typed."""

import json
from pathlib import Path

from dashboard.cli.errors import Exit
from pipelines.keeping.home import open_home
from tests.dashboard.cli.typed import run


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
