"""The list of all trusts that could take part, on the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dashboard.cli.app import app
from dashboard.cli.errors import Exit
from pipelines.keeping.home import Home
from tests import worlds

HEADINGS = "trust_code,trust_name,region_code,valid_from,valid_to,invited\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return worlds.empty_world(tmp_path / "home")


def run(home: Home, *arguments: object) -> Result:
    typed = ["invitations", *map(str, arguments), "--home", str(home.root)]
    return CliRunner().invoke(app, typed)


def keep(home: Home, file: Path, rows: str, *more: str) -> Result:
    file.write_text(HEADINGS + rows, encoding="utf-8")
    return run(home, "keep", file, "--reason", "The winter list", *more)


def test_the_list_is_shown(home):
    shown = run(home, "show").stdout.splitlines()
    assert shown[0] == "Z01  Tiny trust Z01: invited on 1 February 2019."
    assert shown[3] == "Z09  Tiny trust Z09: not invited yet."
    listed = json.loads(run(home, "show", "--json").stdout)
    assert [row["trust_code"] for row in listed] == ["Z01", "Z02", "Z08", "Z09"]
    assert listed[3]["invited"] is None


def test_the_list_is_fetched_edited_and_kept(home, tmp_path):
    file = tmp_path / "list.csv"
    assert run(home, "fetch", file).exit_code == Exit.DONE
    assert "already exists" in run(home, "fetch", file).stderr
    file.write_text(file.read_text().replace(",2019-01-01,,\n", ",2019-01-01,,2025-02-03\n"))
    kept = run(home, "keep", file, "--reason", "Two more invited")
    assert kept.exit_code == Exit.DONE, kept.output
    assert kept.stdout.startswith(
        "The list has 4 trusts now, in version 2 of the register: 2 changes. Release "
    )
    register = home.archive.newest_register()
    assert register.invitations["invited"].null_count() == 0
    assert register.trusts.equals(home.archive.register_version(1).trusts)
    again = run(home, "keep", file, "--reason", "Again")
    assert again.stdout.strip() == "This file changes nothing, so nothing was saved."
    assert home.archive.newest_register().version == 2


def test_a_list_in_its_place_may_leave_trusts_out(home, tmp_path):
    kept = keep(home, tmp_path / "list.csv", "Z07,A trust,Y60,2025-01-01,,\n", "--json")
    assert json.loads(kept.stdout)["changes"] == 5
    assert home.archive.newest_register().invitations["trust_code"].to_list() == ["Z07"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("Z07,A trust,Midlands,2025-01-01,,\n", "row 2, region_code: “Midlands” is not allowed"),
        ("Z07,A trust,Y60,soon,,\n", "row 2, valid_from: “soon” is not a date such as 2026-03-31."),
        ("Z07,A trust,Y60,,,\n", "row 2, valid_from: this is blank, but it is required."),
        ("Z07,A trust,Y60,2025-01-01,2024-01-01,\n", "row 2: valid_to is before valid_from."),
        ("Z07,A trust,Y60,2025-01-01,,\n" * 2, "row 3: another row has the same trust_code."),
        ("trust 7,A trust,Y60,2025-01-01,,\n", "row 2, trust_code: “trust 7” is not allowed."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(home, tmp_path, rows, told):
    refused = keep(home, tmp_path / "list.csv", rows)
    assert refused.exit_code not in (Exit.DONE, None)
    assert f"list.csv {told}" in " ".join(refused.stderr.split())
    assert home.archive.newest_register().version == 1
