"""Ward: one ward, everything, down to the cell of the workbook a figure came from."""

import streamlit as st

from dashboard.queries.wards import wards
from dashboard.views import address, door, page, unit_charts
from dashboard.views.deciding import happened
from dashboard.views.progress import ward_charter
from dashboard.views.tracing import trace
from dashboard.views.visit import Visit
from dashboard.words import phrases


def show() -> None:
    """One ward's figures over time, its charter, and where each figure came from."""
    visit = door.admit("programme", "trust", "region")
    if not visit.keep(_by_id):
        page.opening(visit, "Ward", "There is no ward here yet.")
        return
    heading = st.container()
    ward = choose(visit)
    unit, name = str(ward["ward_id"]), str(ward["ward_name"])
    with heading:
        page.opening(visit, name, visit.keep(unit_charts.answer, level="ward", unit=unit))
        _facts(ward)
    unit_charts.show(visit, "ward", unit, name, str(ward["trust_code"]))
    ward_charter.show(visit, ward)
    happened.show(
        visit,
        (("ward", unit), ("trust", str(ward["trust_code"])), ("programme", "programme")),
    )
    trace.show(visit, ward)


def choose(visit: Visit) -> dict[str, object]:
    """The ward a person has chosen among those of their scope."""
    return visit.keep(_by_id)[address.choose("Ward", visit.keep(_words), "ward")]


def _by_id(visit: Visit) -> dict[str, dict[str, object]]:
    return {row["ward_id"]: row for row in visit.ask(wards).iter_rows(named=True)}


def _words(visit: Visit) -> dict[str, str]:
    rows = visit.keep(_by_id).items()
    return {ward: f"{row['ward_name']}, {row['trust_name']}" for ward, row in rows}


def _facts(ward: dict[str, object]) -> None:
    closed = f"Closed on {phrases.day(ward['open_to'])}" if ward["open_to"] else "Open"
    page.facts(
        {
            "Trust": ward["trust_name"],
            "Compared with": ward["peer_group_name"],
            "Beds": f"{ward['beds']:,}",
            "Now": closed,
            "Code": ward["ward_id"],
        }
    )
