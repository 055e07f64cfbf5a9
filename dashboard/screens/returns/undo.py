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
from pipelines.keeping.decisions import in_force, not_undone, subject
from pipelines.keeping.home import Home, open_home
from pipelines.keeping.month_locks import EXCEPTIONS
from schemas import wording
from schemas.receipts import Decision

_KINDS = ("withdrawal", "request_refused", *EXCEPTIONS)


@decision_form.around("undo")
def show(visit: Visit) -> None:
    """Choose a decision that is in force, say why, and confirm."""
    every = open_home(session.home()).archive.decisions()
    about = {d.id: subject(every, d.id) for d in not_undone(every)[::-1]}
    current = [ident for ident, decision in about.items() if decision.kind in _KINDS]
    page.section(
        "Undo a decision",
        "A return that was withdrawn comes back into use, a month that was reopened closes again, "
        "and a request that was refused waits again. You can also undo an undo.",
    )
    if not current:
        page.html('<p class="fs-note">There is nothing to undo.</p>')
        return
    names = history.names(visit)
    decisions = {each.id: each for each in every}
    chosen = st.selectbox(
        "Decision",
        current,
        format_func=lambda ident: _label(decisions[ident], about[ident], names),
        key="undo_decision",
    )
    reason = st.text_input(decision_form.WHY, key="undo_reason", max_chars=500)
    decided = words.named(about[chosen].model_dump(), names)
    wording_of = words.undo if about[chosen] in in_force(every) else words.bring_back
    take = partial(_undo, decision_id=chosen)
    plan = Plan(*wording_of(decided), reason, take, straight_away)
    decision_form.offer("undo", "Undo this decision", plan)


def _label(decision: Decision, about: Decision, names: dict[str, str]) -> str:
    what = words.named(about.model_dump(), names)
    when = wording.moment(decision.decided_at)
    return f"{words.undone(what) if decision.undoes else what}, {when}"


def straight_away(home: Home, decided: Decided, saved: Decision) -> Decision:
    """Undo what has just been decided about a return or a month."""
    return _logged(decide.undo(home, saved.id, decided))


def _undo(home: Home, decided: Decided, *, decision_id: str) -> Decision:
    return _logged(decide.undo(home, decision_id, decided))


def _logged(taken: Decision) -> Decision:
    sign_in_log.log("undo", undone=taken.undoes, decision=taken.id)
    return taken
