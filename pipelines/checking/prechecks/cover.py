"""Reads the answers on the cover; a single CSV file uses its first row and stated defaults."""

from pipelines.checking.past import Past
from pipelines.reading.compared import clean
from pipelines.reading.tables import Tables
from pipelines.reading.text_sheets import Cell
from schemas.returns import TEMPLATE_VERSION

ASSUMED = {  # the defaults for a first CSV file, which has no cover
    "template_version": TEMPLATE_VERSION,
    "submitted_by_role": "other",
    "incident_source": "other",
    "category_mapping": "mapped",
    "includes_leave_incidents": "no",
    "data_status": "provisional",
    "declaration": "yes",
}

_AS_LAST_TIME = (
    "submitted_by_role",
    "incident_source",
    "category_mapping",
    "includes_leave_incidents",
)
_AS_IN_USE = (*_AS_LAST_TIME, "contact_email", "staff_on_staff_source", "data_status", "notes")


def assumed(tables: Tables, past: Past) -> dict[str, str]:
    """The answers assumed for a CSV file, which has no cover.

    They are those of the month's version in use, or as last time, or the defaults.
    """
    if tables.kind != "csv":
        return {}
    in_use = {field: past.value(0, "cover", None, field) for field in _AS_IN_USE}
    last = {field: past.last("cover", None, field) for field in _AS_LAST_TIME}
    answers = {
        field: in_use.get(field) or last.get(field) or ASSUMED.get(field)
        for field in dict.fromkeys((*ASSUMED, *_AS_IN_USE))
    }
    return {
        field: said
        for field, said in answers.items()
        if said and (not (cell := cell_of(tables, field)) or not clean(cell.text))
    }


def answer(tables: Tables, field: str) -> str:
    """An answer on the cover, as clean text; empty if it is blank."""
    cell = cell_of(tables, field)
    if cell and clean(cell.text):
        return clean(cell.text).removeprefix("'")
    return ASSUMED.get(field, "") if tables.kind == "csv" else ""


def cell_of(tables: Tables, field: str) -> Cell | None:
    """The cell of an answer, if the cover has a line for it."""
    rows = tables["cover"].rows
    return rows[0].cells.get(field) if rows else None
