"""Register: which trusts, wards and people there are, since when, and every change of them."""

from collections.abc import Callable

import streamlit as st

from dashboard.views import (
    deciding,
    door,
    page,
    register_change,
    register_files,
    register_list,
    register_looking,
    register_people,
    register_trusts,
    register_versions,
    register_wards,
    tokens,
)
from dashboard.views.door import Visit
from dashboard.views.register_change import Desk
from dashboard.views.register_looking import ACT
from dashboard.words import register as words
from pipelines.keeping.home import open_home
from pipelines.registers.holding import holding
from pipelines.registers.register import Register

_ACTS: dict[str, dict[str, Callable[[Desk], None]]] = {
    "Trusts": {
        "Add a trust": register_trusts.add,
        "Rename a trust, or change its region": register_trusts.change,
        "Merge a trust into another": register_trusts.merge,
        "A trust leaves the collaborative": register_trusts.leave,
    },
    "Wards": {
        "Add a ward": register_wards.add,
        "Change a ward: name, beds, class, sex": register_wards.change,
        "Close a ward": register_wards.close,
        "Open a closed ward again": register_wards.reopen,
        "Move a ward to another trust": register_wards.move,
    },
    "People": {
        "Give a person access": register_people.give,
        "Change what a person may see": register_people.change,
        "End a person’s access": register_people.end,
    },
    "Versions": {"Bring an earlier version back": register_versions.bring_back},
    "Files": {"Upload edited files": register_files.upload},
}
TOKENS = "Tokens"
_FILES = {"Trusts": "trusts", "Wards": "wards", "People": "access"}


def show() -> None:
    """What the register holds, and what a programme does with it."""
    visit = door.admit("programme")
    home = open_home(door.home())
    kept = home.archive.registers()
    newest = kept[-1].version if kept else 0
    looking = register_looking.at(newest)
    register = home.archive.register_version(looking.version)
    receipt = kept[looking.version - 1] if looking.version else None
    answer = words.summary(*_counts(visit, register), receipt)
    page.opening(visit, "Register", answer, placeholders=True)
    page.only_today(visit)
    deciding.tell(register_change.KEY)
    look = st.segmented_control(
        "Look at",
        [*_ACTS, TOKENS],
        default="Trusts",
        key="look",
        bind="query-params",
        required=True,
    )
    if look == TOKENS:
        tokens.show(visit)
        return
    stale = register_looking.stale(home.archive, looking, newest)
    desk = Desk(visit, home, looking, register, stale)
    _act(desk, str(look))
    if look == "Versions":
        register_versions.show(desk)
    elif look == "Files":
        register_files.show(desk)
    else:
        register_list.show(desk, _FILES[str(look)])


def _act(desk: Desk, look: str) -> None:
    """The form of what has happened, once that is chosen."""
    acts = _ACTS[look]
    if st.session_state.get(ACT) not in acts:
        st.session_state[ACT] = None
    act = st.selectbox(
        "Change something", list(acts), index=None, placeholder="What has happened?", key=ACT
    )
    if act is not None:
        with st.container(border=True):
            acts[act](desk)


def _counts(visit: Visit, register: Register) -> tuple[int, int, int]:
    """How many trusts, open wards and people with access there are today."""
    trusts, wards, people = (
        holding(getattr(register, file), file, visit.today).filter(state="now").height
        for file in ("trusts", "wards", "access")
    )
    return trusts, wards, people
