"""Requests of trusts to withdraw a return: asked with a reason, then granted or refused.

A request is a decision, and so is its refusal. It is granted by the withdrawal itself, however that
is made, and waits again if what ended it is undone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.keeping import decide
from pipelines.keeping.decide import AlreadyDecided, Decided, DecisionError, NotInForce
from pipelines.keeping.decisions import applies_by, in_force, subject
from pipelines.keeping.home import Home
from schemas.receipts import Decision


@dataclass(frozen=True)
class Request:
    """One request that has not been cancelled, and the decision that ended it, if any."""

    asked: Decision
    ended: Decision | None

    @property
    def waits(self) -> bool:
        """Whether the programme has neither granted nor refused it."""
        return self.ended is None

    @property
    def return_id(self) -> str:
        """The version of a return that it asks to withdraw."""
        return str(self.asked.return_id)


def requests(decisions: Iterable[Decision]) -> list[Request]:
    """Every request in force, oldest first."""
    current = in_force(decisions)
    granted = {each.return_id: each for each in current if each.kind == "withdrawal"}
    refused = {each.request: each for each in current if each.kind == "request_refused"}
    return [
        Request(each, granted.get(each.return_id) or refused.get(each.id))
        for each in current
        if each.kind == "withdrawal_request"
    ]


def newest_about(decisions: Iterable[Decision], return_id: str) -> Request | None:
    """The newest request in force about a version of a return; None if nobody has asked."""
    return next((r for r in reversed(requests(decisions)) if r.return_id == return_id), None)


def waiting(decisions: Iterable[Decision]) -> dict[str, Request]:
    """The requests that wait for an answer, by their id, oldest first."""
    return {each.asked.id: each for each in requests(decisions) if each.waits}


def ask(home: Home, return_id: str, decided: Decided, trusts: frozenset[str]) -> Decision:
    """Ask the programme to withdraw a version of a return of one of these trusts.

    Raises AlreadyDecided if it has been withdrawn, or asked for and not answered.
    """
    of = {each.return_id: each.trust_code for each in home.archive.receipts()}
    if of.get(return_id) not in trusts:
        raise DecisionError(f"Your trust has no return {return_id}: write it like Z01/2026-03/1.")
    decisions = home.archive.decisions()
    decide.refuse_withdrawn(return_id, decisions)
    _refuse_asked(return_id, decisions)
    return decide.keep(home, "withdrawal_request", decided, return_id=return_id)


def cancel(home: Home, request: str, decided: Decided, trusts: frozenset[str]) -> Decision:
    """Cancel a request of one of these trusts that still waits."""
    found = _waiting(home, request)
    if found.return_id.partition("/")[0] not in trusts:
        raise DecisionError(f"Your trust has made no request {request}.")
    return decide.undo(home, request, decided)


def undo(home: Home, saved: Decision, decided: Decided, trusts: frozenset[str]) -> Decision:
    """Cancel a request that waits by what was saved, or have one wait again that was cancelled."""
    decisions = home.archive.decisions()
    request = subject(decisions, saved.id)
    if applies_by(decisions, saved.id):
        return cancel(home, request.id, decided, trusts)
    return_id = str(request.return_id)
    if return_id.partition("/")[0] not in trusts:
        raise DecisionError(f"Your trust has made no request about {return_id}.")
    decide.refuse_withdrawn(return_id, decisions)
    _refuse_asked(return_id, decisions)
    return decide.undo(home, saved.id, decided)


def refuse(home: Home, request: str, decided: Decided) -> Decision:
    """Refuse a request that waits: the return stays as it is, and the trust sees the reason."""
    found = _waiting(home, request)
    about = {"return_id": found.return_id, "request": request}
    return decide.keep(home, "request_refused", decided, **about)


def _refuse_asked(return_id: str, decisions: Iterable[Decision]) -> None:
    if return_id in {each.return_id for each in waiting(decisions).values()}:
        raise AlreadyDecided(f"Your trust has already asked to withdraw {return_id}.")


def _waiting(home: Home, request: str) -> Request:
    found = waiting(home.archive.decisions()).get(request)
    if found is None:
        raise NotInForce(f"No request {request} is waiting: it may have been answered already.")
    return found
