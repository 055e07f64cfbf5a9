"""Due, closed and locked are three dates, and what an exception does to each."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.accepting.context import context_for
from pipelines.accepting.submission import Arrival
from pipelines.keeping import decide
from pipelines.keeping.decisions import Decided, decision
from pipelines.keeping.month_locks import closed_months, last_days, span
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from pipelines.submit import submit
from schemas.deadlines import dates_for
from tests import worlds

PROGRAMME = worlds.programme()
MONTH = worlds.LAST
DATES = dates_for(MONTH, PROGRAMME.deadlines)
AFTER_CLOSING = DATES.closed + timedelta(days=1)
AFTER_LOCK = DATES.locked + timedelta(days=1)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def taken(kind="reopened_month", expires=None, trust="Z01"):
    return decision(
        kind, Decided(worlds.TEAM, at(AFTER_CLOSING), "So"), trust_code=trust, month=str(MONTH),
        expires=expires and str(expires),
    )  # fmt: skip


def is_open(day: date, *decisions, trust="Z01") -> bool:
    return (trust, MONTH) not in closed_months(["Z01", "Z02"], decisions, PROGRAMME, day)


def test_a_month_is_open_until_it_closes():
    assert is_open(DATES.due + timedelta(days=1))
    assert is_open(DATES.closed)
    assert not is_open(AFTER_CLOSING)


def test_a_reopened_month_is_open_until_its_day_and_never_past_the_lock():
    until = AFTER_CLOSING + timedelta(days=3)
    assert is_open(until, taken(expires=until))
    assert not is_open(until + timedelta(days=1), taken(expires=until))
    assert not is_open(until, taken(expires=until), trust="Z02")
    assert is_open(until, taken(expires=until, trust=None), trust="Z02")
    for late in (None, DATES.locked + timedelta(days=30)):
        assert is_open(DATES.locked, taken(expires=late))
        assert not is_open(AFTER_LOCK, taken(expires=late))


def test_a_lock_exception_lets_final_figures_change_until_its_last_day():
    until = AFTER_LOCK + timedelta(days=9)
    granted = taken("lock_exception", until)
    assert is_open(until, granted)
    assert not is_open(until + timedelta(days=1), granted)
    exceptions = last_days([granted], PROGRAMME)
    assert span("Z01", MONTH, exceptions, PROGRAMME).changes_until == until
    assert span("Z02", MONTH, exceptions, PROGRAMME).changes_until == DATES.locked


def reopen(home, day=AFTER_LOCK, trust="Z01", until=None, owner=None):
    said = "A ward was left out"
    return decide.reopen(home, trust, str(MONTH), Decided(worlds.TEAM, at(day), said), until, owner)


def test_a_closed_month_is_opened_until_it_is_locked(own_home):
    opened = reopen(own_home, AFTER_CLOSING)
    assert (opened.kind, opened.expires) == ("reopened_month", str(DATES.locked))


def test_a_locked_month_needs_an_owner_and_a_last_day(own_home):
    until = AFTER_LOCK + timedelta(days=20)
    opened = reopen(own_home, until=until, owner=worlds.LEAD.upper())
    assert (opened.kind, opened.expires) == ("lock_exception", str(until))
    assert opened.owner == worlds.LEAD
    assert own_home.archive.decisions() == [opened]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"until": AFTER_LOCK}, "the person responsible for it"),
        ({"until": AFTER_LOCK, "owner": "someone@else.example"}, "must be in the register today"),
        ({"owner": worlds.TEAM}, "choose the last day"),
        ({"owner": worlds.TEAM, "until": AFTER_LOCK + timedelta(days=61)}, "choose the last day"),
        ({"owner": worlds.TEAM, "until": DATES.locked}, "choose the last day"),
        ({"owner": worlds.TEAM, "until": AFTER_LOCK, "trust": None}, "one trust at a time"),
        ({"owner": worlds.LEAD, "until": AFTER_LOCK, "trust": "Z02"}, "must be in the register"),
        ({"day": AFTER_CLOSING, "until": AFTER_LOCK}, "are final after"),
        ({"day": AFTER_CLOSING, "until": DATES.closed}, "are final after"),
    ],
)
def test_an_exception_without_an_end_or_somebody_to_ask_is_refused(small_home, asked, said):
    before = small_home.archive.state()
    with pytest.raises(decide.DecisionError, match=said):
        reopen(small_home, **asked)
    assert small_home.archive.state() == before


def send(home, day):
    content = worlds.return_file("Z01", MONTH, events=[event()])
    answers = {"*": "Checked with the ward"}
    return submit(home, Arrival(content, "x.zip", worlds.LEAD, at(day), answers))


def event():
    return {"ward_code": "ALL", "date": str(MONTH.first_day), "kind": "other", "label": "Meeting"}


def test_a_return_after_the_lock_says_the_month_is_final(own_home):
    (problem,) = send(own_home, AFTER_LOCK).checked.problems
    assert problem.code == "F06"
    assert "February 2026 has been final since" in problem.message
    (problem,) = send(own_home, AFTER_CLOSING).checked.problems
    assert "February 2026 is closed" in problem.message


def test_figures_are_provisional_until_the_lock_and_while_an_exception_stands(own_home):
    def provisional(as_at: date) -> bool:
        path = build(own_home, at(as_at), as_at)
        found = release_file.read(
            path,
            "SELECT provisional FROM observations WHERE unit_id = 'Z01-ALDER1' "
            "AND measure = 'SS-O1' AND month = DATE '2026-02-01'",
        )
        return found.item()

    until = AFTER_LOCK + timedelta(days=20)
    assert provisional(DATES.locked)
    assert not provisional(AFTER_LOCK)
    reopen(own_home, until=until, owner=worlds.TEAM)
    assert provisional(until)
    assert not provisional(until + timedelta(days=1))
    rows = [worlds.monthly_row(ward, MONTH, pt_safe=1) for ward in worlds.WARDS["Z01"]]
    context = context_for(own_home, AFTER_LOCK)
    assert ("Z01", MONTH) not in context.closed_months
    content = worlds.return_file("Z01", MONTH, monthly=rows)
    sent = submit(own_home, Arrival(content, "x.zip", worlds.LEAD, at(AFTER_LOCK), {}))
    assert "W12" in sent.unanswered  # what was final changes: say why
