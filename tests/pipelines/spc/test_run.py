"""`feeling-safe spc`: what goes in, what comes out, and the message if it can't."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.spc.run import SpcError, run
from pipelines.statistics.method import Method
from tests.pipelines.spc.tidy import STEADY, file, months


@pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
def test_the_ending_picks_the_kind_of_file(tmp_path, ending):
    out = tmp_path / f"points.{ending}"
    charted = run(file(tmp_path, STEADY), points=out)
    assert charted.written == (out,)
    if ending == "json":
        assert [row["value"] for row in json.loads(out.read_text())][:2] == [10.0, 12.0]
    else:
        read = pl.read_csv if ending == "csv" else pl.read_parquet
        assert read(out)["value"].to_list() == charted.points["value"].to_list()


@pytest.mark.parametrize("ending", ["svg", "png", "html"])
def test_charts_are_drawn(tmp_path, ending):
    out = tmp_path / f"chart.{ending}"
    run(file(tmp_path, STEADY), method=Method(target=11.0, direction="up"), plot=out)
    starts = {"svg": b"<svg", "png": b"\x89PNG", "html": b"<!DOCTYPE html>"}
    assert out.read_bytes().lstrip().startswith(starts[ending])


def test_parquet_and_csv_are_read_alike(tmp_path):
    path = file(tmp_path, STEADY)
    typed = pl.read_csv(path, try_parse_dates=True)
    typed.with_columns(pl.col("date").cast(pl.Datetime)).write_parquet(tmp_path / "file.parquet")
    assert run(path).points.equals(run(tmp_path / "file.parquet").points)


def test_a_byte_order_mark_capitals_spaces_and_blank_lines_are_fine(tmp_path):
    messy = "\ufeffDate, Value \n2024-01-01, 3 \n,\n2024-02-01,NA\n2024-03-01,5\n"
    found = run(file(tmp_path, messy)).points
    assert found["value"].to_list() == [3.0, None, 5.0]


def test_months_without_a_row_are_missing_months_but_weeks_are_not_guessed(tmp_path):
    monthly = run(file(tmp_path, "date,value\n2024-01-15,1\n2024-04-15,2\n")).points
    assert monthly["date"].to_list() == [date(2024, m, 15) for m in (1, 2, 3, 4)]
    weekly = run(file(tmp_path, "date,value\n2024-01-01,1\n2024-01-08,2\n2024-01-22,2\n")).points
    assert len(weekly) == 3


def test_rebase_starts_a_phase_in_each_series_with_the_next_point_it_has(tmp_path):
    two = "series,date,value\n" + "".join(
        f"{s},2024-{m:02d}-01,{m}\n" for s in "ab" for m in range(1, 13) if (s, m) != ("b", 7)
    )
    found = run(file(tmp_path, two), method=Method(chart="xmr"), rebase=["2024-07-01"])
    starts = found.points.filter(pl.col("phase") == 2).group_by("series").agg(pl.col("date").min())
    assert dict(starts.sort("series").iter_rows()) == {"a": date(2024, 7, 1), "b": date(2024, 8, 1)}
    said = dict(found.signals.select("series", "reason").iter_rows())
    assert "starts with the next point" in said["b"]
    assert "starts with the next point" not in said["a"]


def test_the_options_reach_the_chart(tmp_path):
    path = file(tmp_path, months([10, 12, 9, 30, 10, 12, 9, 11, 10, 12, 9, 11]))
    plain = run(path, method=Method(chart="xmr")).points
    for method in (
        Method(chart="xmr", screen=True),
        Method(chart="xmr", sigma="exact"),
        Method(chart="xmr", baseline=3),
    ):
        assert run(path, method=method).points["upper"][0] != plain["upper"][0]


def test_two_targets_and_directions_in_one_file(tmp_path):
    rows = "".join(
        f"{s},2024-{m:02d}-01,{10 + m % 2},{t},{d}\n"
        for s, t, d in (("a", 5, "up"), ("b", 5, "down"))
        for m in range(1, 13)
    )
    found = run(file(tmp_path, "series,date,value,target,direction\n" + rows)).signals
    assert found["assurance"].to_list() == ["pass", "fail"]


HEAD = "date,value\n"
RATIO = "date,numerator,denominator\n"
REFUSED = [
    ("file.txt", STEADY, {}, "neither CSV nor Parquet"),
    ("file.csv", "", {}, "can't be read"),
    ("file.csv", "date,value\n2024-01-01,1,2\n", {}, "can't be read"),
    ("file.csv", HEAD, {}, "no row"),
    ("file.csv", "month,value\n2024-01-01,1\n", {}, "has the columns month, value"),
    ("file.csv", "date,numerator\n2024-01-01,1\n", {}, "it needs date and value"),
    ("file.csv", "date,value,Value\n2024-01-01,1,2\n", {}, "two columns with the same name"),
    ("file.csv", HEAD + "01/02/2024,1\n", {}, "Row 2, date: “01/02/2024” is not a date"),
    ("file.csv", HEAD + "2024-02-30,1\n", {}, "Row 2, date: “2024-02-30” is not a date"),
    ("file.csv", HEAD + ",1\n", {}, "Row 2, date: “an empty cell” is not a date"),
    ("file.csv", HEAD + "2024-02-01,85%\n", {}, "Row 2, value: “85%” is not a number"),
    ("file.csv", HEAD + "2024-02-01,inf\n", {}, "Row 2, value: “inf” is not a number"),
    ("file.csv", HEAD + "2024-02-01,1\n2024-02-01,2\n", {}, "Row 3: series has 2024-02-01 more"),
    ("file.csv", RATIO + "2024-02-01,-1,2\n", {}, "Row 2, numerator: -1 is below 0"),
    ("file.csv", "date,value,exclude\n2024-02-01,1,maybe\n", {}, "“maybe” is not true or false"),
    ("file.csv", "date,value,direction\n2024-02-01,1,left\n", {}, "“left” is not up, down or none"),
    ("file.csv", STEADY, {"method": Method(chart="pie")}, "--chart pie is not known: choose auto"),
    ("file.csv", STEADY, {"method": Method(chart="p")}, "needs the columns numerator and denom"),
    ("file.csv", STEADY, {"method": Method(baseline=1)}, "--baseline 1 is too short"),
    ("file.csv", RATIO + "2024-02-01,3,2\n", {"method": Method(chart="p")}, "use --chart u"),
    ("file.csv", HEAD + "2024-02-01,0\n", {"method": Method(chart="t")}, "is not above 0"),
    ("file.csv", HEAD + "2024-02-01,-1\n", {"method": Method(chart="c")}, "is below 0"),
    ("file.csv", STEADY, {"rebase": ["soon"]}, "--rebase soon is not a date"),
    ("file.csv", STEADY, {"rebase": ["2030-01-01"]}, "is after the last date, 2024-12-01"),
    ("file.csv", STEADY, {"points": Path("points.xlsx")}, "must end in .csv, .parquet or .json"),
    ("file.csv", STEADY, {"plot": Path("nowhere/chart.svg")}, "there is no folder nowhere"),
]


@pytest.mark.parametrize(("name", "text", "options", "said"), REFUSED)
def test_bad_input_is_refused_in_a_sentence(tmp_path, name, text, options, said):
    with pytest.raises(SpcError) as refused:
        run(file(tmp_path, text, name), **options)
    assert said in str(refused.value)


def test_every_problem_is_told_and_the_first_ten_spelled_out(tmp_path):
    bad = HEAD + "".join(f"2024-01-{d:02d},x\n" for d in range(1, 15))
    with pytest.raises(SpcError) as refused:
        run(file(tmp_path, bad))
    lines = str(refused.value).splitlines()
    assert len(lines) == 11
    assert lines[-1] == "… and 4 more."


def test_too_many_series_for_a_picture(tmp_path):
    many = "series,date,value\n" + "".join(f"{s},2024-01-01,1\n" for s in range(21))
    with pytest.raises(SpcError, match="at most 20 series and the file has 21"):
        run(file(tmp_path, many), plot=tmp_path / "many.svg")


def test_a_lasting_change_of_level_is_pointed_out_and_never_acted_on(tmp_path):
    changed = [50 + n % 3 for n in range(20)] + [70 + n % 3 for n in range(20)]
    path = file(tmp_path, months(changed, start=2022))
    charted = run(path)
    assert [(hint.date, hint.high) for hint in charted.hints] == [(date(2023, 9, 1), True)]
    assert charted.points["phase"].unique().to_list() == [1]
    assert run(path, rebase=["2023-09-01"]).hints == ()
