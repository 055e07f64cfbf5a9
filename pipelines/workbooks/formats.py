"""The formats of cells and tables."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from textwrap import wrap
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pipelines.typography import OFFICE
from schemas.returns import SHEETS, columns_of

_LINE, _TALLEST = 15, 405  # points; Excel accepts no row over 409
_FILLED = 1.1  # letters per unit of a column's width, which is the width of a digit
_NUMBER_FORMATS = {"count": "0", "date": "yyyy-mm-dd"}


class Formats:
    """The few formats a cell can have."""

    def __init__(self, book: Workbook) -> None:
        font = {"font_name": OFFICE, "font_size": 11}
        box = {**font, "border": 1, "border_color": "#AEB7BD", "valign": "top"}
        self.title = book.add_format({**font, "bold": True, "font_size": 16})
        self.plain = book.add_format({**font, "valign": "top"})
        self.wrapped = book.add_format({**font, "text_wrap": True, "valign": "top"})
        self.header = book.add_format(
            {**box, "bold": True, "bg_color": "#003087", "font_color": "#FFFFFF", "text_wrap": True}
        )
        self.optional_header = book.add_format(
            {**box, "bold": True, "bg_color": "#4C6272", "font_color": "#FFFFFF", "text_wrap": True}
        )
        self.needed = book.add_format({"bg_color": "#FFF2CC"})
        self.wrong = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
        self.long = book.add_format({**box, "text_wrap": True, "locked": False, "num_format": "@"})
        kinds = {column.kind for sheet in SHEETS for column in columns_of(sheet).values()}
        self.cells = {
            kind: book.add_format(
                {**box, "locked": False, "num_format": _NUMBER_FORMATS.get(kind, "@")}
            )
            for kind in kinds
        }


def as_tall_as(sheet: Worksheet, row: int, texts: Iterable[tuple[str, int]]) -> None:
    """Make a row tall enough for wrapped texts in columns of these widths.

    Not every program does this itself when it opens the file.
    """
    lines = max((_lines(text, int(width * _FILLED)) for text, width in texts), default=1)
    sheet.set_row(row, min(_TALLEST, _LINE * lines))


@lru_cache(2048)  # a trust's workbooks explain the same columns every month
def _lines(text: str, width: int) -> int:
    return sum(max(1, len(wrap(part, width))) for part in text.split("\n"))


def headings(
    formats: Formats, titles: Iterable[str], optional: Collection[str] = ()
) -> list[dict[str, Any]]:
    """The columns of a `table`; the headings of `optional` ones look different."""
    return [
        {
            "header": title,
            "header_format": formats.optional_header if title in optional else formats.header,
        }
        for title in titles
    ]


def table(
    sheet: Worksheet, name: str, top: int, last: int, columns: Sequence[Mapping[str, Any]]
) -> None:
    """Make rows `top` to `last` one table."""
    options = {
        "name": f"{name}_table",
        "columns": columns,
        "autofilter": False,
        "style": "Table Style Light 1",
        "banded_rows": False,
    }
    sheet.add_table(top, 0, last, len(columns) - 1, options)
