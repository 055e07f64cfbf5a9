"""Makes the copy of a file that may be kept: the same cells without any blocked text."""

import csv
from datetime import UTC, datetime
from io import BytesIO, StringIO
from zipfile import ZipFile, ZipInfo

import xlsxwriter

from pipelines.checking.checked import Checked
from pipelines.reading.compared import clean, normal
from pipelines.reading.read import read
from pipelines.reading.text_sheets import Cell, Sheet, Sheets
from schemas.returns import SHEETS

BLOCKED = "W17"
# The format wants a time of making; that of the clock would make every copy another file.
MADE = datetime(1980, 1, 1, tzinfo=UTC)


def redacted(content: bytes, checked: Checked) -> bytes:
    """The file as sent or, if some of its text must not be kept, a new file with the same cells.

    Every figure is in the same cell of the same sheet; only the formatting, the sheets that don't
    belong to a return, and the text are gone.
    """
    places = {(p.sheet, p.cell) for p in checked.problems if p.code == BLOCKED}
    if not places:
        return content
    file = read(content, SHEETS)
    if file.kind == "csv":  # its cover is in the rows of its only sheet
        places = {(sheet.name, cell) for sheet in file.sheets for _, cell in places}
    texts = {clean(c.text) for s in file.sheets for c in _cells(s) if (s.name, c.place) in places}
    return _WRITERS[file.kind](file, texts)


def _cells(sheet: Sheet) -> list[Cell]:
    return [cell for row in sheet.rows.values() for cell in row.values()]


def _workbook(file: Sheets, without: set[str]) -> bytes:
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"created": MADE})
    for sheet in (sheet for sheet in file.sheets if normal(sheet.name) in SHEETS):
        written = book.add_worksheet(sheet.name)
        for cell in _cells(sheet):
            if cell.kind == "number":
                written.write_number(cell.row - 1, cell.column - 1, float(cell.text))
            elif cell.kind != "formula" and clean(cell.text) not in without:
                written.write_string(cell.row - 1, cell.column - 1, cell.text)
    book.close()
    return content.getvalue()


def _csv(file: Sheets, without: set[str]) -> bytes:
    return _as_csv(file.sheets[0], without)


def _zip(file: Sheets, without: set[str]) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for sheet in file.sheets:
            archive.writestr(ZipInfo(f"{sheet.name}.csv"), _as_csv(sheet, without))
    return content.getvalue()


def _as_csv(sheet: Sheet, without: set[str]) -> bytes:
    text = StringIO()
    writer = csv.writer(text)
    width = max((max(row) for row in sheet.rows.values()), default=0)
    for number in range(1, max(sheet.rows, default=0) + 1):
        row = sheet.rows.get(number, {})
        shown = {c: "" if clean(cell.text) in without else cell.text for c, cell in row.items()}
        writer.writerow([shown.get(c, "") for c in range(1, width + 1)])
    return text.getvalue().encode()


_WRITERS = {"xlsx": _workbook, "csv": _csv, "zip": _zip}
