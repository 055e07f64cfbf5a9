"""What `feeling-safe effect` reads, and what it says about a file that it can't use."""

import polars as pl
import pytest

from pipelines.effect.tidy_file import read
from pipelines.reading.tidy_cells import Unusable
from pipelines.statistics.effect.panel import NEVER
from tests.pipelines.effect.programmes import programme, saved, text_file

GOOD = "Z01-A,Z01,2026-01-01,3,4,2026-02-01"


def finding(folder, *lines, kind="proportion"):
    with pytest.raises(Unusable) as found:
        read(text_file(folder, *lines), kind)
    return str(found.value)


def test_rows_become_a_panel_with_the_names_behind_its_numbers(tmp_path):
    told = read(
        text_file(tmp_path, GOOD, "Z02-A,Z02,Mar-26,1,4,", "Z01-A,Z01,2/2026,4,4,Feb-26"), "rate"
    )
    panel = told.panel
    assert told.clusters == ("Z01", "Z02")
    assert panel.unit.tolist() == panel.cluster.tolist() == [0, 0, 1]
    assert panel.month.tolist() == [0, 1, 2]
    assert panel.start.tolist() == [1, 1, NEVER]
    assert panel.figure.tolist() == [0.75, 1.0, 0.25]
    assert panel.size.tolist() == [4, 4, 4]
    assert [told.periods.name(place) for place in (0, 2)] == ["January 2026", "March 2026"]


def test_csv_and_parquet_of_any_date_type_are_read_alike(tmp_path):
    frame = programme()
    dates = frame.with_columns(pl.col("period", "adopted").str.to_date())
    dates.write_parquet(tmp_path / "effect.parquet")
    of_csv, of_parquet = (
        read(path, "proportion") for path in (saved(frame, tmp_path), tmp_path / "effect.parquet")
    )
    assert of_csv.clusters == of_parquet.clusters
    for name in ("unit", "cluster", "month", "start", "figure", "size"):
        assert (getattr(of_csv.panel, name) == getattr(of_parquet.panel, name)).all()


def test_a_row_without_a_figure_is_a_period_without_one(tmp_path):
    lines = (
        GOOD,
        "Z01-A,Z01,2026-02,,,2026-02-01",
        "Z01-A,Z01,2026-03,0,0,2026-02-01",
        "Z01-A,Z01,2026-04,NA,5,2026-02-01",
    )
    assert read(text_file(tmp_path, *lines), "proportion").panel.month.tolist() == [0]


def test_periods_may_be_numbered(tmp_path):
    told = read(text_file(tmp_path, "a,x,7,1,2,9", "a,x,8,1,2,9", "b,y,10,1,2,"), "proportion")
    assert told.panel.month.tolist() == [0, 1, 3]
    assert told.panel.start.tolist() == [2, 2, NEVER]
    assert (told.periods.word, told.periods.name(3)) == ("period", "period 10")


def test_quarters_are_counted_as_quarters(tmp_path):
    told = read(
        text_file(
            tmp_path,
            "a,x,2026-01-01,1,2,2026-04-01",
            "a,x,2026-07-01,1,2,2026-04-01",
            "b,y,2026-04-01,1,2,",
        ),
        "proportion",
    )
    assert told.periods.word == "quarter"
    assert told.panel.month.tolist() == [0, 2, 1]
    assert told.panel.start.tolist() == [1, 1, NEVER]


