"""A click on a point: where its figure came from, in a window of its own."""

import streamlit as st

from dashboard.charts import process
from dashboard.charts.traced import traced
from dashboard.views import page
from dashboard.views.door import Visit
from dashboard.views.page import Picture
from dashboard.views.tracing import figure
from dashboard.views.tracing.subject import Subject
from schemas.periods import Month

_TOLD = "the point that was told of last"


def of_chosen(
    visit: Visit, drawn: Picture, level: str, unit: str, unit_name: str, code: str
) -> None:
    """Open the window if a point of this chart has just been chosen."""
    key = f"chart_{level}_{unit}_{code}"
    found = (st.session_state.get(key) or {}).get("selection", {}).get(process.CHOSEN) or []
    month = found[0].get("month") if found else None
    told = st.session_state.setdefault(_TOLD, {})
    if told.get(key) == month:
        return
    told[key] = month
    length = _months(drawn, month)
    if length:
        first = Month.parse(str(month)[:7])
        _tell(visit, Subject(level, unit, unit_name, code, first, length))


def _months(drawn: Picture, month: object) -> int:
    """How many months the chosen point stands for; 0 if the chart has no such point."""
    rows = drawn.rows.select(["row", "month", "m0", "m1"]).to_pylist()
    ends = [row for row in rows if row["row"] == "point" and row["month"] == month]
    return round(ends[0]["m1"] - ends[0]["m0"]) if ends else 0


@st.dialog("Where this figure came from", width="large")
def _tell(visit: Visit, subject: Subject) -> None:
    page.lead(visit.keep(figure.answer, subject=subject))
    figure.show_of(visit, subject)
    link = traced(subject.level, subject.unit, subject.code, f"{subject.month}", subject.months)
    page.html(f'<p><a href="{link}" target="_self">Open this as a page of its own</a></p>')
