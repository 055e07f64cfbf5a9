"""A decision of a person: asked about twice, kept with its reason, then released."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import polars as pl
import streamlit as st

from dashboard.page import page, session
from pipelines.keeping.decide import Decided, DecisionError
from pipelines.keeping.free_text import UnfitText, fit
from pipelines.keeping.home import Home, open_home
from pipelines.releasing.build import build
from pipelines.releasing.release_checks import ReleaseError

WHY = "Why, for the record. Do not name a person."
Take = Callable[[Home, Decided], object]


@dataclass(frozen=True)
class Plan:
    """What is about to be decided: the question, the words of its button, and what is said then.

    `take` keeps in a home what a person decided, when and why; `roles` may take it.
    """

    question: str
    yes: str
    done: str
    reason: str
    take: Take
    roles: tuple[str, ...] = ("programme",)


@dataclass
class _Dialogue:
    """How far one decision has come in this session.

    It is changed in place: a second click makes Streamlit leave the script at the next thing it is
    told, and setting `st.session_state` is one, so that a decision could be kept and not released.
    """

    asked: tuple[str, str] | None = None
    done: str | None = None
    trouble: str | None = None


def offer(key: str, label: str, plan: Plan) -> None:
    """A button, then the question, then the decision; a changed choice is asked about anew."""
    talk, asked = _dialogue(key), (plan.question, plan.reason)
    if st.button(label, key=f"{key}_begin"):
        problem = _problem(plan.reason)
        talk.asked = None if problem else asked
        if problem:
            st.error(problem)
    if talk.asked != asked:
        return
    st.warning(plan.question)
    with st.container(horizontal=True):
        yes = st.button(plan.yes, key=f"{key}_yes", type="primary")
        no = st.button("No, leave it as it is", key=f"{key}_no")
    if no:
        talk.asked = None
        st.rerun()
    if yes:
        _take(talk, plan)
        st.rerun()


def _problem(reason: str) -> str | None:
    if not reason.strip():
        return "Say why: a decision is kept with its reason."
    try:
        fit(reason, "Your reason", open_home(session.home()).archive.register(), session.today())
    except UnfitText as unfit:
        return str(unfit)
    return None


def _take(talk: _Dialogue, plan: Plan) -> None:
    visit = session.admit(*plan.roles)
    page.only_today(visit)
    with st.spinner("Working out the figures"):
        home, now = open_home(session.home()), session.now()
        try:
            plan.take(home, Decided(visit.scope.email, now, plan.reason))
        except DecisionError as refused:
            talk.trouble = str(refused)
        else:
            talk.done, talk.trouble = plan.done, released(home, now)
        talk.asked = None


def released(home: Home, now: datetime) -> str | None:
    """Build the release that shows the decision; why it could not be built, if so."""
    try:
        build(home, now)
    except (ReleaseError, OSError, pl.exceptions.PolarsError) as error:
        return f"The decision is kept, but the figures could not be worked out anew: {error}"
    return None


def show_result(key: str) -> None:
    """Say once what has just been decided, before the fields are drawn; its reason is cleared."""
    talk = _dialogue(key)
    done, trouble = talk.done, talk.trouble
    if done:
        st.session_state[f"{key}_reason"] = ""  # once its field is drawn it may not be set
        st.success(done if trouble else f"{done} Every figure has been worked out anew.")
    if trouble:
        st.error(trouble)
    talk.done = talk.trouble = None


def _dialogue(key: str) -> _Dialogue:
    return st.session_state.setdefault(f"{key}_talk", _Dialogue())
