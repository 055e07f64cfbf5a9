"""Which version of the register a person is looking at while they change it."""

from dataclasses import dataclass

import streamlit as st

from dashboard.charts.table import Column, html
from dashboard.page import page
from dashboard.words import register as words
from pipelines.keeping.archive import Archive
from pipelines.registers.differences import Difference, between

ACT = "register_act"
SHOWN = 50
_DIFFERENCES = (
    Column("thing", "What", row_header=True),
    Column("what", "Change"),
    Column("when", "When"),
)


@dataclass
class VersionInView:
    """The version in view; it stays the same from the moment an act is chosen.

    It is changed in place, because a second click can end the script where session state is set.
    """

    version: int
    turn: int = 0
    finished: bool = False


def at(newest: int) -> VersionInView:
    """What this session is looking at: the newest version, unless an act has been started."""
    looking: VersionInView = st.session_state.setdefault("register_looking", VersionInView(newest))
    if looking.finished:
        st.session_state[ACT] = None
        looking.finished, looking.turn = False, looking.turn + 1
    if not st.session_state.get(ACT):
        looking.version = newest
    return looking


def stale(archive: Archive, looking: VersionInView, newest: int) -> bool:
    """Whether someone else has saved a newer version; if so, show it and offer to continue."""
    if looking.version == newest:
        return False
    newer = [receipt for receipt in archive.registers() if receipt.version > looking.version]
    st.warning(words.plain(words.conflict(newer)))
    found = between(archive.register_version(looking.version), archive.newest_register())
    differences("What they changed", found)
    if st.button(f"Continue with version {newest}", key="register_look_again", type="primary"):
        looking.version = newest
        st.rerun()
    return True


def differences(caption: str, found: list[Difference]) -> None:
    """A table of differences."""
    rows = [
        {"thing": words.thing(one), "what": words.what(one), "when": words.when(one)}
        for one in found[:SHOWN]
    ]
    more = f"The first {SHOWN} of {len(found):,}." if len(found) > SHOWN else ""
    page.html(html(caption, _DIFFERENCES, rows, more))
