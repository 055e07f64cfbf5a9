"""Decisions of people about returns: kept for ever, undone only by another decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from schemas.london_time import as_utc
from schemas.receipts import Decision, DecisionKind

_LATER_FIELDS = ("owner",)


@dataclass(frozen=True)
class Decided:
    """Who decided something, when, and why."""

    by: str
    at: datetime
    reason: str


def decision(kind: DecisionKind, decided: Decided, **about: Any) -> Decision:
    """A decision with its id: the moment it was taken, then a fingerprint of what it says."""
    at, by, reason = as_utc(decided.at), decided.by, decided.reason
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


def _id(taken: Decision) -> str:
    """What it says must stay the same text for ever: a field that came later counts if filled."""
    unsaid = {name for name in _LATER_FIELDS if getattr(taken, name) is None}
    said = taken.model_dump_json(exclude={"id", *unsaid})
    return f"{taken.decided_at:%Y%m%dT%H%M%S%f}-{sha256(said.encode()).hexdigest()[:8]}"
