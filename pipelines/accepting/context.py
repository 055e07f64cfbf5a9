"""Gathers what a return is checked against: the register, past figures and open months."""

from datetime import date

from pipelines.checking.checked import Checked
from pipelines.checking.context import Context
from pipelines.history import baselines, history
from pipelines.keeping.entries import Entries
from pipelines.keeping.home import Home
from pipelines.keeping.month_locks import closed_months
from schemas.periods import Month
from schemas.receipts import Receipt


def active_return(entries: Entries, trust: str, slot: str) -> Receipt | None:
    """The return in use for a trust's month, or for its baseline (`schemas.receipts.slot_of`)."""
    wanted = trust, slot
    return next((r for r in entries.in_use if (r.trust_code, r.slot) == wanted), None)


def context_for(
    home: Home,
    today: date,
    allowed_trusts: frozenset[str] | None = None,
    entries: Entries | None = None,
) -> Context:
    """What a return is checked against on a day: the register, past figures and open months."""
    entries = entries or home.archive.entries()
    return Context(
        programme=home.programme,
        register=entries.register,
        today=today,
        allowed_trusts=allowed_trusts,
        known={
            receipt.sha256: receipt.return_id
            for receipt in entries.in_use
            if allowed_trusts is None or receipt.trust_code in allowed_trusts
        },
        history=history(home, entries, allowed_trusts),
        baselines=baselines(home, entries, allowed_trusts),
        closed_months=_closed(home, entries, today),
    )


def seen_by(checked: Checked, entries: Entries) -> tuple[object, ...]:
    """What a check of this trust's return depends on."""
    own = [receipt for receipt in entries.in_use if receipt.trust_code == checked.trust]
    return own, entries.decisions, entries.register.version


def _closed(home: Home, entries: Entries, today: date) -> frozenset[tuple[str, Month]]:
    trusts = entries.register.trusts["trust_code"].unique()
    return closed_months(trusts, entries.decisions, home.programme, today)
