"""What programs write into workbooks, and what a spreadsheet would show for it."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils import get_column_letter

from pipelines.checking.check import check
from pipelines.reading.read import read
from pipelines.reading.tables import tables_of
from pipelines.reading.text_sheets import Cell, Range, Sheet, Sheets, sheet_of
from pipelines.reading.xlsx import MOST_MERGED, unescaped
from schemas.problems import Outcome
from tests.returns import scene

WORKBOOK = (
    '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '{start}<sheets><sheet name="monthly" r:id="rId1"/></sheets>{end}</workbook>'
)
RELATIONS = (
    '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>'
)
STYLES = (
    '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/></cellXfs>'
    "</styleSheet>"
)


def book(
    cells: str,
    after: str = "",
    start: str = "",
    end: str = "",
    strings: str = "",
    path: Callable[[str], str] = str,
) -> bytes:
    """The smallest workbook: one row of cells, in which style 1 is a date."""
    parts = {
        "xl/workbook.xml": WORKBOOK.format(start=start, end=end),
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f"<sst>{strings}</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData><row>{cells}</row></sheetData>{after}"
        "</worksheet>",
    }
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for name, xml in parts.items():
            archive.writestr(path(name), xml)
    return content.getvalue()


def only_sheet(content: bytes) -> Sheet:
    (sheet,) = read(content).sheets
    return sheet


def first_cell(cells: str, **more: Any) -> Cell | None:
    return only_sheet(book(cells, **more)).rows.get(1, {}).get(1)


def shown(cells: str, **more: Any) -> tuple[str, str]:
    cell = first_cell(cells, **more)
    assert cell is not None
    return cell.text, cell.kind


@pytest.mark.parametrize(
    ("serial", "text"),
    [
        ("46296", "2026-10-01"),
        ("46295.95833333334", "2026-09-30 23:00:00"),
        ("46295.99950231481", "2026-10-01"),  # 23:59:17, as SheetJS and others write midnight
        ("46296.0000115741", "2026-10-01"),  # one second past
        ("46296.000000001", "2026-10-01"),
        ("46295.999", "2026-09-30 23:58:34"),
        ("46296.5", "2026-10-01 12:00:00"),
        ("2958464.99999", "9999-12-31"),
    ],
)
def test_a_date_within_a_minute_of_midnight_is_that_day(serial: str, text: str) -> None:
    assert shown(f'<c r="A1" s="1"><v>{serial}</v></c>') == (text, "date")


def test_the_same_in_a_workbook_that_counts_from_1904() -> None:
    cells = '<c r="A1" s="1"><v>44833.99950231481</v></c>'
    assert shown(cells, start='<workbookPr date1904="1"/>') == ("2026-10-01", "date")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<f>100+25</f><v></v>", "=100+25"),  # openpyxl
        ("<f>100+25</f><v/>", "=100+25"),
        ("<f>100+25</f>", "=100+25"),  # SheetJS
        ("<f>100+25</f><v> </v>", "=100+25"),
        ('<f t="shared" si="0"/>', "="),
        ('<f t="array" ref="A1:A3">B1:B3*2</f><v/>', "=B1:B3*2"),
    ],
)
def test_a_formula_without_a_result_is_not_blank(cell: str, text: str) -> None:
    assert shown(f'<c r="A1">{cell}</c>') == (text, "formula")
    assert shown(f'<c r="A1" s="1">{cell}</c>') == (text, "formula")


def test_a_formula_of_text_without_a_result_is_not_blank_either() -> None:
    assert shown('<c r="A1" t="str"><f>B1&amp;C1</f></c>') == ("=B1&C1", "formula")
    assert shown('<c r="A1" t="b"><f>B1=C1</f><v/></c>') == ("=B1=C1", "formula")


@pytest.mark.parametrize("value", ["<v></v>", "<v/>", "<v> </v>"])
def test_a_formula_whose_result_is_an_empty_text_is_blank(value: str) -> None:
    assert first_cell(f'<c r="A1" t="str"><f>IF(B1="","",B1)</f>{value}</c>') is None


def test_a_stored_result_counts() -> None:
    assert shown('<c r="A1"><f>1+2</f><v>3</v></c>') == ("3", "number")
    assert shown('<c r="A1"><f>1-1</f><v>0</v></c>') == ("0", "number")
    assert shown('<c r="A1" t="str"><f>TEXT(3,"0")</f><v>3</v></c>') == ("3", "text")


def test_xlsxwriter_stores_0_for_every_formula_and_that_is_no_result() -> None:
    content = BytesIO()
    written = xlsxwriter.Workbook(content)
    sheet = written.add_worksheet("monthly")
    sheet.write_formula(0, 0, "=400+49")
    sheet.write_formula(0, 1, "=400+49", None, 449)
    written.close()
    cells = only_sheet(content.getvalue()).rows[1]
    assert (cells[1].text, cells[1].kind) == ("=400+49", "formula")
    assert (cells[2].text, cells[2].kind) == ("449", "number")


def monthly(formula: str) -> Cell:
    """The cell of a count that is a formula, in a table with a header."""
    names = ["period", "ward_code", "inc_affected_patient"]
    cells = [Cell(1, n, name) for n, name in enumerate(names, 1)]
    cells += [Cell(2, 1, "2026-03"), Cell(2, 2, "ALDER1"), Cell(2, 3, formula, "formula")]
    tables = tables_of(Sheets("xlsx", (sheet_of("monthly", cells),)))
    return tables["monthly"].rows[0].cells["inc_affected_patient"]


@pytest.mark.parametrize("formula", ['=IF(1=1,"","x")', '=""', '=IF(D2>5,"n/a","")'])
def test_a_formula_that_can_give_no_number_is_blank_where_a_number_is_asked_for(
    formula: str,
) -> None:
    assert monthly(formula).kind == "blank"


@pytest.mark.parametrize(
    "formula", ['=IF(D2="","",D2*2)', '=IF(D2>5,"5","")', '=IF(D2="","",SUM(D2:D4))', '=D2&""']
)
def test_a_formula_that_may_give_a_number_is_not_blank(formula: str) -> None:
    assert monthly(formula).kind == "formula"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("ELM1_x000D_", "ELM1\r"),
        ("two_x000a_lines", "two\nlines"),
        ("_x0041_lder", "Alder"),
        ("_x005F_x000D_", "_x000D_"),
        ("a_x005F_b", "a_b"),
        ("_xD83D__xDE42_", "\U0001f642"),
        ("_xD83D_", "\ufffd"),
        ("ELM1_x0000_", "ELM1"),
        ("_x00D_ and x000D_", "_x00D_ and x000D_"),
    ],
)
def test_escapes_in_text(written: str, text: str) -> None:
    assert unescaped(written) == text


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="A1" t="inlineStr"><is><t>ELM1_x000D_</t></is></c>',
        '<c r="A1" t="str"><v>ELM1_x000D_</v></c>',
        '<c r="A1" t="s"><v>0</v></c>',
        '<c r="A1" t="s"><v>1</v></c>',
    ],
)
def test_escapes_are_read_wherever_a_cell_holds_text(cells: str) -> None:
    strings = "<si><t>ELM1_x000D_</t></si><si><r><t>ELM1</t></r><r><t>_x000D_</t></r></si>"
    assert shown(cells, strings=strings) == ("ELM1\r", "text")


@pytest.mark.parametrize("number", ["-0", "-0.0", "-0E+00"])
def test_minus_nought_is_nought(number: str) -> None:
    assert shown(f'<c r="A1"><v>{number}</v></c>') == ("0", "number")
    assert shown(f'<c r="A1" s="2"><v>{number}</v></c>') == ("0%", "percent")


@pytest.mark.parametrize(
    "path",
    [
        lambda name: name.replace("/", "\\"),
        lambda name: f"/{name}",
        lambda name: name.replace("/", "\\").upper(),
    ],
)
def test_paths_as_some_programs_for_windows_write_them(path: Callable[[str], str]) -> None:
    def windows(name: str) -> str:
        return path(name)

    assert only_sheet(book('<c r="A1"><v>7</v></c>', path=windows)).rows[1][1].text == "7"


def test_a_whole_return_with_backslashes_is_accepted() -> None:
    content = BytesIO()
    with ZipFile(BytesIO(scene.workbook())) as before, ZipFile(content, "w") as after:
        for name in before.namelist():
            after.writestr(name.replace("/", "\\"), before.read(name))
    assert check(content.getvalue(), "return", scene.context()).outcome is Outcome.CLEAN


def test_merged_ranges_are_known_and_bounded() -> None:
    merged = '<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="B2"/></mergeCells>'
    sheet = only_sheet(book('<c r="A1"><v>7</v></c>', after=merged))
    assert sheet.merged == (Range(2, 1, 4, 1),)
    assert str(sheet.merged[0]) == "A2:A4"
    many = '<mergeCell ref="A1:XFD1048576"/>' * (MOST_MERGED + 5)
    sheet = only_sheet(book('<c r="A1"><v>7</v></c>', after=f"<mergeCells>{many}</mergeCells>"))
    assert len(sheet.merged) == MOST_MERGED
    assert tables_of(Sheets("xlsx", (sheet,)))["monthly"].rows == ()


def merged_return(*ranges: str) -> bytes:
    written = openpyxl.load_workbook(BytesIO(scene.workbook()))
    for block in ranges:
        written["monthly"].merge_cells(block)
    content = BytesIO()
    written.save(content)
    return content.getvalue()


def test_each_merged_range_is_named_once() -> None:
    problems = check(merged_return("A2:A4", "D3:E3"), "return", scene.context()).problems
    found = [(p.code, p.cell) for p in problems if "merged" in p.message]
    assert found == [("E03", "A3"), ("E03", "E3")]
    assert all("A2:A4 are merged" in p.message for p in problems if p.cell == "A3")
    assert not [p for p in problems if "is blank" in p.message]


def test_merged_blank_cells_and_cells_under_the_table_do_no_harm() -> None:
    sheet = openpyxl.load_workbook(BytesIO(scene.workbook()))["monthly"]
    last = sheet.max_column  # nobody has filled in the last columns
    blank = f"{get_column_letter(last - 1)}2:{get_column_letter(last)}4"
    content = merged_return(blank, "A8:F9")
    assert check(content, "return", scene.context()).outcome is Outcome.CLEAN


def test_a_formula_without_a_result_on_the_cover_is_named_and_nothing_is_guessed() -> None:
    for field in ("C6", "C8"):
        written = openpyxl.load_workbook(BytesIO(scene.workbook()))
        written["cover"][field].value = "=A1"
        content = BytesIO()
        written.save(content)
        problems = check(content.getvalue(), "return", scene.context()).problems
        assert [(p.code, p.cell) for p in problems] == [("F08", field)]


def test_no_number_is_lost_where_no_result_is_stored() -> None:
    """Optional figures too: a blank would be taken as not counted."""
    written = openpyxl.load_workbook(BytesIO(scene.workbook()))
    title = next(c.column for c in written["monthly"][1] if c.value == "Offered support")
    written["monthly"].cell(2, title).value = "=1+2"
    content = BytesIO()
    written.save(content)
    (problem,) = check(content.getvalue(), "return", scene.context()).problems
    assert problem.code == "F08"
    assert re.match(r"Open the file in Excel, save it and send it again", problem.fix)
