"""Explanations carry over if exactly the same query comes up, and never otherwise."""

from datetime import datetime

import pytest

from pipelines.accepting.preview import preview
from pipelines.accepting.submission import Arrival, Submission
from pipelines.keeping import decide
from pipelines.keeping.carried_forward import explanations_from
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.keeping.uploads import Upload
from pipelines.submit import submit
from schemas.receipts import query_key
from tests import worlds

NEXT = worlds.LAST + 1
AT, LATER = worlds.received(NEXT), worlds.received(NEXT, 6)
OWN = frozenset({"Z01"})
FIRST_WARD, SECOND_WARD = "W01 monthly!F2", "W01 monthly!F3"
SAID = {
    FIRST_WARD: "Half the ward was at an outing",
    SECOND_WARD: "Few were well enough",
    "*": "Seen",
}


def content(*changes: dict[str, object], reverse: bool = False) -> bytes:
    """A return in which two wards had few answers (W01); each ward's row may be changed."""
    rows = [worlds.monthly_row(ward, NEXT) for ward in worlds.WARDS["Z01"]]
    rows[0] |= {"pt_answered": 4, "pt_safe": 3}
    rows[1] |= {"pt_answered": 3, "pt_safe": 2, "occupied_bed_days": 411}
    for row, change in zip(rows, changes, strict=False):
        row |= change
    return worlds.return_file("Z01", NEXT, monthly=rows[::-1] if reverse else rows)


def sent(home: Home, file: bytes, said: dict[str, str], at: datetime = LATER) -> Submission:
    return submit(home, Arrival(file, "x.zip", worlds.LEAD, at, said, OWN))


@pytest.fixture
def home(own_home: Home) -> Home:
    """A home in which the month has been sent and its queries explained."""
    assert sent(own_home, content(), SAID, AT).receipt
    return own_home


def answers(arrived: Submission) -> dict[str, str | None]:
    assert arrived.receipt
    asked = [q for q in arrived.receipt.queries if q.severity == "query"]
    return {query_key(q.code, q.sheet, q.cell): q.answer for q in asked}


def test_a_corrected_file_needs_no_answer_twice(home):
    arrived = sent(home, content({}, {}, {"patients_present": 15}), {})
    assert arrived.receipt.version == 2
    assert set(arrived.carried) == set(answers(arrived))
    assert answers(arrived)[FIRST_WARD] == SAID[FIRST_WARD]
    assert answers(arrived)[SECOND_WARD] == SAID[SECOND_WARD]


def test_another_value_is_asked_afresh(home):
    arrived = sent(home, content({"pt_answered": 2, "pt_safe": 1}), {})
    assert arrived.receipt is None
    assert [query_key(p.code, p.sheet, p.cell) for p in arrived.lacking] == [FIRST_WARD]
    assert SECOND_WARD in arrived.carried


def test_a_query_is_the_same_wherever_its_row_stands_now(home):
    arrived = sent(home, content(reverse=True), {})
    found = {q.ward: q.answer for q in arrived.receipt.queries if q.code == "W01"}
    wards = worlds.WARDS["Z01"]
    assert found == {wards[0]: SAID[FIRST_WARD], wards[1]: SAID[SECOND_WARD]}


def test_what_is_said_now_goes_before_what_was_said_but_a_reason_for_all_others_does_not(home):
    now = {FIRST_WARD: "The ward was closed for a week", "*": "Looked at again"}
    arrived = sent(home, content({}, {}, {"patients_present": 15}), now)
    said = answers(arrived)
    assert (said[FIRST_WARD], said[SECOND_WARD]) == (now[FIRST_WARD], SAID[SECOND_WARD])
    by_code = sent(home, content({}, {}, {"patients_present": 14}), {"W01": "Both were closed"})
    assert {answers(by_code)[key] for key in (FIRST_WARD, SECOND_WARD)} == {"Both were closed"}


def test_an_answer_that_was_changed_since_is_the_one_that_stands(home):
    better = {(f"Z01/{NEXT}/1", FIRST_WARD): "The survey was sent out late"}
    decide.answer_queries(home, better, worlds.LEAD, LATER, OWN)
    arrived = sent(home, content({}, {}, {"patients_present": 15}), {})
    assert answers(arrived)[FIRST_WARD] == "The survey was sent out late"


