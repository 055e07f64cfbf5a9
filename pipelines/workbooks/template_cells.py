"""Writes typed cells, each with its definition and what may be typed into it."""

from datetime import date, datetime
from textwrap import shorten
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipelines.workbooks.formats import Formats
from schemas.periods import Month
from schemas.returns import ALWAYS, LONGEST_CELL, OPTIONAL, UNLESS_CLOSED, Column
from schemas.vocabularies import RETURN_STATUS

_LONGEST_MESSAGE, _LONGEST_TITLE = 255, 32  # Excel's limits
NEEDED = {
    ALWAYS: "Needed.",
    "with_data": f"Needed where the row status is “{RETURN_STATUS['data']}”.",
    UNLESS_CLOSED: "Needed unless the ward was closed or nothing was collected.",
    OPTIONAL: "Optional.",
}


def write_cell(
    sheet: Worksheet, row: int, number: int, column: Column, value: Any, formats: Formats
) -> None:
    """Write a value as its column's kind, or as text if it is of another kind."""
    look = formats.long if is_long(column) else formats.cells[column.kind]
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


def is_long(column: Column) -> bool:
    """Whether a column holds whole sentences that go by a code, which need more than one line."""
    return column.kind == "code" and column.longest > LONGEST_CELL


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


def definition(column: Column) -> str:
    """What a column asks for, and when it must be filled in."""
    only_you = " Seen only by your trust and the programme team." if column.restricted else ""
    return f"{column.description}{_limit(column)} {NEEDED[column.required]}{only_you}"


def _limit(column: Column) -> str:
    return f" At most {column.longest} characters." if column.kind == "text" else ""


def rule_of(column: Column, source: str | None, about: str = "") -> dict[str, Any]:
    """A cell's input message with its definition, and what may be typed into it.

    `source` is the range of the words to choose from, if any. `about` says first what this very row
    is about, such as the statement that is rated.
    """
    about = shorten(about, _LONGEST_MESSAGE, placeholder=" …")
    rule: dict[str, Any] = {
        "validate": "any",
        "input_title": column.title[:_LONGEST_TITLE],
        "input_message": _fitted(definition(column), about),
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
    elif column.kind == "text":
        rule |= {"validate": "length", "criteria": "<=", "value": column.longest}
        rule["error_message"] = f"Type at most {column.longest} characters."
    return rule


def _fitted(text: str, about: str) -> str:
    """Whole sentences only, as many as fit in Excel's limit after what the row is about."""
    left = _LONGEST_MESSAGE - (len(about) + 1 if about else 0)
    while len(text) > max(0, left):
        text = text[: text.rstrip(". ").rfind(". ") + 1]
    return f"{about} {text}".strip()
