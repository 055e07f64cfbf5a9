"""Whole numbers, and what is written in their place."""

import re
from collections.abc import Mapping

from pipelines.checking.parsing.parsed import Parsed, Said, refused
from pipelines.checking.phrases import quoted
from pipelines.reading.workbook import Cell
from schemas.problems import Severity
from schemas.returns import OPTIONAL, Column

LARGEST_COUNT = 999_999
_LETTERS_LIKE_DIGITS = str.maketrans("OoQlI", "00011")


def count(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
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
        Said(
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
