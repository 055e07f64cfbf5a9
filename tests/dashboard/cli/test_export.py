"""feeling-safe export: files for a named audience, or a sentence and nothing written."""

import csv
import errno
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from dashboard import store
from dashboard.access import Scope
from dashboard.cli.app import app
from dashboard.cli.errors import Exit
from dashboard.exports.order import EASY_READ
from schemas.disclosure import HIDDEN

pytestmark = pytest.mark.slow


def export(*arguments: object) -> Result:
    result = CliRunner().invoke(app, ["export", *(str(argument) for argument in arguments)])
    assert "Traceback" not in result.output
    return result


def rows(folder: Path) -> list[dict[str, str]]:
    text = next(folder.glob("*_figures_*.csv")).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_the_public_gets_what_is_masked_and_no_one_page_ward_sheet(demo_home, tmp_path):
    result = export(tmp_path, "--for", "public", "--home", demo_home, "--json")
    assert result.exit_code == Exit.DONE, result.output
    said = json.loads(result.stdout)
    names = {Path(file["file"]).name for file in said["files"]}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert all("for-sharing" in name for name in names)
    kinds = {name.split("_")[1] for name in names}
    assert kinds - {"chart"} == {"figures", "tidy", "pack", *EASY_READ}
    table = rows(tmp_path)
    reasons = {row["suppression_reason"] for row in table}
    assert {HIDDEN, "not suppressed"} <= reasons
    for row in table:
        if row["suppression_reason"] != "not suppressed":
            assert {row["Numerator"], row["Denominator"], row["Value"]} == {"[c]"}


def test_the_workbook_holds_the_table_of_each_measure_and_no_formula(demo_home, tmp_path):
    result = export(tmp_path, "--for", "public", "--part", "tables", "--home", demo_home)
    assert result.exit_code == Exit.DONE, result.output
    book = openpyxl.load_workbook(next(tmp_path.glob("*.xlsx")))
    table = rows(tmp_path)
    assert set(book.sheetnames) == {"Contents"} | {row["Measure code"] for row in table}
    for name in book.sheetnames[1:]:
        cells = [cell for line in book[name].iter_rows() for cell in line]
        assert "f" not in {cell.data_type for cell in cells}
        header = next(c.row for c in cells if c.value == "suppression_reason")
        assert book[name].max_row - header == sum(r["Measure code"] == name for r in table)


def test_the_tidy_table_is_made_as_csv_and_as_parquet_with_the_rows_of_the_table(
    demo_home, tmp_path
):
    parts = ("--part", "tables", "--part", "tidy")
    result = export(tmp_path, "--for", "public", *parts, "--home", demo_home)
    assert result.exit_code == Exit.DONE, result.output
    typed = pl.read_parquet(next(tmp_path.glob("*_tidy_*.parquet")))
    plain = pl.read_csv(next(tmp_path.glob("*_tidy_*.csv")), infer_schema_length=None)
    assert plain.columns == typed.columns
    assert plain.height == typed.height == len(rows(tmp_path))
    assert plain["value"].to_list() == typed["value"].to_list()


def test_a_trust_gets_its_own_exact_figures_and_the_sheets_of_its_wards(demo_home, tmp_path):
    result = export(tmp_path, "--for", "trust", "--trust", "z02", "--home", demo_home)
    assert result.exit_code == Exit.DONE, result.output
    assert "do not share" in result.stdout
    table = rows(tmp_path)
    assert {row["Level"] for row in table} == {"ward", "trust"}
    assert {row["Code"][:3] for row in table} == {"Z02"}
    assert {row["State"] for row in table} & {"value", "nil"}
    assert "suppressed" not in {row["State"] for row in table}
    sheets = next(tmp_path.glob("*sheets*.html")).read_text(encoding="utf-8")
    assert "community meeting" in sheets
    pack = next(tmp_path.glob("*_pack_Z02_*.html")).read_text(encoding="utf-8")
    assert "Contains small numbers" in pack
    assert "Z01" not in pack
    (tried,) = tmp_path.glob("*_tests-of-change_Z02_*.csv")
    lines = tried.read_text(encoding="utf-8").splitlines()
    wards = {row["Ward code"][:3] for row in csv.DictReader(lines)}
    assert wards == {"Z02"}


def test_a_group_gets_what_its_readers_see_and_nothing_of_anybody_else(demo_home, tmp_path):
    about = ("--part", "tables", "--part", "charts", "--part", "pack", "--home", demo_home)
    result = export(tmp_path, "--for", "group", "--group", "northvale", *about)
    assert result.exit_code == Exit.DONE, result.output
    assert "do not share" in result.stdout
    table = rows(tmp_path)
    assert {row["Code"] for row in table if row["Level"] == "group"} == {"NORTHVALE"}
    connection = store.open(
        store.current(demo_home / "releases"),
        Scope("group", frozenset(), "a@example.org", "A", frozenset({"NORTHVALE"})),
    )
    seen = connection.sql("SELECT DISTINCT unit_id FROM observations").pl()["unit_id"]
    assert {row["Code"] for row in table} == set(seen)
    names = {path.name.split("_")[1] for path in tmp_path.iterdir()}
    assert names == {"figures", "chart", "pack"}
    assert all("_NORTHVALE_" in path.name for path in tmp_path.iterdir())


def test_nothing_is_written_over_unless_told(demo_home, tmp_path):
    about = ("--for", "public", "--part", "tables", "--home", demo_home)
    assert export(tmp_path, *about).exit_code == Exit.DONE
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    again = export(tmp_path, *about)
    assert again.exit_code == Exit.WRONG_USE
    assert "--force" in again.stderr
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert export(tmp_path, *about, "--force").exit_code == Exit.DONE


def test_a_failed_export_leaves_no_folder(demo_home, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "x")

    monkeypatch.setattr("pipelines.output_files.write_flushed", full)
    (tmp_path / "there").mkdir()
    out = tmp_path / "there" / "new" / "out"
    result = export(out, "--for", "public", "--part", "tables", "--home", demo_home)
    assert (result.exit_code, "the disk is full" in result.stderr) == (Exit.WRONG_USE, True)
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--for", "trust"), "add --trust"),
        (("--for", "trust", "--trust", "Z99"), "Z99 has no ward"),
        (("--for", "public", "--part", "sheets"), "ward sheets have exact figures"),
        (("--for", "everybody"), "everybody"),
        (("--for", "group"), "add --group"),
        (("--for", "group", "--group", "NONE"), "no group NONE"),
        (("--for", "public", "--group", "Y56"), "Nothing about a group is for the public"),
        (("--for", "group", "--group", "NORTHVALE", "--trust", "Z99"), "Z99 has no ward"),
    ],
)
def test_what_cannot_be_exported_is_said_in_a_sentence(demo_home, tmp_path, arguments, says):
    out = tmp_path / "out"
    result = export(out, *arguments, "--home", demo_home)
    assert result.exit_code == Exit.WRONG_USE
    assert says in result.stderr
    assert not out.exists()


def test_before_the_first_release_there_is_nothing_to_export(tmp_path):
    home = tmp_path / "home"
    made = CliRunner().invoke(app, ["init", str(home), "--name", "New", "--first-month", "2026-01"])
    assert made.exit_code == Exit.DONE, made.output
    result = export(tmp_path / "out", "--for", "public", "--home", home)
    assert result.exit_code == Exit.WRONG_USE
    assert "no figures to show yet" in result.stderr
