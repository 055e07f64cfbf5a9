"""The cells a ward's figure is made of, and the returns they were sent in."""

from collections.abc import Mapping

from dashboard import numbers
from dashboard.charts.table import Column, html
from dashboard.queries.trace import trace
from dashboard.views import page
from dashboard.views.door import Visit
from dashboard.words import phrases
from pipelines import measures as measure_files
from schemas.measures import Measure
from schemas.periods import Month
from schemas.returns import columns_of

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


def window(measure: Measure, month: Month, months: int) -> tuple[Month, int]:
    """The first month and the number of months whose cells a figure counts.

    `month` is the first of the figure's own months. A measure that always counts several is named
    by the last of them where `months` is 1.
    """
    if measure.rolling_months <= months:
        return month, months
    return month + (months - measure.rolling_months), measure.rolling_months


def measure_of(code: str) -> Measure:
    """The reviewed file of a measure in use."""
    return next(about for about in measure_files.load() if about.id == code)


def show(visit: Visit, unit: str, name: str, measure: Measure, month: Month, months: int) -> bool:
    """Two tables: the cells, then the returns that hold them; False if there is no cell."""
    first, length = window(measure, month, months)
    found = visit.ask(
        trace, unit=unit, month=first.first_day, fields=measure.sent_fields, months=length
    ).to_dicts()
    if not found:
        return False
    when = phrases.period(first.first_day, (first + (length - 1)).first_day)
    columns = [column for column in _CELLS if length > 1 or column.key != "month"]
    page.html(html(f"Cells: {measure.name}, {name}, {when}", columns, map(_cell, found)))
    returns = {row["return_id"]: row for row in found if row["received_at"] is not None}
    sent = html("The returns these cells are in", _RETURNS, map(_return, returns.values()))
    page.html(f'<div class="fs-receipt">{sent}</div>')
    return True


def _cell(row: Mapping[str, object]) -> dict[str, object]:
    return {
        **row,
        "field": columns_of(str(row["sheet"]))[str(row["field"])].title,
        "month": phrases.month(row["month"]),
        "entered": row["entered"] if row["entered"] not in (None, "") else "Left blank",
        "state": numbers.STATES.get(str(row["state"]), "A value"),
        "cell": f"{row['sheet']}, {row['column']}{row['row']}",
    }


def _return(row: Mapping[str, object]) -> dict[str, object]:
    return {
        **row,
        "status": phrases.starting(str(row["data_status"])),
        "sent": phrases.moment(row["received_at"]),
        "by": row["received_by"],
        "file": row["filename"],
    }
