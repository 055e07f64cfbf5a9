"""Series in the ways other programs and people write them: the same chart, or a clear refusal."""

import re
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from pipelines.reading.tidy_cells import Unusable
from pipelines.spc.run import run
from pipelines.statistics.method import Method
from tests.pipelines.spc.tidy import file, months

VALUES = [62.5, 74.4, 75.4, 54.5, 68.2, 67.4, 82.9, 67.1, 81.3, 75.5, 82.3, 79.1, 73.7, 76.4]
PLAIN = months(VALUES)
ROWS = PLAIN.splitlines()
RATIO = "date,numerator,denominator\n"


def charted(folder, text, name="file.csv", **options):
    return run(file(folder, text, name), **options)


def ratio(rows):
    return RATIO + "".join(f"2024-{m:02d}-01,{n},{d}\n" for m, (n, d) in enumerate(rows, 1))


def with_column(name, values):
    """The plain file with another column in front."""
    return "\n".join(f"{first},{row}" for first, row in zip([name, *values], ROWS, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "\n".join([ROWS[0], *reversed(ROWS[1:])]),
        with_column("series", [f"{' ' * (n % 3)}series  " for n in range(len(VALUES))]),
        with_column("phase_start", [int(n == 0) for n in range(len(VALUES))]),
    ],
    ids=["latest first", "spaces around a name", "true and false as 1 and 0"],
)
def test_the_same_series_gives_the_same_chart(tmp_path, text):
    plain = charted(tmp_path, PLAIN)
    found = charted(tmp_path, text, "other.csv")
    assert found.points.equals(plain.points)
    assert found.signals.equals(plain.signals)


@pytest.mark.parametrize(
    "columns",
    [
        {"series": pl.Series(["series"] * len(VALUES), dtype=pl.Categorical), "value": VALUES},
        {"value": pl.Series([Decimal(str(value)) for value in VALUES], dtype=pl.Decimal(9, 1))},
    ],
    ids=["pandas writes categories", "a database writes decimals"],
)
@pytest.mark.parametrize("text", [False, True], ids=["dates", "dates as text"])
def test_parquet_of_other_programs_gives_the_same_chart(tmp_path, columns, text):
    days = pl.Series([date(2024 + n // 12, n % 12 + 1, 1) for n in range(len(VALUES))])
    path = tmp_path / "file.parquet"
    pl.DataFrame({"date": days.cast(pl.String) if text else days, **columns}).write_parquet(path)
    assert run(path).points.equals(charted(tmp_path, PLAIN).points)


HIDDEN = ["*", "<5", "[c]", "..", "n/a", "nan"]


@pytest.mark.parametrize("text", [*HIDDEN, "62.5%", "£62.5", "62.5 kg", "-inf"])
def test_what_is_no_number_is_refused_at_its_row_and_never_taken_for_missing(tmp_path, text):
    then = "write the number if you have it, or leave" if text in HIDDEN else "write it as 12.5"
    with pytest.raises(
        Unusable, match=f"Row 5, value: “{re.escape(text)}” is not a number: {then}"
    ):
        charted(tmp_path, months([1, 2, 3, text, 5]))


def test_every_row_of_a_date_that_comes_twice_is_named(tmp_path):
    with pytest.raises(Unusable) as refused:
        charted(tmp_path, PLAIN + "2024-06-01,70\n")
    named = [line.partition(":")[0] for line in str(refused.value).splitlines()]
    assert named == ["Row 7", "Row 16"]


def test_a_blank_count_is_a_missing_month_and_no_zero(tmp_path):
    rows = [(n % 3 + 30, 40 + n % 2) for n in range(12)]
    gap = charted(tmp_path, ratio([*rows[:4], ("", 40), *rows[5:]]))
    assert gap.points["value"].null_count() == 1
    assert gap.signals["n"].to_list() == [11]


def test_a_small_last_month_has_wider_limits(tmp_path):
    last = charted(tmp_path, ratio([(80 + n % 5, 100) for n in range(11)] + [(9, 10)])).points
    wide = (last["upper"] - last["lower"]).to_list()
    assert wide[-1] > 2 * wide[-2]


def test_counts_with_decimals_and_values_below_0_are_charted_as_they_are(tmp_path):
    halves = charted(tmp_path, ratio([(30.5 + n % 3, 40.25) for n in range(12)])).points
    assert halves["value"][0] == 30.5 / 40.25
    low = charted(tmp_path, months([value - 72 for value in VALUES])).points
    high = charted(tmp_path, PLAIN).points
    assert low["upper"].to_list() == pytest.approx((high["upper"] - 72).to_list())
    assert low["cause"].to_list() == high["cause"].to_list()


def test_where_a_file_has_values_and_counts_the_values_are_charted(tmp_path):
    rows = "".join(f"2024-{m:02d}-01,{70 + m % 3},{m},40\n" for m in range(1, 13))
    found = charted(tmp_path, "date,value,numerator,denominator\n" + rows)
    assert found.points["value"].to_list() == [70.0 + m % 3 for m in range(1, 13)]
    assert found.signals["chart"].to_list() == ["xmr"]


def test_a_target_is_judged_on_the_limits_in_force_and_where_the_latest_row_has_one(tmp_path):
    changed = months([60, 58] * 7 + [92, 88] * 7, start=2023)
    said = {
        target: charted(
            tmp_path,
            changed,
            rebase=["2024-03-01"],
            method=Method(target=target, direction="up"),
        ).signals["assurance"][0]
        for target in (75.0, 91.0, 110.0)
    }
    assert said == {75.0: "pass", 91.0: "hit_or_miss", 110.0: "fail"}
    early = [f"{row},{40 if n < 4 else ''}" for n, row in enumerate(ROWS[1:])]
    ended = charted(tmp_path, "date,value,target\n" + "\n".join(early), "early.csv")
    assert ended.signals["assurance"].to_list() == [None]


@pytest.mark.parametrize("target", [0.95, 1.0])
def test_everyone_every_month_meets_a_target_of_everyone(tmp_path, target):
    all_of_them = ratio([(34 + n % 4, 34 + n % 4) for n in range(12)])
    found = charted(tmp_path, all_of_them, method=Method(target=target, direction="up")).signals
    assert found["assurance"].to_list() == ["pass"]


def test_a_name_with_marks_of_html_is_text_in_a_picture(tmp_path):
    name = '"<b>A&E</b> ""North"""'
    rows = "".join(f"{name},{row}\n" for row in ROWS[1:])
    plot = tmp_path / "chart.svg"
    found = charted(tmp_path, "series,date,value\n" + rows, plot=plot)
    assert found.signals["series"].to_list() == ['<b>A&E</b> "North"']
    drawn = plot.read_text(encoding="utf-8")
    assert "<b>" not in drawn
    assert "&lt;b&gt;A&amp;E" in drawn
