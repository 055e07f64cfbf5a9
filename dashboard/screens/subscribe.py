"""How often somebody wants the pack that they are looking at sent to them."""

from functools import partial
from html import escape

import streamlit as st

from dashboard import audit, subscriptions
from dashboard.exports.order import Order
from dashboard.page import last_save, page, session
from dashboard.page.last_save import LastSave
from dashboard.page.session import Visit
from dashboard.queries.groups import groups
from dashboard.queries.organisations import wards
from dashboard.subscriptions import Often, SubscriptionsUnreadable
from dashboard.words import reports
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home

_OFTEN = "how_often"
_ROLES = ("programme", "trust", "region", "group")


def offer(visit: Visit, order: Order) -> None:
    """How often this person wants this pack sent, and which packs are sent to them.

    If nobody can read what they want, a sentence says so, and the file can still be made.
    """
    try:
        _offer(visit, order)
    except SubscriptionsUnreadable as unreadable:
        st.warning(str(unreadable))


def _offer(visit: Visit, order: Order) -> None:
    home, about = session.home(), _about(order)
    mine = {one.about: one.often for one in subscriptions.of_person(home, visit.scope.email)}
    names = _names(visit)
    mailed = session.programme().mail is not None
    page.section("Have it sent to you", reports.WHEN if mailed else reports.NO_MAIL)
    with st.form(f"subscribe {about}", border=False):
        kinds = list(reports.OFTEN)
        often = st.selectbox(
            f"Send me the pack of {names[about]}",
            kinds,
            kinds.index(mine.get(about, "never")),
            format_func=reports.OFTEN.__getitem__,
            key=f"{_OFTEN} {about} {last_save.turn(_OFTEN)}",
        )
        saved = st.form_submit_button("Save")
    if saved:
        was, held = mine.get(about, "never"), last_save.held()
        _choose_often(visit.scope.email, order, often)
        mine[about] = often
        done = reports.saved(names[about], often)
        undo = partial(_undo_often, order=order)
        held.last = LastSave(_OFTEN, done, (often, was), undo, _ROLES, figures=False)
    last_save.show(_OFTEN)
    sent = [
        (names[code], often)
        for code, often in sorted(mine.items())
        if code in names and often != "never"
    ]
    st.html(f'<p class="fs-note">{escape(reports.wanted(sent))}</p>')


def _about(order: Order) -> str:
    return subscriptions.about(order.trust, order.group)


def _names(visit: Visit) -> dict[str, str]:
    """What each pack that this person may have is about, in words."""
    trusts = visit.ask(wards).select("trust_code", "trust_name").unique()
    of_groups = visit.ask(groups).select("group_code", "group_name")
    return {
        subscriptions.WHOLE: "the whole programme",
        **dict(trusts.iter_rows()),
        **{subscriptions.about(None, code): name for code, name in of_groups.iter_rows()},
    }


def _choose_often(email: str, order: Order, often: Often) -> None:
    visit = session.admit(*_ROLES)
    subscriptions.choose(session.home(), email, _about(order), often)
    release, unit = str(visit.facts["release_id"]), order.unit[1]
    audit.record("subscribe", visit.scope, release, unit=unit, often=often)


def _undo_often(
    home: Home, decided: Decided, saved: tuple[Often, Often], *, order: Order
) -> tuple[Often, Often]:
    """Ask as often as before; returns what is asked for now, and what was."""
    often, was = saved
    _choose_often(decided.by, order, was)
    return was, often
