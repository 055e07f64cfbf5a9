"""A person's decision: confirmed, saved with its reason, then shown in a new release."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import polars as pl
import streamlit as st

from dashboard.page import page, session
from pipelines.keeping.decide import NO_REASON, Decided, DecisionError
from pipelines.keeping.free_text import UnfitText, fit
from pipelines.keeping.home import Home, open_home
from pipelines.releasing.build import build
from pipelines.releasing.release_checks import ReleaseError

WHY = "Why, for the record. Do not name anyone."
Take = Callable[[Home, Decided], object]


@dataclass(frozen=True)
class Plan:
    """What is about to be decided: the question, its confirm button, and the message afterwards.

    `take` saves in a home what a person decided, when and why; `roles` may make the decision.
    """

    question: str
    yes: str
    done: str
    reason: str
    take: Take
    roles: tuple[str, ...] = ("programme",)


@dataclass
class _Dialogue:
    """How far one decision has got in this session.

    It is changed in place: a second click makes Streamlit stop the script at the next Streamlit
    call, and setting `st.session_state` is one, so a decision could be saved but not released.
    """

    confirming: tuple[str, str] | None = None
    done: str | None = None
    trouble: str | None = None


def offer(key: str, label: str, plan: Plan) -> None:
    """A button, then the question, then the decision; after a change the question comes again."""
    dialogue, choice = _dialogue(key), (plan.question, plan.reason)
    if st.button(label, key=f"{key}_begin"):
        problem = _problem(plan.reason)
        dialogue.confirming = None if problem else choice
        if problem:
            st.error(problem)
    if dialogue.confirming != choice:
        return
    st.warning(plan.question)
    with st.container(horizontal=True):
        yes = st.button(plan.yes, key=f"{key}_yes", type="primary")
        no = st.button("Cancel", key=f"{key}_no")
    if no:
        dialogue.confirming = None
        st.rerun()
    if yes:
        _take(dialogue, plan)
        st.rerun()


def _problem(reason: str) -> str | None:
    if not reason.strip():
        return NO_REASON
    try:
        fit(reason, "Your reason", open_home(session.home()).archive.register(), session.today())
    except UnfitText as unfit:
        return str(unfit)
    return None


def _take(dialogue: _Dialogue, plan: Plan) -> None:
    visit = session.admit(*plan.roles)
    page.only_today(visit)
    with st.spinner("Working out the figures"):
        home, now = open_home(session.home()), session.now()
        try:
            plan.take(home, Decided(visit.scope.email, now, plan.reason))
        except DecisionError as refused:
            dialogue.trouble = str(refused)
        else:
            dialogue.done, dialogue.trouble = plan.done, released(home, now)
        dialogue.confirming = None


def released(home: Home, now: datetime) -> str | None:
    """Build the release that shows the decision; why it could not be built, if so."""
    try:
        build(home, now)
    except (ReleaseError, OSError, pl.exceptions.PolarsError) as error:
        return f"This has been saved, but the figures could not be recalculated: {error}"
    return None


def show_result(key: str) -> None:
    """Show once what has just been decided, before the fields are drawn, and clear the reason."""
    dialogue = _dialogue(key)
    done, trouble = dialogue.done, dialogue.trouble
    if done:
        st.session_state[f"{key}_reason"] = ""  # can't be set once its field has been drawn
        st.success(done if trouble else f"{done} Every figure has been recalculated.")
    if trouble:
        st.error(trouble)
    dialogue.done = dialogue.trouble = None


def _dialogue(key: str) -> _Dialogue:
    return st.session_state.setdefault(f"{key}_dialogue", _Dialogue())
