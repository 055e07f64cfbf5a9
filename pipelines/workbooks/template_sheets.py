"""Writes the workbook's sheets, with typed cells, drop-downs and definitions."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipelines.workbooks import overview
from pipelines.workbooks.formats import Formats, as_tall_as, headings, table
from pipelines.workbooks.template_cells import definition, is_long, rule_of, write_cell
from pipelines.workbooks.template_lists import Reference, write_definitions, write_lists
from schemas.programme import Programme
from schemas.returns import OPTIONAL, Column, columns_of, sheets_of
from schemas.sheets.charter import MAY_STAY_SHUT

SPARE_ROWS = {
    "wards": 5,
    "monthly": 5,
    "charter": 5,
    "confidence": 0,
    "standards": 5,
    "trust_standards": 0,
    "events": 25,
    "breakdowns": 0,
}
_COVER_HEADER = 4  # the rows above have the title and one sentence
_FROZEN_COLUMNS = {
    "monthly": 2,
    "confidence": 2,
    "standards": 2,
    "trust_standards": 2,
    "breakdowns": 3,
}
_WIDTHS = {"count": 13, "date": 13, "month": 11, "choice": 17, "code": 16, "text": 34}
_WIDEST = 40
_GROUPED: dict[str, Callable[[Column], bool]] = {  # the columns that a ward can leave shut
    "monthly": lambda column: column.required == OPTIONAL and column.kind != "text",
    "charter": lambda column: column.name in MAY_STAY_SHUT,
}
_PAGES_ACROSS = 3  # of the sheet “monthly” with its groups open; smaller print can't be read
_HELP = 80
_RATED = ("standards", "trust_standards")
_SAYS_THE_STATEMENT = ("statement_id", "rating")
_FILL_IN = (
    "Answer the questions below, then fill in the sheets “monthly” and “charter”; the sheet "
    "“overview” says what is still missing. Click a cell to see what to enter; the sheet "
    "“definitions” has it all in one list. Optional columns are in groups: click + to open one."
)
_BY_GROUP = (
    " The sheet “breakdowns” asks who of the patients feels safe by group: fill it in for a ward "
    "whole, or not at all."
)
_FILL_IN_BASELINE = (
    "For the months before you joined. Answer the questions below, then fill in the sheet "
    "“monthly”: a row for each ward and month; delete the rows of months that you have no figures "
    "for. The sheet “overview” says what is still missing. Click a cell to see what to enter."
)


class _Sheet(Worksheet):
    """A worksheet that prepares a formula once, for every cell and workbook that has the same.

    That is a hundred and more patterns for each, and they were a fifth of writing a workbook.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return _prepared(formula, expand_future_functions)


@lru_cache(4096)
def _prepared(formula: str, expand: bool) -> str:
    return str(Worksheet()._prepare_formula(formula, expand))


