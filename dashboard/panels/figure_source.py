"""Where a figure came from: the wards in a total, the cells, and charts whose marks lead there."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

import polars as pl
import streamlit as st

from dashboard import numbers
from dashboard.charts import selection
from dashboard.charts.figure_links import linked, traced
from dashboard.charts.table import Column, html
from dashboard.page import filters, measures, page
from dashboard.page.figure_reference import CellsReference, FigureReference
from dashboard.page.page import Chart
from dashboard.page.session import Visit
from dashboard.queries.organisations import wards
from dashboard.queries.series import brought, observed
from dashboard.queries.trace import trace, wards_in_total
from pipelines.releasing.baselines import STATE, added_up, with_baselines
from schemas import wording
from schemas.measures import Measure
from schemas.receipts import is_baseline
from schemas.returns import columns_of

_CELLS = (
    Column("field", "What it counts", row_header=True),
    Column("month", "Month"),
    Column("entered", "Entered", number=True),
    Column("state", "State"),
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
_ROWS = 50
NOT_FOR_READERS = (
    '<p class="fs-note">Readers of regions and groups see figures, but not the cells they came '
    "from.</p>"
)
_ROLLING = (
    '<p class="fs-note">A ward with a month missing has no figure of its own, but what it sent for '
    "the other months is in the total.</p>"
)
_WARDS = (
    Column("ward", "Ward", row_header=True, markup=True),
    Column("trust_name", "Trust"),
    Column("read", "Figure", number=True),
    Column("based_on", "Based on", number=True),
    Column("adds", "In the total"),
)


def headline(visit: Visit, subject: FigureReference) -> str:
    """The figure in words: “Patients who feel safe, Alder Ward, March 2026: 83% (10 of 12).”"""
    about = measures.definition(visit, subject.code)
    typed = subject.typed(about)
    first, last = typed.month.first_day, typed.last.first_day
    seen = with_baselines(
        visit.ask(observed, level=subject.level, measures=(about.id,), units=(subject.unit,)),
        visit.ask(brought, measures=(about.id,), unit=subject.unit),
    ).to_dicts()
    begin = last if about.rolling_months > 1 else first
    inside = added_up([row for row in seen if begin <= row["month"] <= last])
    valued = [row for row in inside if row["value"] is not None]
    what = f"{about.name}, {subject.name}, {wording.period(first, last)}"
    if any(row["state"] == STATE for row in valued):
        what += ", from before the ward joined"
    if not valued:
        states = {row["state"] for row in inside}
        words = numbers.STATES.get(states.pop(), "No data") if len(states) == 1 else "No data"
        return f"{what}: {words.lower()}."
    top = sum(row["numerator"] for row in valued)
    if not about.is_ratio:
        return f"{what}: {numbers.with_unit(top, about.unit)}."
    below = sum(row["denominator"] for row in valued)
    based_on = numbers.out_of(top, below, about.unit)
    if below < measures.least_answers(about):
        return f"{what}: {based_on}, too few people for a percentage."
    value = numbers.with_unit(numbers.scaled(top / below, about.multiplier), about.unit)
    return f"{what}: {value} ({based_on})."


def show_figure(visit: Visit, subject: FigureReference) -> None:
    """The cells of a ward's figure, or the wards of a larger one, and the measure's definition."""
    if subject.level != "ward":
        shown = filters.places(visit.keep(_adds_up, subject=subject).height, _ROWS, "wards")
        page.cached(visit, _wards, subject=subject, shown=shown)
    typed = subject.typed(measures.definition(visit, subject.code))
    if subject.level == "ward":
        show_cells(visit, typed)
    else:
        show_cells(visit, typed, nothing="")
    page.html(meaning(measures.all_of(visit)[subject.code]))


def show_cells(
    visit: Visit, typed: CellsReference, nothing: str = "Nothing was sent for this."
) -> None:
    """The cells and their returns; if there are none, the sentence `nothing`."""
    if visit.scope.only_reads:
        page.html(NOT_FOR_READERS)
    elif not _show_cells(visit, typed) and nothing:
        page.html(f'<p class="fs-note">{nothing}</p>')


def _adds_up(visit: Visit, subject: FigureReference) -> pl.DataFrame:
    rolling = measures.definition(visit, subject.code).rolling_months > 1
    at = subject.month + (subject.months - 1) if rolling else subject.month
    return visit.ask(
        wards_in_total,
        measure=subject.code,
        month=at.first_day,
        months=1 if rolling else subject.months,
        within=None if subject.level == "programme" else subject.unit,
    )


def _wards(visit: Visit, subject: FigureReference, shown: range) -> str:
    about = measures.definition(visit, subject.code)
    names = {row["ward_id"]: row for row in visit.ask(wards).iter_rows(named=True)}
    found = visit.keep(_adds_up, subject=subject).slice(shown.start, len(shown))
    rows = []
    for row in found.iter_rows(named=True):
        ward = names.get(row["ward_id"], {})
        link = traced("ward", row["ward_id"], about.id, f"{subject.month}", subject.months)
        name = str(ward.get("ward_name") or row["ward_id"])
        rows.append(
            {
                "ward": f'<a href="{link}" target="_self">{escape(name)}</a>',
                "trust_name": ward.get("trust_name"),
                **_figure(row, about),
            }
        )
    table = html("The wards this figure adds up. Choose one to see its cells.", _WARDS, rows)
    return table + _ROLLING if about.rolling_months > 1 else table


def _figure(row: dict[str, object], about: Measure) -> dict[str, object]:
    top, below = row["numerator"], row["denominator"]
    based_on = numbers.out_of(top, below, about.unit) or "–"
    if not row["months_valid"]:
        words = numbers.STATES.get(str(row["state"]), "No data")
        return {"read": words, "based_on": "–", "adds": "No"}
    times = about.multiplier
    value = top if below is None else numbers.scaled(top / below, times) if below else None
    few = bool(below) and below < measures.least_answers(about)
    return {
        "read": numbers.STATES["few"] if few else numbers.reading(value, about.unit),
        "based_on": based_on,
        "adds": "Yes" if row["expected"] else "No: not in the programme then",
    }


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


def _show_cells(visit: Visit, typed: CellsReference) -> bool:
    """Two tables: the cells, then the returns they are in; False if there are none."""
    if not visit.keep(_found, typed=typed):
        return False
    page.cached(visit, _cells, typed=typed)
    page.cached(visit, _sent, typed=typed)
    return True


def _found(visit: Visit, typed: CellsReference) -> list[dict[str, object]]:
    found = visit.ask(
        trace,
        unit=typed.unit,
        month=typed.month.first_day,
        fields=typed.fields,
        months=typed.months,
    ).to_dicts()
    joined = [row for row in found if not is_baseline(row["return_id"].split("/")[1])]
    return joined or found  # a figure of months since a ward joined counts none from before


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


_LAST = "the mark chosen last on each chart"


def show_chart(
    visit: Visit, drawn: Chart, key: str, table: Callable[[], str] | None = None
) -> None:
    """Draw a chart; open the window if one of its marks has just been chosen.

    `key` must be unique among all charts and choices of a session.
    """
    page.show(drawn, key, table)
    subjects = drawn.figures.get(_just_chosen(drawn, key), ())
    if len(subjects) == 1:
        _figure_dialog(visit, subjects[0])
    elif subjects:
        _figures_dialog(visit, subjects)


def _just_chosen(drawn: Chart, key: str) -> tuple[str, ...]:
    """The mark chosen on a chart, if it has changed since the last run; otherwise empty."""
    found = (st.session_state.get(key) or {}).get("selection", {}).get(selection.CHOSEN) or []
    mark = (
        tuple(str(found[0].get(field)) for field in selection.fields(drawn.spec)) if found else ()
    )
    last = st.session_state.setdefault(_LAST, {})
    if last.get(key, ()) == mark:
        return ()
    last[key] = mark
    return mark


@st.dialog("Where this figure came from", width="large")
def _figure_dialog(visit: Visit, subject: FigureReference) -> None:
    page.lead(visit.keep(headline, subject=subject))
    show_figure(visit, subject)
    page.html(f"<p>{linked('Open this on its own page', address(subject))}</p>")


@st.dialog("Where these figures came from", width="large")
def _figures_dialog(visit: Visit, subjects: Sequence[FigureReference]) -> None:
    for subject in subjects:
        page.lead(visit.keep(headline, subject=subject))
        words = f"Show its cells: {measures.definition(visit, subject.code).name}"
        page.html(f"<p>{linked(words, address(subject))}</p>")


def address(subject: FigureReference) -> str:
    """The address of the screen about this figure."""
    return traced(subject.level, subject.unit, subject.code, f"{subject.month}", subject.months)
