"""`feeling-safe spc` as it is typed, and as docs/spc.md describes it."""

import re
from pathlib import Path

import polars as pl
import typer
from typer.testing import CliRunner

from dashboard.cli.errors import Exit
from dashboard.cli.spc import spc
from pipelines.statistics import points, signals
from tests.dashboard.cli.typed import run
from tests.pipelines.spc.tidy import STEADY, file, months

DOCUMENT = (Path(__file__).parents[3] / "docs" / "spc.md").read_text(encoding="utf-8")
APP = typer.Typer()
APP.command()(spc)


def block(kind):
    return re.search(rf"```{kind}\n(.*?)```", DOCUMENT, re.DOTALL)[1]


def test_the_example_of_the_document_gives_what_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file(tmp_path, block("csv"), "safe.csv")
    words = block("sh").split()
    assert words[:2] == ["feeling-safe", "spc"]
    result = CliRunner().invoke(APP, words[2:])
    assert result.exit_code == 0, result.output
    said = pl.read_csv("signals.csv", infer_schema=False).row(0, named=True)
    table = re.findall(r"^\| (\w+) \| (.*?) \|$", DOCUMENT.split("## What goes in")[0], re.M)
    told = dict(table[1:]) if table[0] == ("column", "value") else dict(table)
    assert told
    assert {name: said[name] for name in told} == told
    drawn = pl.read_csv("points.csv")
    assert drawn.columns == list(points.COLUMNS)
    assert drawn.filter(pl.col("value").is_null())["date"].to_list() == ["2025-03-01"]
    assert Path("safe.svg").read_text(encoding="utf-8").startswith("<svg")


def test_the_document_names_every_option_and_no_other():
    options = {f"--{name.replace('_', '-')}" for name in spc.__annotations__ if name != "file"} - {
        "--return"
    }
    assert set(re.findall(r"^\| `(--[\w-]+)` \|", DOCUMENT, re.M)) == options


def test_the_document_names_every_column_that_comes_out():
    told = DOCUMENT.split("## What comes out")[1].split("## Which chart")[0]
    for column in {*points.COLUMNS, *signals.COLUMNS}:
        assert re.search(rf"\b{column}\b", told), column


def test_points_are_printed_without_an_out(tmp_path):
    result = CliRunner().invoke(APP, [str(file(tmp_path, STEADY))])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == ",".join(points.COLUMNS)
    assert len(lines) == 13


def test_the_command_says_what_is_wrong_and_leaves_with_2(tmp_path):
    result = CliRunner().invoke(APP, [str(tmp_path / "none.csv")])
    assert result.exit_code == 2
    assert "There is no file" in result.stderr
    assert "Traceback" not in result.output


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


def test_a_lasting_change_of_level_is_pointed_out_with_the_option_that_acts_on_it(tmp_path):
    changed = [50 + n % 3 for n in range(20)] + [70 + n % 3 for n in range(20)]
    path = file(tmp_path, months(changed, start=2022))
    said = CliRunner().invoke(APP, [str(path), "--points", str(tmp_path / "out.csv")])
    assert "--rebase 2023-09-01 gives that level its own limits" in said.stderr


def test_a_series_left_out_is_named_and_the_others_are_charted(tmp_path):
    rows = "".join(f"{s},2025-{m:02d}-01,{m - 2 * (s == 'b')}\n" for s in "ab" for m in (1, 2, 3))
    result = run("spc", file(tmp_path, "series,date,value\n" + rows), "--chart", "c")
    assert result.exit_code == Exit.PROBLEMS
    assert {line.split(",")[0] for line in result.stdout.splitlines()[1:]} == {"a"}
    assert "Row 5, b, value: -1 is below 0, which a c chart can't hold." in result.stderr
    assert "b is left out; the other series are charted." in result.stderr


def test_a_target_in_percent_of_a_proportion_is_refused_with_the_number_to_write(tmp_path):
    path = file(tmp_path, "date,numerator,denominator\n2025-01-01,38,42\n")
    result = run("spc", path, "--target", "90", "--direction", "up")
    assert result.exit_code == Exit.WRONG_USE
    assert "For 90% write 0.9." in result.stderr
