"""Writes the workbook's sheets, with typed cells, drop-downs and definitions."""

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipelines.workbooks.formats import Formats, as_tall_as, headings, table
from pipelines.workbooks.template_cells import definition, rule_of, write_cell
from pipelines.workbooks.template_lists import write_definitions, write_lists
from schemas.periods import Month
from schemas.programme import Programme
from schemas.returns import OPTIONAL, SHEETS, Column, columns_of

SPARE_ROWS = {"wards": 5, "monthly": 5, "charter": 5, "standards": 5, "events": 25}
_COVER_HEADER = 4  # the rows above have the title and one sentence
_FROZEN_COLUMNS = {"monthly": 2, "standards": 2}
_WIDTHS = {"count": 13, "date": 13, "month": 11, "choice": 17, "code": 16, "text": 34}
_WIDEST = 40
_HELP = 80
_SAYS_THE_STATEMENT = ("statement_id", "rating")
_FILL_IN = (
    "Answer the questions below, then fill in the sheets “monthly” and “charter”. Click a cell to "
    "see what to enter; the sheet “definitions” has it all in one list. Columns with a grey header "
    "are optional."
)


def write_workbook(
    programme: Programme,
    trust: Mapping[str, Any],
    month: Month,
    rows: Mapping[str, list[dict[str, Any]]],
    choices: Mapping[str, list[str]],
    statements: Mapping[str, str],
) -> bytes:
    """The bytes of the workbook; the same rows give the same bytes.

    `statements` gives the text of each statement on the sheet “standards”, by its code.
    """
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    title = f"Sexual safety return: {trust['trust_name']} ({trust['trust_code']}), {month.label}"
    made = datetime(month.year, month.number, 1, tzinfo=UTC).replace(tzinfo=None)
    book.set_properties({"title": title, "author": programme.name, "created": made})
    formats = Formats(book)
    sheets = {name: book.add_worksheet(name) for name in (*SHEETS, "lists", "definitions")}
    ranges = write_lists(sheets["lists"], formats, choices, statements)
    _write_cover(sheets["cover"], formats, title, rows["cover"][0], ranges)
    for name in SHEETS:
        if name != "cover":
            _write_grid(name, sheets[name], formats, rows.get(name, []), ranges, statements)
    write_definitions(sheets["definitions"], formats)
    for sheet in sheets.values():
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        if sheet.name != "monthly":  # too wide for one page: its wards are repeated instead
            sheet.fit_to_pages(1, 0)
    sheets["monthly"].repeat_columns(0, 1)
    sheets["cover"].activate()
    book.close()
    return file.getvalue()


def _write_cover(
    sheet: Worksheet,
    formats: Formats,
    title: str,
    answers: Mapping[str, Any],
    ranges: Mapping[str, str],
) -> None:
    sheet.set_column(0, 1, 32, formats.plain)
    sheet.set_column(2, 2, 36, formats.plain)
    sheet.set_column(3, 3, _HELP, formats.wrapped)
    sheet.write_string(0, 0, title, formats.title)
    sheet.write_string(1, 0, _FILL_IN, formats.plain)
    columns = list(columns_of("cover").values())
    last = _COVER_HEADER + len(columns) - 1
    headers = headings(formats, ["field", "question", "answer", "help"])
    table(sheet, "cover", _COVER_HEADER - 1, last, headers)
    for row, column in enumerate(columns, _COVER_HEADER):
        sheet.write_string(row, 0, column.name, formats.plain)
        sheet.write_string(row, 1, column.title, formats.plain)
        write_cell(sheet, row, 2, column, answers.get(column.name), formats)
        sheet.write_string(row, 3, definition(column), formats.wrapped)
        as_tall_as(sheet, row, [(definition(column), _HELP)])
        rule = rule_of(column, ranges.get(f"cover.{column.name}"))
        sheet.data_validation(row, 2, row, 2, rule)
    sheet.freeze_panes(_COVER_HEADER, 0)


def _write_grid(
    name: str,
    sheet: Worksheet,
    formats: Formats,
    rows: list[dict[str, Any]],
    ranges: Mapping[str, str],
    statements: Mapping[str, str],
) -> None:
    columns = list(columns_of(name).values())
    last = max(1, len(rows)) + SPARE_ROWS[name]
    for number, column in enumerate(columns):
        width = _width(column, rows)
        sheet.set_column(number, number, width, formats.cells[column.kind])
        source, first = ranges.get(f"{name}.{column.name}"), 1
        if name == "standards" and column.name in _SAYS_THE_STATEMENT:
            for first, row in enumerate(rows, 1):
                about = statements.get(str(row["statement_id"]), "")
                rule = rule_of(column, source, about)
                sheet.data_validation(first, number, first, number, rule)
            first = len(rows) + 1
        sheet.data_validation(first, number, last, number, rule_of(column, source))
    optional = {column.title for column in columns if column.required == OPTIONAL}
    headers = headings(formats, [column.title for column in columns], optional)
    table(sheet, name, 0, last, headers)
    sheet.set_row(0, 62)
    for index in range(last):
        row = rows[index] if index < len(rows) else {}
        for number, column in enumerate(columns):
            write_cell(sheet, index + 1, number, column, row.get(column.name), formats)
    sheet.freeze_panes(1, _FROZEN_COLUMNS.get(name, 1))


def _width(column: Column, rows: list[dict[str, Any]]) -> int:
    """A width that fits what is already in a column, so that no code is cut off."""
    texts = (str(row.get(column.name) or "") for row in rows)
    longest = max((len(text) for text in texts), default=0)
    return min(_WIDEST, max(_WIDTHS[column.kind], longest + 2))
