"""How every check says where a problem is: at a cell, at an answer on the cover, or of the file."""

from dataclasses import dataclass

from pipelines.checking.prechecks.cover import cell_of
from pipelines.reading.tables import Tables
from pipelines.reading.text_sheets import Cell
from schemas.problems import Problem, Severity


@dataclass(frozen=True)
class Place:
    """One cell of a sheet, or the sheet if there is no such cell; `field` names its column."""

    sheet: str
    cell: Cell | None = None
    field: str | None = None


def problem_at(
    place: Place, code: str, message: str, fix: str, severity: Severity = Severity.ERROR
) -> Problem:
    """A finding at one place of a return."""
    sheet, cell, field = place.sheet, place.cell, place.field
    if cell is None:
        return Problem(severity, code, message, fix, sheet, column=field)
    return Problem(
        severity, code, message, fix, sheet, cell.place, cell.row, field, cell.text or None
    )


def problem_at_cover(tables: Tables, code: str, field: str, message: str, fix: str) -> Problem:
    """An error at an answer on the cover (or, in a CSV file alone, in its first row)."""
    sheet = "monthly" if tables.kind == "csv" else "cover"
    return problem_at(Place(sheet, cell_of(tables, field), field), code, message, fix)


def problem_of_file(
    code: str, message: str, fix: str, severity: Severity = Severity.ERROR
) -> Problem:
    """A finding about the whole file."""
    return Problem(severity, code, message, fix)
