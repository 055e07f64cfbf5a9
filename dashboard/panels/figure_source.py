"""Where a figure came from: the wards a total adds up, the cells, and a chart whose marks open both."""
from collections.abc import Mapping
from dashboard import numbers
from dashboard.charts.table import Column, html
from dashboard.queries.trace import trace
from dashboard.page import page
from dashboard.page.figure_reference import CellsReference
from dashboard.page.session import Visit
from schemas import wording
from schemas.returns import columns_of
from collections.abc import Callable, Sequence
import streamlit as st
from dashboard.charts import selection
from dashboard.charts.figure_links import linked, traced
from dashboard.page.page import Chart
from dashboard.screens import figure_source
from dashboard.page.figure_reference import FigureReference

_CELLS = (
    Column("field", "What was asked", row_header=True),
    Column("month", "Month"),
    Column("entered", "Entered", number=True),
    Column("state", "Read as"),
    Column("cell", "Sheet and cell"),
    Column("return_id", "Return", whole=True),
)
_RETURNS = (
    Column("return_id", "Return", row_header=True, whole=True),
    Column("version", "Version", number=True),
    Column("status", "Status", whole=True),
    Column("sent", "Received"),
    Column("by", "From"),
    Column("file", "File"),
    Column("sha256", "Fingerprint of the file (SHA-256)"),
)


def show_cells(visit: Visit, typed: CellsReference) -> bool:
    """Two tables: the cells, then the returns that hold them; False if there is no cell."""
    if not visit.keep(_found, typed=typed):
        return False
    page.cached(visit, _cells, typed=typed)
    page.cached(visit, _sent, typed=typed)
    return True


def _found(visit: Visit, typed: CellsReference) -> list[dict[str, object]]:
    return visit.ask(
        trace,
        unit=typed.unit,
        month=typed.month.first_day,
        fields=typed.fields,
        months=typed.months,
    ).to_dicts()


def _cells(visit: Visit, typed: CellsReference) -> str:
    when = wording.period(typed.month.first_day, typed.last.first_day)
    columns = [column for column in _CELLS if typed.months > 1 or column.key != "month"]
    caption = f"Cells: {typed.what}, {typed.name}, {when}"
    return html(caption, columns, map(_cell, visit.keep(_found, typed=typed)))


def _sent(visit: Visit, typed: CellsReference) -> str:
    found = visit.keep(_found, typed=typed)
    returns = {row["return_id"]: row for row in found if row["received_at"] is not None}
    sent = html("The returns these cells are in", _RETURNS, map(_return, returns.values()))
    return f'<div class="fs-receipt">{sent}</div>'


def _cell(row: Mapping[str, object]) -> dict[str, object]:
    return {
        **row,
        "field": columns_of(str(row["sheet"]))[str(row["field"])].title,
        "month": wording.month_of(row["month"]),
        "entered": row["entered"] if row["entered"] not in (None, "") else "Left blank",
        "state": numbers.STATES.get(str(row["state"]), "A value"),
        "cell": f"{row['sheet']}, {row['column']}{row['row']}",
    }


def _return(row: Mapping[str, object]) -> dict[str, object]:
    return {
        **row,
        "status": wording.starting(str(row["data_status"])),
        "sent": wording.moment(row["received_at"]),
        "by": row["received_by"],
        "file": row["filename"],
    }

_TOLD = "the mark that was told of last"


def show_chart(visit: Visit, drawn: Chart, key: str, table: Callable[[], str] | None = None) -> None:
    """Draw a chart; open the window if one of its marks has just been chosen.

    `key` is the chart's own among all charts and choices of a session.
    """
    page.show(drawn, key, table)
    subjects = drawn.figures.get(_just_chosen(drawn, key), ())
    if len(subjects) == 1:
        _figure_dialog(visit, subjects[0])
    elif subjects:
        _figures_dialog(visit, subjects)


def _just_chosen(drawn: Chart, key: str) -> tuple[str, ...]:
    """What has been chosen on a chart since it was last told of; empty if nothing has."""
    found = (st.session_state.get(key) or {}).get("selection", {}).get(selection.CHOSEN) or []
    mark = tuple(str(found[0].get(field)) for field in selection.fields(drawn.spec)) if found else ()
    told = st.session_state.setdefault(_TOLD, {})
    if told.get(key, ()) == mark:
        return ()
    told[key] = mark
    return mark


@st.dialog("Where this figure came from", width="large")
def _figure_dialog(visit: Visit, subject: FigureReference) -> None:
    page.lead(visit.keep(figure_source.headline, subject=subject))
    figure_source.show_figure(visit, subject)
    page.html(f"<p>{linked('Open this as a page of its own', address(subject))}</p>")


@st.dialog("Where these figures came from", width="large")
def _figures_dialog(visit: Visit, subjects: Sequence[FigureReference]) -> None:
    for subject in subjects:
        page.lead(visit.keep(figure_source.headline, subject=subject))
        words = f"Show its cells: {subject.measure.name}"
        page.html(f"<p>{linked(words, address(subject))}</p>")


def address(subject: FigureReference) -> str:
    """Where the screen on this figure is."""
    return traced(subject.level, subject.unit, subject.code, f"{subject.month}", subject.months)
