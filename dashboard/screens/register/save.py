"""A change to the register: what it would do, confirmation, then a new version and a release."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboard import audit
from dashboard.page.session import Visit
from dashboard.panels import decision_form
from dashboard.panels.decision_form import Plan
from dashboard.screens.register import version_in_view
from dashboard.screens.register.version_in_view import VersionInView
from dashboard.words import register as words
from pipelines.keeping.decide import Decided, DecisionError
from pipelines.keeping.edited_register import brought_back, keep_edited
from pipelines.keeping.home import Home
from pipelines.registers.checks import left_alone, problems_of
from pipelines.registers.differences import Difference, between
from pipelines.registers.effective import Key
from pipelines.registers.register import Register, RegisterError
from schemas.register import same_email

KEY = "register"
_NOTHING_YET = "Once you have filled in the form, what will change is shown here."


@dataclass(frozen=True)
class Desk:
    """Where a register is being changed: by whom, in which home, from which version.

    It is stale once someone else has saved a newer version: what was typed stays on the screen, but
    nothing can be saved.
    """

    visit: Visit
    home: Home
    looking: VersionInView
    register: Register
    stale: bool


def offer(
    desk: Desk,
    what: str,
    make: Callable[[Register], Register] | None,
    may_forget: Collection[Key] = (),
) -> None:
    """Show what an act would change, ask why, and save it once confirmed.

    `make` is None until everything it needs has been entered.
    """
    reason = st.text_input(decision_form.WHY, key=f"{KEY}_reason", max_chars=500)
    if make is None:
        st.html(f'<p class="fs-note">{_NOTHING_YET}</p>')
        return
    try:
        after = make(desk.register)
    except RegisterError as refused:
        _refuse(refused.sentences)
        return
    if wrong := [*problems_of(after), *left_alone(after, desk.register, desk.visit.today)]:
        _refuse(wrong)
        return
    found = between(desk.register, after)
    version_in_view.differences("What will change", found)
    if not found or desk.stale:
        return
    own = _own(found, desk.visit.scope.email)
    if own and not st.checkbox("I understand this changes my own access", key=f"{KEY}_own"):
        return

    def take(home: Home, decided: Decided) -> Register:
        return _keep(desk, home, decided, after, what, may_forget)

    version = desk.looking.version + 1
    question = words.plain(words.question(found, version, desk.visit.today, own))
    # Without the number: undone and done again, it is in use as a later version.
    done = words.plain(f"Saved in the register: {words.in_short(found)}")
    plan = Plan(question, f"Save as version {version}", done, reason, take, partial(_undo, desk))
    decision_form.offer(KEY, "Save", plan)


def _keep(
    desk: Desk,
    home: Home,
    decided: Decided,
    after: Register,
    what: str,
    may_forget: Collection[Key],
) -> Register:
    try:
        kept = keep_edited(home, after, decided, desk.looking.version, may_forget)
    except RegisterError as refused:
        raise DecisionError(words.plain(" ".join(refused.sentences))) from None
    desk.looking.finished = True
    release = str(desk.visit.facts["release_id"])
    audit.record("register", desk.visit.scope, release, what=what, version=str(kept.version))
    return kept


def _undo(desk: Desk, home: Home, decided: Decided, saved: Register) -> Register:
    """Save the version before again, unless someone else has saved a newer one since."""
    try:
        before, may_forget = brought_back(home.archive, saved.version - 1)
        kept = keep_edited(home, before, decided, saved.version, may_forget)
    except RegisterError as refused:
        raise DecisionError(words.plain(" ".join(refused.sentences))) from None
    release = str(desk.visit.facts["release_id"])
    audit.record("register", desk.visit.scope, release, what="undo", version=str(kept.version))
    return kept


def _refuse(sentences: list[str]) -> None:
    shown = [words.plain(sentence) for sentence in sentences[: version_in_view.SHOWN]]
    more = len(sentences) - len(shown)
    lines = [f"- {sentence}" for sentence in shown] if len(sentences) > 1 else shown
    st.error("\n".join([*lines, *([f"- And {more:,} more."] if more else [])]))


def _own(found: list[Difference], email: str) -> bool:
    return any(one.file == "access" and one.key == (same_email(email),) for one in found)
