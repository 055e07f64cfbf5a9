"""What surveys say of trusts: read exactly or refused in sentences, and never of a few people."""

from datetime import date

import polars as pl
import pytest

from pipelines.registers.differences import between
from pipelines.registers.files import as_csv, kept_files, register_from
from pipelines.registers.register import Register, RegisterError, register_of
from pipelines.registers.yardsticks import shares, shown, too_few
from schemas.programme import DisclosurePolicy
from tests import worlds

POLICY = DisclosurePolicy()
HEADINGS = (
    "trust_code,source,asked_of,higher_means,period_from,period_to,numerator,denominator,percent"
)
USUAL = "Z01,Made-up survey,staff,harm,2024-04-01,2025-03-31"


def with_rows(*rows: dict[str, object]) -> Register:
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return register_of({**worlds.register_frames(), "yardsticks": frame})


def told(*rows: str) -> list[str]:
    """What is said of a file with these rows; empty if it can be used."""
    content = "\n".join([HEADINGS, *rows]).encode()
    try:
        register_from({"yardsticks.csv": content}, [], otherwise=with_rows())
    except RegisterError as refused:
        return [said.removeprefix("yardsticks.csv ") for said in refused.sentences]
    return []


@pytest.mark.parametrize("figure", ["24,200,", ",200,12", ",,12.5", "24,200,12", "0,200,"])
def test_counts_or_a_percentage_with_or_without_its_people_can_be_given(figure):
    assert told(f"{USUAL},{figure}") == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"{USUAL},,,12%", "row 2, percent: “12%” is not a number such as 12.5, without a % sign."),
        (f"{USUAL},,,112", "row 2, percent: “112.0” is not allowed. Use at most 100."),
        (f"{USUAL},,,-1", "row 2, percent: “-1.0” is not allowed. Use at least 0."),
        (f"{USUAL},,,nan", "row 2, percent: “NaN” is not allowed. Use at most 100."),
        (f"{USUAL},2.5,10,", "row 2, numerator: “2.5” is not a whole number."),
        (
            f"{USUAL},201,200,",
            "row 2: 201 of 200 is more than all of them. Check numerator and denominator.",
        ),
        (
            f"{USUAL},24,,",
            "row 2: of how many people are the 24? Fill in denominator, or give percent instead.",
        ),
        (
            f"{USUAL},,200,",
            "row 2: there is no figure. Fill in numerator and denominator, or percent and "
            "denominator, or percent alone.",
        ),
        (
            f"{USUAL},24,200,21",
            "row 2: percent is 21, but 24 of 200 is 12.0. Correct one, or leave percent empty.",
        ),
        (
            f"{USUAL.replace('Z01', 'Z09')},24,200,",
            "row 2: trust Z09 is not in trusts.csv.",
        ),
        (
            f"{USUAL.replace('2025-03-31', '2023-03-31')},24,200,",
            "row 2: period_to is before period_from.",
        ),
        (
            f"{USUAL.replace('harm', 'bad')},24,200,",
            "row 2, higher_means: “bad” is not allowed. Use one of harm, safe.",
        ),
        (
            f"{USUAL.replace('staff', 'everyone')},24,200,",
            "row 2, asked_of: “everyone” is not allowed. Use one of patients, staff.",
        ),
        (
            f"{USUAL.replace('Made-up survey', '')},24,200,",
            "row 2, source: this is blank, but it is required.",
        ),
    ],
)
def test_what_is_wrong_is_said_by_row(row, said):
    assert told(row) == [said]


def test_two_figures_of_one_survey_may_not_overlap_or_mean_two_things():
    later = USUAL.replace("2024-04-01,2025-03-31", "2025-03-01,2026-02-28")
    other = later.replace("2025-03-01", "2025-04-01")
    assert told(f"{USUAL},24,200,", f"{later},24,200,") == [
        "yardsticks.csv: Z01 has two figures of “Made-up survey” for 1 March 2025. Let period_to "
        "of the first end before period_from of the second."
    ]
    assert told(f"{USUAL},24,200,", f"{other},24,200,") == []
    assert told(f"{USUAL},24,200,", f"{USUAL},25,200,") == [
        f"row {row}: another row has the same trust_code, source and period_from." for row in (2, 3)
    ]
    different = other.replace("harm", "safe").replace("Z01", "Z02")
    assert told(f"{USUAL},24,200,", f"{different},24,200,") == [
        "has two values of higher_means for “Made-up survey”: use the same in each of its rows, or "
        "another name for the other question."
    ]


@pytest.mark.parametrize(
    ("figure", "few"),
    [
        ({"numerator": 5, "denominator": 10}, False),
        ({"numerator": 0, "denominator": 10}, False),
        ({"numerator": 10, "denominator": 10}, False),
        ({"numerator": 5, "denominator": 9}, True),
        ({"numerator": 4, "denominator": 200}, True),
        ({"numerator": 196, "denominator": 200}, True),
        ({"numerator": None, "denominator": 200, "percent": 2.0}, True),
        ({"numerator": None, "denominator": None, "percent": 2.0}, False),
    ],
)
def test_a_figure_of_a_few_people_is_neither_kept_nor_shown(figure, few):
    register = with_rows(worlds.yardstick_row("Z01", **figure))
    assert bool(too_few(register, POLICY)) == few
    assert shown(register.yardsticks, POLICY).is_empty() == few
    # What was kept by an earlier policy stops nobody, but isn't shown.
    assert too_few(register, POLICY, register) == []


def test_a_small_number_is_refused_by_its_row():
    rows = worlds.yardstick_row("Z01"), worlds.yardstick_row("Z02", numerator=3)
    assert too_few(with_rows(*rows), POLICY, with_rows(rows[0])) == [
        "yardsticks.csv row 3: 3 of 200 is a small number. At least 10 people must have answered, "
        "and of both kinds of answers there must be none or at least 5. Write the percentage "
        "alone, or leave the row out."
    ]


def test_a_percentage_of_people_stands_for_whole_people():
    rows = [{"numerator": None, "percent": 12.4}, {"numerator": 24, "denominator": 200}]
    found = shares(with_rows(*(worlds.yardstick_row("Z01", **row) for row in rows)).yardsticks)
    assert found["numerator"].to_list() == [25, 24]
    assert found["value"].to_list() == pytest.approx([0.124, 0.12])


def test_a_register_without_any_is_kept_as_earlier_versions_kept_it():
    assert "yardsticks.csv" not in kept_files(with_rows())
    assert "yardsticks.csv" in kept_files(with_rows(worlds.yardstick_row("Z01")))


def test_it_is_read_as_it_was_written_and_what_changed_is_told():
    before = with_rows(worlds.yardstick_row("Z01"), worlds.yardstick_row("Z02", percent=12.0))
    content = as_csv(before)["yardsticks.csv"]
    read = register_from({"yardsticks.csv": content}, [], otherwise=with_rows())
    assert read.yardsticks.equals(before.yardsticks)
    after = with_rows(
        worlds.yardstick_row("Z01", numerator=30),
        worlds.yardstick_row("Z01", period_from=date(2025, 4, 1), period_to=date(2026, 3, 31)),
    )
    found = [(one.key, one.kind, one.field, one.name) for one in between(before, after)]
    of = ("Made-up survey", "Z01")
    assert found == [
        (of, "changed", "numerator", "Made-up survey-Z01"),
        (of, "added", None, "The figure from 1 April 2025"),
        (("Made-up survey", "Z02"), "removed", None, "Made-up survey-Z02"),
    ]
