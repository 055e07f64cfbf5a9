"""Checks and saves people's decisions; nothing is ever deleted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pipelines.keeping import decision_subjects
from pipelines.keeping.decision_subjects import (
    AlreadyDecided,
    DecisionError,
    NotInForce,
    UnitCodes,
)
from pipelines.keeping.decisions import Decided, decision, in_force, not_undone, subject, withdrawn
from pipelines.keeping.free_text import UnfitText, fit
from pipelines.keeping.home import Home
from schemas.deadlines import dates_for
from schemas.london_time import london_day
from schemas.periods import Month
from schemas.receipts import Decision, DecisionKind, Query, query_key

__all__ = [
    "AlreadyDecided",
    "Decided",
    "DecisionError",
    "Event",
    "NotInForce",
    "UnitCodes",
    "annotate",
    "answer_queries",
    "fitted",
    "keep",
    "rebase",
    "reopen",
    "undo",
    "undo_answers",
    "withdraw",
]

LONGEST_LABEL = 60
NO_REASON = "Say why: your reason is kept with the decision."


@dataclass(frozen=True)
class Event:
    """Something that happened, as charts show it; about one measure, or (None) about all.

    `day` is a day (2026-03-14) or a month; `kind` is one of `schemas.vocabularies.EVENT_KIND`.
    """

    day: str
    kind: str
    label: str
    measure: str | None = None


def withdraw(home: Home, return_id: str, decided: Decided) -> Decision:
    """Take a version of a return out of use; the newest version before it is active again."""
    entries = home.archive.entries()
    known = {r.return_id for r in entries.every} | {each.name for each in entries.damaged}
    if return_id not in known:
        raise DecisionError(f"There is no return {return_id}: write it like Z01/2026-03/1.")
    refuse_withdrawn(return_id, entries.decisions)
    return keep(home, "withdrawal", decided, return_id=return_id)


def reopen(
    home: Home,
    trust_code: str | None,
    month: str,
    decided: Decided,
    until: date | None = None,
    owner: str | None = None,
) -> Decision:
    """Let a trust (None: every trust) send for a closed month, at most until it is locked.

    A month that is locked is opened for one trust only, with somebody in the register who answers
    for it (`owner`, an e-mail address) and a last day at most 60 days away: its figures were final.
    """
    register, today = home.archive.newest_register(), london_day(decided.at)
    about: dict[str, Any] = decision_subjects.unit(register, UnitCodes(trust_code))
    about["month"] = decision_subjects.any_month(month)
    locked = dates_for(Month.parse(about["month"]), home.programme.deadlines).locked
    if owner is not None or today > locked:
        about["owner"] = decision_subjects.owner(register, owner, trust_code, today)
    if today > locked:
        last = decision_subjects.last_day_of_exception(until, trust_code, today)
        return keep(home, "lock_exception", decided, expires=str(last), **about)
    last = decision_subjects.last_day_before_lock(until, today, locked)
    return keep(home, "reopened_month", decided, expires=str(last), **about)


def answer_queries(
    home: Home,
    answers: Mapping[tuple[str, str], str],
    by: str,
    at: datetime,
    allowed_trusts: frozenset[str] | None = None,
) -> list[Decision]:
    """Explain open queries of received returns: all of those given, or none if one can't be kept.

    `answers` holds the explanation for each return and query (`schemas.receipts.query_key`): for
    one finding, or with a code alone for every finding with that code.
    """
    receipts = {r.return_id: r for r in home.archive.receipts()}
    for return_id, key in answers:
        receipt = receipts.get(return_id)
        if allowed_trusts is not None and (not receipt or receipt.trust_code not in allowed_trusts):
            raise DecisionError(f"Return {return_id} does not belong to your trust.")
        if receipt is None:
            raise DecisionError(f"There is no return {return_id}: write it like Z01/2026-03/1.")
        queries = [q for q in receipt.queries if q.severity == "query"]
        if key not in {name for query in queries for name in _keys(query)}:
            raise DecisionError(f"Return {return_id} has no query {key}.")
    explanations = {
        (name, key): _reason(home, text, at, f"Your explanation of {key} in {name}")
        for (name, key), text in answers.items()
    }
    return [
        home.archive.record(
            decision("query_answer", Decided(by, at, reason), return_id=return_id, query=key)
        )
        for (return_id, key), reason in explanations.items()
    ]


def undo_answers(
    home: Home,
    saved: Iterable[Decision],
    decided: Decided,
    allowed_trusts: frozenset[str] | None = None,
) -> list[Decision]:
    """Undo explanations that were saved together, or undos of them: all of them, or none."""
    decisions, saved = home.archive.decisions(), list(saved)
    standing = {each.id for each in not_undone(decisions)}
    for each in saved:
        trust = str(subject(decisions, each.id).return_id).partition("/")[0]
        if allowed_trusts is not None and trust not in allowed_trusts:
            raise DecisionError("These explanations are not about returns of your trust.")
        if each.id not in standing:
            raise _not_in_force(each.id)
    return [undo(home, each.id, decided) for each in saved]


def rebase(
    home: Home,
    unit: UnitCodes,
    measure: str,
    month: str,
    decided: Decided,
    label: str | None = None,
) -> Decision:
    """Begin new limits with a month, on the chart of a ward, a trust or the whole programme."""
    about: dict[str, Any] = decision_subjects.unit(home.archive.newest_register(), unit)
    about["measure"] = decision_subjects.measure(measure, home.archive.newest_measures())
    about["month"] = decision_subjects.charted_month(month, home.programme, decided.at)
    if label is not None:
        about["label"] = _label(home, label, decided.at)
    return keep(home, "rebase", decided, **about)


def annotate(home: Home, unit: UnitCodes, event: Event, decided: Decided) -> Decision:
    """Put a note on the charts of a ward, a trust or the whole programme; of one measure or all."""
    about: dict[str, Any] = decision_subjects.unit(home.archive.newest_register(), unit)
    about["month"] = decision_subjects.charted_day(event.day, home.programme, decided.at)
    about["event_kind"] = decision_subjects.event_kind(event.kind)
    about["label"] = _label(home, event.label, decided.at)
    if event.measure is not None:
        known = home.archive.newest_measures()
        about["measure"] = decision_subjects.measure(event.measure, known)
    return keep(home, "annotation", decided, **about)


def undo(home: Home, decision_id: str, decided: Decided) -> Decision:
    """Undo a decision with another decision; undoing an undo brings the first one back."""
    decisions = home.archive.decisions()
    if decision_id not in {each.id for each in not_undone(decisions)}:
        raise _not_in_force(decision_id)
    back = subject(decisions, decision_id)
    if back.kind == "withdrawal" and back not in in_force(decisions):
        refuse_withdrawn(str(back.return_id), decisions)
    return keep(home, "undo", decided, undoes=decision_id)


def _not_in_force(decision_id: str) -> NotInForce:
    return NotInForce(
        f"There is no decision {decision_id} in force: it may have been undone already."
    )


def refuse_withdrawn(return_id: str, decisions: Iterable[Decision]) -> None:
    """Raise AlreadyDecided if a return has already been withdrawn."""
    if return_id in withdrawn(decisions):
        raise AlreadyDecided(f"Return {return_id} has already been withdrawn.")


def _keys(query: Query) -> tuple[str, str]:
    return query.code, query_key(query.code, query.sheet, query.cell)


def _label(home: Home, label: str, at: datetime) -> str:
    if not label.strip():
        raise DecisionError("Type a few words for the chart to show.")
    return fitted(home, label, "The label", at, LONGEST_LABEL)


def keep(home: Home, kind: DecisionKind, decided: Decided, **about: Any) -> Decision:
    """Save a decision whose subject has been checked, if its reason can be kept."""
    kept = _reason(home, decided.reason, decided.at)
    return home.archive.record(decision(kind, replace(decided, reason=kept), **about))


def _reason(home: Home, reason: str, at: datetime, what: str = "Your reason") -> str:
    if not reason.strip():
        raise DecisionError(NO_REASON)
    return fitted(home, reason, what, at)


def fitted(home: Home, text: str, what: str, at: datetime, *longest: int) -> str:
    """A text that may be kept (`pipelines.keeping.free_text.fit`); raises DecisionError."""
    try:
        return fit(text, what, home.archive.newest_register(), london_day(at), *longest)
    except UnfitText as unfit:
        raise DecisionError(str(unfit)) from None
