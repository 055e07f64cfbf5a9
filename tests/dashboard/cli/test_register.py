"""The register on the command line: fetched, edited, saved, and never over someone's change."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dashboard.cli.app import app
from dashboard.cli.errors import Exit
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.registers import ward_acts
from tests import worlds


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return worlds.empty_world(tmp_path / "home")


def run(home: Home, *arguments: object) -> Result:
    return CliRunner().invoke(app, ["register", *map(str, arguments), "--home", str(home.root)])


def edit(folder: Path) -> None:
    wards = folder / "wards.csv"
    wards.write_text(wards.read_text().replace(",16,", ",14,"))


def test_the_register_is_fetched_edited_and_kept_again_and_again(home, tmp_path):
    folder = tmp_path / "mine"
    fetched = run(home, folder, "--fetch")
    assert fetched.exit_code == Exit.DONE, fetched.output
    assert "Version 1 of the register is in" in fetched.stdout
    edit(folder)
    assert "version 2" in run(home, folder, "--reason", "Fewer beds").stdout
    assert home.archive.newest_register().wards["beds"].unique().to_list() == [14]
    again = run(home, folder, "--reason", "The same again")
    assert again.exit_code == Exit.DONE
    assert "These files change nothing in version 2 of the register, so nothing was" in again.stdout
    told = json.loads(run(home, folder, "--json").stdout)
    assert (told["version"], told["changed"], told["release"]) == (2, False, None)
    assert home.archive.newest_register().version == 2
    standards = folder / "standards.csv"
    header, *rows = standards.read_text().splitlines()
    standards.write_text("\n".join([header, *rows[::-1]]) + "\n")  # shown in this order
    assert "version 3" in run(home, folder).stdout
    assert "saved as version 4" in run(home, "--restore", 2).stdout


def test_a_new_ward_code_that_excel_spoils_is_pointed_out(home, tmp_path):
    folder = tmp_path / "mine"
    run(home, folder, "--fetch")
    wards = folder / "wards.csv"
    header, first, *others = wards.read_text().splitlines()
    wards.write_text("\n".join([header, first, *others, first.replace("ALDER1", "MAR1")]) + "\n")
    said = " ".join(run(home, folder, "--reason", "A new ward").stdout.split())
    assert "Excel turns these codes of wards into a number or a date: MAR1." in said


def test_files_made_from_an_older_version_keep_nothing(home, tmp_path):
    folder = tmp_path / "mine"
    run(home, folder, "--fetch")
    edit(folder)
    others = ward_acts.change_ward(
        home.archive.newest_register(), "Z01", "ALDER1", date(2026, 4, 1), {"beds": 9}
    )
    at = datetime(2026, 3, 10, 12, tzinfo=UTC)
    home.archive.keep_register(others, Decided("other@programme.example", at, "Painting"))
    result = run(home, folder, "--reason", "Fewer beds")
    assert result.exit_code == Exit.WRONG_USE
    assert (
        "you started from version 1, but other@programme.example saved version 2" in result.stderr
    )
    assert "--fetch" in result.stderr
    assert home.archive.newest_register().version == 2


def test_edited_files_are_not_written_over(home, tmp_path):
    folder = tmp_path / "mine"
    run(home, folder, "--fetch")
    edit(folder)
    before = (folder / "wards.csv").read_text()
    result = run(home, folder, "--fetch")
    assert result.exit_code == Exit.WRONG_USE
    assert "name another folder" in " ".join(result.stderr.split())
    assert (folder / "wards.csv").read_text() == before


def test_an_earlier_version_is_saved_again_and_that_is_undone_the_same_way(home, tmp_path):
    folder = tmp_path / "mine"
    run(home, folder, "--fetch")
    edit(folder)
    saved = run(home, folder, "--reason", "Fewer beds")
    assert "To undo it: feeling-safe register --restore 1" in saved.stdout
    back = run(home, "--restore", 1, "--reason", "It was right")
    assert back.exit_code == Exit.DONE, back.output
    assert "saved as version 3" in back.stdout
    assert "To undo it: feeling-safe register --restore 2" in back.stdout
    newest = home.archive.newest_register()
    assert (newest.version, newest.wards["beds"].unique().to_list()) == (3, [16])
    assert home.archive.registers()[-1].reason == "It was right"
    again = json.loads(run(home, "--restore", 2, "--json").stdout)
    assert again["version"] == 4
    assert home.archive.newest_register().wards["beds"].unique().to_list() == [14]


def test_a_version_that_never_was_is_refused_and_nothing_is_saved(home):
    refused = run(home, "--restore", 7)
    assert refused.exit_code == Exit.WRONG_USE
    assert "7" in refused.stderr
    assert home.archive.newest_register().version == 1
