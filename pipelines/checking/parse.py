"""One parser for each kind of cell: text in, typed value out, or a sentence that says why not."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipelines.reading.dates import read_day, read_month
from pipelines.reading.number_formats import epoch
from pipelines.reading.tables import clean
from pipelines.reading.text_sheets import Cell
from schemas.problems import Severity
from schemas.returns import OPTIONAL, Column
from schemas.wording import day_of, quoted


@dataclass(frozen=True)
class WrongCell:
    """What there is to say about one cell."""

    severity: Severity
    code: str
    message: str
    fix: str


@dataclass(frozen=True)
class Parsed:
    """The value of a cell, None where it is blank or unreadable, and what to say about it."""

    value: Any = None
    said: WrongCell | None = None

    @property
    def unreadable(self) -> bool:
        return self.said is not None and self.said.severity is Severity.ERROR


def refused(code: str, message: str, fix: str) -> Parsed:
    """A cell that can't be read, and what to say about it."""
    return Parsed(said=WrongCell(Severity.ERROR, code, message, fix))


def serial(text: str, cell: Cell) -> date | None:
    """A date that a spreadsheet shows as the number of days it counts it by."""
    if cell.kind in ("number", "text") and re.fullmatch(r"[234567]\d{4}", text):
        return (epoch() + timedelta(days=int(text))).date()
    return None


LARGEST_COUNT = 999_999
_LETTERS_LIKE_DIGITS = str.maketrans("OoQlI", "00011")


def _count(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    """A count of people, incidents or days."""
    if cell.kind == "date":
        return _not_a_count(
            text,
            column,
            "Excel may have turned what you typed into a date. "
            "Set the cell's format to Number and type the number again.",
        )
    if re.fullmatch(r"\+?\d+(\.0+)?", text):
        return _within_reason(text.partition(".")[0], text, column)
    if re.fullmatch(r"\d{1,3}([, ]\d{3})+(\.0+)?", text):
        return _thousands(text, column)
    return _not_a_count(text, column, _hint(text, column))


def _within_reason(digits: str, text: str, column: Column) -> Parsed:
    digits = digits.lstrip("+0") or "0"
    if len(digits) > len(str(LARGEST_COUNT)):
        return refused(
            "E04",
            f"{quoted(text)} is far too large for “{column.title}”.",
            f"The largest number taken is {LARGEST_COUNT:,}. Check the cell for extra digits.",
        )
    return Parsed(int(digits))


def _thousands(text: str, column: Column) -> Parsed:
    read = _within_reason(re.sub(r"[, ]|\.0+$", "", text), text, column)
    if read.unreadable:
        return read
    return Parsed(
        read.value,
        WrongCell(
            Severity.NOTE,
            "N03",
            f"{quoted(text)} was read as {read.value}.",
            "Nothing to do if that is right. Numbers are safest typed without commas or spaces.",
        ),
    )


def _not_a_count(text: str, column: Column, hint: str) -> Parsed:
    return refused(
        "E04",
        f"{quoted(text)} is not a whole number. “{column.title}” takes a whole number, 0 or more.",
        hint,
    )


def _hint(text: str, column: Column) -> str:
    likely = text.translate(_LETTERS_LIKE_DIGITS)
    if likely.isdecimal():
        return (
            f"Did you mean {likely}? The cell holds a letter that looks like a digit (O for 0, l "
            "for 1). Type it again with digits."
        )
    if re.search(_NOTHING, text, re.I):
        return _NOT_COUNTED if column.required == OPTIONAL else _NOTHING_COLLECTED
    return next((hint for form, hint in _HINTS if re.search(form, text)), _OTHERWISE)


_NOTHING = r"^(n/?a|none?|nil|tbc|unknown|not)\b|^[-–—?]+$"
_NOT_COUNTED = "Type 0 if there were none. Leave the cell blank if it was not counted."
_NOTHING_COLLECTED = (
    "Type the number, and 0 if there were none. If nothing at all was collected on this ward, "
    "choose not_collected under “Row status” and leave its figures blank."
)
_HINTS = (
    ("%", "Type how many people or incidents, not a percentage: 10 of 12 patients is 10, not 83%."),
    (r"^-\s?\d+(\.\d+)?$", "A count can't be below 0. Take the minus sign away, or correct it."),
    (
        "^[<>≤≥~]",
        "Type the exact number. The system itself hides small numbers from others.",
    ),
    (
        r"^0?\.\d+$",
        "Type how many people or incidents, not a proportion: 10 of 12 patients is 10, not 0.83.",
    ),
    (r"^\d+[.,]\d+$", "Type a whole number, without a decimal point or decimal comma."),
    (
        r"\d",
        "Type only the number, without words or signs. Words can go into “Explanation”.",
    ),
)
_OTHERWISE = "Type the number in digits. Type 0 if there were none."

_EARLIEST, _LATEST = date(1948, 7, 5), date(2099, 12, 31)


def parse(cell: Cell, column: Column, spellings: Mapping[str, str]) -> Parsed:
    """Read a cell as its column's kind; `spellings` gives codes in the register's own spelling."""
    text = clean(cell.text).removeprefix("'").strip()
    if not text:
        return Parsed()
    if cell.kind == "error" or re.fullmatch(r"#(REF|N/A|VALUE|DIV/0|NAME|NULL|NUM)[!?]?", text):
        return _formula_error(text, column)
    return _PARSERS[column.kind](text, cell, column, spellings)


def _formula_error(text: str, column: Column) -> Parsed:
    return refused(
        "F08",
        f"The formula in this cell ends in an error ({text}), so there is no value for "
        f"“{column.title}”.",
        "Mend the formula, or type the value itself in its place.",
    )


def _date(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    value = serial(text, cell) or read_day(text)
    if value is None:
        return refused(
            "E10",
            f"{quoted(text)} is not a date. “{column.title}” takes a day of the calendar.",
            "Write it as 12/03/2026 (day, month, year) or 2026-03-12.",
        )
    if not _EARLIEST <= value <= _LATEST:
        return refused(
            "E10",
            f"{quoted(text)} is the date {day_of(value)}, which can't be right for "
            f"“{column.title}”.",
            "Check the year; write it with four digits, as 12/03/2026.",
        )
    return Parsed(value)


def _month(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    value = serial(text, cell) or read_month(text) or read_day(text)
    if value is None or not _EARLIEST <= value <= _LATEST:
        return refused(
            "E10",
            f"{quoted(text)} is not a month. “{column.title}” takes a calendar month.",
            "Write it as 2026-03, or as Mar 2026.",
        )
    return Parsed(value.replace(day=1))


def _choice(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    word = re.sub(r"[\s-]+", "_", text.casefold())
    if "yes" in column.allowed:
        word = {"y": "yes", "true": "yes", "n": "no", "false": "no"}.get(word, word)
    if word not in column.allowed and word.lstrip("0") in column.allowed:
        word = word.lstrip("0")
    return Parsed(word)


def _code(text: str, cell: Cell, column: Column, spellings: Mapping[str, str]) -> Parsed:
    return Parsed(spellings.get(text.upper(), text.upper()))


def _text(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    return Parsed(text)


_PARSERS: dict[str, Callable[[str, Cell, Column, Mapping[str, str]], Parsed]] = {
    "count": _count,
    "date": _date,
    "month": _month,
    "choice": _choice,
    "code": _code,
    "text": _text,
}
