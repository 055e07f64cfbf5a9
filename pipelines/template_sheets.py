"""Writes the workbook: one table for each sheet, typed cells, drop-downs and definitions."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from schemas import vocabularies as words
from schemas.periods import Month
from schemas.programme import Programme
from schemas.returns import ALWAYS, OPTIONAL, SHEETS, UNLESS_CLOSED, Column, columns_of

SPARE_ROWS = {"wards": 5, "monthly": 5, "charter": 5, "standards": 5, "events": 25}
_COVER_HEADER = 4  # rows above hold the title and one sentence
_FROZEN_COLUMNS = {"monthly": 2, "standards": 2}
_WIDTHS = {"count": 13, "date": 13, "month": 11, "choice": 17, "code": 16, "text": 34}
_NUMBER_FORMATS = {"count": "0", "date": "yyyy-mm-dd"}
_LONGEST_MESSAGE, _LONGEST_TITLE = 255, 32  # Excel takes no more
_NEEDED = {
    ALWAYS: "Needed.",
    "with_data": "Needed where the row status is data.",
    UNLESS_CLOSED: "Needed unless the ward was closed or nothing was collected.",
    OPTIONAL: "Optional.",
}
_FILL_IN = (
    "Answer the questions below, then fill in the sheets “monthly” and “charter”. Click a cell to "
    "see what to enter; the sheet “definitions” has it all in one list."
)


class _Formats:
    """The few looks a cell can have."""

    def __init__(self, book: Workbook) -> None:
        font = {"font_name": "Arial", "font_size": 11}
        box = {**font, "border": 1, "border_color": "#AEB7BD", "valign": "top"}
        self.title = book.add_format({**font, "bold": True, "font_size": 16})
        self.plain = book.add_format({**font, "valign": "top"})
        self.wrapped = book.add_format({**font, "text_wrap": True, "valign": "top"})
        self.header = book.add_format(
            {**box, "bold": True, "bg_color": "#003087", "font_color": "#FFFFFF", "text_wrap": True}
        )
        kinds = {column.kind for sheet in SHEETS for column in columns_of(sheet).values()}
        self.cells = {
            kind: book.add_format(
                {**box, "locked": False, "num_format": _NUMBER_FORMATS.get(kind, "@")}
            )
            for kind in kinds
        }


def write_workbook(
    programme: Programme,
    trust: Mapping[str, Any],
    month: Month,
    rows: Mapping[str, list[dict[str, Any]]],
    choices: Mapping[str, list[str]],
) -> bytes:
    """The bytes of the workbook; the same rows give the same bytes."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    title = f"Sexual safety return: {trust['trust_name']} ({trust['trust_code']}), {month.label}"
    made = datetime(month.year, month.number, 1, tzinfo=UTC).replace(tzinfo=None)
    book.set_properties({"title": title, "author": programme.name, "created": made})
    formats = _Formats(book)
    sheets = {name: book.add_worksheet(name) for name in (*SHEETS, "lists", "definitions")}
    ranges = _write_lists(sheets["lists"], formats, choices)
    _write_cover(sheets["cover"], formats, title, rows["cover"][0], ranges)
    for name in SHEETS:
        if name != "cover":
            _write_grid(name, sheets[name], formats, rows.get(name, []), ranges)
    _write_definitions(sheets["definitions"], formats)
    for sheet in sheets.values():
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    sheets["cover"].activate()
    book.close()
    return file.getvalue()


def _write_cover(
    sheet: Worksheet,
    formats: _Formats,
    title: str,
    answers: Mapping[str, Any],
    ranges: Mapping[str, str],
) -> None:
    sheet.set_column(0, 1, 32, formats.plain)
    sheet.set_column(2, 2, 36, formats.plain)
    sheet.set_column(3, 3, 80, formats.wrapped)
    sheet.write_string(0, 0, title, formats.title)
    sheet.write_string(1, 0, _FILL_IN, formats.plain)
    columns = list(columns_of("cover").values())
    last = _COVER_HEADER + len(columns) - 1
    _table(
        sheet, formats, _COVER_HEADER - 1, last, ["field", "question", "answer", "help"], "cover"
    )
    for row, column in enumerate(columns, _COVER_HEADER):
        sheet.write_string(row, 0, column.name, formats.plain)
        sheet.write_string(row, 1, column.title, formats.plain)
        _write_cell(sheet, row, 2, column, answers.get(column.name), formats)
        sheet.write_string(row, 3, _help(column), formats.wrapped)
        _validate(sheet, row, row, 2, column, ranges.get(f"cover.{column.name}"))
    sheet.freeze_panes(_COVER_HEADER, 0)


def _write_grid(
    name: str,
    sheet: Worksheet,
    formats: _Formats,
    rows: list[dict[str, Any]],
    ranges: Mapping[str, str],
) -> None:
    columns = list(columns_of(name).values())
    last = max(1, len(rows)) + SPARE_ROWS[name]
    for number, column in enumerate(columns):
        sheet.set_column(number, number, _WIDTHS[column.kind], formats.cells[column.kind])
        _validate(sheet, 1, last, number, column, ranges.get(f"{name}.{column.name}"))
    _table(sheet, formats, 0, last, [column.title for column in columns], name)
    sheet.set_row(0, 62)
    for index in range(last):
        row = rows[index] if index < len(rows) else {}
        for number, column in enumerate(columns):
            _write_cell(sheet, index + 1, number, column, row.get(column.name), formats)
    sheet.freeze_panes(1, _FROZEN_COLUMNS.get(name, 1))


