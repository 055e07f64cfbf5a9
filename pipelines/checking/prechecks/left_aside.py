"""N01, N02, N04, N07, N08: notes on what was not read, assumed or hidden; none stops a return."""

from collections.abc import Iterator
from dataclasses import replace

from pipelines.checking.context import Context
from pipelines.checking.prechecks.cover import ASSUMED
from pipelines.checking.problem_at import Place, problem_at, problem_of_file
from pipelines.reading.compared import clean, normal
from pipelines.reading.headings import headings
from pipelines.reading.tables import Tables
from pipelines.reading.text_sheets import Cell, column_letter
from schemas.problems import Problem, Severity
from schemas.returns import columns_of, sheets_of
from schemas.wording import listed, quoted, some

_NOT_DATA = {"overview", "lists", "definitions"}


def left_aside(tables: Tables, context: Context) -> Iterator[Problem]:
    """N01, N02: sheets and columns that are not part of a return."""
    yield from _other_sheets(tables, sheets_of(context.programme))
    for name, table in tables.tables.items():
        for cell in table.extra:
            if tables.kind == "csv" and normal(cell.text) in headings("cover"):
                continue  # in a CSV file alone, the cover's answers are columns
            yield problem_at(
                Place(name, cell),
                "N01",
                f"The column {quoted(cell.text)} is not part of a return and was not read.",
                "Nothing to do, unless it should be one of the columns in the template.",
                Severity.NOTE,
            )


def _other_sheets(tables: Tables, asked: tuple[str, ...]) -> Iterator[Problem]:
    others = [quoted(name) for name in tables.other_sheets if clean(name).lower() not in _NOT_DATA]
    if others:
        these = "sheet" if len(others) == 1 else "sheets"
        yield problem_of_file(
            "N02",
            f"Not part of a return and not read: the {these} {some(others)}.",
            "Nothing to do, unless there are figures there that should be sent: the sheets of a "
            f"return are {listed(asked)}.",
            Severity.NOTE,
        )


def rows_left_aside(tables: Tables) -> Iterator[Problem]:
    """N08: rows that are no part of the table. A note isn't quoted: it may name someone."""
    for name, table in tables.tables.items():
        if table.remarks:
            places = some([cell.place for cell in table.remarks])
            said = (
                "stands alone in its row and looks like a note, so it was not read."
                if len(table.remarks) == 1
                else "each stand alone in a row and look like notes, so they were not read."
            )
            yield _aside(
                name,
                table.remarks[0],
                f"{places} {said}",
                "Nothing to do if that is right. If it belongs to a ward's figures, fill in the "
                "rest of the row.",
            )
        if table.headers:
            rows = some([str(row) for row in table.headers])
            said = (
                f"Row {rows} repeats the names of the columns, so it was not read."
                if len(table.headers) == 1
                else f"Rows {rows} repeat the names of the columns, so they were not read."
            )
            yield _aside(
                name,
                Cell(table.headers[0], 1, ""),
                said,
                "Nothing to do: the rows below were read like the others.",
            )


def _aside(sheet: str, cell: Cell, message: str, fix: str) -> Problem:
    return problem_at(Place(sheet, replace(cell, text="")), "N08", message, fix, Severity.NOTE)


def unseen(tables: Tables) -> Iterator[Problem]:
    """N07: what is hidden in the file, but was read all the same."""
    for name, table in tables.tables.items():
        hidden, parts = table.hidden, []
        if hidden.sheet:
            yield _unseen(name, f"The sheet “{name}” is hidden. It was read all the same.")
            continue
        if hidden.rows:
            rows = sorted(map(str, hidden.rows), key=int)
            parts.append(f"{'row' if len(rows) == 1 else 'rows'} {some(rows)}")
        if hidden.columns:
            letters = [column_letter(column) for column in sorted(hidden.columns)]
            parts.append(f"{'column' if len(letters) == 1 else 'columns'} {some(letters)}")
        if parts:
            yield _unseen(
                name,
                f"Hidden on the sheet “{name}”, and read all the same: {listed(parts)}.",
            )


def _unseen(sheet: str, message: str) -> Problem:
    return problem_at(
        Place(sheet),
        "N07",
        message,
        "Nothing to do if it is part of the return. To leave figures out, delete them: hiding is "
        "not enough.",
        Severity.NOTE,
    )


def assumed_cover(answers: dict[str, str]) -> Iterator[Problem]:
    """N04: what was assumed for a CSV file, which has no cover."""
    needed = [field for field in answers if field in ASSUMED]
    optional = [field for field in answers if field not in ASSUMED]
    columns = columns_of("cover")
    for fields, which in (
        (needed, "your last return where there is one"),
        (optional, "the version in use"),
    ):
        if fields:
            parts = [
                f"{columns[field].title} “{columns[field].in_words(answers[field])}”"
                for field in fields
            ]
            yield problem_of_file(
                "N04",
                f"A CSV file has no cover, so this was assumed, as in {which}: {listed(parts)}.",
                "Nothing to do if that is right. Otherwise send the workbook, or add columns such "
                "as data_status to the CSV file.",
                Severity.NOTE,
            )
