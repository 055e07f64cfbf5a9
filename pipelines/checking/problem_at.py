"""How every check says where a problem is: at a cell, at an answer on the cover, or of the file."""

from pipelines.checking.prechecks.cover import cell_of
from pipelines.reading.tables import Tables
from pipelines.reading.text_sheets import Cell
from schemas.problems import Problem, Severity


def problem_at(
    sheet: str,
    cell: Cell | None,
    code: str,
    message: str,
    fix: str,
    field: str | None = None,
    severity: Severity = Severity.ERROR,
) -> Problem:
    """A finding at one cell of a sheet, or at the sheet if there is no such cell."""
    if cell is None:
        return Problem(severity, code, message, fix, sheet, column=field)
    return Problem(
        severity, code, message, fix, sheet, cell.place, cell.row, field, cell.text or None
    )


def problem_at_cover(tables: Tables, code: str, field: str, message: str, fix: str) -> Problem:
    """An error at an answer on the cover (or, in a CSV file alone, in its first row)."""
    sheet = "monthly" if tables.kind == "csv" else "cover"
    return problem_at(sheet, cell_of(tables, field), code, message, fix, field)


def problem_of_file(
    code: str, message: str, fix: str, severity: Severity = Severity.ERROR
) -> Problem:
    """A finding about the whole file."""
    return Problem(severity, code, message, fix)
