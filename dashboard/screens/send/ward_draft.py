"""One ward's draft in one session: what was typed, saved, deleted, and put back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import streamlit as st

from dashboard.page import last_save, session, sign_in_log
from dashboard.page.last_save import LastSave
from dashboard.screens.send.upload import Sending
from dashboard.words import drafts as words
from pipelines.drafting import drafting
from pipelines.drafting.basis import NOT_TYPED, Basis
from pipelines.drafting.drafting import NotSaved
from pipelines.keeping.decide import Decided, DecisionError
from pipelines.keeping.drafts import Draft, DraftsUnreadable, SavedMeanwhile
from pipelines.keeping.home import Home
from schemas.returns import TEMPLATE_VERSION, columns_of

_ROLES = ("trust",)
Typed = dict[str, int | str]


@dataclass(frozen=True)
class Form:
    """Which ward's form it is, and who people are: names by e-mail address."""

    sending: Sending
    basis: Basis
    ward: str
    names: Mapping[str, str]

    @property
    def key(self) -> str:
        return f"draft {self.sending.key} {self.ward}"

    def by(self, draft: Draft) -> str:
        """Who saved a draft."""
        return words.person(draft.by, self.names, self.sending.scope.email)


@dataclass
class Opened:
    """A form in one session: the draft that it was opened with, and what was typed since.

    Streamlit forgets a field that isn't shown, so what was typed is kept here as well; `start` is
    what the fields began with, and `turn` tells new fields from old ones.
    """

    draft: Draft | None
    began: Typed
    start: Typed = field(default_factory=dict)
    typed: Typed = field(default_factory=dict)
    turn: int = 0
    message: str = ""

    def begin(self, draft: Draft | None, typed: Typed) -> None:
        """Fill the fields with a draft's figures, or with what there is without one."""
        self.draft, self.began = draft, typed
        self.start, self.typed = dict(typed), dict(typed)
        self.turn += 1

    @property
    def changed(self) -> bool:
        return self.typed != self.began


def unsaved(form: Form) -> bool:
    """Whether this session holds figures of a ward that have been typed and not saved."""
    opened = st.session_state.get(form.key)
    return opened is not None and opened.changed


def typed(form: Form, draft: Draft | None) -> Typed:
    """What a draft holds of today's questions; without one, what the form begins with."""
    if draft is None:
        return form.basis.typed(form.ward)
    known = columns_of("monthly").keys() - NOT_TYPED
    return {name: value for name, value in draft.typed.items() if name in known}


def version(draft: Draft | None) -> int:
    """The version of a draft, 0 if there is none."""
    return draft.version if draft else 0


def save(form: Form, opened: Opened, over: Draft | None) -> None:
    """Save what was typed in place of the draft that this person has seen."""
    sending = form.sending
    draft = Draft(
        sending.trust,
        str(sending.month),
        form.ward,
        opened.typed,
        sending.scope.email,
        session.now(),
        TEMPLATE_VERSION,
        version(over),
    )
    try:
        held = last_save.held()
        kept = drafting.save(sending.home, form.basis, draft, sending.scope.trusts)
        held.last = _last(form, words.DRAFT_SAVED, kept, over)
    except (NotSaved, DraftsUnreadable) as refused:
        opened.message = str(refused)
    except SavedMeanwhile:
        pass  # the next run reads what they saved, and shows both
    else:
        opened.begin(kept, dict(kept.typed))
        sign_in_log.log("save_draft", trust=draft.trust, month=draft.month, ward=draft.ward)
    st.rerun()


def delete(form: Form, opened: Opened, now: Draft) -> None:
    """Delete the draft that is there; straight afterwards it can be put back."""
    sending = form.sending
    try:
        held = last_save.held()
        done = drafting.remove(sending.home, now, sending.scope.trusts)
        if done:
            held.last = _last(form, words.DRAFT_DELETED, None, now)
    except DraftsUnreadable as unreadable:
        opened.message = str(unreadable)
        st.rerun()
    if done:
        sign_in_log.log("delete_draft", trust=now.trust, month=now.month, ward=now.ward)
        opened.begin(None, typed(form, None))
    else:
        opened.message = words.GONE
    st.rerun()


def _last(form: Form, done: str, now: Draft | None, before: Draft | None) -> LastSave:
    named = f"{done} {form.basis.wards[form.ward]}, {form.basis.month.label}."
    undo = partial(_undo, form=form)
    return LastSave(form.key, named, (now, before), undo, _ROLES, figures=False)


def _undo(
    home: Home, decided: Decided, saved: tuple[Draft | None, Draft | None], *, form: Form
) -> tuple[Draft | None, Draft | None]:
    """Put back the draft before; returns what there is now, and what there was."""
    now, before = saved
    trusts = session.admit(*_ROLES).scope.trusts
    if before is not None:
        before = replace(before, by=decided.by, at=decided.at)
    try:
        back = drafting.put_back(home, form.basis, now, before, trusts)
    except (NotSaved, DraftsUnreadable) as refused:
        raise DecisionError(str(refused)) from None
    sending = form.sending
    done = "save_draft" if back else "delete_draft"
    sign_in_log.log(done, trust=sending.trust, month=str(sending.month), ward=form.ward)
    return back, now
