"""People's decisions about returns: kept for ever, undone only by another decision."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from graphlib import TopologicalSorter
from hashlib import sha256
from typing import Any

from schemas.london_time import as_utc
from schemas.receipts import Decision, DecisionKind

_LATER_FIELDS = ("owner", "request", "tried", "replaces")


@dataclass(frozen=True)
class Decided:
    """Who decided something, when, and why."""

    by: str
    at: datetime
    reason: str


def decision(kind: DecisionKind, decided: Decided, **about: Any) -> Decision:
    """A decision with its id: the moment it was made, then a fingerprint of its content."""
    at, by, reason = as_utc(decided.at), decided.by, decided.reason
    taken = Decision(id="", kind=kind, decided_at=at, decided_by=by, reason=reason, **about)
    return taken.model_copy(update={"id": _id(taken)})


def is_as_taken(taken: Decision) -> bool:
    """True if a decision is unchanged since it got its id."""
    return taken.id == _id(taken)


def not_undone(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that nobody has undone, oldest first: those in force, and undos.

    An undo names what it undoes, so it counts even if a clock that was set back dated it earlier.
    """
    by_id = {taken.id: taken for taken in decisions}
    undos = {taken.id: taken.undoes for taken in by_id.values() if taken.undoes}
    undone_by = defaultdict(set)
    for undo, about in undos.items():
        undone_by[about].add(undo)
    undone: set[str] = set()
    for each in TopologicalSorter(undone_by).static_order():  # each after whatever undoes it
        if each in undos and each not in undone:
            undone.add(undos[each])
    return [by_id[each] for each in sorted(by_id) if each not in undone]


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that apply, oldest first: nobody has undone them, or that was undone too."""
    return [taken for taken in not_undone(decisions) if not taken.undoes]


def subject(decisions: Iterable[Decision], decision_id: str) -> Decision:
    """What an undo is in the end about: the decision itself if it isn't an undo."""
    by_id = {taken.id: taken for taken in decisions}
    while (about := by_id[decision_id].undoes) in by_id:
        decision_id = about
    return by_id[decision_id]


def applies_by(decisions: Iterable[Decision], decision_id: str) -> bool:
    """Whether a decision puts its subject in force: it is that itself, or undoes an undo of it."""
    by_id, applies = {taken.id: taken for taken in decisions}, True
    while (about := by_id[decision_id].undoes) in by_id:
        decision_id, applies = about, not applies
    return applies


def withdrawn(decisions: Iterable[Decision]) -> frozenset[str]:
    """The return ids that are withdrawn."""
    return frozenset(
        d.return_id for d in in_force(decisions) if d.kind == "withdrawal" and d.return_id
    )


def _id(taken: Decision) -> str:
    """The id of a decision; fields added later count only if filled, so old ids never change."""
    unfilled = {name for name in _LATER_FIELDS if getattr(taken, name) is None}
    content = taken.model_dump_json(exclude={"id", *unfilled})
    return f"{taken.decided_at:%Y%m%dT%H%M%S%f}-{sha256(content.encode()).hexdigest()[:8]}"
