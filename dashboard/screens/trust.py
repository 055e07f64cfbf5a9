"""Trust: the wards of one trust together, then side by side."""

from html import escape

import streamlit as st

from dashboard.page import filters, page, session, url_state
from dashboard.page.session import Visit
from dashboard.panels import (
    confidence_items,
    events,
    side_by_side,
    standards,
    unit_charts,
    who_by_whom,
    yardsticks,
)
from dashboard.queries.organisations import wards
from dashboard.queries.returns import returns_grid
from dashboard.queries.series import signals
from dashboard.words import headlines
from schemas import wording

_ROWS = 25


def show() -> None:
    """The total of one trust over time, what it is based on, and its wards."""
    visit = session.admit("programme", "trust", "region", "group")
    names = visit.keep(_names)
    if not names:
        page.open_screen(visit, "Trust", "There is no trust here yet.")
        return
    heading, notice = st.container(), st.container()
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        code = url_state.choose("Trust", names, "trust", notice=notice)
    has_total = visit.ask(signals, level="trust", units=(code,)).height
    headline = headlines.NO_TOTAL
    if has_total:
        headline = visit.keep(unit_charts.headline, level="trust", unit=code)
    with heading:
        page.open_screen(visit, names[code], headline)
        if page.nothing_yet(visit, "the wards of this trust, together and side by side"):
            return
    pack = f"take-away?what=pack&amp;trust={escape(code)}"
    link = f'<p><a href="{pack}" target="_self">This trust’s pack for a board</a></p>'
    with right:
        page.facts(visit.keep(_facts, trust=code), link)
    if has_total:
        unit_charts.show(visit, "trust", code, names[code], code)
    confidence_items.show(visit, trust=code)
    if last := visit.facts["data_to"]:
        who_by_whom.of_trust(visit, last, code)
    standards.of_trust(visit, code)
    yardsticks.of_trust(visit, code)
    page.section("Its wards", "What each ward’s latest month shows. Choose one for more.")
    shown = filters.places(visit.ask(wards, trust=code).height, _ROWS, "wards")
    its = visit.keep(_wards, trust=code, shown=shown)
    side_by_side.icons(visit, its, f"The wards of {names[code]} now")
    each = tuple(("ward", ward) for ward, _ in its)
    events.show(visit, (("trust", code), *each, ("programme", "programme")))


def _names(visit: Visit) -> dict[str, str]:
    named = visit.ask(wards).select("trust_code", "trust_name").unique().sort("trust_name")
    return dict(named.iter_rows())


def _facts(visit: Visit, trust: str) -> dict[str, object]:
    grid = visit.ask(returns_grid, today=visit.today, trust=trust)
    states = grid["state"].to_list()
    sent = sum(state in ("received", "late") for state in states)
    due = sent + states.count("missing")
    its = visit.ask(wards, trust=trust)
    return {
        "Region": its["region"][0] or "Not known",
        "Wards open": f"{its['open_to'].null_count():,}",
        "Returns": f"{wording.of_them(sent, due, 'month')} sent",
        "Code": trust,
    }


def _wards(visit: Visit, trust: str, shown: range) -> side_by_side.Names:
    named = visit.ask(wards, trust=trust).select("ward_id", "ward_name")
    return tuple(named.slice(shown.start, len(shown)).iter_rows())
