"""The commands that look after what was received: withdraw, recheck, backup, restore and others."""

import json
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from dashboard.cli.app import app
from dashboard.cli.errors import Exit
from pipelines.keeping.home import open_home


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo_home, tmp_path / "home"))


def test_a_withdrawn_return_gives_way_to_the_one_before(home: Path) -> None:
    twice = next((home / "archive" / "returns").glob("*/*/2"))
    name = "/".join(twice.parts[-3:])
    result = run("withdraw", name, "--reason", "Sent by mistake", "--home", home)
    assert result.exit_code == Exit.DONE, result.output
    active = {receipt.return_id for receipt in open_home(home).archive.entries().active}
    assert name not in active
    assert f"{name[:-2]}/1" in active
    assert (twice / "receipt.json").exists()
    again = run("withdraw", name, "--reason", "Sent by mistake", "--home", home)
    assert again.exit_code == Exit.WRONG_USE
    assert "already been withdrawn" in again.stderr


def test_nothing_new_is_found_in_returns_that_were_checked_with_the_same_rules(
    demo_home: Path,
) -> None:
    result = run("recheck", "--json", "--home", demo_home)
    assert result.exit_code == Exit.DONE, result.output
    said = json.loads(result.stdout)
    assert said["returns"] > 80
    assert said["with_new_problems"] == []


def test_a_return_that_the_register_of_today_refuses_is_named(home: Path) -> None:
    newest = max((home / "archive" / "register").iterdir(), key=lambda p: int(p.name))
    trusts = newest / "trusts.csv"
    first, *others = trusts.read_text(encoding="utf-8").splitlines()[1:]
    code, name, region, joined, _, *end = first.split(",")
    begins = open_home(home).programme.expected_months(date.today())[2].first_day  # noqa: DTZ011
    moved = ",".join([code, name, region, joined, str(begins), *end])
    header = trusts.read_text(encoding="utf-8").splitlines()[0]
    trusts.write_text("\n".join([header, moved, *others]) + "\n", encoding="utf-8")
    result = run("recheck", "--json", "--home", home)
    assert result.exit_code == Exit.PROBLEMS
    found = json.loads(result.stdout)["with_new_problems"]
    assert [again["return"][:3] for again in found if again["refused"]] == [code, code]


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


def test_a_check_can_be_taken_away_as_a_workbook(demo_home: Path, tmp_path: Path) -> None:
    path = next((demo_home / "workbooks" / "Z01").glob("*.xlsx"))
    out = tmp_path / "report.xlsx"
    run("check", path, "--report", out, "--home", demo_home)
    assert openpyxl.load_workbook(out).sheetnames[:2] == ["Fix these", "All problems"]
    several = run("check", path, path, "--report", out, "--home", demo_home)
    assert several.exit_code == Exit.WRONG_USE


def test_spc_works_on_any_tidy_file(tmp_path: Path) -> None:
    path = tmp_path / "tidy.csv"
    months = [f"2025-{month:02d}-01" for month in range(1, 13)]
    path.write_text("date,value\n" + "\n".join(f"{m},{i % 3}" for i, m in enumerate(months)))
    result = run("spc", path)
    assert result.exit_code == Exit.DONE, result.output
    assert len(result.stdout.splitlines()) == 13
    path.write_text("nothing,here\n1,2\n")
    wrong = run("spc", path)
    assert wrong.exit_code == Exit.WRONG_USE
    assert wrong.stderr