def test_a_start_inside_a_quarter_is_neither_before_nor_after_it(tmp_path):
    said = finding(tmp_path, "a,x,2026-01-01,1,2,2026-05-01", "a,x,2026-04-01,1,2,2026-05-01")
    assert said == (
        "Row 2, adopted: “2026-05-01” lies inside a quarter; write the date of the first quarter "
        "that is wholly after the start."
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",Z01,2026-02,1,2,", "Row 3, unit: an empty cell is no name: every row needs one."),
        ("B,,2026-02,1,2,", "Row 3, cluster: an empty cell is no name: every row needs one."),
        (
            "B,Z01,soon,1,2,",
            "Row 3, period: “soon” is not a date: write its first day, such as 2026-03-01, without "
            "a time.",
        ),
        (
            "B,Z01,2026 Q1,1,2,",
            "Row 3, period: “2026 Q1” is not a date: write its first day, such as 2026-03-01, "
            "without a time.",
        ),
        (
            "B,Z01,2026-02-01 14:30,1,2,",
            "Row 3, period: “2026-02-01 14:30” is not a date: write its first day, such as "
            "2026-03-01, without a time.",
        ),
        (
            "B,Z01,2026-02,1,2,never",
            "Row 3, adopted: “never” is not a date: write the first day of the first period with "
            "it, such as 2026-03-01, or leave it empty if that never came.",
        ),
        (
            "B,Z01,2026-02,one,2,",
            "Row 3, numerator: “one” is not a number: write it as 12.5, without signs.",
        ),
        (
            "B,Z01,2026-02,45,1,",
            "Row 3: 45 of 1 can't be: correct it, or leave both cells empty. The numerator looks "
            "like a percentage: write how many people it is, such as 9 of 20 for 45%.",
        ),
        (
            "B,Z01,2026-02,45,20,",
            "Row 3: 45 of 20 can't be: correct it, or leave both cells empty. The numerator looks "
            "like a percentage: write how many people it is, such as 9 of 20 for 45%.",
        ),
        (
            "B,Z01,2026-02,31,20,",
            "Row 3: 31 of 20 can't be: correct it, or leave both cells empty. For a rate, add "
            "--measure-kind rate.",
        ),
        (
            "B,Z01,2026-02,1,1e300,",
            "Row 3, denominator: “1e300” is far too large: check it for extra digits; "
            "1,000,000,000,000 is the most that is read.",
        ),
        (
            "B,Z01,2026-02,0,1e-300,",
            "Row 3, denominator: 1e-300 is far too small: 0.000001 is the least that is read; "
            "write it in a smaller unit, such as days in place of years.",
        ),
        ("B,Z01,2026-02,-1,2,", "Row 3, numerator: -1 is below 0; counts start at 0."),
        (
            "B,Z01,2026-02,3,2,",
            "Row 3: 3 of 2 can't be: correct it, or leave both cells empty. For a rate, add "
            "--measure-kind rate.",
        ),
        (
            "B,Z01,2026-02,3,0,",
            "Row 3: 3 of 0 can't be: correct it, or leave both cells empty.",
        ),
        (
            "Z01-A,Z02,2026-02,1,2,2026-02-01",
            "Row 3, cluster: Z01-A has another cluster in an earlier row; write the same in all of "
            "its rows. If two units share a name, write the cluster’s before it.",
        ),
        (
            "Z01-A,Z01,2026-02,1,2,",
            "Row 3, adopted: Z01-A has another start in an earlier row; write the same in all of "
            "its rows.",
        ),
        (
            "Z01-A,Z01,2026-01-08,1,2,2026-02-01",
            "Row 3: Z01-A has a row for this period already; add up weeks or days, and keep one "
            "row for each month.",
        ),
    ],
)
def test_a_finding_says_what_was_found_and_how_to_correct_it(tmp_path, line, said):
    assert finding(tmp_path, GOOD, line) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "B,Z02,soon,1,2,",
            "Row 4, period: “soon” is not a whole number: write which period it is, such as 7.",
        ),
        (
            "B,Z02,1,1,2,soon",
            "Row 4, adopted: “soon” is not a whole number: write the first period with it, such as "
            "7, or leave it empty if that never came.",
        ),
        (
            "B,Z02,1,1,2,0",
            "Row 4, adopted: “0” may mean never or long ago: leave it empty if that never came, or "
            "leave the unit’s rows out if it was there all along.",
        ),
    ],
)
def test_the_same_of_numbered_periods(tmp_path, line, said):
    assert finding(tmp_path, "A,Z01,1,1,2,2", "A,Z01,2,1,2,2", line) == said


def test_a_start_in_period_0_is_one_where_there_is_such_a_period(tmp_path):
    told = read(text_file(tmp_path, "A,Z01,0,1,2,0", "B,Z02,1,1,2,"), "proportion")
    assert told.panel.start.tolist() == [0, NEVER]


