"""Dates with a time of day, and marks in place of a number."""

from datetime import date

import pytest

from pipelines.checking.parse import parse
from pipelines.checking.parse_dates import read_as
from pipelines.reading.text_sheets import Cell, CellKind
from schemas.returns import LONGEST_CELL, SHEETS, columns_of
from schemas.wording import plain

MONTH = columns_of("monthly")["period"]
DAY = columns_of("charter")["agreed_on"]
FIRST = date(2026, 10, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-01 00:00",
        "2026-10-01 00:00:00",
        "2026-10-01T00:00:00",
        "2026-10-01T00:00:00.000Z",
        "2026-10-01T00:00:00+01:00",
        "2026-10-01 00:00:00 UTC",
        "2026-09-30T23:59:17",
        "2026-09-30T23:59:59.999Z",
        "2026-09-30T24:00:00",
        "2026-10-01 00:00:31",
        "01/10/2026 00:00",
        "1/10/2026 12:00:00 AM",
        "01/10/2026 12:00 a.m.",
        "1 October 2026 00:00",
        "46296.0",
        "46295.9995",
        "46296.000001",
    ],
)
def test_a_time_within_a_minute_of_midnight_is_that_day(text: str) -> None:
    kinds: tuple[CellKind, ...] = ("text",) if text.startswith("4") else ("text", "date")
    for kind in kinds:
        assert parse(Cell(1, 1, text, kind), DAY, {}).value == FIRST
        assert parse(Cell(1, 1, text, kind), MONTH, {}).value == FIRST


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2026-09-30 23:00", "23:00"),
        ("2026-09-30 23:00:00", "23:00"),
        ("2026-09-30T23:00:00Z", "23:00"),
        ("2026-09-30T23:00:00.000Z", "23:00"),
        ("2026-09-30T23:00:00+00:00", "23:00"),
        ("2026-09-30T23:58:30", "23:58:30"),
        ("30/09/2026 23:00", "23:00"),
        ("30/09/2026 11:00:00 PM", "23:00"),
        ("30 September 2026 23:00 GMT", "23:00"),
        ("46295.958333", "23:00"),
    ],
)
def test_any_other_time_is_shown_and_explained(text: str, clock: str) -> None:
    for column in (DAY, MONTH):
        parsed = parse(Cell(1, 1, text), column, {})
        assert parsed.value is None
        assert parsed.finding is not None
        assert parsed.finding.code == "E10"
        assert f"30 September 2026 at {clock}" in parsed.finding.message
        assert "midnight in London" in parsed.finding.message
        assert "1 October 2026" in parsed.finding.message
        assert parsed.finding.fix.startswith("Type the ")


def test_a_time_in_the_middle_of_the_day_is_an_error_too() -> None:
    parsed = parse(Cell(1, 1, "2026-10-01 14:30"), MONTH, {})
    assert parsed.unreadable
    assert parsed.finding is not None
    assert "1 October 2026 at 14:30" in parsed.finding.message
    assert "2026-10" in parsed.finding.fix


@pytest.mark.parametrize("text", ["2026-10-01 25:00", "2026-10-01 10:75", "2026-10-01 13:00 pm"])
def test_what_is_no_time_makes_no_date(text: str) -> None:
    assert parse(Cell(1, 1, text), DAY, {}).unreadable


@pytest.mark.parametrize("text", ["Oct 26", "October 2026", "2026 10", "1 10 2026", "Oct-26"])
def test_a_year_is_not_taken_for_a_time(text: str) -> None:
    assert parse(Cell(1, 1, text), MONTH, {}).value == FIRST


MARKS = [
    *("*", "**", "<5", "≤5", "< 5", "~5", "c", "C", "[c]", "[C]", "[x]", "[z]", "[low]", "[u]"),
    *("x", "z", "-", "–", "—", "..", ".", "…", ":", "1-4", "1 to 4", "2–7", "suppressed", "*<5"),
]


def fix_of(text: str, field: str) -> str:
    said = parse(Cell(1, 1, text), columns_of("monthly")[field], {}).finding
    assert said is not None
    assert said.code == "E04"
    return said.fix


@pytest.mark.parametrize("field", ["inc_harassment", "restraint_n"])
def test_every_mark_for_a_number_that_is_not_shown_gets_the_same_words(field: str) -> None:
    fixes = {fix_of(mark, field) for mark in MARKS}
    assert len(fixes) == 1
    start = "Type the exact number. The system hides small numbers from others automatically."
    assert fixes.pop().startswith(start)


@pytest.mark.parametrize(
    "text", ["n/a", "none", "83%", "1,2", "13 staff", "-1", "3.5", "642*", "x5"]
)
def test_other_words_and_numbers_keep_their_own_hint(text: str) -> None:
    assert not fix_of(text, "inc_harassment").startswith("Type the exact number.")


def test_minus_nought_as_text_is_still_refused() -> None:
    assert "below 0" in fix_of("-0", "inc_harassment")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10/01/2026", "10 January 2026"),
        ("10-1-26", "10 January 2026"),
        ("10.01.2026", "10 January 2026"),
        ("10/01/2026 00:00:00", "10 January 2026"),
        ("13/01/2026", ""),
        ("10/10/2026", ""),
        ("2026-10-01", ""),
        ("1 October 2026", ""),
        ("10/13/2026", ""),
    ],
)
def test_how_a_date_was_read_is_named_where_it_can_be_taken_for_another(
    text: str, day: str
) -> None:
    assert read_as(Cell(1, 1, text)).startswith(f"“{text}” was read as {day}") == bool(day)


def test_words_codes_and_any_case_of_either_are_the_same_choice() -> None:
    for column in EVERY_COLUMN:
        assert len({plain(words) for words in column.words}) == len(column.allowed)
        for code, words in zip(column.allowed, column.words, strict=True):
            for text in (code, words, words.upper(), f" {words.lower()} ", code.replace("_", " ")):
                assert parse(Cell(1, 1, text), column, {}).value == code


EVERY_COLUMN = [column for sheet in SHEETS for column in columns_of(sheet).values()]


@pytest.mark.parametrize("column", EVERY_COLUMN, ids=lambda column: column.name)
def test_every_column_says_how_long_a_cell_may_be_and_no_pattern_sees_more(column) -> None:
    by_words = ("question_id", "set_id", "statement_id")  # such a code goes by its words
    of_words = column.kind == "text" or column.name in by_words
    assert (column.longest == LONGEST_CELL) is not of_words or column.longest == 100
    longest = parse(Cell(1, 1, "9" * column.longest), column, {})
    assert longest.finding is None or longest.finding.code != "E16"
    found = parse(Cell(1, 1, "9" * (column.longest + 1)), column, {}).finding
    assert found is not None
    assert found.code == "E16"
    assert found.message == (
        f"“{column.title}” has {column.longest + 1} characters. It can have at most "
        f"{column.longest}."
    )
    assert not found.repeated
