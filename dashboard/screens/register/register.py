"""Register: which trusts, wards and people there are, from when, and every change to them."""

from collections.abc import Callable

import streamlit as st

from dashboard.page import page, session
from dashboard.page.session import Visit
from dashboard.panels import decision_form
from dashboard.screens.register import (
    bulk_files,
    group_forms,
    held_today,
    lists,
    person_forms,
    save,
    several,
    tokens,
    trust_forms,
    version_in_view,
    versions,
    ward_forms,
)
from dashboard.screens.register.save import Desk
from dashboard.screens.register.version_in_view import ACT
from dashboard.words import register as words
from pipelines.keeping.home import open_home

ACTS: dict[str, dict[str, Callable[[Desk], None]]] = {
    "Trusts": {
        "Add a trust": trust_forms.add,
        "Rename a trust, or change its region": trust_forms.change,
        "Change several trusts at once": several.trusts,
        "Merge a trust into another": trust_forms.merge,
        "A trust leaves the collaborative": trust_forms.leave,
    },
    "Wards": {
        "Add a ward": ward_forms.add,
        "Change a ward: name, beds, class, sex": ward_forms.change,
        "Change or close several wards at once": several.wards,
        "Close a ward": ward_forms.close,
        "Open a closed ward again": ward_forms.reopen,
        "Move a ward to another trust": ward_forms.move,
    },
    "Groups": {
        "Add a group": group_forms.add,
        "Rename a group": group_forms.rename,
        "Trusts or wards join a group": group_forms.join,
        "A trust or ward leaves a group": group_forms.leave,
    },
    "People": {
        "Give a person access": person_forms.give,
        "Change what a person may see": person_forms.change,
        "Change several people’s access at once": several.people,
        "End a person’s access": person_forms.end,
    },
    "Versions": {"Restore an earlier version": versions.restore},
    "Files": {"Upload edited files": bulk_files.upload},
}
TOKENS = "Tokens"
_FILES = {"Trusts": "trusts", "Wards": "wards", "Groups": "groups", "People": "access"}


def show() -> None:
    """What the register contains, and the forms that change it."""
    visit = session.admit("programme")
    home = open_home(session.home())
    kept = home.archive.registers()
    newest = kept[-1].version if kept else 0
    looking = version_in_view.at(newest)
    register = home.archive.register_version(looking.version)
    receipt = kept[looking.version - 1] if looking.version else None
    headline = words.summary(*_counts(visit, looking.version), receipt)
    page.open_screen(visit, "Register", headline, placeholders=True)
    page.only_today(visit)
    look = st.segmented_control(
        "View",
        [*ACTS, TOKENS],
        default="Trusts",
        key="look",
        bind="query-params",
        required=True,
    )
    if look == TOKENS:
        decision_form.show_result(save.KEY)
        tokens.show(visit)
        return
    stale = version_in_view.stale(home.archive, looking, newest)
    desk = Desk(visit, home, looking, register, stale)
    with decision_form.around(save.KEY):
        _act(desk, str(look))
    if look == "Versions":
        versions.show(desk)
    elif look == "Files":
        bulk_files.show(desk)
    else:
        lists.show(desk, _FILES[str(look)])


def _act(desk: Desk, look: str) -> None:
    """The form for what has happened, once that is chosen."""
    acts = ACTS[look]
    if st.session_state.get(ACT) not in acts:
        st.session_state[ACT] = None
    act = st.selectbox(
        "Change something",
        list(acts),
        index=None,
        placeholder="Choose what has happened" if len(acts) > 1 else "Choose what to do",
        key=ACT,
    )
    if act is not None:
        with st.container(border=True):
            acts[act](desk)


def _counts(visit: Visit, version: int) -> tuple[int, int, int]:
    """How many trusts, open wards and people with access there are today."""
    trusts, wards, people = (
        held_today.held(visit, version, file)["state"].eq("now").sum()
        for file in ("trusts", "wards", "access")
    )
    return trusts, wards, people
