"""The words of a reminder and of a decision."""

from datetime import date

import pytest

from dashboard.words import chase, decisions
from schemas.deadlines import dates_for
from schemas.periods import Month
from schemas.programme import Deadlines

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
TODAY = date(2026, 5, 20)
DUE = ((MARCH, date(2026, 4, 16)), (APRIL, date(2026, 5, 19)))


def test_the_summary_counts_trusts_and_returns():
    assert chase.summary(0, 0) == "Nothing to chase: every return that is due has arrived."
    assert chase.summary(1, 1).startswith("1 return from 1 trust is overdue.")
    assert chase.summary(2, 3).startswith("3 returns from 2 trusts are overdue.")


def test_a_reminder_for_one_month_says_it_in_the_singular():
    said = chase.body("Mossgarth Trust", ["Liam Lead"], DUE[1:], TODAY, "Safe wards", "")
    assert said.startswith("Dear Liam Lead,\n\nWe have not received this return from Mossgarth")
    assert "- April 2026: due by 19 May 2026, 1 day ago\n" in said
    assert "March" not in said
    assert "reply to this message. If you have sent it today" in said
    assert said.endswith("The team at Safe wards\n")
    assert chase.subject([APRIL]) == "Sexual safety return for April 2026"


def test_a_reminder_for_two_months_names_both_and_where_to_write():
    said = chase.body("Mossgarth Trust", [], DUE, TODAY, "Safe wards", "team@example.org")
    assert said.startswith("Dear colleagues,")
    assert "- March 2026: due by 16 April 2026, 34 days ago\n- April 2026" in said
    assert "or write to team@example.org" in said
    assert chase.subject([MARCH, APRIL]) == "Sexual safety returns for March 2026 and April 2026"


@pytest.mark.parametrize(
    ("active", "before", "says"),
    [
        (True, "Z01/2026-03/1", "off every chart, and Z01/2026-03/1 comes back into use."),
        (True, None, "off every chart, and the month counts as missing until it is sent again."),
        (False, None, "It is not in use, so no figure changes."),
    ],
)
def test_withdrawing_says_what_will_happen(active, before, says):
    said = decisions.withdraw("Z01/2026-03/2", "Quillfeather Trust", "March 2026", active, before)
    assert said.startswith("Withdraw Z01/2026-03/2, Quillfeather Trust, March 2026?")
    assert says in said


def test_reopening_a_month_says_until_when():
    said = decisions.reopen("A", "May", "3 June 2026")
    assert said.startswith("Reopen May for A until the end of 3 June 2026?")
    assert "figures that people may have seen. Your name and your reason will be recorded." in said


def test_reopening_a_final_month_says_so_and_who_is_accountable():
    said = decisions.reopen("A", "May", "3 June 2026", "me@trust.example")
    assert "figures that were final; until then they count as provisional again" in said
    assert "me@trust.example as the person accountable will be recorded." in said


def test_the_three_dates_of_a_month_are_named():
    dates = dates_for(Month(2026, 2), Deadlines())
    assert decisions.dates(dates, date(2026, 5, 1)) == {
        "Was due": "13 March 2026",
        "Closed after": "28 April 2026",
        "Figures will be final after": "4 June 2026",
    }
    assert "Figures were final after" in decisions.dates(dates, date(2026, 6, 5))


@pytest.mark.parametrize(
    ("outcome", "findings", "received", "known", "says"),
    [
        ("clean", 0, "Z01/2026-03/1", None, "Accepted as Z01/2026-03/1"),
        ("clean", 0, None, "Z01/2026-03/1", "The same file as Z01/2026-03/1, which was received"),
        ("errors", 1, None, None, "Refused: 1 finding"),
        ("unreadable", 1, None, None, "Refused: the file could not be used"),
        ("queries", 2, None, None, "Not sent yet: 2 findings, with queries to explain"),
        ("clean", 0, None, None, "Checked but not sent"),
    ],
)
def test_the_outcome_of_an_attempt(outcome, findings, received, known, says):
    assert decisions.attempt(outcome, findings, received, known).startswith(says)


def test_findings_are_listed_by_code():
    assert decisions.codes({"E04": 2, "W01": 1}) == "E04 (2) and W01"
    assert decisions.codes({}) == "None"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"return_id": "Z01/2026-03/1", "month": "2026-03"}, "Z01/2026-03/1"),
        (
            {"month": "2026-03", "expires": "2026-06-01"},
            "Every trust, March 2026, until 1 June 2026",
        ),
        (
            {"month": "2026-03", "trust_code": "Z02", "ward_code": "ELM1", "measure": "SS-O1"},
            "Z02, ELM1, SS-O1, March 2026",
        ),
        (
            {"month": "2026-03", "trust_code": "Z02", "owner": "me@trust.example"},
            "Z02, March 2026, me@trust.example is accountable",
        ),
        ({"month": "2026-03-14", "label": "Moved"}, "Every trust, 14 March 2026, Moved"),
        ({"undoes": "20260315T1"}, "an earlier decision"),
        ({}, "The whole programme"),
    ],
)
def test_what_a_decision_is_about(change, says):
    empty = dict.fromkeys(
        (
            "return_id",
            "query",
            "label",
            "undoes",
            "month",
            "trust_code",
            "ward_code",
            "measure",
            "expires",
            "owner",
        )
    )
    assert decisions.about(empty | change) == says
    named = decisions.named(empty | change | {"kind": "annotation"})
    assert named == f"Event recorded ({says})"
