"""Sending a return: open months, the workbook, a preview that saves nothing, sending once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from pipelines.accepting.context import context_for
from pipelines.accepting.preview import preview
from pipelines.accepting.submission import Arrival
from pipelines.checking.check import check
from pipelines.keeping import decide
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import create_home
from pipelines.keeping.uploads import Upload
from pipelines.sending import (
    NotYours,
    coming_month,
    open_months,
    receipt_of,
    send,
    when_to_send,
    workbook_for,
)
from schemas.deadlines import dates_for
from schemas.periods import Month
from schemas.problems import Outcome
from tests import worlds

NEXT = worlds.LAST + 1
AT = worlds.received(NEXT)
OWN = frozenset({"Z01"})
ANSWERS = {"*": "Checked with the ward"}


def upload(month: Month = NEXT, **sheets) -> Upload:
    return Upload("x.zip", worlds.return_file("Z01", month, **sheets), AT)


def arrival(file: Upload) -> Arrival:
    return Arrival(file.content, file.filename, worlds.LEAD, AT, ANSWERS, OWN)


def test_months_not_sent_come_first_and_closed_ones_not_at_all(small_home):
    found = open_months(small_home, "Z01", AT.date(), OWN)
    assert [found[0].month, found[1].month] == [NEXT, worlds.LAST]
    assert found[0].active is None
    assert found[1].active.return_id == f"Z01/{worlds.LAST}/1"
    closed = context_for(small_home, AT.date()).closed_months
    assert not {("Z01", choice.month) for choice in found} & closed
    assert worlds.FIRST not in [choice.month for choice in found]


def test_the_workbook_for_an_open_month_names_its_trust_and_month(small_home):
    content = workbook_for(small_home, "Z01", NEXT, OWN)
    context = context_for(small_home, AT.date(), OWN)
    checked = check(content, "x.xlsx", context)
    assert (checked.trust, checked.month) == ("Z01", NEXT)


def test_a_workbook_says_when_its_return_can_be_sent(small_home):
    this_month = Month.of(AT.date())

    def said(month: Month) -> str:
        return when_to_send(small_home, "Z01", month, AT.date())

    assert said(NEXT) == ""
    assert said(this_month).startswith(f"{this_month.label} has not ended: its return can be sent")
    assert "Create it again" not in said(this_month)
    assert "Create it again then" in said(this_month + 12)
    assert f"{worlds.FIRST.label} is closed for Z01" in said(worlds.FIRST)
    for month, words in (
        (this_month + 13, "more than a year ahead"),
        (worlds.FIRST + -1, "is before this programme began"),
        (Month(2001, 1), "is before the collaborative began"),
    ):
        with pytest.raises(ValueError, match=words):
            said(month)


def test_a_look_keeps_nothing(own_home):
    before = own_home.archive.state()
    look = preview(own_home, upload(), AT, OWN)
    assert look.may_be_sent
    assert look.active is None
    assert look.is_for("Z01", str(NEXT))
    assert not look.is_for("Z01", str(worlds.LAST))
    assert own_home.archive.state() == before
    assert not (own_home.archive.root / "attempts" / "2026-04.jsonl").exists()


def test_a_look_at_a_month_that_was_sent_says_what_changes(own_home):
    rows = [worlds.monthly_row(ward, worlds.LAST) for ward in worlds.WARDS["Z01"]]
    rows[2] |= {"patients_present": 15}
    look = preview(own_home, upload(worlds.LAST, monthly=rows), AT, OWN)
    changed = look.changes.select("ward_code", "field", "before", "after").rows()
    assert changed == [("CEDAR1", "patients_present", "16", "15")]


def test_the_same_file_at_the_same_moment_makes_one_version(own_home):
    file = upload()
    look = preview(own_home, file, AT, OWN)

    def press(_: int):
        return send(own_home, look, arrival(file))

    with ThreadPoolExecutor(3) as hands:
        kept = list(hands.map(press, range(3)))
    assert {sent.receipt.return_id for sent in kept} == {f"Z01/{NEXT}/1"}
    assert sorted(sent.already_kept for sent in kept) == [False, True, True]


def test_nothing_is_sent_over_a_return_that_nobody_looked_at(own_home):
    file = upload()
    look = preview(own_home, file, AT, OWN)
    worlds.send(own_home, "Z01", NEXT, events=[])
    rows = [worlds.monthly_row(ward, NEXT) for ward in worlds.WARDS["Z01"]]
    rows[2] |= {"patients_present": 15}
    other = upload(monthly=rows)
    stale = preview(own_home, other, AT, OWN)
    assert stale.active is not None
    before_it = type(look)(stale.checked, AT)  # as it looked before the other return came
    sent = send(own_home, before_it, arrival(other))
    assert (sent.overtaken, sent.receipt) == (True, None)
    assert len([r for r in own_home.archive.receipts() if r.month == str(NEXT)]) == 1


def test_a_file_for_another_trust_is_an_error_and_can_not_be_sent(own_home):
    file = Upload("x.zip", worlds.return_file("Z02", NEXT), AT)
    look = preview(own_home, file, AT, OWN)
    assert look.checked.outcome == Outcome.ERRORS
    with pytest.raises(NotYours):
        send(own_home, look, arrival(file))


@pytest.mark.parametrize(
    "ask",
    [
        lambda home: open_months(home, "Z02", AT.date(), OWN),
        lambda home: workbook_for(home, "Z02", NEXT, OWN),
        lambda home: receipt_of(home, "Z02", str(worlds.LAST), 1, OWN),
    ],
)
def test_every_step_is_for_own_trusts_only(small_home, ask):
    with pytest.raises(NotYours):
        ask(small_home)


def test_the_coming_month_is_the_next_to_end_with_a_ward_open(small_home):
    programme = small_home.programme
    first = coming_month(small_home, "Z01", date(2020, 2, 10), OWN)  # long before it begins
    assert first is not None
    assert first.month == programme.first
    assert first.due == dates_for(first.month, programme.deadlines).due
    later = coming_month(small_home, "Z01", AT.date(), OWN)
    assert later is not None
    assert later.month == Month.of(AT.date())


def test_no_month_comes_for_a_trust_without_wards_or_after_the_last_month(small_home, tmp_path):
    assert coming_month(small_home, "Z09", AT.date(), frozenset({"Z09"})) is None
    settings, register = worlds.programme(last_month=str(worlds.LAST)), worlds.register_frames()
    ended = create_home(tmp_path / "home", settings, register, worlds.TEAM, worlds.START)
    assert coming_month(ended, "Z01", worlds.LAST.first_day, OWN) is not None
    assert coming_month(ended, "Z01", AT.date(), OWN) is None


def test_a_reopened_month_is_open(own_home):
    day = date(2026, 4, 9)
    closed = worlds.FIRST
    assert closed not in [c.month for c in open_months(own_home, "Z01", day, OWN)]
    reason, until = "The figures came from a new system", date(2026, 4, 20)
    decide.reopen(
        own_home, "Z01", str(closed), Decided(worlds.TEAM, AT, reason), until, worlds.TEAM
    )
    assert closed in [c.month for c in open_months(own_home, "Z01", day, OWN)]