def test_a_version_that_was_withdrawn_answers_nothing(home):
    decide.withdraw(home, f"Z01/{NEXT}/1", Decided(worlds.LEAD, LATER, "Sent by mistake"))
    arrived = sent(home, content({}, {}, {"patients_present": 15}), {})
    assert (arrived.receipt, dict(arrived.carried)) == (None, {})


def test_another_month_with_the_same_findings_is_asked(own_home):
    """The ward, the column and the value are the same, and so are the words."""
    few = {"pt_answered": 4, "pt_safe": 3}
    for month, said in ((worlds.LAST, SAID), (NEXT, {})):
        rows = [worlds.monthly_row(ward, month) for ward in worlds.WARDS["Z01"]]
        rows[0] |= few
        file = worlds.return_file("Z01", month, monthly=rows)
        arrived = sent(own_home, file, said, worlds.received(month, 7))
    assert (arrived.receipt, dict(arrived.carried)) == (None, {})
    assert FIRST_WARD in {query_key(p.code, p.sheet, p.cell) for p in arrived.lacking}


def test_a_query_about_a_whole_row_is_the_same_only_with_the_same_figures(own_home):
    def twins(**change: object) -> bytes:
        first, *_, last = (worlds.monthly_row(ward, NEXT) for ward in worlds.WARDS["Z01"])
        alike = [{**first, "ward_code": ward, **change} for ward in worlds.WARDS["Z01"][:2]]
        return worlds.return_file("Z01", NEXT, monthly=[*alike, last])

    assert "W07" in sent(own_home, twins(), {}).unanswered
    sent(own_home, twins(), {"*": "Both wards are small"})
    other = sent(own_home, twins(trained_n=19), {})
    assert "W07" in other.unanswered
    again = worlds.return_file("Z01", NEXT, monthly=_with_other_last_row(twins))
    assert "W07" not in sent(own_home, again, {}).unanswered


def _with_other_last_row(twins) -> list[dict[str, object]]:
    first, *_, last = (worlds.monthly_row(ward, NEXT) for ward in worlds.WARDS["Z01"])
    alike = [{**first, "ward_code": ward} for ward in worlds.WARDS["Z01"][:2]]
    return [*alike, {**last, "patients_present": 15}]


def test_text_that_is_not_kept_is_asked_about_each_time(own_home):
    """Nobody can say whether it was the same text."""
    for number, explain in enumerate(("Ask Mrs Jones", "Ask Mrs Smith")):
        arrived = sent(own_home, content({"explain": explain}), SAID if not number else {})
    assert arrived.unanswered == ("W17",)


def test_an_answer_that_would_not_be_kept_today_is_asked_for_again(home, monkeypatch):
    monkeypatch.setattr(
        "pipelines.keeping.free_text.personal",
        lambda text, *_: "a name" if "outing" in text else None,
    )
    arrived = sent(home, content({}, {}, {"patients_present": 15}), {})
    assert [query_key(p.code, p.sheet, p.cell) for p in arrived.lacking] == [FIRST_WARD]
    assert arrived.unfit == ()


def test_what_was_said_of_a_file_that_was_not_sent_stands_for_the_next_one(own_home):
    def look(file: bytes, earlier=None):
        return preview(own_home, Upload("x.zip", file, AT), AT, OWN, earlier)

    said = explanations_from(
        look(content()).checked, {FIRST_WARD: "Half the ward was at an outing"}
    )
    mended = look(content({}, {"pt_answered": 2, "pt_safe": 2}), said)
    assert dict(mended.carried) == {FIRST_WARD: "Half the ward was at an outing"}
    rows = [worlds.monthly_row(ward, worlds.LAST) for ward in worlds.WARDS["Z01"]]
    rows[0] |= {"pt_answered": 4, "pt_safe": 3}
    other_month = look(worlds.return_file("Z01", worlds.LAST, monthly=rows), said)
    asked = {query_key(p.code, p.sheet, p.cell) for p in other_month.checked.problems}
    assert FIRST_WARD in asked - set(other_month.carried)


def test_a_look_at_the_file_in_use_shows_what_was_said_of_it(home):
    look = preview(home, Upload("x.zip", content(), LATER), LATER, OWN)
    assert look.carried[FIRST_WARD] == SAID[FIRST_WARD]
