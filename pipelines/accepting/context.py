"""Gathers what a return is checked against: the register, past figures and open months."""

from datetime import date

from pipelines.checking.checked import Checked
from pipelines.checking.context import Context
from pipelines.history import history
from pipelines.keeping.entries import Entries
from pipelines.keeping.home import Home
from pipelines.keeping.month_locks import closed_months
from schemas.periods import Month
from schemas.receipts import Receipt


def active_return(entries: Entries, trust: str, month: str) -> Receipt | None:
    """The return in use for a trust's month."""
    wanted = trust, month
    return next((r for r in entries.active if (r.trust_code, r.month) == wanted), None)


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
            for receipt in entries.active
            if allowed_trusts is None or receipt.trust_code in allowed_trusts
        },
        history=history(home, entries, allowed_trusts),
        closed_months=_closed(home, entries, today),
    )


def seen_by(checked: Checked, entries: Entries) -> tuple[object, ...]:
    """What a check of this trust's return depends on."""
    own = [receipt for receipt in entries.active if receipt.trust_code == checked.trust]
    return own, entries.decisions, entries.register.version


def _closed(home: Home, entries: Entries, today: date) -> frozenset[tuple[str, Month]]:
    trusts = entries.register.trusts["trust_code"].unique()
    return closed_months(trusts, entries.decisions, home.programme, today)
