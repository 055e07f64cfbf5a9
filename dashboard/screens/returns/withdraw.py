"""Withdraw a version of a return: a decision with a reason."""

from functools import partial

import polars as pl
import streamlit as st

from dashboard.page import page, sign_in_log
from dashboard.page.session import Visit
from dashboard.panels import decision_form
from dashboard.panels.decision_form import Plan
from dashboard.queries.returns import receipts
from dashboard.screens.returns import undo
from dashboard.words import decisions as words
from pipelines.keeping import decide
from pipelines.keeping.decide import Decided
from pipelines.keeping.home import Home
from schemas import wording
from schemas.receipts import Decision


@decision_form.around("withdraw")
def show(visit: Visit) -> None:
    """Choose a return, say why, and confirm what will happen."""
    every = visit.ask(receipts)
    names = dict(every.select("trust_code", "trust_name").unique().sort("trust_name").rows())
    every = every.filter(pl.col("status") != "withdrawn")
    page.section(
        "Withdraw a return",
        "For a return that should never have been sent, such as one for the wrong month. To "
        "correct a figure, ask the trust to send the month again instead.",
    )
    if every.is_empty():
        page.html('<p class="fs-note">There is no return to withdraw.</p>')
        return
    trusts = [code for code in names if code in set(every["trust_code"])]
    trust = st.selectbox("Trust", trusts, format_func=names.__getitem__, key="withdraw_trust")
    sent = every.filter(pl.col("trust_code") == trust).sort(
        "month", "version", descending=[True, True]
    )
    rows = {row["return_id"]: row for row in sent.iter_rows(named=True)}
    chosen = st.selectbox(
        "Return", list(rows), format_func=lambda name: _label(rows[name]), key="withdraw_return"
    )
    reason = st.text_input(decision_form.WHY, key="withdraw_reason", max_chars=500)
    decision_form.offer("withdraw", "Withdraw this return", plan(visit, rows[chosen], reason))


def plan(visit: Visit, row: dict[str, object], reason: str) -> Plan:
    """What withdrawing a return (a row of the query `receipts`) will do, and how."""
    return_id, month = str(row["return_id"]), wording.month_of(row["month"])
    question = words.withdraw(
        return_id, str(row["trust_name"]), month, row["status"] == "active", _before(visit, row)
    )
    take = partial(_withdraw, return_id=return_id)
    done = f"{return_id} has been withdrawn."
    return Plan(question, "Yes, withdraw it", done, reason, take, undo.straight_away)


def _withdraw(home: Home, decided: Decided, *, return_id: str) -> Decision:
    taken = decide.withdraw(home, return_id, decided)
    sign_in_log.log("withdraw", version=return_id, decision=taken.id)
    return taken


def _label(row: dict[str, object]) -> str:
    use = "in use" if row["status"] == "active" else "replaced by a newer version"
    return (
        f"{wording.month_of(row['month'])}, version {row['version']}, received "
        f"{wording.moment(row['received_at'])}: {use}"
    )


def _before(visit: Visit, row: dict[str, object]) -> str | None:
    """The version that comes into use once this one is withdrawn."""
    others = visit.ask(receipts, trust=row["trust_code"], month=row["month"]).filter(
        pl.col("status") != "withdrawn", pl.col("return_id") != row["return_id"]
    )
    newest = others.sort("version", descending=True)
    return newest["return_id"][0] if newest.height else None