def test_a_header_without_a_name_is_not_listed(tmp_path):
    path = tmp_path / "effect.parquet"
    pl.DataFrame().write_parquet(path)
    with pytest.raises(Unusable, match=r"effect.parquet has no column with a name: it needs unit"):
        read(path, "proportion")


def test_a_rate_may_be_above_one(tmp_path):
    assert read(text_file(tmp_path, "a,x,2026-01,3,2,"), "rate").panel.figure.tolist() == [1.5]


def test_findings_are_listed_together_and_only_ten_are_spelled_out(tmp_path):
    said = finding(tmp_path, *(f"U{n},Z01,2026-01,-1,2," for n in range(12))).splitlines()
    assert len(said) == 11
    assert said[-1] == "… and 2 more."


def test_a_missing_column_is_named_with_all_that_are_needed(tmp_path):
    path = text_file(
        tmp_path, "a,x,2026-01,1,2", header="unit,cluster,period,numerator,denominator"
    )
    with pytest.raises(
        Unusable, match="it needs unit, cluster, period, numerator, denominator and adopted"
    ):
        read(path, "proportion")


def test_a_file_without_any_figure_is_refused(tmp_path):
    assert "no row with a numerator and a denominator above 0" in finding(
        tmp_path, "a,x,2026-01,,,"
    )


@pytest.mark.parametrize(("column", "other"), [("unit", "z01-a,Z01"), ("cluster", "Z01-A,z01")])
def test_one_name_in_other_capitals_is_never_taken_for_two(tmp_path, column, other):
    found = finding(tmp_path, GOOD, f"{other},2026-02-01,3,4,2026-02-01")
    wrong, right = {"unit": ("z01-a", "Z01-A"), "cluster": ("z01", "Z01")}[column]
    assert f"Row 3, {column}: {wrong} is {right} in an earlier row; write it the same" in found


def test_whole_numbers_may_end_in_point_0_as_programs_write_columns_with_gaps(tmp_path):
    numbers = ("Z01-A,Z01,1.0,3,4,2.0", "Z01-A,Z01,2.0,3,4,2.0", "Z02-A,Z02,1.0,3,4,")
    told = read(text_file(tmp_path, *numbers), "proportion")
    assert (told.periods.word, told.panel.month.tolist()) == ("period", [0, 1, 0])
    assert told.panel.start.tolist() == [1, 1, NEVER]


def test_dates_with_the_month_first_are_named_beside_the_rows_that_they_make_wrong(tmp_path):
    american = (f"Z01-A,Z01,0{month}/01/2026,3,4," for month in (1, 2, 3))
    assert "Check that no month comes first." in finding(tmp_path, *american)


def test_periods_that_are_financial_years_are_not_taken_for_months(tmp_path):
    years = (f"Z01-A,Z01,{2000 + n}/{n + 1:02d},3,4," for n in range(3))
    assert "“2000/01” look like financial years" in finding(tmp_path, *years)


def test_starts_with_the_month_first_are_noted(tmp_path):
    starts = (f"Z0{n}-A,Z0{n},2026-0{n}-01,3,4,0{n}/01/2026" for n in (1, 2, 3))
    (note,) = read(text_file(tmp_path, *starts, "Z04-A,Z04,2026-01-01,3,4,"), "proportion").notes
    assert note.startswith("Dates are read day first: “03/01/2026” is 2026-01-03. Check that no")


@pytest.mark.parametrize(("row", "noted"), [("62.5,100", 1), ("0.6,1", 1), ("1,1", 0), ("5,8", 0)])
def test_percentages_in_place_of_counts_are_noted(tmp_path, row, noted):
    file = text_file(tmp_path, f"Z01-A,Z01,2026-01-01,{row},", f"Z01-A,Z01,2026-02-01,{row},")
    notes = read(file, "proportion").notes
    assert len(notes) == noted
    assert all("if the numerators are percentages, write counts" in note for note in notes)
    assert read(file, "rate").notes == ()
