"""Tables as an XLSX workbook, laid out for people and for screen readers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import polars as pl
import xlsxwriter

from dashboard.exports.tables import NUMBER, harmless


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook: a short name, a title for A1, its rows, and notes above them."""

    name: str
    title: str
    frame: pl.DataFrame
    notes: tuple[str, ...] = ()


def xlsx(title: str, about: Sequence[str], sheets: Sequence[Sheet], made: datetime) -> bytes:
    """A workbook that opens on its contents, then has one table per sheet with its title in A1.

    `about` are sentences: what this is, who it is for, the latest month, a contact; `made` is when
    the figures were built. Raises ValueError for a name that a sheet can't have.
    """
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title, "subject": "; ".join(about)[:250], "created": made})
    bold = book.add_format({"bold": True, "font_name": "Arial", "font_size": 16})
    plain = book.add_format({"font_name": "Arial", "font_size": 12, "text_wrap": True, "top": 0})
    head = book.add_format(
        {"bold": True, "font_name": "Arial", "font_size": 12, "text_wrap": True, "bottom": 2}
    )
    formats = {"title": bold, "text": plain, "head": head}
    _contents(book, title, about, sheets, formats)
    for sheet in sheets:
        _table(book, sheet, formats)
    book.close()
    return out.getvalue()


def _contents(
    book: xlsxwriter.Workbook,
    title: str,
    about: Sequence[str],
    sheets: Sequence[Sheet],
    formats: Mapping[str, object],
) -> None:
    page = book.add_worksheet("Contents")
    page.set_column(0, 0, 90)
    page.write_string(0, 0, title, formats["title"])
    lines = [*about, "[c] in place of a number: hidden because numbers are small."]
    for row, line in enumerate(lines, start=1):
        page.write_string(row, 0, line, formats["text"])
    page.write_string(len(lines) + 1, 0, "Tables in this workbook", formats["head"])
    for row, sheet in enumerate(sheets, start=len(lines) + 2):
        page.write_url(row, 0, f"internal:'{sheet.name}'!A1", string=f"{sheet.name}: {sheet.title}")
    page.activate()


def _table(book: xlsxwriter.Workbook, sheet: Sheet, formats: Mapping[str, object]) -> None:
    try:
        page = book.add_worksheet(sheet.name)
    except xlsxwriter.exceptions.XlsxWriterException as problem:
        raise ValueError(f"“{sheet.name}” can't be the name of a sheet: {problem}.") from problem
    page.write_string(0, 0, sheet.title, formats["title"])
    for row, note in enumerate(sheet.notes, start=1):
        page.write_string(row, 0, note)
    top = 1 + len(sheet.notes)
    for column, name in enumerate(sheet.frame.columns):
        page.write_string(top, column, name, formats["head"])
        texts = [str(value) for value in sheet.frame[name].head(200).to_list()]
        page.set_column(column, column, min(max(map(len, [name, *texts])) + 2, 60))
    for row, values in enumerate(sheet.frame.iter_rows(), start=top + 1):
        for column, value in enumerate(values):
            _write(page, row, column, value, formats["text"])
    page.freeze_panes(top + 1, 0)


def _write(page, row: int, column: int, value: object, style: object) -> None:
    """A number as a number, and a text as a text: no cell is ever a formula."""
    if value is None:
        page.write_string(row, column, "No data", style)
    elif isinstance(value, bool):
        page.write_string(row, column, "yes" if value else "no", style)
    elif isinstance(value, (int, float)):
        page.write_number(row, column, value, style)
    elif isinstance(value, str) and NUMBER.fullmatch(value) and not _is_code(value):
        page.write_number(row, column, float(value), style)
    else:
        page.write_string(row, column, harmless(str(value)), style)


def _is_code(text: str) -> bool:
    """Whether digits are a code that a number would corrupt: leading zeros, 12E3, very long."""
    leading_zero = len(text) > 1 and text[0] == "0" and text[1] != "."
    return leading_zero or "e" in text.lower() or len(text) > 15
