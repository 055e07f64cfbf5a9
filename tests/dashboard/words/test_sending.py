"""What the screen for sending says: what is needed, what was found, what is left to do."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from dashboard.exports.receipt import facts, receipt_html
from dashboard.words import sending
from pipelines.accepting.preview import Preview
from pipelines.checking.check import Checked
from pipelines.sending import OpenMonth
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
        ([], BEFORE, "no month is open"),
        ([OpenMonth(MARCH, DUE, RECEIPT)], BEFORE, "Every open month has been sent."),
        ([OpenMonth(MARCH, DUE, None)], BEFORE, "1 month to send. March 2026 is due by 16 April"),
        ([OpenMonth(MARCH, DUE, None)], DUE, "is due by"),
        ([OpenMonth(MARCH, DUE, None)], AFTER, "was due by"),
        (
            [OpenMonth(MARCH, DUE, None), OpenMonth(MARCH + 1, date(2026, 5, 18), None)],
            AFTER,
            "2 months to send, 1 of them overdue.",
        ),
    ],
)
def test_the_headline_says_what_there_is_to_send(months, today, says):
    assert says in sending.headline(months, today)


@pytest.mark.parametrize(
    ("problems", "says"),
    [
        ([], "no errors and no queries"),
        ([problem(2)], "There is 1 error in your return"),
        ([problem(2), problem(3, severity=Severity.QUERY)], "There is 1 error in your return"),
        ([problem(2), problem(3)], "There are 2 errors in your return"),
        ([problem(2, severity=Severity.QUERY)], "once 1 query is explained"),
        ([problem(2, severity=Severity.NOTE)], "no errors and no queries"),
    ],
)
def test_the_summary_counts_what_must_be_done(problems, says):
    assert says in sending.summary(problems)


@pytest.mark.parametrize(
    ("queries", "carried", "says"),
    [
        (1, 1, "Your return can be sent: 1 query was explained last time."),
        (3, 3, "Your return can be sent: 3 queries were explained last time."),
        (3, 2, "once 1 query is explained. 2 more were explained last time."),
        (3, 1, "once 2 queries are explained. 1 more was explained last time."),
    ],
)
def test_the_summary_says_what_was_explained_last_time(queries, carried, says):
    found = [problem(row, severity=Severity.QUERY) for row in range(2, 2 + queries)]
    assert says in sending.summary(found, carried)
    to_do = sending.to_do(queries, RECEIPT, carried)
    assert "sending confirms them" in to_do
    assert ("say why, without names" in to_do) == (queries > carried)


def test_a_receipt_says_everything_and_escapes_what_was_typed():
    assert facts(RECEIPT)["Rows"] == "5: 3 on monthly and 2 on charter"
    assert facts(RECEIPT)["Queries"] == "1 of 1 explained"
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


def test_the_same_file_again_and_the_same_figures_again_differ():
    checked = Checked("x.xlsx", "cd" * 32, Outcome.CLEAN, ())
    same = Checked("x.xlsx", RECEIPT.sha256, Outcome.CLEAN, ())
    at, none = RECEIPT.received_at, pl.DataFrame()
    assert "exactly the same, so nothing changes" in sending.changing(
        Preview(same, at, RECEIPT, none)
    )
    assert "the same values in every cell" in sending.changing(Preview(checked, at, RECEIPT, none))
