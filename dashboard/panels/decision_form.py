"""A person's decision: confirmed, saved with its reason, then shown in a new release."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from dashboard.page import last_save, page, progress, session
from dashboard.page.in_sight import in_sight
from dashboard.page.last_save import LastSave, Undo
from pipelines.keeping.decide import NO_REASON, Decided, DecisionError
from pipelines.keeping.free_text import UnfitText, fit
from pipelines.keeping.home import Home, open_home

WHY = "Why, for the record. Do not name anyone."
Take = Callable[[Home, Decided], object]


@dataclass(frozen=True)
class Plan:
    """What is about to be decided: the question, its confirm button, and the message afterwards.

    `take` saves in a home what a person decided, when and why, and `undo` undoes what it returned;
    `roles` may do both. `figures` is whether any figure changes by it.
    `check` raises DecisionError for what can't be saved, before the question is asked; `about` is
    what will be saved, if the question doesn't say all of it.
    """

    question: str
    yes: str
    done: str
    reason: str
    take: Take
    undo: Undo
    roles: tuple[str, ...] = ("programme",)
    figures: bool = True
    check: Callable[[Home], None] | None = None
    about: object = None


@dataclass
class _Dialogue:
    """How far one decision has got in this session.

    It is changed in place, for the reason that `last_save.Held` gives.
    """

    confirming: tuple[str, str, object] | None = None
    asked: int = 0  # how often, so that each question comes into sight once
    refused: str | None = None
    clear: bool = False


def offer(key: str, label: str, plan: Plan) -> None:
    """A button, then the question, then the decision; after a change the question comes again.

    The button only asks, which the “…” after its label says.
    """
    dialogue, choice = _dialogue(key), (plan.question, plan.reason, plan.about)
    if st.button(f"{label}…", key=f"{key}_begin"):
        problem = _problem(plan)
        dialogue.confirming = None if problem else choice
        dialogue.asked += 1
        if problem:
            with in_sight(f"{key}_problem", dialogue.asked):
                st.error(problem)
    if dialogue.confirming != choice:
        return
    with in_sight(f"{key}_question", dialogue.asked):
        st.warning(plan.question)
        with st.container(horizontal=True):
            yes = st.button(plan.yes, key=f"{key}_yes", type="primary")
            no = st.button("Cancel", key=f"{key}_no")
    if no:
        dialogue.confirming = None
        st.rerun()
    if yes:
        _take(key, dialogue, plan)
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


def _take(key: str, dialogue: _Dialogue, plan: Plan) -> None:
    visit, due, held = session.admit(*plan.roles), session.due(), last_save.held()
    page.only_today(visit)
    with progress.working("Saving", key.partition("_")[0]):
        home, now = open_home(session.home()), session.now()
        last = LastSave(key, plan.done, None, plan.undo, plan.roles, plan.figures)
        try:
            with session.builder().saving():
                last.saved = plan.take(home, Decided(visit.scope.email, now, plan.reason))
                dialogue.confirming, dialogue.clear, held.last = None, True, last
                last.number = session.saved(due)
        except DecisionError as refused:
            dialogue.confirming, dialogue.refused = None, str(refused)
        else:
            session.builder().wait(last.number, last_save.PATIENCE)


@contextmanager
def around(key: str, also: Sequence[str] = ()) -> Iterator[None]:
    """Clear the reason that was saved before its form is drawn, and say beneath it what was.

    Beneath, because that is where the button was pressed: a form may be longer than the window.
    The fields whose keys are in `also` are cleared too.
    """
    dialogue = _dialogue(key)
    if dialogue.clear:
        for field in (f"{key}_reason", *also):
            st.session_state[field] = ""  # can't be set once its field has been drawn
    dialogue.clear = False
    yield
    show_result(key)


def show_result(key: str) -> None:
    """Say what has just been decided where its form is no longer drawn."""
    dialogue = _dialogue(key)
    if dialogue.refused:
        with in_sight(f"{key}_refused", dialogue.asked):
            st.error(dialogue.refused)
    dialogue.refused = None
    last_save.show(key)


def _dialogue(key: str) -> _Dialogue:
    return st.session_state.setdefault(f"{key}_dialogue", _Dialogue())
