"""Where a ward's figure came from: the cells, the workbook, the sender and the time."""

import streamlit as st

from dashboard import numbers
from dashboard.charts.table import Column, html
from dashboard.queries.observed import observed
from dashboard.queries.trace import trace
from dashboard.views import address, measures, page
from dashboard.views.door import Visit
from dashboard.words import phrases
from pipelines import measures as measure_files
from schemas.periods import Month

_COLUMNS = (
    Column("field", "Field", row_header=True),
    Column("entered", "Entered", number=True),
    Column("state", "Read as"),
    Column("cell", "Sheet and cell"),
    Column("return", "Return"),
    Column("file", "File"),
    Column("sent", "Sent"),
)


def show(visit: Visit, ward: dict[str, object]) -> None:
    """A choice of measure and month, and the cells its figure is made of."""
    page.section("Where a figure came from")
    if visit.scope.role == "region":
        st.html('<p class="fs-note">Region readers see figures, not what was typed.</p>')
        return
    left, right = st.columns(2)
    with left:
        measure = measures.choose(visit, key="traced")
    seen = visit.ask(
        observed, level="ward", measures=(measure["measure"],), units=(str(ward["ward_id"]),)
    )
    months = list(reversed(seen["month"].to_list()))
    if not months:
        st.html('<p class="fs-note">There is no month to trace yet.</p>')
        return
    with right:
        words = {f"{month:%Y-%m}": phrases.month(month) for month in months}
        month = Month.parse(address.choose("Month", words, "month")).first_day
    _cells(visit, ward, measure, month)


def _cells(
    visit: Visit, ward: dict[str, object], measure: dict[str, object], month: object
) -> None:
    fields = _fields(str(measure["measure"]))
    found = visit.ask(trace, ward=str(ward["ward_id"]), month=month, fields=fields)
    rows = [
        {
            "field": row["field"],
            "entered": row["entered"] if row["entered"] not in (None, "") else "Left blank",
            "state": numbers.STATES.get(row["state"], "A value"),
            "cell": f"{row['sheet']}, {row['column']}{row['row']}",
            "return": f"{row['return_id']} (version {row['version']}, {row['data_status']})",
            "file": row["filename"],
            "sent": f"{phrases.moment(row['received_at'])} by {row['received_by']}",
        }
        for row in found.iter_rows(named=True)
        if row["received_at"] is not None
    ]
    caption = f"{measure['name']}, {ward['ward_name']}, {phrases.month(month)}"
    page.html(
        html(
            caption,
            _COLUMNS,
            rows,
            f"Numerator: {measure['numerator_text']} "
            f"Denominator: {measure['denominator_text'] or 'none, it is a count.'}",
        )
    )


def _fields(measure: str) -> tuple[str, ...]:
    """The fields of the return that a measure adds up."""
    for about in measure_files.load():
        if about.id == measure:
            return (*about.numerator, *about.denominator)
    return ()
