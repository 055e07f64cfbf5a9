"""Compare wards: with themselves over time, with similar wards, and side by side."""

import polars as pl
import streamlit as st

from dashboard.page import filters, measures, page, session
from dashboard.page.session import Visit
from dashboard.panels import funnel, peer_spread, side_by_side
from dashboard.queries.groups import groups
from dashboard.queries.series import signals
from dashboard.screens.compare import outside
from dashboard.words import headlines
from schemas import wording

VIEWS = ("Icons", "Trusts", "Groups", "Funnel", "Small charts", "Spread of peers")
_ROWS, _CHARTS = 75, 24


def show() -> None:
    """One choice of wards and measure, shown in six ways."""
    visit = session.admit("programme")
    heading = st.container()
    chosen = filters.choose(visit)
    left, right = st.columns([1, 1])
    with left:
        measure = measures.choose(visit)
    if measure is None:
        with heading:
            page.open_screen(visit, "Compare wards", headlines.NOTHING_TO_COMPARE)
        return
    view = right.segmented_control(
        "View", VIEWS, default=VIEWS[0], key="look", bind="query-params", required=True
    )
    units = tuple(chosen["ward_id"])
    with heading:
        headline = visit.keep(_headline, units=units, measure=measure["measure"])
        page.open_screen(visit, "Compare wards", headline)
    if page.nothing_yet(
        visit,
        "wards beside each other: with themselves over time, with similar wards, and side by side",
    ):
        return
    if chosen.is_empty():
        st.info("No ward matches all these filters: choose “All” in one of them.")
    elif view == "Trusts":
        _trusts(visit, chosen, str(measure["measure"]))
    elif view == "Groups":
        _groups(visit, str(measure["measure"]))
    elif view == "Funnel":
        funnel.show(visit, measure, chosen)
        outside.show(visit, units)
    elif view == "Small charts":
        shown = filters.paged(chosen, _CHARTS, "wards")
        side_by_side.small_charts(visit, side_by_side.of_wards(visit, shown), measure)
    elif view == "Spread of peers":
        peer_spread.show(visit, measure, chosen)
    else:
        shown = filters.paged(chosen, _ROWS, "wards")
        number = wording.counted(shown.height, "ward")
        caption = f"{number} now, in order of trust"
        with st.container(key="every_ward"):  # page.css prints it on one sheet
            side_by_side.icons(
                visit, side_by_side.of_wards(visit, shown), caption, first=str(measure["measure"])
            )


def _headline(visit: Visit, units: tuple[str, ...], measure: str) -> str:
    now = visit.ask(signals, level="ward", units=units, measures=(measure,), open_only=True)
    return (
        f"{headlines.changed(now, measures.all_of(visit)[measure])} {headlines.chance(now)}".strip()
    )


def _groups(visit: Visit, measure: str) -> None:
    """Every region and other group, each with all its wards together."""
    page.lead(
        "Each row adds up every ward of a group, whatever the filters above say. Groups can share "
        "wards. Choose a group to see its charts."
    )
    names = tuple(visit.ask(groups).select("group_code", "group_name").iter_rows())
    caption = f"{wording.counted(len(names), 'group')} now, regions first"
    side_by_side.icons(visit, names, caption, "group", measure)


def _trusts(visit: Visit, chosen: pl.DataFrame, measure: str) -> None:
    """The trusts of the chosen wards, each with all its wards together."""
    page.lead(
        "Each row adds up every ward of a trust, including those the filters above leave out. "
        "Choose a trust to see its charts."
    )
    named = chosen.select("trust_code", "trust_name").unique(maintain_order=True)
    shown = filters.paged(named, _ROWS, "trusts", "trusts")
    number = wording.counted(shown.height, "trust")
    names = tuple(shown.iter_rows())
    side_by_side.icons(visit, names, f"{number} now, in order of name", "trust", measure)
