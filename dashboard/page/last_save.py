"""What this session saved last, said where it was saved, with a way to undo it there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import streamlit as st

from dashboard.page import progress, session
from dashboard.page.in_sight import in_sight
from dashboard.words import decisions as words
from pipelines.keeping.decide import Decided, DecisionError
from pipelines.keeping.home import Home, open_home
from pipelines.releasing.builder import Built

PATIENCE = 1.0  # seconds to wait for figures before saying that they are being worked out
Undo = Callable[[Home, Decided, Any], object]
_HELD = "what was saved last"


@dataclass
class LastSave:
    """What was saved, what to say of it, and how it is undone.

    `undo` gets what was saved and returns what it saved itself, which it can undo in turn;
    `figures` is whether any figure changes by it. `number` is the save's number, None for what is
    not in the archive.
    """

    key: str
    done: str
    saved: Any
    undo: Undo
    roles: tuple[str, ...]
    figures: bool = True
    number: int | None = None
    undone: bool = False
    refused: str | None = None
    turns: int = 0  # each has a button of its own, so that a double click undoes once
    ordinal: int = field(default_factory=count().__next__)  # tells apart saves in one place

    @property
    def outcome(self) -> Built | None:
        """Whether its figures are there or could not be worked out; None while they are due."""
        due = self.figures and self.number is not None
        return session.builder().outcome(self.number) if due else Built(None)


@dataclass
class Held:
    """What this session holds of its last save, and the screen that somebody is on.

    It is changed in place: a second click makes Streamlit stop the script at the next Streamlit
    call, and setting `st.session_state` is one, so something could be saved but not be undone.
    """

    last: LastSave | None = None
    screen: str | None = None


def held() -> Held:
    """Where to put what is saved next; asked for before it is saved."""
    return st.session_state.setdefault(_HELD, Held())


def is_due(key: str) -> bool:
    """Whether the figures of what was saved last, here, are being worked out."""
    last = _of(key)
    return last is not None and last.outcome is None


def is_shown(key: str) -> bool:
    """Whether what was saved last was saved here."""
    return _of(key) is not None


def says_how_long() -> bool:
    """Whether it is said beside what was saved last how long its figures took last time."""
    last = held().last
    return last is not None and last.outcome is None


def turn(key: str) -> int | None:
    """How often what was saved here last was undone since; None if something else was saved last.

    A field that shows what is saved has it in its key, so that it shows the same after an undo.
    """
    last = _of(key)
    return last and last.turns


def show(key: str) -> None:
    """Say what was saved here last and whether there are figures yet; offer to undo it, in view."""
    if last := _of(key):
        with in_sight("last_save", (last.ordinal, last.turns)):
            _show(last)


def _show(last: LastSave) -> None:
    outcome, done = last.outcome, words.straight_away(last.done, last.undone)
    if outcome is None:
        st.info(words.saved(progress.figures_took(), last.undone))
    else:
        shown = last.figures and not outcome.trouble
        st.success(f"{done} {words.RECALCULATED}" if shown else done)
    if outcome and outcome.trouble:
        st.error(outcome.trouble)
    if last.refused:
        st.error(last.refused)
    if st.button("Undo", key=f"{last.key}_straight_away_{last.turns}"):
        _undo(last)
        st.rerun()


def leave(screen: str) -> None:
    """Forget what was saved last once somebody is on another screen than where it was saved."""
    now = held()
    if now.screen != screen:
        now.last, now.screen = None, screen


def _of(key: str) -> LastSave | None:
    last = held().last
    return last if last is not None and last.key == key else None


def _undo(last: LastSave) -> None:
    visit, due = session.admit(*last.roles), session.due()
    if visit.facts["as_at"] is not None:
        last.refused = "Go back to today’s figures to undo it."
        return
    with progress.working("Undoing", last.key.partition("_")[0]):
        home = open_home(session.home())
        decided = Decided(visit.scope.email, session.now(), words.STRAIGHT_AWAY)
        try:
            with session.builder().saving():
                last.saved = last.undo(home, decided, last.saved)
                last.undone, last.refused, last.turns = not last.undone, None, last.turns + 1
                if last.number is not None:
                    last.number = session.saved(due)
        except DecisionError as refused:
            last.refused = str(refused)
            return
        if last.number is not None:
            session.builder().wait(last.number, PATIENCE)
