"""A click on a point: where its figure came from, in a window of its own."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.charts import process
from dashboard.charts.traced import linked, traced
from dashboard.views import page
from dashboard.views.page import Picture
from dashboard.views.tracing import figure
from dashboard.views.tracing.subject import Subject
from dashboard.views.visit import Visit
from schemas.periods import Month

_TOLD = "the point that was told of last"


def of_chosen(
    visit: Visit, drawn: Picture, level: str, unit: str, unit_name: str, code: str
) -> None:
    """Open the window if a point of this chart has just been chosen."""
    month = _just_chosen(f"chart_{level}_{unit}_{code}", "month")
    length = _months(drawn, month) if month else 0
    if length:
        first = Month.parse(str(month)[:7])
        _tell(visit, Subject(level, unit, unit_name, code, first, length))


def of_chosen_unit(visit: Visit, key: str, subjects: Callable[[object], Sequence[Subject]]) -> None:
    """Open the window if a unit of a chart has just been chosen; `subjects` are its figures."""
    unit = _just_chosen(key, "unit")
    about = subjects(unit) if unit else ()
    if about:
        _tell_each(visit, about)


def _just_chosen(key: str, field: str) -> object:
    """What has been chosen on a chart since it was last told of; None if nothing has."""
    found = (st.session_state.get(key) or {}).get("selection", {}).get(process.CHOSEN) or []
    chosen = found[0].get(field) if found else None
    told = st.session_state.setdefault(_TOLD, {})
    if told.get(key) == chosen:
        return None
    told[key] = chosen
    return chosen


def _months(drawn: Picture, month: object) -> int:
    """How many months the chosen point stands for; 0 if the chart has no such point."""
    rows = drawn.rows.select(["row", "month", "m0", "m1"]).to_pylist()
    ends = [row for row in rows if row["row"] == "point" and row["month"] == month]
    return round(ends[0]["m1"] - ends[0]["m0"]) if ends else 0


@st.dialog("Where this figure came from", width="large")
def _tell(visit: Visit, subject: Subject) -> None:
    page.lead(visit.keep(figure.answer, subject=subject))
    figure.show_of(visit, subject)
    page.html(f"<p>{linked('Open this as a page of its own', address(subject))}</p>")


@st.dialog("Where these figures came from", width="large")
def _tell_each(visit: Visit, subjects: Sequence[Subject]) -> None:
    for subject in subjects:
        page.lead(visit.keep(figure.answer, subject=subject))
        words = f"Show its cells: {subject.measure.name}"
        page.html(f"<p>{linked(words, address(subject))}</p>")


def address(subject: Subject) -> str:
    """Where the screen on this figure is."""
    return traced(subject.level, subject.unit, subject.code, f"{subject.month}", subject.months)
