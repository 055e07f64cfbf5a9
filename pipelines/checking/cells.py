"""Turns an accepted return into cells: one row each, with its value or why it is blank."""

from typing import Any

import polars as pl

from pipelines.checking.typed_return import TypedReturn, TypedRow
from pipelines.reading.text_sheets import column_letter
from schemas.cells import Cells
from schemas.periods import Month
from schemas.returns import EVERY_WARD, INCIDENT_COUNTS, SHEETS, columns_of
from schemas.typed import types_of

# These apply only if there was an incident: otherwise a blank means that there was nothing to do.
ABOUT_INCIDENTS = ("support_offered_n", "options_considered_n")


def cells_of(sent: TypedReturn) -> pl.DataFrame:
    """Every cell of every known column, as described in `schemas.cells`."""
    rows = [
        _cell(entry, field)
        for sheet in SHEETS
        for entry in sent.rows(sheet)
        for field in columns_of(sheet)
        if field in entry.cells
    ]
    return pl.DataFrame(rows, schema=types_of(Cells), orient="row")


def _cell(entry: TypedRow, field: str) -> tuple[Any, ...]:
    cell, value = entry.cells[field], entry[field]
    blocked = field in entry.blocked
    state = state_of(entry, field)
    if state == "nil":
        value = 0
    text = None if value is None else _text(value, entry.column(field).kind)
    number = float(value) if isinstance(value, int) else None
    entered = None if blocked or cell.kind == "assumed" else cell.text or None
    place = (entry.sheet, cell.row, column_letter(cell.column), field, _ward(entry))
    return (*place, entered, text, number, state)


def state_of(entry: TypedRow, field: str) -> str:
    """The state of a cell (`schemas.cells.STATES`)."""
    value = entry[field]
    if entry.sheet != "monthly" or entry.column(field).kind != "count":
        return "missing" if value is None else "value"
    status = entry["return_status"]
    if status == "nil_incidents" and field.startswith("inc_"):
        return "nil"
    if value is not None:
        return "value"
    if status == "ward_closed":
        return "closed"
    return "not_applicable" if _has_no_incident(entry, field, status) else "missing"


def _has_no_incident(entry: TypedRow, field: str, status: str) -> bool:
    if field not in ABOUT_INCIDENTS or status not in ("data", "nil_incidents"):
        return False
    return entry.count(*INCIDENT_COUNTS) == 0


def _text(value: Any, kind: str) -> str:
    return str(Month.of(value)) if kind == "month" else str(value)


def _ward(entry: TypedRow) -> str | None:
    if entry.sheet == "standards":
        return entry["org_code"] if entry["org_level"] == "ward" else None
    ward = entry["ward_code"]
    return None if ward == EVERY_WARD else ward
