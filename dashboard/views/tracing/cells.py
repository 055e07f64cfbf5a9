"""The cells a ward's figure is made of, and the returns they were sent in."""

from collections.abc import Mapping

from dashboard import numbers
from dashboard.charts.table import Column, html
from dashboard.queries.trace import trace
from dashboard.views import page
from dashboard.views.tracing.subject import Typed
from dashboard.views.visit import Visit
from dashboard.words import phrases
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


def show(visit: Visit, typed: Typed) -> bool:
    """Two tables: the cells, then the returns that hold them; False if there is no cell."""
    if not visit.keep(_found, typed=typed):
        return False
    page.part(visit, _cells, typed=typed)
    page.part(visit, _sent, typed=typed)
    return True


def _found(visit: Visit, typed: Typed) -> list[dict[str, object]]:
    return visit.ask(
        trace,
        unit=typed.unit,
        month=typed.month.first_day,
        fields=typed.fields,
        months=typed.months,
    ).to_dicts()


def _cells(visit: Visit, typed: Typed) -> str:
    when = phrases.period(typed.month.first_day, typed.last.first_day)
    columns = [column for column in _CELLS if typed.months > 1 or column.key != "month"]
    caption = f"Cells: {typed.what}, {typed.name}, {when}"
    return html(caption, columns, map(_cell, visit.keep(_found, typed=typed)))


def _sent(visit: Visit, typed: Typed) -> str:
    found = visit.keep(_found, typed=typed)
    returns = {row["return_id"]: row for row in found if row["received_at"] is not None}
    sent = html("The returns these cells are in", _RETURNS, map(_return, returns.values()))
    return f'<div class="fs-receipt">{sent}</div>'


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
