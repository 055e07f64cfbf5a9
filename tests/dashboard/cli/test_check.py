"""feeling-safe check, as it is typed."""

from pathlib import Path

import openpyxl

from dashboard.cli.errors import Exit
from tests.dashboard.cli.typed import run


def test_a_check_can_be_taken_away_as_a_workbook(demo_home: Path, tmp_path: Path) -> None:
    path = next((demo_home / "workbooks" / "Z01").glob("*.xlsx"))
    out = tmp_path / "report.xlsx"
    run("check", path, "--report", out, "--home", demo_home)
    assert openpyxl.load_workbook(out).sheetnames[:2] == ["Fix these", "All problems"]
    several = run("check", path, path, "--report", out, "--home", demo_home)
    assert several.exit_code == Exit.WRONG_USE
