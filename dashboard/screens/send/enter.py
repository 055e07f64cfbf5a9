"""Enter on the screen: a month's wards one by one as forms, then all of them sent together."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from dashboard.page import page, session, sign_in_log, url_state
from dashboard.page.session import Visit
from dashboard.screens.send import about_return, as_kept, ward_draft, ward_form
from dashboard.screens.send.upload import Sending
from dashboard.screens.send.ward_draft import Form
from dashboard.words import drafts as words
from pipelines.drafting import drafting
from pipelines.drafting.basis import Basis, look, set_aside
from pipelines.keeping.damaged import DamagedRows
from pipelines.keeping.drafts import Draft, Drafts, DraftsUnreadable
from pipelines.keeping.home import open_home
from schemas.periods import Month
from schemas.register import same_email

_ALL = "all"
_HOW, _SCREEN, _WARD = "how", "screen", "ward"


def chosen() -> bool:
    """Whether somebody enters figures on the screen, and not in a workbook."""
    return st.query_params.get(_HOW) == _SCREEN


def drafts_of(visit: Visit, trust: str) -> Drafts | None:
    """The trust's drafts, read once for all of the screen, which says what is wrong with them.

    None if they can't be read.
    """
    home, now = open_home(session.home()), session.now()
    try:
        found = drafting.drafts_of(home, trust, now, visit.scope.trusts)
    except DraftsUnreadable as unreadable:
        st.warning(str(unreadable))
        return None
    if found.damaged:
        st.warning(words.changed_on_disk(found.damaged))
    return found


def offer(visit: Visit, sending: Sending, drafts: Drafts | None) -> None:
    """A way to enter the figures on the screen, and how far that has come."""
    sentence, month = words.OFFER, str(sending.month)
    there = [draft for draft in drafts.whole if draft.month == month] if drafts else []
    if there and (basis := _basis(visit, sending)):
        sentence = f"{words.progress(basis, _ready(basis, there))} {sentence}"
    page.section("Enter on the screen", sentence)
    st.button("Enter on the screen", on_click=_go, kwargs={_HOW: _SCREEN})
    page.lead("Or fill in the workbook:")


def show(visit: Visit, sending: Sending, drafts: Drafts | None) -> None:
    """One ward's form, or all wards with what is left to do before they are sent."""
    basis = None if drafts is None else _basis(visit, sending)
    if drafts is None or basis is None:
        st.button("Use a workbook instead", on_click=_go, kwargs={_HOW: None, _WARD: None})
        return
    there = {draft.ward: draft for draft in drafts.whole if draft.month == str(sending.month)}
    options = {_ALL: "All wards", **{code: f"{n} ({code})" for code, n in basis.wards.items()}}
    ward = url_state.choose("Ward", options, _WARD)
    names = _names(basis.context.register.access.select("email", "name").iter_rows())
    if ward != _ALL:
        ward_form.show(Form(sending, basis, ward, names), there.get(ward))
        st.button("All wards", on_click=_go, kwargs={_WARD: None})
        return
    ready = _ready(basis, list(there.values()))
    page.section(f"Wards in {sending.month.label}", words.progress(basis, ready))
    _wards(sending, basis, there, names)
    st.html(f'<p class="fs-note">{words.KEPT}</p>')
    about_return.show(sending, basis, ready)
    st.button("Use a workbook instead", on_click=_go, kwargs={_HOW: None, _WARD: None})


def out_of_time(visit: Visit, drafts: Drafts | None, months: Sequence[Month]) -> None:
    """Say which drafts are of months that can't be sent any more, with a way to delete them."""
    open_now = {str(month) for month in months}
    lost: dict[str, list[Draft]] = {}
    for draft in drafts.whole if drafts else ():
        if draft.month not in open_now:
            lost.setdefault(draft.month, []).append(draft)
    for month, late in lost.items():
        label = Month.parse(month).label
        st.warning(words.out_of_time(label, [draft.ward for draft in late]))
        with st.expander(f"Delete the drafts of {label}…"):
            page.lead(words.FOR_GOOD)
            for draft in late:
                _delete(draft, visit.scope.trusts)


def _wards(
    sending: Sending, basis: Basis, there: Mapping[str, Draft], names: Mapping[str, str]
) -> None:
    """A line for each ward: a button that opens it, who saved it, and what is left to do."""
    looked = look(basis, {d.ward: d.typed for d in _ready(basis, list(there.values()))})
    for code, name in basis.wards.items():
        draft = there.get(code)
        with st.container(key=f"ward_line_{code}", horizontal=True, vertical_alignment="center"):
            st.button(name, key=f"open {sending.key} {code}", on_click=_go, kwargs={_WARD: code})
            about = words.NO_DRAFT
            if draft:
                by = words.person(draft.by, names, sending.scope.email)
                why = set_aside(basis, draft) or words.to_do(looked[code])
                about = f"{words.saved(draft, by)}. {why} {words.newer_return(basis.active, draft)}"
            if ward_draft.unsaved(Form(sending, basis, code, names)):
                about = f"{about.strip()} {words.UNSAVED}"
            st.html(f'<p class="fs-note">{escape(about.strip())}</p>', width="content")
    for code, draft in there.items():
        if code not in basis.wards:
            why = set_aside(basis, draft)
            st.warning(f"A draft for {code} is not part of this return. {why} {words.FOR_GOOD}")
            _delete(draft, sending.scope.trusts)


def _delete(draft: Draft, allowed: frozenset[str]) -> None:
    label = f"Delete the draft for {draft.ward}, {Month.parse(draft.month).label}"
    if not st.button(label, key=f"delete {draft.version}"):
        return
    try:
        drafting.remove(open_home(session.home()), draft, allowed)
    except DraftsUnreadable as unreadable:
        st.warning(str(unreadable))
        return
    sign_in_log.log("delete_draft", trust=draft.trust, month=draft.month, ward=draft.ward)
    st.rerun()


def _basis(visit: Visit, sending: Sending) -> Basis | None:
    """What the drafts are made on; None, with a sentence on the screen, if it can't be read."""
    try:
        return as_kept.basis(visit, sending.trust, sending.month)
    except DamagedRows as damaged:
        st.warning(words.damaged(sorted(damaged.returns)))
        return None


def _ready(basis: Basis, drafts: Sequence[Draft]) -> list[Draft]:
    return [draft for draft in drafts if not set_aside(basis, draft)]


def _names(people: object) -> dict[str, str]:
    return {same_email(email): name for email, name in people if email and name}


def _go(**address: str | None) -> None:
    """Move within the screen: to a value of the address, or away from it."""
    for name, value in address.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = value
