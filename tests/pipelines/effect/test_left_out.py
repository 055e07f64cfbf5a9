"""Whatever of a file isn't in an answer is said: how much of it, why, and which."""

import polars as pl
import pytest

from pipelines.effect.run import run
from pipelines.effect.terms import Terms
from pipelines.effect.told import Periods
from pipelines.effect.words import unlisted
from tests.pipelines.effect.programmes import programme, saved

EMPTY = pl.col("cluster") == "Z05"  # 0 of 0 throughout
EARLY = pl.col("cluster") == "Z01"  # started before the first month
GAP = "2024-04-01"
ROWS = [100, 101]  # without a numerator, or without a denominator


def with_gaps(trusts: int) -> pl.DataFrame:
    asked = pl.when(~EMPTY).then
    numbers = [asked(name).otherwise(0).alias(name) for name in ("numerator", "denominator")]
    start = pl.when(EARLY).then(pl.lit("2023-06-01")).otherwise("adopted")
    frame = programme(0.15, trusts=trusts).with_columns(*numbers, adopted=start, region=pl.lit("x"))
    frame = frame.filter(pl.col("period") != GAP).with_row_index("at")
    slips = zip(ROWS, ("numerator", "denominator"), strict=True)
    return frame.with_columns(
        pl.when(pl.col("at") != row).then(name).alias(name) for row, name in slips
    ).drop("at")


def of_no_figure(content: dict) -> int:
    return sum(one["count"] for one in content["left_out"] if one["what"] == "row")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return run(saved(with_gaps(30), tmp_path_factory.mktemp("gaps")))


SAID = (
    "Left out: 34 rows with 0 of 0, 2 rows with only one of the two numbers (row 102 and row 103), "
    "2 units without a usable figure (Z05-A and Z05-B), 1 cluster without a usable figure (Z05), 1 "
    "month without a usable figure (April 2024), 2 units without a figure from before the start "
    "(Z01-A and Z01-B) and 1 cluster of which no unit is left (Z01)."
)


def test_what_is_left_out_is_said_with_how_much_why_and_which(told):
    assert told.answered
    assert SAID in told.sentences
    assert told.content["notes"] == ["1 column not read: “region”."]
    assert {
        "what": "unit",
        "count": 2,
        "why": "without a usable figure",
        "which": ["Z05-A", "Z05-B"],
    } in told.content["left_out"]


def test_every_row_of_a_file_is_compared_or_left_out(told):
    frame, compared = with_gaps(30), told.content["compared"]
    counted = compared["figures_before"] + compared["figures_after"] + compared["figures_left_out"]
    assert counted + of_no_figure(told.content) + frame.filter(EARLY).height == frame.height


def test_a_refusal_says_what_was_left_out_too(tmp_path):
    answer = run(saved(with_gaps(21), tmp_path))
    assert answer.sentences[0].startswith("Too few clusters: 19 can be compared")
    assert answer.sentences[1:] == (SAID,)
    assert of_no_figure(answer.content) == 36


def test_only_the_first_few_names_are_said_and_the_others_counted(tmp_path):
    frame = programme(0.15, trusts=30)
    asked = ~pl.col("cluster").is_in(["Z03", "Z04", "Z05", "Z07"])
    answer = run(saved(frame.with_columns(pl.when(asked).then("numerator")), tmp_path))
    (said,) = (one for one in answer.sentences if one.startswith("Left out"))
    assert "8 units without a usable figure (Z03-A, Z03-B, Z04-A, Z04-B, Z05-A and 3 more)" in said
    (units,) = (one for one in answer.content["left_out"] if one["what"] == "unit")
    assert len(units["which"]) == units["count"] == 8


def test_periods_since_the_start_that_few_reached_are_said_to_have_no_average(told):
    shown = told.by_period["since"].to_list()
    assert told.content["compared"]["periods_without_an_average"] == [max(shown) + 1] == [13]
    assert (
        "Month 13 since the start has no average of its own, because fewer than 3 clusters got "
        "that far; its figures count in the average over all."
    ) in told.sentences


@pytest.mark.parametrize(
    ("periods", "said"),
    [((5, 6), "Months 5 and 6"), ((5, 6, 7), "Months 5 to 7"), ((5, 7, 8), "Month 5, month 7 and")],
)
def test_several_periods_without_an_average_are_said_in_one(periods, said):
    assert unlisted(periods, Terms(Periods(0), "rate")).startswith(said)


def test_a_file_of_which_everything_is_used_leaves_nothing_out(tmp_path):
    answer = run(saved(programme(0.15), tmp_path))
    assert answer.content["left_out"] == answer.content["notes"] == []
    assert not any(one.startswith("Left out") for one in answer.sentences)
