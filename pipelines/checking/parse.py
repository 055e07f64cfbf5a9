"""One parser for each kind of cell: text in, typed value out, or a sentence that says why not."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from pipelines.checking.parsing.calendar import day_of, month_of, serial
from pipelines.checking.parsing.counts import count
from pipelines.checking.parsing.parsed import Parsed, refused
from pipelines.checking.phrases import day, quoted
from pipelines.reading.tables import clean
from pipelines.reading.workbook import Cell
from schemas.returns import Column

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
    value = serial(text, cell) or day_of(text)
    if value is None:
        return refused(
            "E10",
            f"{quoted(text)} is not a date. “{column.title}” takes a day of the calendar.",
            "Write it as 12/03/2026 (day, month, year) or 2026-03-12.",
        )
    if not _EARLIEST <= value <= _LATEST:
        return refused(
            "E10",
            f"{quoted(text)} is the date {day(value)}, which can't be right for “{column.title}”.",
            "Check the year; write it with four digits, as 12/03/2026.",
        )
    return Parsed(value)


def _month(text: str, cell: Cell, column: Column, _: Mapping[str, str]) -> Parsed:
    value = serial(text, cell) or month_of(text) or day_of(text)
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
    "count": count,
    "date": _date,
    "month": _month,
    "choice": _choice,
    "code": _code,
    "text": _text,
}
