"""Undo a withdrawal or a reopened month, by another decision: nothing is ever deleted."""

from functools import partial

import streamlit as st

from dashboard.page import page, session, sign_in_log
from dashboard.page.session import Visit
from dashboard.panels import decision_form
from dashboard.panels.decision_form import Plan
from dashboard.screens.returns import history
from dashboard.words import decisions as words
from pipelines.keeping import decide
from pipelines.keeping.decide import Decided
from pipelines.keeping.decisions import in_force
from pipelines.keeping.home import Home, open_home
from pipelines.keeping.month_locks import EXCEPTIONS
from schemas import wording
from schemas.receipts import Decision

_KINDS = ("withdrawal", "request_refused", *EXCEPTIONS)


def show(visit: Visit) -> None:
    """Choose a decision that is in force, say why, and confirm."""
    every = open_home(session.home()).archive.decisions()
    current = {d.id: d for d in in_force(every)[::-1] if d.kind in _KINDS}
    page.section(
        "Undo a decision",
        "A return that was withdrawn comes back into use, a month that was reopened closes again, "
        "and a request that was refused waits again.",
    )
    decision_form.show_result("undo")
    if not current:
        page.html('<p class="fs-note">There is nothing to undo.</p>')
        return
    names = history.names(visit)
    chosen = st.selectbox(
        "Decision",
        list(current),
        format_func=lambda name: _label(current[name], names),
        key="undo_decision",
    )
    reason = st.text_input(decision_form.WHY, key="undo_reason", max_chars=500)
    decided = words.named(current[chosen].model_dump(), names)
    take = partial(_undo, decision_id=chosen)
    done = f"Undone: {decided}."
    question = (
        f"Undo “{decided}”? It will no longer apply. The decision and your reason stay in the "
        "history."
    )
    plan = Plan(question, "Yes, undo it", done, reason, take)
    decision_form.offer("undo", "Undo this decision", plan)


def _label(decision: Decision, names: dict[str, str]) -> str:
    return f"{words.named(decision.model_dump(), names)}, {wording.moment(decision.decided_at)}"


def _undo(home: Home, decided: Decided, *, decision_id: str) -> Decision:
    taken = decide.undo(home, decision_id, decided)
    sign_in_log.log("undo", undone=decision_id, decision=taken.id)
    return taken
