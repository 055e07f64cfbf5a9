"""Reads CSV files as spreadsheets write them, with any usual separator and encoding."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import PurePosixPath

from pipelines.reading.produced import Produced
from pipelines.reading.safe_zip import is_litter, open_zip, plain_path
from pipelines.reading.text_sheets import Cell, Lines, Sheet, Sheets, Unreadable, sheet_of
from schemas.problems import Problem, Severity
from schemas.wording import quoted

_SEPARATORS = ",;\t|"
_END = "\0the end\0"  # no file holds it: it is a row of its own unless a quotation mark is open
_DAMAGED_FIX = "Open it in Excel, check that it looks right, save it as .xlsx and send that."


def read_csv(content: bytes) -> Sheets:
    """One CSV file, read as the monthly sheet."""
    sheet, notes = _sheet("monthly", content, "This CSV file", Produced())
    return Sheets("csv", (sheet,), tuple(notes))


def read_zip(content: bytes) -> Sheets:
    """A zip of CSV files, each named like its sheet."""
    sheets: list[Sheet] = []
    notes: list[Problem] = []
    produced = Produced()
    with open_zip(content, produced) as archive:
        for name in archive.names:
            path = plain_path(name)
            if path.endswith("/") or is_litter(path):
                continue
            file = PurePosixPath(path)
            produced.add("sheets")
            sheet, more = _sheet(file.stem, archive.read(name), quoted(file.name), produced)
            sheets.append(sheet)
            notes += more
    return Sheets("zip", tuple(sheets), tuple(notes))


def _sheet(
    name: str, content: bytes, named: str, produced: Produced
) -> tuple[Sheet, list[Problem]]:
    text, guessed = decoded(content)
    text = text.replace("\0", "")
    separator, text = separated(text)
    ends = text.endswith(("\n", "\r"))
    cells: list[Cell] = []
    values: dict[int, int] = {}
    lines = _counted(io.StringIO(text if ends else f"{text}\n", ""), separator, produced)
    try:
        rows = csv.reader(chain(lines, [_END]), delimiter=separator)
        for row, fields in enumerate(rows, 1):
            if fields == [_END]:
                break
            if fields and fields[-1].endswith(_END):
                raise _open_quote(named, row)
            values[row] = len(fields)
            filled = [Cell(row, n, value) for n, value in enumerate(fields, 1) if value.strip()]
            produced.add("rows", bool(filled))
            produced.add("cells", len(filled))
            cells += filled
    except csv.Error as error:
        raise Unreadable(
            "This CSV file is damaged: there may be a quotation mark without its closing one.",
            _DAMAGED_FIX,
        ) from error
    produced.add("letters", sum(len(cell.text) for cell in cells))
    sheet = replace(sheet_of(name, cells), lines=Lines(values, ends))
    return sheet, [_guessed(name)] if guessed else []


def _counted(lines: Iterable[str], separator: str, produced: Produced) -> Iterator[str]:
    """The lines, each counted with its values before it is taken apart."""
    for line in lines:
        produced.add("parts", 1 + line.count(separator))
        yield line


def _open_quote(named: str, row: int) -> Unreadable:
    return Unreadable(
        f"{named} is damaged: a quotation mark is opened in row {row} and never closed, so "
        "everything after it would be taken as one text. The file may be cut off there.",
        "Save the file again where it comes from, or send the workbook (.xlsx) instead. If you "
        f"typed the quotation mark in row {row} yourself, delete it.",
    )


def _guessed(sheet: str) -> Problem:
    return Problem(
        Severity.NOTE,
        "N05",
        "This CSV file was read with the Windows character set (Windows-1252).",
        "Nothing to do if accents and pound signs look right; otherwise save it as “CSV UTF-8”.",
        sheet=sheet,
    )


def decoded(content: bytes) -> tuple[str, bool]:
    """The text, and whether its encoding had to be guessed."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), False
    if content[:4096].count(0) > len(content[:4096]) // 3:
        little = content[1:4096:2].count(0) >= content[0:4096:2].count(0)
        return content.decode("utf-16-le" if little else "utf-16-be", "replace"), False
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), True


def separated(text: str) -> tuple[str, str]:
    """The separator, and the text without a `sep=;` line (which tells Excel the separator)."""
    first, *rest = re.split(r"\r\n|\r|\n", text.lstrip("\r\n"), maxsplit=1)
    if first.lower().startswith("sep=") and len(first.strip("\r\n ")) == 5:
        return first[4], "".join(rest)
    counts = {separator: first.count(separator) for separator in _SEPARATORS}
    best = max(counts, key=lambda separator: counts[separator])
    return (best if counts[best] else ","), text
