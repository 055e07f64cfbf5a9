"""Rows that are no part of a table: notes under it, and its header once more."""

import re
from collections.abc import Mapping

from pipelines.reading.compared import clean, normal
from pipelines.reading.headings import headings
from pipelines.reading.text_sheets import Cell, Lines, Sheet
from schemas.returns import Column, columns_of

_MONTH = re.compile("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.I)
Headings = Mapping[str, str]


def repeats(cells: Mapping[int, Cell], header: Mapping[int, Cell], known: Headings) -> bool:
    """Whether a row is the header once more: as when tables were pasted under one another."""
    filled = [cell for cell in cells.values() if clean(cell.text)]
    return len(filled) > 1 and all(
        cell.column in header and _heading(cell, known) == _heading(header[cell.column], known)
        for cell in filled
    )


def _heading(cell: Cell, known: Headings) -> str:
    return known.get(normal(cell.text), normal(cell.text))


def remarks_in(
    name: str, sheet: Sheet, header: int, below: Mapping[int, Mapping[int, Cell]]
) -> tuple[Cell, ...]:
    """Cells alone in their row that are words and stand in no column of words: notes."""
    columns = columns_of("cover") | columns_of(name)
    known = headings("cover") | headings(name)
    headed = {
        cell.column: columns[known[heading]]
        for cell in sheet.rows.get(header, {}).values()
        if (heading := normal(cell.text)) in known
    }
    starts = (
        next(iter(filled))
        for row, cells in below.items()
        if (filled := [cell for cell in cells.values() if clean(cell.text)])
        and (len(filled) == 1 or _is_a_sentence(filled, sheet.lines, row, len(headed)))
    )
    return tuple(c for c in starts if c.column in headed and _is_remark(c, headed[c.column]))


def _is_a_sentence(filled: list[Cell], lines: Lines | None, row: int, width: int) -> bool:
    """Whether a line of a CSV file may be words with commas: short, without a blank or a number."""
    whole = lines is not None and lines.values[row] == len(filled) <= min(6, width // 2)
    return whole and not any(clean(cell.text).isdecimal() for cell in filled)


def _is_remark(cell: Cell, column: Column) -> bool:
    text = clean(cell.text)
    if cell.kind != "text" or column.kind == "text" or not re.search(r"[^\W\d_]{2}", text):
        return False
    if not text[0].isalnum() and text[0] not in "'=":
        return True
    words, has_digit = text.split(), re.search(r"\d", text) is not None
    if column.name == "ward_code":  # somebody may have typed the ward's name
        return len(words) > 4
    if column.kind in ("month", "date"):
        return len(words) > 4 or (not has_digit and not _MONTH.match(text))
    if column.name == "trust_code":
        return len(words) > 1 or (not has_digit and len(text) > 3)
    return len(words) > 1
