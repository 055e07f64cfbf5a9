"""Ward: everything about one ward, down to the cell of the workbook a figure came from."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.page import measures, page, session, url_state
from dashboard.page.figure_reference import FigureReference
from dashboard.page.session import Visit
from dashboard.panels import confidence_items, events, figure_source, unit_charts, ward_charter
from dashboard.queries.organisations import wards
from dashboard.queries.series import observed
from schemas import wording
from schemas.periods import Month

_WILL_SHOW = (
    "whether patients and staff feel safe on this ward, month by month, every other measure, its "
    "charter and standards, and the cells of the return that each figure came from"
)


def show() -> None:
    """One ward's figures over time, its charter, and where each figure came from."""
    visit = session.admit("programme", "trust", "region", "group")
    if not visit.keep(_by_id):
        page.open_screen(visit, "Ward", "There is no ward here yet.")
        return
    heading, notice = st.container(), st.container()
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        ward = choose(visit, notice)
    unit, name = str(ward["ward_id"]), str(ward["ward_name"])
    with heading:
        page.open_screen(visit, name, visit.keep(unit_charts.headline, level="ward", unit=unit))
        if page.nothing_yet(visit, _WILL_SHOW):
            return
    with right:
        _facts(ward)
    unit_charts.show(visit, "ward", unit, name, str(ward["trust_code"]))
    confidence_items.show(visit, ward=unit)
    ward_charter.show(visit, ward)
    events.show(
        visit,
        (("ward", unit), ("trust", str(ward["trust_code"])), ("programme", "programme")),
    )
    _trace(visit, ward)


def choose(visit: Visit, notice: DeltaGenerator | None = None) -> dict[str, object]:
    """The ward a person has chosen among those of their scope (see `url_state.choose`)."""
    words = visit.keep(_words)
    return visit.keep(_by_id)[url_state.choose("Ward", words, "ward", notice=notice)]


def _by_id(visit: Visit) -> dict[str, dict[str, object]]:
    return {row["ward_id"]: row for row in visit.ask(wards).iter_rows(named=True)}


def _words(visit: Visit) -> dict[str, str]:
    rows = visit.keep(_by_id).items()
    return {ward: f"{row['ward_name']}, {row['trust_name']}" for ward, row in rows}


def _facts(ward: dict[str, object]) -> None:
    closed = f"Closed on {wording.day_of(ward['open_to'])}" if ward["open_to"] else "Open"
    page.facts(
        {
            "Trust": ward["trust_name"],
            "Compared with": ward["peer_group_name"],
            "Beds": f"{ward['beds']:,}",
            "Now": closed,
            "Code": ward["ward_id"],
        }
    )


_CHOICES = {"traced", "month"}  # in the address if the expander was open


def _trace(visit: Visit, ward: dict[str, object]) -> None:
    """An expander with a choice of measure and month, and the cells its figure came from."""
    page.section(
        "Where a figure came from",
        "Choose a month here, a point on a chart, or a figure in a table.",
        anchor="trace",
    )
    if visit.scope.only_reads:
        page.html(figure_source.NOT_FOR_READERS)
        return
    opened = page.EXPANDED or not _CHOICES.isdisjoint(st.query_params)
    label = "Choose a measure and a month…"
    expander = st.expander(label, opened, key="trace", on_change="rerun")
    if expander.open:
        with expander:
            _traced(visit, str(ward["ward_id"]), str(ward["ward_name"]))


def _traced(visit: Visit, unit: str, name: str) -> None:
    left, right = st.columns(2)
    with left:
        measure = measures.choose(visit, key="traced")
    if measure is None:
        return
    months = visit.keep(_months, measure=measure["measure"], unit=unit)
    if not months:
        page.html('<p class="fs-note">There is no month to trace yet.</p>')
        return
    with right:
        month = Month.parse(url_state.choose("Month", months, "month"))
    subject = FigureReference("ward", unit, name, str(measure["measure"]), month)
    typed = subject.typed(measures.definition(visit, subject.code))
    figure_source.show_cells(visit, typed, nothing="Nothing was sent for this month.")
    page.html(figure_source.meaning(measure))


def _months(visit: Visit, measure: str, unit: str) -> dict[str, str]:
    """The months of a ward's figures by code, newest first."""
    seen = visit.ask(observed, level="ward", measures=(measure,), units=(unit,))
    return {
        f"{month:%Y-%m}": wording.month_of(month) for month in reversed(seen["month"].to_list())
    }
