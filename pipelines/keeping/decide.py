"""Decisions about returns, checked before they are kept; nothing is ever deleted."""

from datetime import date, datetime
from typing import Any

from pipelines.keeping.decisions import decision, standing, withdrawn
from pipelines.keeping.home import Home
from schemas.periods import Month
from schemas.receipts import Decision, query_key


class DecisionError(ValueError):
    """A decision that cannot be taken, said as a sentence."""


def withdraw(home: Home, return_id: str, by: str, at: datetime, reason: str) -> Decision:
    """Take a version of a return out of use; the newest version before it is active again."""
    entries = home.archive.entries()
    if return_id not in {receipt.return_id for receipt in entries.receipts}:
        raise DecisionError(f"There is no return {return_id}: name one as Z01/2026-03/1.")
    if return_id in withdrawn(entries.decisions):
        raise DecisionError(f"The return {return_id} is withdrawn already.")
    return _keep(home, "withdrawal", by, at, reason, return_id=return_id)


def reopen(
    home: Home,
    trust_code: str | None,
    month: str,
    by: str,
    at: datetime,
    reason: str,
    until: date | None = None,
) -> Decision:
    """Let a trust (None: every trust) send for a month that is closed, until a day or for good."""
    if trust_code is not None and trust_code not in _trusts(home):
        raise DecisionError(f"There is no trust {trust_code} in the register.")
    about = {"trust_code": trust_code, "month": _month(month)}
    expires = until.isoformat() if until else None
    return _keep(home, "reopened_month", by, at, reason, expires=expires, **about)


def answer_query(
    home: Home,
    return_id: str,
    code: str,
    by: str,
    at: datetime,
    reason: str,
    sheet: str | None = None,
    cell: str | None = None,
) -> Decision:
    """Answer a query that a kept return left open: one finding, or every one with the code."""
    receipts = {r.return_id: r for r in home.archive.receipts()}
    receipt = receipts.get(return_id)
    key = query_key(code, sheet, cell)
    asked = {q for found in (receipt.queries if receipt else ()) for q in _keys(found)}
    if key not in asked:
        raise DecisionError(f"The return {return_id} raised no query {key}.")
    return _keep(home, "query_answer", by, at, reason, return_id=return_id, query=key)


def undo(home: Home, decision_id: str, by: str, at: datetime, reason: str) -> Decision:
    """Take a decision back, by another decision."""
    if decision_id not in {d.id for d in standing(home.archive.decisions())}:
        raise DecisionError(f"There is no decision {decision_id} that still stands.")
    return _keep(home, "undo", by, at, reason, undoes=decision_id)


def _keys(query: Any) -> tuple[str, str]:
    return query.code, query_key(query.code, query.sheet, query.cell)


def _trusts(home: Home) -> list[str]:
    return home.archive.register().trusts["trust_code"].to_list()


def _month(text: str) -> str:
    try:
        return str(Month.parse(text))
    except ValueError as error:
        raise DecisionError(str(error)) from None


def _keep(home: Home, kind: Any, by: str, at: datetime, reason: str, **about: Any) -> Decision:
    if not reason.strip():
        raise DecisionError("Say why: a decision is kept with its reason.")
    return home.archive.record(decision(kind, by, at, reason.strip(), **about))
