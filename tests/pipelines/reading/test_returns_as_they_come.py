"""Returns in the ways other programs and people write them: the same figures, or a clear answer."""

import re
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pandas as pd
import polars as pl
import pytest

from pipelines.checking.check import Checked, check
from schemas.problems import Outcome
from tests.returns import scene
from tests.returns.cases import OLE, as_csv, csv_of, sheet_rows, zipped

NUMBER = r'<c r="[A-Z]+\d+"(?: s="\d+")?'  # of a cell that says no type, up to its >
SENT = ["sheet", "ward_code", "field", "text", "number", "state"]


def checked(content: bytes) -> Checked:
    return check(content, "return", scene.context())


def accepted(content: bytes) -> pl.DataFrame:
    found = checked(content)
    assert found.outcome is Outcome.CLEAN, found.as_dict()
    return found.cells.select(SENT).sort(SENT)


def sheets_with(change: Callable[[dict[str, list[list[Any]]]], object]) -> bytes:
    """The good workbook with other rows."""
    rows = sheet_rows()
    change(rows)
    return scene.plain_workbook(rows)


def rewritten(change: Callable[[str, str], str]) -> bytes:
    """The good workbook with the XML of its parts changed."""
    parts = {}
    with ZipFile(BytesIO(scene.workbook())) as archive:
        for name in archive.namelist():
            parts[name] = change(name, archive.read(name).decode()).encode()
    return zipped(parts)


def in_sheets(*changes: tuple[str, str]) -> bytes:
    """The good workbook with each pattern replaced in the XML of its sheets."""
    replaced = dict.fromkeys((pattern for pattern, _ in changes), 0)

    def change(name: str, xml: str) -> str:
        if name.startswith("xl/worksheets/sheet"):
            for pattern, new in changes:
                xml, number = re.subn(pattern, new, xml)
                replaced[pattern] += number
        return xml

    content = rewritten(change)
    assert all(replaced.values())
    return content


