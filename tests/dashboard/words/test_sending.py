"""What the screen for sending says: what is needed, what was found, in which cells."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from dashboard.exports.receipt import facts, receipt_html
from dashboard.words import sending
from pipelines.checking.check import Checked
from pipelines.sending import Look, OpenMonth
from schemas.periods import Month
from schemas.problems import Outcome, Problem, Severity
from schemas.receipts import Query, Receipt

MARCH, DUE = Month(2026, 3), date(2026, 4, 16)
BEFORE, AFTER = date(2026, 4, 10), date(2026, 4, 20)
RECEIPT = Receipt(
    trust_code="Z01",
    month="2026-03",
    version=2,
    received_at=datetime(2026, 4, 9, 10, 30, tzinfo=UTC),
    received_by="lead@trust.example",
    filename="<b>march</b>.xlsx",
    sha256="ab" * 32,
    kept_sha256="ab" * 32,
    size=33412,
    rows=5,
    rows_by_sheet={"monthly": 3, "charter": 2, "events": 0},
    template_version="1.0",
    data_status="final",
    queries=(
        Query(
            **dict.fromkeys(("sheet", "cell", "row", "column", "ward", "value")),
            code="W01",
            message="Few answered.",
            severity="query",
            answer="Many were on leave",
        ),
    ),
)


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


@pytest.mark.parametrize(
    ("months", "today", "says"),
    [
        ([], BEFORE, "none is open"),
        ([OpenMonth(MARCH, DUE, RECEIPT)], BEFORE, "Every open month has been sent."),
        ([OpenMonth(MARCH, DUE, None)], BEFORE, "1 month to send. March 2026 is due by 16 April"),
        ([OpenMonth(MARCH, DUE, None)], DUE, "is due by"),
        ([OpenMonth(MARCH, DUE, None)], AFTER, "was due by"),
        (
            [OpenMonth(MARCH, DUE, None), OpenMonth(MARCH + 1, date(2026, 5, 18), None)],
            AFTER,
            "2 months to send, 1 of them past the due day.",
        ),
    ],
)
def test_the_first_sentence_says_what_there_is_to_send(months, today, says):
    assert says in sending.need(months, today)


@pytest.mark.parametrize(
    ("problems", "says"),
    [
        ([], "no problems"),
        ([problem(2)], "There is 1 problem in your return"),
        ([problem(2), problem(3, severity=Severity.QUERY)], "There is 1 problem in your return"),
        ([problem(2), problem(3)], "There are 2 problems in your return"),
        ([problem(2, severity=Severity.QUERY)], "once 1 query is answered"),
        ([problem(2, severity=Severity.NOTE)], "no problems"),
    ],
)
def test_the_summary_counts_what_must_be_done(problems, says):
    assert says in sending.found(problems)


def test_the_same_problem_in_many_rows_is_one_line_that_names_the_first_rows():
    (line,) = sending.lines([problem(row) for row in range(2, 42)])
    assert line.rows == "2, 3, 4, 5, 6, 7 and 34 more"
    assert line.wards.startswith("WARD2, WARD3")
    assert (line.column, line.entered) == ("Occupied bed days", "lots")


def test_different_problems_are_different_lines_in_their_order():
    found = sending.lines([problem(3, "One."), problem(2, "Two."), problem(5, "One.")])
    assert [(line.rows, line.problem) for line in found] == [("3 and 5", "One."), ("2", "Two.")]


def test_a_problem_of_the_whole_file_says_so():
    whole = Problem(Severity.ERROR, "F01", "It can't be opened.", "Save it again.")
    (line,) = sending.lines([whole])
    assert (line.rows, line.wards, line.column, line.entered) == ("Whole file", "–", "–", "–")


def test_what_still_needs_a_reason_is_said_for_each_code():
    one, two = problem(2, "One."), problem(3, "One.")
    assert sending.lacking([one, two], [one, two]) == [
        "E04 needs a reason: say why the figures are right, or correct the file."
    ]
    (said,) = sending.lacking([two], [one, two])
    assert said.startswith("E04 needs a reason for 1 of its 2 queries")
    assert sending.lacking([], [one, two]) == []


def test_a_query_is_named_by_its_row_ward_and_column():
    assert sending.place(problem(5, "One.")) == "Row 5, WARD5, “Occupied bed days”"
    whole = Problem(Severity.QUERY, "W11", "It is late.", "Say why.")
    assert sending.place(whole) == "The whole return"


def test_an_open_query_says_where_it_stands():
    finding = {
        "month": date(2026, 3, 1),
        "trust_name": "Tiny trust",
        "ward_name": "Alder Ward",
        "sheet": "monthly",
        "cell": "D5",
        "code": "W04",
    }
    assert sending.asked_where(finding, False) == "March 2026, Alder Ward, monthly D5 (W04)"
    whole = finding | {"ward_name": None, "sheet": None, "cell": None}
    assert sending.asked_where(whole, True) == "March 2026, Tiny trust, the whole return (W04)"


@pytest.mark.parametrize(
    ("text", "state", "says"),
    [
        ("7", "value", "7"),
        ("0", "nil", "0 (nil return)"),
        (None, "missing", "Blank"),
        (None, "closed", "Ward closed"),
        (None, None, "No such row"),
    ],
)
def test_every_state_of_a_changed_cell_has_its_own_words(text, state, says):
    row = {"sheet": "monthly", "ward_code": "ALDER1", "about": "", "field": "pt_safe"}
    row |= {"before": text, "state_before": state, "after": "9", "state_after": "value"}
    assert sending.change(row)["before"] == says


def test_the_same_file_again_and_the_same_figures_again_are_told_apart():
    checked = Checked("x.xlsx", "cd" * 32, Outcome.CLEAN, ())
    same = Checked("x.xlsx", RECEIPT.sha256, Outcome.CLEAN, ())
    at, none = RECEIPT.received_at, pl.DataFrame()
    assert "exactly this file" in sending.changing(Look(same, at, RECEIPT, none))
    assert "the same in every cell" in sending.changing(Look(checked, at, RECEIPT, none))


def test_a_receipt_says_everything_and_escapes_what_was_typed():
    assert facts(RECEIPT)["Rows"] == "5: 3 on monthly and 2 on charter"
    assert facts(RECEIPT)["Queries"] == "1 of 1 answered"
    page = receipt_html(RECEIPT, "Tiny trust", "March 2026", fictional=True)
    for said in (
        "Z01/2026-03/2",
        "11:30 on 9 April 2026, London time",
        "ab" * 32,
        "lead@trust.example",
    ):
        assert said in page
    assert "Fictional" in page
    assert "<b>march" not in page
    assert "Fictional" not in receipt_html(RECEIPT, "Tiny trust", "March 2026", fictional=False)
