"""Reads bytes into sheets of text cells, parsing nothing until it is known to be safe."""

from collections.abc import Collection

from pipelines.reading.csv_files import read_csv, read_zip
from pipelines.reading.file_kind import kind_of
from pipelines.reading.text_sheets import Sheets, Unreadable
from pipelines.reading.xlsx import read_xlsx

__all__ = ["Unreadable", "read"]

_OTHERS = {"csv": read_csv, "zip": read_zip}


def read(content: bytes, asked: Collection[str] | None = None) -> Sheets:
    """Read a workbook, a CSV file or a zip of CSV files; raises Unreadable with a sentence.

    The first bytes decide what kind of file it is, never its name. Of the sheets of a workbook
    that aren't `asked` for, such as lists and definitions, only the names are read.
    """
    kind = kind_of(content)
    return read_xlsx(content, asked) if kind == "xlsx" else _OTHERS[kind](content)
