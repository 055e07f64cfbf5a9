"""Ward: one ward, everything, down to the cell of the workbook a figure came from."""

from functools import partial
from html import escape

import streamlit as st

from dashboard.charts import measure_table
from dashboard.charts.traced import traced
from dashboard.queries.signals import signals
from dashboard.queries.wards import wards
from dashboard.views import address, door, measures, page, process
from dashboard.views.deciding import happened
from dashboard.views.door import Visit
from dashboard.views.progress import ward_charter
from dashboard.views.tracing import trace
from dashboard.words import answers, phrases

_ALWAYS = (measures.PATIENTS, measures.STAFF, measures.INCIDENTS)
_ANOTHER = "SS-P3"


def show() -> None:
    """One ward's figures over time, its charter, and where each figure came from."""
    visit = door.admit("programme", "trust", "region")
    if not visit.keep(_by_id):
        page.opening(visit, "Ward", "There is no ward here yet.")
        return
    heading = st.container()
    ward = choose(visit)
    known = measures.all_of(visit)
    with heading:
        _opening(visit, ward)
    flags = st.toggle("Show events on the charts", value=True, key="events", bind="query-params")
    for column, measure in zip(st.columns(2), measures.feeling_safe(visit), strict=True):
        with column:
            _chart(visit, ward, measure, flags)
    left, right = st.columns(2)
    with left:
        _chart(visit, ward, known[measures.INCIDENTS], flags)
    with right:
        others = [measure for measure in known if measure not in _ALWAYS]
        _chart(visit, ward, measures.choose(visit, default=_ANOTHER, among=others), flags)
    page.section("Every measure", "What each says now. Choose one to see its chart.")
    page.part(visit, _every_measure, unit=str(ward["ward_id"]))
    ward_charter.show(visit, ward)
    happened.show(
        visit,
        (
            ("ward", str(ward["ward_id"])),
            ("trust", str(ward["trust_code"])),
            ("programme", "programme"),
        ),
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


def _opening(visit: Visit, ward: dict[str, object]) -> None:
    said = visit.keep(_answer, unit=str(ward["ward_id"]))
    page.opening(visit, str(ward["ward_name"]), said)
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


def _answer(visit: Visit, unit: str) -> str:
    pair = measures.feeling_safe(visit)
    return answers.feeling_safe(
        pair, [process.now(visit, "ward", unit, m["measure"]) for m in pair]
    )


def _chart(
    visit: Visit,
    ward: dict[str, object],
    measure: dict[str, object],
    flags: bool,
) -> None:
    process.chart(
        visit,
        measure,
        "ward",
        str(ward["ward_id"]),
        str(ward["ward_name"]),
        trust=str(ward["trust_code"]),
        show_events=flags,
    )


def _every_measure(visit: Visit, unit: str) -> str:
    now = visit.ask(signals, level="ward", units=(unit,))
    words = {
        row["measure"]: f"{row['months_valid']} of {row['months_expected']} months"
        for row in now.iter_rows(named=True)
        if row["months_expected"]
    }
    return measure_table.html(
        f"{visit.keep(_by_id)[unit]['ward_name']}, every measure",
        now,
        words,
        f"ward?ward={escape(unit)}&measure={{measure}}",
        partial(traced, "ward", unit),
    )
