"""`feeling-safe spc`: what goes in, what comes out, and what is said when it can't."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipelines.reading.tidy_cells import Unusable
from pipelines.spc.run import run
from pipelines.spc.tidy_file import read
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
    ("file.csv", "", {}, "file.csv can't be read: the file is empty"),
    ("file.csv", "\ufeff\r\n", {}, "the file is empty"),
    ("file.csv", HEAD + "2024-01-01,1,2\n", {}, "Row 2 has 3 values and the header 2: look for a"),
    ("file.csv", HEAD + "2024-01-01,5\n2024-02-01\n", {}, "Row 3 has 1 value and the header 2"),
    ("file.csv", HEAD + '"2024-01-01,5\n2024-02-01,6\n', {}, "opened and never closed"),
    ("file.csv", "<html><table>", {}, "can't be read. This file is a web page"),
    ("file.csv", "%PDF-1.4", {}, "This file is a PDF document. Save the table as CSV"),
    ("file.csv", "\x01\x02\x03", {}, "neither a workbook nor a CSV file"),
    ("file.parquet", STEADY, {}, "it isn't a Parquet file, or it is damaged"),
    ("file.csv", HEAD, {}, "no row"),
    ("file.csv", "month,value\n2024-01-01,1\n", {}, "has the columns month, value"),
    ("file.csv", "date,numerator\n2024-01-01,1\n", {}, "it needs date and value"),
    ("file.csv", "date,value,Value\n2024-01-01,1,2\n", {}, "two columns of one name"),
    ("file.csv", HEAD + "13/13/2024,1\n", {}, "Row 2, date: “13/13/2024” is not a date"),
    ("file.csv", HEAD + "45292,1\n", {}, "Row 2, date: “45292” is not a date"),
    ("file.csv", HEAD + "2024-02-01 14:30,1\n", {}, "“2024-02-01 14:30” has a time of day, 14:30"),
    ("file.csv", HEAD + "2024-05-01T22:00:00Z,1\n", {}, "has a time of day, 22:00:00"),
    (
        "file.csv",
        HEAD + "2024-02-01 00:00,1\n2024-02-01 01:00,2\n2024-02-01 02:00,3\n",
        {},
        "series has 3 times on 2024-02-01: times of day are not charted. Add them up, and write "
        "one row for each day.",
    ),
    ("file.csv", RATIO + "2024-02-01,8,9\n2024-03-01,3,0\n", {}, "Row 3: 3 of 0 can't be"),
    ("file.csv", "date;value\n2024-02-01;1,234\n", {}, "“1,234” may have a comma or point for"),
    (
        "file.csv",
        "date;value\n2024-02-01;1,5\n2024-03-01;1.234\n",
        {},
        "Row 3, value: “1.234” may have",
    ),
    (
        "file.csv",
        RATIO + "2024-02-01,8,9\n",
        {"method": Method(target=90.0)},
        "--target 90 can't be reached: a proportion lies between 0 and 1. For 90% write 0.9.",
    ),
    (
        "file.csv",
        "date,numerator,denominator,target\n2024-02-01,8,9,0.9\n2024-03-01,8,9,90\n",
        {},
        "Row 3, target: 90 can't be reached",
    ),
    ("file.csv", RATIO + "2024-02-01,8,9\n", {"method": Method(target=-0.1)}, "can't be reached"),
    ("file.csv", STEADY, {"method": Method(baseline=13)}, "--baseline 13 is longer than the phase"),
    ("file.csv", HEAD + "2024-02-30,1\n", {}, "Row 2, date: “2024-02-30” is not a date"),
    ("file.csv", HEAD + ",1\n", {}, "Row 2, date: an empty cell is not a date"),
    ("file.csv", HEAD + "2024-02-01,85%\n", {}, "Row 2, value: “85%” is not a number"),
    ("file.csv", HEAD + "2024-02-01,inf\n", {}, "Row 2, value: “inf” is not a number"),
    ("file.csv", HEAD + "2024-02-01,-1e308\n", {}, "Row 2, value: “-1e308” is far too large"),
    (
        "file.csv",
        RATIO + "2024-02-01,45,1\n",
        {"method": Method(chart="p")},
        "45 is more than its denominator; write counts, not percentages, and use --chart u",
    ),
    ("file.csv", HEAD + "2024-02-01,1\n2024-02-01,2\n", {}, "Row 3: series has 2024-02-01 more"),
    ("file.csv", RATIO + "2024-02-01,-1,2\n", {}, "Row 2, numerator: -1 is below 0"),
    ("file.csv", "date,value,exclude\n2024-02-01,1,maybe\n", {}, "“maybe” is not true or false"),
    ("file.csv", "date,value,direction\n2024-02-01,1,left\n", {}, "“left” is not up, down or none"),
    ("file.csv", STEADY, {"method": Method(chart="pie")}, "--chart pie is not known: choose auto"),
    ("file.csv", STEADY, {"method": Method(chart="p")}, "needs the columns numerator and denom"),
    ("file.csv", STEADY, {"method": Method(baseline=1)}, "--baseline 1 is too short"),
    ("file.csv", RATIO + "2024-02-01,3,2\n", {"method": Method(chart="p")}, "use --chart u"),
    ("file.csv", HEAD + "2024-02-01,-1\n", {"method": Method(chart="t")}, "is below 0"),
    ("file.csv", HEAD + "2024-02-01,-1\n", {"method": Method(chart="g")}, "is below 0"),
    ("file.csv", HEAD + "2024-02-01,-1\n", {"method": Method(chart="c")}, "is below 0"),
    ("file.csv", STEADY, {"rebase": ["soon"]}, "--rebase soon is not a date"),
    ("file.csv", STEADY, {"rebase": ["2030-01-01"]}, "is after the last date, 2024-12-01"),
    ("file.csv", STEADY, {"points": Path("points.xlsx")}, "must end in .csv, .parquet or .json"),
    ("file.csv", STEADY, {"plot": Path("nowhere/chart.svg")}, "there is no folder nowhere"),
]


@pytest.mark.parametrize(("name", "text", "options", "said"), REFUSED)
def test_bad_input_is_refused_in_a_sentence(tmp_path, name, text, options, said):
    with pytest.raises(Unusable) as refused:
        run(file(tmp_path, text, name), **options)
    assert said in str(refused.value)


def test_every_problem_is_told_and_the_first_ten_spelled_out(tmp_path):
    bad = HEAD + "".join(f"2024-01-{d:02d},x\n" for d in range(1, 15))
    with pytest.raises(Unusable) as refused:
        run(file(tmp_path, bad))
    lines = str(refused.value).splitlines()
    assert len(lines) == 11
    assert lines[-1] == "… and 4 more."


def test_too_many_series_for_a_picture(tmp_path):
    many = "series,date,value\n" + "".join(f"{s},2024-01-01,1\n" for s in range(21))
    with pytest.raises(Unusable, match="at most 20 series and the file has 21"):
        run(file(tmp_path, many), plot=tmp_path / "many.svg")


def test_a_lasting_change_of_level_is_pointed_out_and_never_acted_on(tmp_path):
    changed = [50 + n % 3 for n in range(20)] + [70 + n % 3 for n in range(20)]
    path = file(tmp_path, months(changed, start=2022))
    charted = run(path)
    assert [(hint.date, hint.high) for hint in charted.hints] == [(date(2023, 9, 1), True)]
    assert charted.points["phase"].unique().to_list() == [1]
    assert run(path, rebase=["2023-09-01"]).hints == ()


def dated(written):
    return HEAD + "".join(f"{day},{n}\n" for n, day in enumerate(written))


@pytest.mark.parametrize(
    "written",
    [
        ["01/10/2025", "01/11/2025", "01/12/2025"],
        ["1.10.25", "1.11.25", "1.12.25"],
        ["Oct-25", "Nov-25", "Dec-25"],
        ["October 2025", "November 2025", "December 2025"],
        ["2025-10", "2025-11", "2025-12"],
        ["2025/10/01", "2025/11/01", "2025/12/01"],
        ["1 October 2025", "1st Nov 2025", "Mon 1 Dec 2025"],
        ["01-Oct-2025", "01-Nov-2025", "01-Dec-2025"],
        ["2025-10-01T00:00:00", "2025-11-01 00:00", "2025-12-01T00:00:00.000Z"],
        ["01/10/2025 00:00", "01/11/2025 00:00:00", "01/12/2025 12:00:00 AM"],
        ["2025-09-30T23:00:00.000Z", "2025-11-01T00:00:00.000Z", "2025-12-01T00:00:00.000Z"],
        ["2025-09-30T23:00:00+00:00", "2025-10-31 23:59:17", "2025-12-01T00:00:30"],
        ["2025-10-01T00:00:00+01:00", "2025-11-01T00:00:00+0000", "2025-12-01 00:00 GMT"],
        ["2025-10-01T00:00+05:30", "2025-11-01 00:00:00 UTC", "2025-11-30 24:00"],
    ],
)
def test_dates_are_read_as_other_programs_write_them(tmp_path, written):
    frame, _ = read(file(tmp_path, dated(written)))
    assert frame["date"].to_list() == [date(2025, month, 1) for month in (10, 11, 12)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("first", [False, True])
def test_csv_is_read_as_returns_are(tmp_path, separator, encoding, end, first):
    text = f"sep={separator}\n" if first else ""
    text += "series,date,value\nCafé,2024-01-01,1.5\nCafé,2024-02-01,2.5\n".replace(",", separator)
    path = tmp_path / "file.csv"
    path.write_bytes(text.replace("\n", end).encode(encoding))
    frame, notes = read(path)
    assert frame.select("series", "value").rows() == [("Café", 1.5), ("Café", 2.5)]
    assert bool(notes) == (encoding == "cp1252")


def test_a_comma_is_a_decimal_comma_where_it_does_not_separate_columns(tmp_path):
    rows = "date;value\n2024-01-01;62,5\n2024-02-01;1.234,5\n2024-03-01;0,875\n2024-04-01;7\n"
    assert run(file(tmp_path, rows)).points["value"].to_list() == [62.5, 1234.5, 0.875, 7.0]


def test_empty_cells_at_the_end_of_rows_and_unnamed_columns_are_passed_over(tmp_path):
    rows = ",date,value,,\n0,2024-01-01,1,,\n1,2024-02-01,2\n,,,,\n2,2024-03-01,3,,,\n"
    assert run(file(tmp_path, rows)).points["value"].to_list() == [1.0, 2.0, 3.0]


def test_times_in_parquet_are_judged_as_in_csv(tmp_path):
    utc = pl.Series(["2025-03-01T00:00", "2025-03-31T23:00", "2025-04-30T23:00"])
    utc = utc.str.to_datetime("%Y-%m-%dT%H:%M", time_zone="UTC")
    path = tmp_path / "file.parquet"
    pl.DataFrame({"date": utc, "value": [1, 2, 3]}).write_parquet(path)
    assert run(path).points["date"].to_list() == [date(2025, month, 1) for month in (3, 4, 5)]
    pl.DataFrame({"date": utc.dt.offset_by("9h"), "value": [1, 2, 3]}).write_parquet(path)
    with pytest.raises(Unusable, match="has a time of day"):
        run(path)


def every(step, start, count):
    days = pl.date_range(start, date(2100, 1, 1), interval=step, eager=True)
    return days.head(count).to_list()


MONTH_ENDS = pl.Series(every("1mo", date(2023, 1, 1), 20)).dt.month_end().to_list()


@pytest.mark.parametrize(
    "days",
    [
        every("1mo", date(2023, 4, 15), 12),
        every("3mo", date(2020, 1, 1), 12),
        every("1y", date(2004, 4, 1), 12),
        MONTH_ENDS,
        MONTH_ENDS[2::3],
    ],
    ids=["months", "quarters", "years", "ends", "quarter ends"],
)
def test_only_the_dates_that_are_missing_are_added(tmp_path, days):
    charted = run(file(tmp_path, dated(days[:3] + days[4:]))).points
    assert charted.sort("date")["date"].to_list() == days
    assert charted.filter(pl.col("value").is_null())["date"].to_list() == [days[3]]


@pytest.mark.parametrize("step", ["1w", "2w", "1d"])
def test_days_and_weeks_without_a_row_are_not_guessed_to_be_missing(tmp_path, step):
    days = every(step, date(2024, 1, 1), 12)
    days = days[:3] + days[4:]
    assert run(file(tmp_path, dated(days))).points.sort("date")["date"].to_list() == days


@pytest.mark.parametrize("chart", ["auto", "t", "g"])
def test_dates_of_events_are_left_as_they_are(tmp_path, chart):
    days = [date(2025, 1, 3), date(2025, 1, 14), date(2025, 1, 25), date(2025, 2, 1)]
    days += [date(2025, 2, 2), date(2025, 2, 27), date(2025, 3, 30)]
    charted = run(file(tmp_path, dated(days)), method=Method(chart=chart)).points
    assert sorted(charted["date"]) == days


def test_each_series_has_its_own_step(tmp_path):
    rows = [("a", day) for day in every("1mo", date(2024, 1, 1), 7)]
    rows += [("b", day) for day in every("3mo", date(2024, 1, 1), 3)]
    text = "series,date,value\n" + "".join(f"{name},{day},1\n" for name, day in rows)
    assert run(file(tmp_path, text)).points.select("series", "date").rows() == rows


def test_nothing_of_nothing_is_a_month_without_a_figure(tmp_path):
    rows = [f"2024-{m:02d}-01,{30 + m % 3},40\n" for m in range(1, 13)]
    rows[4], rows[6] = "2024-05-01,0,0\n", "2024-07-01,30,\n"
    for chart in ("auto", "p", "pp", "u", "up", "xmr"):
        charted = run(file(tmp_path, RATIO + "".join(rows)), method=Method(chart=chart))
        none = charted.points.filter(pl.col("date").is_in([date(2024, 5, 1), date(2024, 7, 1)]))
        assert none["value"].to_list() == [None, None], chart
        assert charted.signals["n"].to_list() == [10]
        for line in ("value", "lower", "centre", "upper", "near_lower", "near_upper"):
            assert charted.points[line].is_finite().fill_null(True).all(), (chart, line)


def two_series(column, bad, good="30,40"):
    rows = [("a", m, good) for m in range(1, 13)]
    rows += [("b", m, bad if m == 5 else good) for m in range(1, 13)]
    return f"series,date,{column}\n" + "".join(f"{s},2024-{m:02d}-01,{v}\n" for s, m, v in rows)


@pytest.mark.parametrize(
    ("column", "bad", "good", "method", "why"),
    [
        ("value", "-1", "3", Method(chart="c"), "value: -1 is below 0, which a c chart can't hold"),
        ("value", "-1", "3", Method(chart="g"), "value: -1 is below 0, which a g chart can't hold"),
        ("value", "2.5", "3", Method(chart="cusum"), "value: 2.5 is not a whole number; a CUSUM"),
        ("value", "-1", "3", Method(chart="t"), "value: -1 is below 0, which a t chart can't hold"),
        ("numerator,denominator", "-1,40", "30,40", Method(chart="u"), "numerator: -1 is below 0"),
        ("numerator,denominator", "-1,40", "30,40", Method(), "numerator: -1 is below 0"),
        ("numerator,denominator", "50,40", "30,40", Method(chart="p"), "use --chart u for a rate"),
        ("numerator,denominator,target", "30,40,90", "30,40,0.9", Method(), "target: 90 can't be"),
    ],
)
def test_a_series_that_the_chart_cannot_hold_is_left_out_alone(
    tmp_path, column, bad, good, method, why
):
    charted = run(file(tmp_path, two_series(column, bad, good)), method=method)
    assert charted.signals["series"].to_list() == ["a"]
    assert charted.refused[0].startswith("Row 18, b, ")
    assert why in charted.refused[0]
    assert charted.refused[-1] == "b is left out; the other series are charted."


def test_a_target_for_all_series_leaves_out_those_that_cannot_reach_it(tmp_path):
    rows = "".join(f"a,2024-{m:02d}-01,30,40\nb,2024-{m:02d}-01,300,40\n" for m in range(1, 13))
    path = file(tmp_path, "series,date,numerator,denominator\n" + rows)
    charted = run(path, method=Method(target=8.0, direction="up"))
    assert charted.signals["series"].to_list() == ["b"]
    assert charted.refused[0].startswith("a: --target 8 can't be reached")


def test_a_target_in_another_unit_than_the_values_is_pointed_out(tmp_path):
    path = file(tmp_path, months([62, 75, 68, 80]))
    assert run(path, method=Method(target=0.7)).notes == (
        "series: the target is 0.7 and the values are 62 to 80. Is the target 70?",
    )
    assert run(path, method=Method(target=90.0)).notes == ()


def test_a_single_row_that_makes_a_proportion_a_rate_is_named(tmp_path):
    path = file(tmp_path, two_series("numerator,denominator", "43,40"))
    said = dict(run(path).signals.select("series", "reason").iter_rows())
    assert "Taken as a rate, because row 18 has 43 of 40" in said["b"]
    assert "rate" not in said["a"]


def test_times_of_0_are_drawn_and_left_out_of_the_limits_and_the_reason_says_so(tmp_path):
    times = [4, 3, 12, 5, 7, 9, 4, 8, 6, 5, 7, 10, 4, 6]
    plain = run(file(tmp_path, months(times)), method=Method(chart="t"))
    charted = run(file(tmp_path, months([*times, 0])), method=Method(chart="t"))
    assert charted.points["value"][-1] == 0
    assert not charted.points["used_in_limits"][-1]
    assert charted.points["upper"][0] == plain.points["upper"][0]
    assert "1 time of 0 is drawn and left out of the limits." in charted.signals["reason"][0]
    assert "time of 0" not in plain.signals["reason"][0]


@pytest.mark.parametrize(("zeros", "noted"), [(12, True), (10, False)])
def test_an_xmr_chart_of_values_that_are_mostly_0_says_what_to_chart_instead(
    tmp_path, zeros, noted
):
    charted = run(file(tmp_path, months([0] * zeros + [1, 2] * ((20 - zeros) // 2))))
    assert charted.signals["chart"][0] == "xmr"
    assert bool(charted.notes) == noted
    assert all(f"{zeros} of 20 values are 0" in note for note in charted.notes)
    assert not run(file(tmp_path, months([0] * 15 + [1])), method=Method(chart="c")).notes


def test_a_run_chart_never_speaks_of_a_usual_range(tmp_path):
    said = run(file(tmp_path, months([3, 5, 4, 6, 2, 7, 3]))).signals.row(0, named=True)
    assert said["chart"] == "run"
    assert said["sentence"] == (
        "No sign of change in 7 months. Ups and downs like these are likely to be chance."
    )


def test_a_short_baseline_gives_trial_limits_and_says_so(tmp_path):
    method = Method(baseline=2)
    said = run(file(tmp_path, STEADY), method=method).signals["reason"][0]
    assert said.endswith("The limits are trial limits, from the first 2 points.")
    named = run(file(tmp_path, STEADY), method=Method(chart="xmr", baseline=2)).signals["reason"][0]
    assert named == (
        "XmR chart, as asked for. The limits are trial limits, from the first 2 points."
    )
    few = run(file(tmp_path, months([3, 5, 4, 6, 2, 7])), method=method).signals.row(0, named=True)
    assert "need 12" not in few["reason"]
    assert few["could_find"] is None, "nothing is known of a median that the first 2 points fix"


def test_rebase_takes_the_dates_that_files_take(tmp_path):
    charted = run(file(tmp_path, STEADY), rebase=["01/07/2024"]).points
    assert charted.filter(pl.col("phase") == 2)["date"].min() == date(2024, 7, 1)


def test_dates_that_look_month_first_are_pointed_out(tmp_path):
    american = [f"{m:02d}/01/2025" for m in range(1, 13)]
    assert read(file(tmp_path, dated(american)))[1] == (
        "Dates are read day first: “12/01/2025” is 2025-01-12. Check that no month comes first.",
    )
    assert read(file(tmp_path, dated([f"01/{m:02d}/2025" for m in range(1, 13)])))[1] == ()


@pytest.mark.parametrize("mark", ["/", "-"])
def test_financial_years_are_not_taken_for_months(tmp_path, mark):
    years = [f"{2000 + n}{mark}{n + 1:02d}" for n in range(20)]
    say = rf"^Dates such as “2000{mark}01” look like financial years: write .* such as 2000-04-01.$"
    for several in (years, years[:12]):
        with pytest.raises(Unusable, match=say):
            read(file(tmp_path, dated(several)))
    months = [f"2000{mark}{month:02d}" for month in range(1, 13)]
    assert read(file(tmp_path, dated(months)))[0]["date"].max() == date(2000, 12, 1)
