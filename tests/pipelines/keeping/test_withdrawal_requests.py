"""A trust asks for a return to be withdrawn; the programme grants or refuses it."""

from datetime import timedelta

import pytest

from pipelines.keeping import decide, withdrawal_requests
from pipelines.keeping.decide import Decided, DecisionError
from pipelines.keeping.home import Home
from tests import worlds

SENT = f"Z01/{worlds.LAST}/1"
OWN, OTHER = frozenset({"Z01"}), frozenset({"Z02"})
NOW = worlds.received(worlds.LAST, 9)


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = worlds.empty_world(tmp_path_factory.mktemp("requests") / "home")
    worlds.send(home, "Z01", worlds.LAST)
    return home


def decided(minutes: int = 0, reason: str = "For the wrong month", by: str = worlds.LEAD):
    return Decided(by, NOW + timedelta(minutes=minutes), reason)


def ask(home: Home, minutes: int = 0) -> str:
    return withdrawal_requests.ask(home, SENT, decided(minutes), OWN).id


def waiting(home: Home) -> list[str]:
    return list(withdrawal_requests.waiting(home.archive.decisions()))


def ends(home: Home) -> list[str | None]:
    found = withdrawal_requests.requests(home.archive.decisions())
    return [each.ended.kind if each.ended else None for each in found]


def test_a_request_waits_and_changes_nothing(home):
    before = home.archive.entries().active
    request = ask(home)
    assert waiting(home) == [request]
    assert home.archive.entries().active == before
    (kept,) = home.archive.decisions()
    assert (kept.kind, kept.return_id, kept.decided_by) == ("withdrawal_request", SENT, worlds.LEAD)


def test_withdrawing_the_return_grants_it_and_undoing_that_lets_it_wait_again(home):
    request = ask(home)
    withdrawal = decide.withdraw(home, SENT, decided(1, by=worlds.TEAM))
    assert (waiting(home), ends(home)) == ([], ["withdrawal"])
    decide.undo(home, withdrawal.id, decided(2, by=worlds.TEAM))
    assert waiting(home) == [request]


def test_a_refusal_ends_it_and_the_trust_can_ask_again(home):
    refusal = withdrawal_requests.refuse(home, ask(home), decided(1, by=worlds.TEAM))
    assert (waiting(home), ends(home)) == ([], ["request_refused"])
    again = ask(home, 2)
    assert (waiting(home), ends(home)) == ([again], ["request_refused", None])
    assert refusal.return_id == SENT


def test_a_request_is_cancelled_by_its_own_trust_alone_while_it_waits(home):
    request = ask(home)
    with pytest.raises(DecisionError, match="Your trust has made no request"):
        withdrawal_requests.cancel(home, request, decided(1), OTHER)
    withdrawal_requests.cancel(home, request, decided(1), OWN)
    assert (waiting(home), ends(home)) == ([], [])
    with pytest.raises(DecisionError, match="is waiting"):
        withdrawal_requests.cancel(home, request, decided(2), OWN)


@pytest.mark.parametrize("cancels", [False, True])
def test_undo_works_on_itself_as_often_as_one_likes(home, cancels):
    saved = withdrawal_requests.ask(home, SENT, decided(), OWN)
    request = saved.id
    if cancels:
        saved = withdrawal_requests.cancel(home, request, decided(1), OWN)
    for minute in range(2, 7):
        was = waiting(home)
        saved = withdrawal_requests.undo(home, saved, decided(minute), OWN)
        assert waiting(home) == ([] if was else [request]), minute


@pytest.mark.parametrize("return_id", [SENT, "Z01/2030-01/1", "anything"])
def test_nobody_asks_about_the_return_of_another_trust_and_both_are_told_the_same(home, return_id):
    with pytest.raises(DecisionError, match="Your trust has no return"):
        withdrawal_requests.ask(home, return_id, decided(), OTHER)
    assert home.archive.decisions() == []


def test_it_is_asked_once_and_not_for_what_is_withdrawn(home):
    ask(home)
    with pytest.raises(DecisionError, match="already asked"):
        ask(home, 1)
    decide.withdraw(home, SENT, decided(2, by=worlds.TEAM))
    with pytest.raises(DecisionError, match="already been withdrawn"):
        ask(home, 3)


def test_only_a_request_that_waits_is_refused(home):
    with pytest.raises(DecisionError, match="No request 1 is waiting"):
        withdrawal_requests.refuse(home, "1", decided())
    note = home.archive.record(worlds.note())
    with pytest.raises(DecisionError, match="is waiting"):
        withdrawal_requests.refuse(home, note.id, decided())


@pytest.mark.parametrize("reason", ["  ", "Ask anna.smith@example.org"])
def test_without_a_reason_that_can_be_kept_nothing_is(home, reason):
    with pytest.raises(DecisionError):
        withdrawal_requests.ask(home, SENT, decided(reason=reason), OWN)
    assert home.archive.decisions() == []
