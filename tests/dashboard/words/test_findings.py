"""What was found in a return: in which cells, and what needs a reason."""

from datetime import date

import pytest

from dashboard.words import findings
from schemas.problems import Problem, Severity


def problem(row: int, message: str = "Not a number.", severity=Severity.ERROR) -> Problem:
    return Problem(
        severity=severity,
        code="E04",
        message=message,
        fix="Type digits.",
        sheet="monthly",
        cell=f"D{row}",
        row=row,
        column="occupied_bed_days",
        value="lots",
        ward=f"WARD{row}",
    )


def test_the_same_problem_in_many_rows_is_one_line_that_names_the_first_rows():
    (line,) = findings.lines([problem(row) for row in range(2, 42)])
    assert line.cells == "D2, D3, D4, D5, D6, D7 and 34 more"
    assert line.wards.startswith("WARD2, WARD3")
    assert (line.column, line.entered) == ("Occupied bed days", "lots")


def test_different_problems_are_different_lines_in_their_order():
    found = findings.lines([problem(3, "One."), problem(2, "Two."), problem(5, "One.")])
    assert [(line.cells, line.problem) for line in found] == [("D3 and D5", "One."), ("D2", "Two.")]


def test_a_problem_of_the_whole_file_says_so():
    whole = Problem(Severity.ERROR, "F01", "It can't be opened.", "Save it again.")
    (line,) = findings.lines([whole])
    assert (line.cells, line.wards, line.column, line.entered) == ("Whole file", "–", "–", "–")


def test_row_by_row_every_cell_has_a_line_of_its_own_in_the_order_of_the_sheet():
    whole = Problem(Severity.ERROR, "F05", "It is of another version.", "Download it again.")
    found = findings.row_by_row([whole, problem(3), problem(2, "“x” is no number."), problem(5)])
    assert [line.cells for line in found] == ["Whole file", "D2", "D3", "D5"]


def test_the_same_mistake_is_one_line_whatever_was_typed():
    found = findings.mistakes([problem(n, f"“{n}O” is no number.") for n in range(2, 16)])
    (line,) = found
    assert (line.times, line.cells) == (14, "D2, D3, D4, D5, D6, D7 and 8 more")
    assert line.problem == "For example: “2O” is no number."
    assert line.fix == "Type digits."


def test_what_still_needs_an_explanation_is_listed_by_code():
    one, two = problem(2, "One."), problem(3, "One.")
    assert findings.lacking([one, two], [one, two]) == [
        "E04 needs an explanation: say why the figures are right, or correct them."
    ]
    (said,) = findings.lacking([two], [one, two])
    assert said.startswith("E04 needs an explanation for 1 of its 2 queries")
    assert findings.lacking([], [one, two]) == []


def test_a_query_is_named_by_its_row_ward_and_column():
    assert findings.place(problem(5, "One.")) == "Row 5, WARD5, “Occupied bed days”"
    whole = Problem(Severity.QUERY, "W11", "It is late.", "Say why.")
    assert findings.place(whole) == "The whole return"


def test_an_open_query_says_where_it_is():
    finding = {
        "month": date(2026, 3, 1),
        "trust_name": "Tiny trust",
        "ward_name": "Alder Ward",
        "sheet": "monthly",
        "cell": "D5",
        "code": "W04",
    }
    assert findings.query_place(finding, False) == "March 2026, Alder Ward, monthly D5 (W04)"
    whole = finding | {"ward_name": None, "sheet": None, "cell": None}
    assert findings.query_place(whole, True) == "March 2026, Tiny trust, the whole return (W04)"


@pytest.mark.parametrize(
    ("queries", "before", "says"),
    [
        (1, False, "Your explanation (W01)"),
        (3, False, "One explanation for all 3 (W01)"),
        (1, True, "Explained last time (W01)"),
        (3, True, "Explained last time, for all 3 (W01)"),
    ],
)
def test_the_label_of_an_explanation_says_whether_there_is_one(queries, before, says):
    assert findings.field_label("W01", queries, before) == says


def test_the_heading_over_queries_says_that_they_were_explained():
    queries = [problem(2), problem(3)]
    assert findings.heading("E04", queries) == "2 queries on the sheet “monthly” (E04)"
    assert findings.heading("E04", queries[:1], True) == (
        "1 query on the sheet “monthly” (E04), explained last time"
    )