def strict(name: str, xml: str) -> str:
    """As Excel writes it under “Strict Open XML Spreadsheet”."""
    of = "http://schemas.openxmlformats.org"
    for old, new in (
        (f"{of}/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (f"{of}/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/"),
    ):
        xml = xml.replace(old, new)
    return xml


def typed_rows() -> dict[str, list[list[Any]]]:
    """The cells of the good workbook, with numbers and dates as such."""
    return {name: [[meant(c) for c in row] for row in rows] for name, rows in sheet_rows().items()}


def meant(cell: str | None) -> Any:
    if cell is not None and cell.isdecimal():
        return int(cell)
    if cell is not None and re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return date.fromisoformat(cell)
    return cell


def by_pandas() -> bytes:
    content = BytesIO()
    with pd.ExcelWriter(content, engine="openpyxl") as writer:
        for name, (header, *rows) in typed_rows().items():
            pd.DataFrame(rows, columns=header).to_excel(writer, sheet_name=name, index=False)
    return content.getvalue()


def row_by_row() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in typed_rows().items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def without_lists() -> bytes:
    book = openpyxl.load_workbook(BytesIO(scene.workbook()))
    del book["lists"]
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def dated(written: Callable[[date], str]) -> bytes:
    """The good workbook with each date as another program writes it."""
    rows = typed_rows()
    days = [cell for sheet in rows.values() for row in sheet for cell in row if is_day(cell)]
    assert len(days) == 10, "of three wards: opened, agreed and reviewed; and of an event"
    return scene.plain_workbook(
        {
            name: [[written(cell) if is_day(cell) else cell for cell in row] for row in sheet]
            for name, sheet in rows.items()
        }
    )


def is_day(cell: Any) -> bool:
    return isinstance(cell, date)


def month_as(written: str) -> bytes:
    return sheets_with(lambda rows: [row.__setitem__(0, written) for row in rows["monthly"][1:]])


def header_with(old: str, new: str) -> bytes:
    def change(rows: dict[str, list[list[Any]]]) -> None:
        rows["monthly"][0] = [title.replace(old, new) for title in rows["monthly"][0]]

    return sheets_with(change)


def parted(name: Callable[[str], str] = lambda name: f"{name}.csv") -> bytes:
    return zipped({name(sheet): as_csv(rows) for sheet, rows in sheet_rows().items()})


def excel_csv(name: str, rows: list[list[Any]]) -> bytes:
    """A sheet as British Excel saves it as CSV."""
    text = as_csv(rows).decode()
    text = re.sub(r"(\d{4})-(\d\d)-(\d\d)", r"\3/\2/\1", text).replace("2026-03,", "Mar-26,")
    return text.encode("utf-8-sig")


SAME: dict[str, Callable[[], bytes]] = {
    "strict": lambda: rewritten(strict),
    "without a dimension, every number with a decimal point": lambda: in_sheets(
        (r"<dimension[^>]*/>", ""), (rf"({NUMBER}><v>\d+)(</v>)", r"\1.0\2")
    ),
    "numbers as the text of a formula": lambda: in_sheets(
        (rf"({NUMBER})(><v>\d+</v>)", r'\1 t="str"\2')
    ),
    "pandas": by_pandas,
    "row by row": row_by_row,
    "lists taken out": without_lists,
    "sheets the other way round": lambda: scene.plain_workbook(
        dict(reversed(sheet_rows().items()))
    ),
    "line breaks in headings": lambda: header_with(" ", "\n"),
    "statuses with capitals": lambda: sheets_with(
        lambda rows: [row.__setitem__(2, "Figures Are Entered") for row in rows["monthly"][1:]]
    ),
    "dates in words": lambda: dated(lambda day: f"{day.day} {day:%B %Y}"),
    "short dates": lambda: dated(lambda day: f"{day:%d-%b-%y}"),
    "dates with points": lambda: dated(lambda day: f"{day:%d.%m.%Y}"),
    "years of two digits": lambda: dated(lambda day: f"{day:%d/%m/%y}"),
    "dates of JavaScript": lambda: dated(lambda day: f"{day}T00:00:00.000Z"),
    "dates with midnight": lambda: dated(lambda day: f"{day:%d/%m/%Y} 00:00:00"),
    "month as a number": lambda: month_as("202603"),
    "capitals in a zip": lambda: parted(lambda name: f"{name.upper()}.CSV"),
    "saved by British Excel": lambda: zipped(
        {f"{name}.csv": excel_csv(name, rows) for name, rows in sheet_rows().items()}
    ),
    "what Windows adds": lambda: zipped(
        {f"{name}.csv": as_csv(rows) for name, rows in sheet_rows().items()}
        | {"desktop.ini": b"[x]", "Thumbs.db": b"\xd0\xcf"}
    ),
}


@pytest.mark.parametrize("how", SAME)
def test_the_same_figures(how: str) -> None:
    assert accepted(SAME[how]()).equals(accepted(scene.workbook()))


def csv_with(pattern: str, new: str, count: int = 0) -> bytes:
    return re.sub(pattern, new, csv_of().decode(), count=count).encode()


SAME_CSV: dict[str, Callable[[], bytes]] = {
    "pipes": lambda: csv_of().replace(b",", b"|"),
    "everything in quotation marks": lambda: csv_with(r"[^,\r\n]+", r'"\g<0>"'),
    "two byte order marks": lambda: b"\xef\xbb\xbf" * 2 + csv_of(),
    "a title above": lambda: b"Sexual safety return, March 2026\r\n\r\n" + csv_of(),
    "pandas, with floats": lambda: csv_with(r"(?<=,)(\d{1,3})(?=[,\r])", r"\1.0"),
    "the serial number of a month": lambda: csv_of().replace(b"2026-03", b"46082"),
}


@pytest.mark.parametrize("how", SAME_CSV)
def test_the_same_figures_in_csv(how: str) -> None:
    assert accepted(SAME_CSV[how]()).equals(accepted(csv_of()))


def all_of(content: bytes, code: str) -> list[str]:
    return [f"{p.message} {p.fix}" for p in checked(content).problems if p.code == code]


ANSWERED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "Excel's way to keep a text": (
        lambda: csv_with(",449,", ',"=""449""",'),
        "E04",
        "Type only the number",
    ),
    "NA of R": (lambda: csv_with(",449,", ",NA,"), "E04", "“NA” is not a whole number"),
    "a number with a point and no decimals": (
        lambda: csv_with(",449,", ",449.,"),
        "E04",
        "“449.” is not a whole number",
    ),
    "no column for the trust": (
        lambda: csv_with("trust_code", "remarks", 1),
        "F03",
        "(trust_code)",
    ),
    "two months": (
        lambda: csv_of().replace(b"2026-03,CEDAR3", b"2026-02,CEDAR3"),
        "E12",
        "This row is for February 2026, but the return is for March 2026.",
    ),
    "a month as American Excel shows it": (
        lambda: csv_of().replace(b"2026-03", b"26-Mar"),
        "F06",
        "“26-Mar” is not a month.",
    ),
    "month before day": (
        lambda: dated(lambda day: f"{day:%m}/31/{day:%Y}"),
        "E10",
        "/31/2025” is not a date.",
    ),
    "a total under the wards": (
        lambda: sheets_with(
            lambda rows: rows["monthly"].append(["Total", None, None, 1200, 40, 30])
        ),
        "E10",
        "“Total” is not a month.",
    ),
    "names of sheets by Numbers": (
        lambda: scene.plain_workbook(
            {f"{name} - Table 1": rows for name, rows in sheet_rows().items()}
        ),
        "F03",
        "“cover - Table 1”",
    ),
    "names of files by LibreOffice": (
        lambda: parted(lambda name: f"return-{name}.csv"),
        "F03",
        "“return-cover”",
    ),
    "a flat OpenDocument file": (
        lambda: b'<?xml version="1.0"?>\n<office:document xmlns:office="x"/>',
        "F01",
        "Send the Excel workbook (.xlsx)",
    ),
    "a web page named as a workbook": (
        lambda: b"<html><table><tr><td>1</td></tr></table></html>",
        "F01",
        "This file is a web page or XML file, even if its name says otherwise.",
    ),
    "symbolic link": (
        lambda: b'ID;PWXL;N;E\r\nC;Y1;X1;K"trust_code"\r\nE\r\n',
        "F03",
        "no row of column names",
    ),
    "a password": (
        lambda: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(512),
        "F01",
        "protected by a password",
    ),
}


@pytest.mark.parametrize("what", ANSWERED)
def test_a_clear_answer(what: str) -> None:
    make, code, said = ANSWERED[what]
    answers = all_of(make(), code)
    assert any(said in answer for answer in answers), checked(make()).as_dict()
