"""What status says besides who has sent what."""

import json
from pathlib import Path

from pipelines.keeping.staging import STAGED
from tests import worlds
from tests.dashboard.cli.typed import run


def test_a_release_file_that_a_build_left_behind_is_listed_until_it_is_gone(tmp_path: Path):
    home = worlds.empty_world(tmp_path / "home").root
    assert "unfinished" not in run("status", "--home", home).stdout
    left = home / "releases" / "as-at" / f"{STAGED}0123.duckdb"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half a rel")
    assert "1 unfinished release file, from a build" in run("status", "--home", home).stdout
    said = json.loads(run("status", "--json", "--home", home).stdout)
    assert said["unfinished_releases"] == [str(left)]
    left.unlink()
    assert json.loads(run("status", "--json", "--home", home).stdout)["unfinished_releases"] == []