def _table(
    sheet: Worksheet, formats: _Formats, top: int, last: int, headers: list[str], name: str
) -> None:
    columns = [{"header": header, "header_format": formats.header} for header in headers]
    options = {
        "name": f"{name}_table",
        "columns": columns,
        "autofilter": False,
        "style": "Table Style Light 1",
        "banded_rows": False,
    }
    sheet.add_table(top, 0, last, len(headers) - 1, options)


def _write_cell(
    sheet: Worksheet, row: int, number: int, column: Column, value: Any, formats: _Formats
) -> None:
    look = formats.cells[column.kind]
    if value is None or value == "":
        sheet.write_blank(row, number, None, look)
    elif column.kind == "date":
        _write_date(sheet, row, number, value, look)
    elif column.kind == "month" and isinstance(value, date):
        sheet.write_string(row, number, str(Month.of(value)), look)
    elif column.kind == "count":
        _write_count(sheet, row, number, value, look)
    else:
        sheet.write_string(row, number, str(value), look)


def _write_date(sheet: Worksheet, row: int, number: int, value: Any, look: Any) -> None:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        sheet.write_string(row, number, str(value), look)
    else:
        sheet.write_datetime(row, number, datetime(day.year, day.month, day.day), look)  # noqa: DTZ001


def _write_count(sheet: Worksheet, row: int, number: int, value: Any, look: Any) -> None:
    if isinstance(value, int) or str(value).isdecimal():
        sheet.write_number(row, number, int(value), look)
    else:
        sheet.write_string(row, number, str(value), look)


def _help(column: Column) -> str:
    only_you = " Seen only by your trust and the programme team." if column.restricted else ""
    return f"{column.description} {_NEEDED[column.required]}{only_you}"


def _validate(
    sheet: Worksheet, first: int, last: int, number: int, column: Column, source: str | None
) -> None:
    """The cell's input message with its definition, and what may be typed into it."""
    rule: dict[str, Any] = {
        "validate": "any",
        "input_title": column.title[:_LONGEST_TITLE],
        "input_message": _fitted(_help(column)),
        "error_title": column.title[:_LONGEST_TITLE],
        "ignore_blank": True,
    }
    if source:
        rule |= {"validate": "list", "source": source}
        rule["error_message"] = "Choose one of the words in the list."
    elif column.kind == "count":
        rule |= {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 999_999}
        rule["error_message"] = "Type a whole number, 0 or more. Type 0 if there were none."
    elif column.kind == "date":
        bounds = {"minimum": date(1948, 7, 5), "maximum": date(2099, 12, 31)}
        rule |= {"validate": "date", "criteria": "between", **bounds}
        rule["error_message"] = "Type a date, such as 12/03/2026."
    sheet.data_validation(first, number, last, number, rule)


def _fitted(text: str) -> str:
    """Whole sentences only, as many as Excel takes."""
    while len(text) > _LONGEST_MESSAGE:
        text = text[: text.rstrip(". ").rfind(". ") + 1]
    return text


def _write_lists(
    sheet: Worksheet, formats: _Formats, choices: Mapping[str, list[str]]
) -> dict[str, str]:
    """Write each list of allowed words into a column; give the range of each by sheet.column."""
    lists: dict[str, list[str]] = {}
    for name in SHEETS:
        for column in columns_of(name).values():
            if column.allowed:
                lists[f"{name}.{column.name}"] = list(column.allowed)
    lists |= {key: values for key, values in choices.items() if values}
    ranges = {}
    unique = list(dict.fromkeys(tuple(values) for values in lists.values()))
    for number, values in enumerate(unique):
        users = [key for key, own in lists.items() if tuple(own) == values]
        heading = ", ".join(dict.fromkeys(key.partition(".")[2] for key in users[:2]))
        sheet.write_string(0, number, heading, formats.header)
        sheet.write_column(1, number, values, formats.plain)
        for key in users:
            ranges[key] = f"=lists!{xl_range_abs(1, number, len(values), number)}"
    meanings = [f"{ward.code}: {ward.name}" for ward in words.WARD_CLASSES.values()]
    sheet.write_string(0, len(unique), "What each mh_class means", formats.header)
    sheet.write_column(1, len(unique), meanings, formats.plain)
    sheet.set_column(0, len(unique) - 1, 20, formats.plain)
    sheet.set_column(len(unique), len(unique), 76, formats.plain)
    sheet.freeze_panes(1, 0)
    return ranges


def _write_definitions(sheet: Worksheet, formats: _Formats) -> None:
    headers = ["Sheet", "Column", "Name in CSV files", "What to enter", "Needed", "Example"]
    lines = [
        (
            name,
            column.title,
            column.name,
            column.description,
            _NEEDED[column.required],
            column.example,
        )
        for name in SHEETS
        for column in columns_of(name).values()
    ]
    _table(sheet, formats, 0, len(lines), headers, "definitions")
    for row, line in enumerate(lines, 1):
        for number, text in enumerate(line):
            sheet.write_string(row, number, text, formats.wrapped)
    for number, width in enumerate((12, 34, 28, 80, 40, 28)):
        sheet.set_column(number, number, width, formats.wrapped)
    sheet.freeze_panes(1, 2)
