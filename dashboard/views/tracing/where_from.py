"""A chart whose marks can be chosen: where a figure came from, in a window of its own."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.charts import chosen
from dashboard.charts.traced import linked, traced
from dashboard.views import page
from dashboard.views.page import Picture
from dashboard.views.tracing import figure
from dashboard.views.tracing.subject import Subject
from dashboard.views.visit import Visit

_TOLD = "the mark that was told of last"


def show(visit: Visit, drawn: Picture, key: str, table: Callable[[], str] | None = None) -> None:
    """Draw a chart; open the window if one of its marks has just been chosen.

    `key` is the chart's own among all charts and choices of a session.
    """
    page.show(drawn, key, table)
    subjects = drawn.figures.get(_just_chosen(drawn, key), ())
    if len(subjects) == 1:
        _tell(visit, subjects[0])
    elif subjects:
        _tell_each(visit, subjects)


def _just_chosen(drawn: Picture, key: str) -> tuple[str, ...]:
    """What has been chosen on a chart since it was last told of; empty if nothing has."""
    found = (st.session_state.get(key) or {}).get("selection", {}).get(chosen.CHOSEN) or []
    mark = tuple(str(found[0].get(field)) for field in chosen.fields(drawn.spec)) if found else ()
    told = st.session_state.setdefault(_TOLD, {})
    if told.get(key, ()) == mark:
        return ()
    told[key] = mark
    return mark


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
