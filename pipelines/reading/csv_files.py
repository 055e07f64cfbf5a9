"""CSV files as spreadsheets write them: any usual separator and encoding."""

import csv
import io
import re
from pathlib import PurePosixPath

from pipelines.reading.safe_zip import open_zip, read_member
from pipelines.reading.text_sheets import Cell, Sheet, Sheets, Unreadable, sheet_of
from schemas.problems import Problem, Severity

MOST_CELLS = 200_000
_SEPARATORS = ",;\t|"


def read_csv(content: bytes) -> Sheets:
    """One CSV file, taken as the monthly sheet."""
    sheet, notes = _sheet("monthly", content)
    return Sheets("csv", (sheet,), tuple(notes))


def read_zip(content: bytes) -> Sheets:
    """A zip of CSV files, each named like its sheet."""
    sheets: list[Sheet] = []
    notes: list[Problem] = []
    with open_zip(content) as archive:
        for name in archive.namelist():
            path = PurePosixPath(name)
            if name.endswith("/") or path.name.startswith(".") or path.parts[0] == "__MACOSX":
                continue
            sheet, more = _sheet(path.stem, read_member(archive, name))
            sheets.append(sheet)
            notes += more
    return Sheets("zip", tuple(sheets), tuple(notes))


def _sheet(name: str, content: bytes) -> tuple[Sheet, list[Problem]]:
    text, guessed = decoded(content)
    separator, text = separated(text)
    cells: list[Cell] = []
    try:
        for row, fields in enumerate(csv.reader(io.StringIO(text, ""), delimiter=separator), 1):
            cells += [Cell(row, n, value) for n, value in enumerate(fields, 1) if value.strip()]
            if len(cells) > MOST_CELLS:
                raise Unreadable(
                    f"This file has more than {MOST_CELLS:,} cells, more than any return needs.",
                    "Send one row for each ward and month.",
                )
    except csv.Error as error:
        raise Unreadable(
            "This CSV file is damaged: a quotation mark may be opened and never closed.",
            "Open it in Excel, check that it looks right, save it as .xlsx and send that.",
        ) from error
    return sheet_of(name, cells), [_guessed(name)] if guessed else []


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
    """The separator, and the text without a `sep=;` line if Excel was told so in one."""
    first, *rest = re.split(r"\r\n|\r|\n", text.lstrip("\r\n"), maxsplit=1)
    if first.lower().startswith("sep=") and len(first.strip("\r\n ")) == 5:
        return first[4], "".join(rest)
    counts = {separator: first.count(separator) for separator in _SEPARATORS}
    best = max(counts, key=lambda separator: counts[separator])
    return (best if counts[best] else ","), text
