"""A person's decision: confirmed, saved with its reason, then shown in a new release."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.page import page, session
from dashboard.words import decisions as words
from pipelines.keeping.decide import NO_REASON, Decided, DecisionError
from pipelines.keeping.free_text import UnfitText, fit
from pipelines.keeping.home import Home, open_home

PATIENCE = 1.0  # seconds to wait for figures before saying that they are being worked out
WHY = "Why, for the record. Do not name anyone."
Take = Callable[[Home, Decided], object]


@dataclass(frozen=True)
class Plan:
    """What is about to be decided: the question, its confirm button, and the message afterwards.

    `take` saves in a home what a person decided, when and why; `roles` may make the decision.
    `figures` is whether any figure changes by it.
    `check` raises DecisionError for what can't be saved, before the question is asked; `about` is
    what will be saved, if the question doesn't say all of it.
    """

    question: str
    yes: str
    done: str
    reason: str
    take: Take
    roles: tuple[str, ...] = ("programme",)
    figures: bool = True
    check: Callable[[Home], None] | None = None
    about: object = None


@dataclass
class _Dialogue:
    """How far one decision has got in this session.

    It is changed in place: a second click makes Streamlit stop the script at the next Streamlit
    call, and setting `st.session_state` is one, so a decision could be saved but not released.
    """

    confirming: tuple[str, str, object] | None = None
    done: str | None = None
    figures: bool = True
    number: int = 0  # of the save, to ask about its figures by
    refused: str | None = None
    clear: bool = False


def offer(key: str, label: str, plan: Plan) -> None:
    """A button, then the question, then the decision; after a change the question comes again."""
    dialogue, choice = _dialogue(key), (plan.question, plan.reason, plan.about)
    if st.button(label, key=f"{key}_begin"):
        problem = _problem(plan)
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


def _problem(plan: Plan) -> str | None:
    home = open_home(session.home())
    try:
        if plan.check is not None:
            plan.check(home)
        if not plan.reason.strip():
            return NO_REASON
        fit(plan.reason, "Your reason", home.archive.newest_register(), session.today())
    except (UnfitText, DecisionError) as refused:
        return str(refused)
    return None


def _take(dialogue: _Dialogue, plan: Plan) -> None:
    visit = session.admit(*plan.roles)
    page.only_today(visit)
    with st.spinner("Saving"):
        home, now = open_home(session.home()), session.now()
        try:
            with session.builder().saving():
                plan.take(home, Decided(visit.scope.email, now, plan.reason))
                dialogue.done, dialogue.figures, dialogue.clear = plan.done, plan.figures, True
                dialogue.number = session.saved()
        except DecisionError as refused:
            dialogue.refused = str(refused)
        else:
            session.builder().wait(dialogue.number, PATIENCE)
        dialogue.confirming = None


def show_result(key: str, also: Sequence[str] = ()) -> None:
    """Show what has just been decided, before the fields are drawn, and clear the reason.

    The fields whose keys are in `also` are cleared with it.
    While its figures are being worked out it is only said to be saved; then the rest, once.
    """
    dialogue = _dialogue(key)
    if dialogue.refused:
        st.error(dialogue.refused)
    if dialogue.clear:
        for field in (f"{key}_reason", *also):
            st.session_state[field] = ""  # can't be set once its field has been drawn
    dialogue.refused, dialogue.clear = None, False
    if dialogue.done and not dialogue.figures:
        st.success(dialogue.done)
        dialogue.done = None
        return
    recalculated = f"{dialogue.done} Every figure has been recalculated."
    if dialogue.done and tell(dialogue.number, recalculated, dialogue.done):
        dialogue.done = None


def tell(number: int, shown: str, not_shown: str) -> bool:
    """Say what was saved, by whether its figures are there or could not be worked out.

    False while they are due, when all that is said is that it has been saved.
    """
    outcome = session.builder().outcome(number)
    if outcome is None:
        st.info(words.SAVED)
        return False
    st.success(not_shown if outcome.trouble else shown)
    if outcome.trouble:
        st.error(outcome.trouble)
    return True


def _dialogue(key: str) -> _Dialogue:
    return st.session_state.setdefault(f"{key}_dialogue", _Dialogue())
