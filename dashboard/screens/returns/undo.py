"""Take a withdrawal or a reopened month back: by another decision, for nothing is ever deleted."""

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

_KINDS = ("withdrawal", *EXCEPTIONS)


def show(visit: Visit) -> None:
    """Choose a decision that still stands, say why, and confirm."""
    taken = open_home(session.home()).archive.decisions()
    stands = {d.id: d for d in in_force(taken)[::-1] if d.kind in _KINDS}
    page.section(
        "Take a decision back",
        "A return that was withdrawn is in use again; a month that was opened closes again.",
    )
    decision_form.show_result("take_back")
    if not stands:
        page.html('<p class="fs-note">No withdrawal and no reopened month stands.</p>')
        return
    called = history.names(visit)
    chosen = st.selectbox(
        "Decision",
        list(stands),
        format_func=lambda name: _label(stands[name], called),
        key="take_back_decision",
    )
    reason = st.text_input(decision_form.WHY, key="take_back_reason", max_chars=500)
    said = words.named(stands[chosen].model_dump(), called)
    take = partial(_undo, decision_id=chosen)
    done = f"Taken back: {said}."
    question = (
        f"Take back “{said}”? It counts no longer. The decision and your reason stay in the "
        "history."
    )
    plan = Plan(question, "Yes, take it back", done, reason, take)
    decision_form.offer("take_back", "Take this decision back", plan)


def _label(taken: Decision, called: dict[str, str]) -> str:
    return f"{words.named(taken.model_dump(), called)}, {wording.moment(taken.decided_at)}"


def _undo(home: Home, decided: Decided, *, decision_id: str) -> Decision:
    taken = decide.undo(home, decision_id, decided)
    sign_in_log.log("undo", undone=decision_id, decision=taken.id)
    return taken
