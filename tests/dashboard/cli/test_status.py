"""What status says besides who has sent what."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.cli.errors import Exit
from pipelines import measures
from pipelines.keeping.staging import STAGED
from pipelines.measures import MeasureError
from pipelines.releasing.build import build
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


@pytest.mark.parametrize("when", [0, 4_000_000_000])
def test_measures_are_read_again_for_another_version_whatever_the_times_of_files(
    tmp_path: Path, monkeypatch, when: int
):
    home = worlds.empty_world(tmp_path / "home")
    build(home, datetime(2025, 2, 20, tzinfo=UTC))

    def fail() -> None:
        raise MeasureError("SS-X1_new.toml: id – is missing.")

    monkeypatch.setattr(measures, "load", fail)
    for path in home.releases.iterdir():
        os.utime(path, (when, when))
    assert run("status", "--home", home.root).exit_code == Exit.DONE
    (home.releases / "CHECKED").write_text("another version")
    os.utime(home.releases / "CHECKED", (when, when))
    refused = run("status", "--home", home.root)
    assert (refused.exit_code, "SS-X1_new.toml" in refused.stderr) == (Exit.WRONG_USE, True)
