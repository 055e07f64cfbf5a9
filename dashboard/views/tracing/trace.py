"""Where a ward's figure came from: the cells, the workbook, the sender and the time."""

from html import escape

import streamlit as st

from dashboard.queries.observed import observed
from dashboard.views import address, measures, page
from dashboard.views.tracing import cells
from dashboard.views.tracing.subject import Subject
from dashboard.views.visit import Visit
from dashboard.words import phrases
from schemas.periods import Month

_ASKED = {"traced", "month"}  # what the address of an open fold holds
_NOT_TYPED = '<p class="fs-note">Region readers see figures, not what was typed.</p>'


def show(visit: Visit, ward: dict[str, object]) -> None:
    """A fold with a choice of measure and month, and the cells its figure is made of."""
    page.section(
        "Where a figure came from",
        "Choose a month here, a point on a chart, or a figure in a table.",
        anchor="trace",
    )
    if visit.scope.role == "region":
        page.html(_NOT_TYPED)
        return
    asked = page.UNFOLDED or not _ASKED.isdisjoint(st.query_params)
    fold = st.expander("Choose a measure and a month…", asked, key="trace", on_change="rerun")
    if fold.open:
        with fold:
            _chosen(visit, str(ward["ward_id"]), str(ward["ward_name"]))


def _chosen(visit: Visit, unit: str, name: str) -> None:
    left, right = st.columns(2)
    with left:
        measure = measures.choose(visit, key="traced")
    months = visit.keep(_months, measure=measure["measure"], unit=unit)
    if not months:
        page.html('<p class="fs-note">There is no month to trace yet.</p>')
        return
    with right:
        month = Month.parse(address.choose("Month", months, "month"))
    subject = Subject("ward", unit, name, str(measure["measure"]), month)
    if not cells.show(visit, subject.typed):
        page.html('<p class="fs-note">Nothing was sent for this month.</p>')
    page.html(meaning(measure))


def _months(visit: Visit, measure: str, unit: str) -> dict[str, str]:
    """The months of a ward's figures by their codes, newest first."""
    seen = visit.ask(observed, level="ward", measures=(measure,), units=(unit,))
    return {f"{month:%Y-%m}": phrases.month(month) for month in reversed(seen["month"].to_list())}


def meaning(measure: dict[str, object]) -> str:
    """What a measure counts, as markup."""
    below = measure["denominator_text"] or "Nothing: it is a plain number."
    return (
        '<dl class="fs-definition">'
        f"<dt>Counted</dt><dd>{escape(str(measure['numerator_text']))}</dd>"
        f"<dt>Out of</dt><dd>{escape(str(below))}</dd>"
        f"<dt>How it is calculated</dt><dd>{escape(str(measure['how_it_is_calculated']))}</dd>"
        "</dl>"
    )
