"""feeling-safe mirror and what status says of it, as they are typed."""

import json
import shutil
from pathlib import Path

import pytest

from dashboard.cli.errors import Exit
from dashboard.cli.mirror import copy_what_is_new
from pipelines.keeping.home import Home
from tests import worlds
from tests.dashboard.cli.typed import run


@pytest.fixture
def own(two_months: Home, tmp_path: Path) -> Path:
    return Path(shutil.copytree(two_months.root, tmp_path / "home"))


def test_a_copy_is_made_and_restored_as_a_drill(own, tmp_path) -> None:
    copy, new = tmp_path / "copy", tmp_path / "new"
    said = run("mirror", copy, "--drill", new, "--home", own)
    assert said.exit_code == Exit.DONE, said.output
    assert "9 new entries copied." in said.stdout
    assert f"{new}: everything was restored from the copy in " in said.stdout
    assert run("mirror", tmp_path / "another", "--home", copy).exit_code == Exit.DONE
    refused = run("mirror", copy, "--drill", new, "--home", own)
    assert (refused.exit_code, "is not empty" in refused.stderr) == (Exit.WRONG_USE, True)


def test_a_drill_names_what_the_copy_lacks(own, tmp_path) -> None:
    copy = tmp_path / "copy"
    run("mirror", copy, "--home", own)
    rows = own / "archive" / "returns" / "Z01" / "2025-02" / "1" / "rows.parquet"
    rows.write_bytes(b"?")
    shutil.rmtree(copy / "archive" / "returns" / "Z01" / "2025-02")
    said = run("mirror", copy, "--drill", tmp_path / "new", "--home", own, "--json")
    assert said.exit_code == Exit.PROBLEMS
    drill = json.loads(said.stdout)["drill"]
    assert drill["seconds"] > 0
    assert "Return Z01/2025-02/1 is missing in it or not the same." in drill["differences"]


def test_status_says_how_far_behind_the_copy_is(own, tmp_path, monkeypatch) -> None:
    copy = tmp_path / "copy"
    assert json.loads(run("status", "--home", own, "--json").stdout)["mirror"] is None
    monkeypatch.setenv("FEELING_SAFE_MIRROR", str(copy))
    assert "can’t be reached, or has not begun." in run("status", "--home", own).stdout
    run("mirror", copy, "--home", own)
    assert f"The copy in {copy} has every entry." in run("status", "--home", own).stdout
    Home(own).archive.record(worlds.note())
    assert f"The copy in {copy} is 1 entry behind." in run("status", "--home", own).stdout
    told = json.loads(run("status", "--home", own, "--json").stdout)["mirror"]
    assert told == {"folder": str(copy), "entries_behind": 1}


def test_the_service_continues_a_copy_and_says_once_what_is_wrong(own, tmp_path, capsys) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    trouble = copy_what_is_new(own, copy, "")
    assert "has not begun: “feeling-safe mirror" in trouble
    assert capsys.readouterr().err == f"{trouble}\n"
    assert copy_what_is_new(own, copy, trouble) == trouble
    assert capsys.readouterr().err == ""
    assert list(copy.iterdir()) == [], "a disk that isn't mounted is left alone"
    run("mirror", copy, "--home", own)
    Home(own).archive.record(worlds.note())
    assert copy_what_is_new(own, copy, trouble) == ""
    assert Home(copy).archive.decisions() == [worlds.note()]
