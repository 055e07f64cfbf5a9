"""Reads bytes into sheets of text cells, parsing nothing until it is known to be safe."""

from pipelines.reading.csv_files import read_csv, read_zip
from pipelines.reading.file_kind import kind_of
from pipelines.reading.text_sheets import Sheets, Unreadable
from pipelines.reading.xlsx import read_xlsx

__all__ = ["Unreadable", "read"]

_READERS = {"xlsx": read_xlsx, "csv": read_csv, "zip": read_zip}


def read(content: bytes, filename: str) -> Sheets:
    """Read a workbook, a CSV file or a zip of CSV files; raises Unreadable with a sentence.

    The first bytes decide what kind of file it is; its name is ignored.
    """
    del filename
    return _READERS[kind_of(content)](content)