def write_workbook(
    programme: Programme,
    trust: Mapping[str, Any],
    span: overview.Span,
    rows: Mapping[str, list[dict[str, Any]]],
    reference: Reference,
) -> bytes:
    """The bytes of the workbook, with the sheets that `rows` has; the same rows, the same bytes."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    what = "Sexual safety baseline" if span.several else "Sexual safety return"
    title = f"{what}: {trust['trust_name']} ({trust['trust_code']}), {span.label}"
    made = datetime(span.first.year, span.first.number, 1, tzinfo=UTC).replace(tzinfo=None)
    book.set_properties({"title": title, "author": programme.name, "created": made})
    formats = Formats(book)
    asked = [name for name in sheets_of(programme) if name in rows or not span.several]
    names = (*asked, overview.NAME, "lists", "definitions")
    sheets = {name: book.add_worksheet(name, _Sheet) for name in names}
    for sheet in sheets.values():
        sheet.set_paper(9)  # A4
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        if sheet.name not in _GROUPED:  # Excel doesn't open the groups of a protected sheet
            sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})
    ranges, looked = write_lists(sheets["lists"], formats, reference, overview.REASONS)
    fill_in = _FILL_IN + (_BY_GROUP if programme.breakdowns else "")
    lines = (title, _FILL_IN_BASELINE if span.several else fill_in)
    _write_cover(sheets["cover"], formats, lines, rows["cover"][0], ranges)
    for name in asked:
        if name != "cover":
            _write_grid(name, sheets[name], formats, rows.get(name, []), ranges, reference)
    entered = _rows_of_grid("monthly", rows.get("monthly", []))
    overview.colour(sheets["monthly"], formats, span, entered)
    overview.write_overview(sheets[overview.NAME], formats, span, entered, looked)
    write_definitions(sheets["definitions"], formats, asked)
    sheets["lists"].hide()  # every list is where somebody chooses from it
    sheets["cover"].activate()
    book.close()
    return file.getvalue()


def _write_cover(
    sheet: Worksheet,
    formats: Formats,
    lines: tuple[str, str],
    answers: Mapping[str, Any],
    ranges: Mapping[str, str],
) -> None:
    sheet.set_column(0, 1, 32, formats.plain)
    sheet.set_column(2, 2, 36, formats.plain)
    sheet.set_column(3, 3, _HELP, formats.wrapped)
    for row, look in enumerate((formats.title, formats.plain)):
        sheet.write_string(row, 0, lines[row], look)
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
    reference: Reference,
) -> None:
    columns = list(columns_of(name).values())
    last = _rows_of_grid(name, rows)
    groups = _groups(name, rows, reference.used) if name in _GROUPED else {}
    for number, column in enumerate(columns):
        width, look = _width(column, rows), formats.cells[column.kind]
        sheet.set_column(number, number, width, look, groups.get(column.name))
        source, first = ranges.get(f"{name}.{column.name}"), 1
        if name in _RATED and column.name in _SAYS_THE_STATEMENT:
            for first, row in enumerate(rows, 1):
                about = reference.statements.get((str(row["set_id"]), str(row["statement_id"])), "")
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
        wide = [(str(row.get(c.name) or ""), _WIDEST) for c in columns if is_long(c)]
        if wide:
            as_tall_as(sheet, index + 1, wide)
    sheet.freeze_panes(1, _FROZEN_COLUMNS.get(name, 1))
    if name == "monthly" and any(not group.get("hidden", True) for group in groups.values()):
        sheet.fit_to_pages(_PAGES_ACROSS, 0)
        sheet.repeat_columns(0, 1)


def _rows_of_grid(name: str, rows: list[dict[str, Any]]) -> int:
    """The rows below the header: those that are filled in, and some to spare."""
    return max(1, len(rows)) + SPARE_ROWS[name]


def _groups(
    name: str, rows: list[dict[str, Any]], used: frozenset[str]
) -> dict[str, dict[str, Any]]:
    """How the columns of a sheet are grouped: neighbours that may all be left out.

    A group with a figure in it, or that was used last time, is open; the others are shut. Columns
    that most wards leave blank together are a group of their own inside it.
    """
    filled = {field for row in rows for field, value in row.items() if value not in (None, "")}
    opened = filled | used
    groups: dict[str, dict[str, Any]] = {}
    for grouped, some in groupby(columns_of(name).values(), _GROUPED[name]):
        columns = list(some)
        if grouped:
            groups |= _group(columns, opened)
        elif groups and list(groups.values())[-1]["hidden"]:
            groups[columns[0].name] = {"collapsed": True}  # the column after has its button
    return groups


def _group(columns: list[Column], opened: AbstractSet[str]) -> dict[str, dict[str, Any]]:
    """One group, with those inside it; the column after a shut one has its button."""
    shut = opened.isdisjoint(column.name for column in columns)
    group: dict[str, dict[str, Any]] = {}
    inner_shut = False
    for together, some in groupby(columns, lambda column: column.together):
        fields = [column.name for column in some]
        after = {fields[0]: {"collapsed": True}} if inner_shut else {}
        inner_shut = bool(together) and opened.isdisjoint(fields)
        level = 2 if together else 1
        group |= {field: {"level": level, "hidden": shut or inner_shut} for field in fields}
        for field, button in after.items():
            group[field] |= button
    return group


def _width(column: Column, rows: list[dict[str, Any]]) -> int:
    """A width that fits what is already in a column and each word of its title."""
    texts = [str(row.get(column.name) or "") for row in rows]
    longest = max(len(text) for text in (*texts, *column.title.split()))
    return min(_WIDEST, max(_WIDTHS[column.kind], longest + 2))
