"""Decisions of people about returns: kept for ever, undone only by another decision."""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from schemas.deadlines import as_utc, dates_for, london_day
from schemas.periods import Month
from schemas.programme import Programme
from schemas.receipts import Decision, DecisionKind

EXCEPTIONS = ("reopened_month", "lock_exception")


def decision(kind: DecisionKind, by: str, at: datetime, reason: str, **about: Any) -> Decision:
    """A decision with its id: the moment it was taken, then a fingerprint of what it says."""
    at = as_utc(at)
    said = Decision(id="", kind=kind, decided_at=at, decided_by=by, reason=reason, **about)
    return said.model_copy(update={"id": _id(said)})


def is_as_taken(taken: Decision) -> bool:
    """True if a decision still says what it said when it got its id."""
    return taken.id == _id(taken)


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that nobody has undone, oldest first; an undo can be undone in its turn."""
    undone: set[str] = set()
    stands = []
    for taken in sorted(decisions, key=lambda d: d.id, reverse=True):
        if taken.id in undone:
            continue
        if taken.kind == "undo" and taken.undoes:
            undone.add(taken.undoes)
        else:
            stands.append(taken)
    return stands[::-1]


def withdrawn(decisions: Iterable[Decision]) -> frozenset[str]:
    """The return ids that are withdrawn."""
    return frozenset(
        d.return_id for d in standing(decisions) if d.kind == "withdrawal" and d.return_id
    )


def reopened(decisions: Iterable[Decision], today: date) -> frozenset[tuple[str | None, str]]:
    """Trust and month of each closed month that is open again on a day; no trust means all."""
    return frozenset(
        (d.trust_code, d.month)
        for d in standing(decisions)
        if d.kind in EXCEPTIONS and d.month and (not d.expires or today <= _day(d.expires))
    )


def closed_months(
    trusts: Iterable[str], decisions: Iterable[Decision], programme: Programme, today: date
) -> frozenset[tuple[str, Month]]:
    """Each trust and month that takes no return on a day: closed, and not opened again."""
    exceptions = reopened(decisions, today)
    closed = [
        month
        for month in programme.expected_months(today)
        if dates_for(month, programme.deadlines).closed < today
    ]
    return frozenset(
        (trust, month)
        for trust in trusts
        for month in closed
        if not exceptions & {(trust, str(month)), (None, str(month))}
    )


def _day(text: str) -> date:
    return london_day(datetime.fromisoformat(text)) if "T" in text else date.fromisoformat(text)


def _id(taken: Decision) -> str:
    said = taken.model_dump_json(exclude={"id"})
    return f"{taken.decided_at:%Y%m%dT%H%M%S%f}-{sha256(said.encode()).hexdigest()[:8]}"
