"""Tables as an XLSX workbook, laid out for people and for screen readers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from textwrap import wrap

import polars as pl
import xlsxwriter

from dashboard.exports.tables import NUMBER, harmless
from pipelines.typography import OFFICE

_A4 = 9  # Excel's number for the paper
_WIDTH, _LINE = 90, 15.75  # of the contents: in characters, and the height of a line in points


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook: a short name, a title for A1, its rows, and notes above them."""

    name: str
    title: str
    frame: pl.DataFrame
    notes: tuple[str, ...] = ()


def xlsx(title: str, about: Sequence[str], sheets: Sequence[Sheet], made: datetime) -> bytes:
    """A workbook that opens on its contents, then has one table per sheet with its title in A1.

    Each is marked as a table, so that a screen reader reads the heading with every cell.

    `about` are sentences: what this is, who it is for, the latest month, a contact; `made` is when
    the figures were built. Raises ValueError for a name that a sheet can't have.
    """
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title, "subject": "; ".join(about)[:250], "created": made})
    bold = book.add_format({"bold": True, "font_name": OFFICE, "font_size": 16})
    plain = book.add_format({"font_name": OFFICE, "font_size": 12, "text_wrap": True, "top": 0})
    head = book.add_format(
        {"bold": True, "font_name": OFFICE, "font_size": 12, "text_wrap": True, "bottom": 2}
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
    page.set_column(0, 0, _WIDTH)
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.write_string(0, 0, title, formats["title"])
    lines = [*about, "[c] in place of a number: hidden because numbers are small."]
    for row, line in enumerate(lines, start=1):
        page.set_row(row, _LINE * max(len(wrap(line, _WIDTH)), 1))
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
    _mark(page, sheet, top, formats)
    for column, name in enumerate(sheet.frame.columns):
        texts = [str(value) for value in sheet.frame[name].head(200).to_list()]
        page.set_column(column, column, min(max(map(len, [name, *texts])) + 2, 60))
    for row, values in enumerate(sheet.frame.iter_rows(), start=top + 1):
        for column, value in enumerate(values):
            _write(page, row, column, value, formats["text"])
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)


def _mark(page, sheet: Sheet, top: int, formats: Mapping[str, object]) -> None:
    """The header row, and the table under it; Excel wants a table to have a row at least."""
    columns = [{"header": name, "header_format": formats["head"]} for name in sheet.frame.columns]
    last = top + max(sheet.frame.height, 1)
    about = {
        "columns": columns,
        "name": _table_name(sheet.name),
        "style": None,
        "autofilter": False,
    }
    page.add_table(top, 0, last, len(columns) - 1, about)


def _table_name(sheet: str) -> str:
    """A name that Excel takes for a table: letters, digits and underscores."""
    return f"Table_{re.sub('[^A-Za-z0-9]', '_', sheet)}"


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
