"""What spreadsheets do to figures, and that it does no harm here: one test for each trap."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import polars as pl
import pytest
import python_calamine
import xlsxwriter

from pipelines.checking.check import Checked, check
from pipelines.reading.read import read
from schemas.problems import Outcome
from tests.returns import scene
from tests.returns.cases import as_csv, csv_of, sheet_rows, zipped

SENT = ["sheet", "ward_code", "field", "text", "number", "state"]


def checked(content: bytes) -> Checked:
    return check(content, "return", scene.context())


def edited(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The good workbook after someone has worked on it."""
    book = openpyxl.load_workbook(BytesIO(scene.workbook()))
    change(book)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def accepted(content: bytes) -> pl.DataFrame:
    found = checked(content)
    assert found.outcome is Outcome.CLEAN, found.as_dict()
    return found.cells.select(SENT).sort(SENT)


def same_as_good(content: bytes) -> None:
    assert accepted(content).equals(accepted(scene.workbook()))


def column(sheet: Any, title: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == title)


def put(title: str, value: Any, number_format: str | None = None) -> bytes:
    """The good workbook with another value in the first ward's cell."""

    def change(book: openpyxl.Workbook) -> None:
        cell = book["monthly"].cell(2, column(book["monthly"], title))
        cell.value = value
        cell.number_format = number_format or cell.number_format

    return edited(change)


def only_problem(content: bytes) -> Any:
    (problem,) = checked(content).problems
    return problem


def test_a_workbook_that_excel_or_another_program_saved_again() -> None:
    same_as_good(edited(lambda book: None))


def test_numbers_stored_as_text() -> None:
    same_as_good(put("Occupied bed days", "449"))


def test_a_leading_apostrophe_and_spaces_nobody_sees() -> None:
    same_as_good(put("Occupied bed days", "\u00a0'449 \u200b"))


@pytest.mark.parametrize(
    "month", ["2026-03", "Mar 2026", "Mar-26", "March 2026", "03/2026", "1/3/2026", "46082"]
)
def test_a_month_in_many_spellings(month: str) -> None:
    same_as_good(put("Month", month))


def test_a_month_that_excel_turned_into_a_date() -> None:
    same_as_good(put("Month", datetime(2026, 3, 1), "mmm-yy"))  # noqa: DTZ001 – a cell has no zone


def test_a_date_shown_as_its_serial_number() -> None:
    def change(book: openpyxl.Workbook) -> None:
        cell = book["charter"]["C2"]
        cell.value, cell.number_format = 45965, "General"  # 4 November 2025

    same_as_good(edited(change))


def test_a_date_as_text_is_read_day_first() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["charter"]["C2"].value = "4/11/2025"

    same_as_good(edited(change))


def test_trailing_rows_that_hold_only_spaces() -> None:
    def change(book: openpyxl.Workbook) -> None:
        for row in (15, 900):
            book["monthly"].cell(row, 3).value = " \u00a0 "

    same_as_good(edited(change))


def test_a_blank_row_in_between_keeps_the_row_numbers_true() -> None:
    rows = sheet_rows()
    rows["monthly"].insert(2, [None])
    rows["monthly"][3][column_index(rows, "Patients who feel safe")] = "<5"
    assert only_problem(scene.plain_workbook(rows)).cell == "G4"


def column_index(rows: dict[str, list[list[Any]]], title: str) -> int:
    return rows["monthly"][0].index(title)


def test_hidden_rows_and_sheets_are_read_like_any_other() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["monthly"].row_dimensions[3].hidden = True
        book["charter"].sheet_state = "hidden"

    same_as_good(edited(change))


def test_a_merged_banner_above_the_header() -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book["monthly"]
        del sheet.tables["monthly_table"]
        sheet.insert_rows(1)
        sheet["A1"] = "Figures for March, Alderbrook"
        sheet.merge_cells("A1:F1")

    same_as_good(edited(change))


def test_headers_in_other_case_spacing_and_by_their_short_names() -> None:
    rows = sheet_rows()
    rows["monthly"][0] = [f"  {title.upper().replace(' ', '_')} " for title in rows["monthly"][0]]
    rows["charter"][0][:2] = ["ward_code", "stage"]
    same_as_good(scene.plain_workbook({name.upper(): sheet for name, sheet in rows.items()}))


def test_an_extra_column_is_only_noted() -> None:
    rows = sheet_rows()
    rows["monthly"] = [[*row, "x"] for row in rows["monthly"]]
    assert only_problem(scene.plain_workbook(rows)).code == "N01"


def test_a_percent_cell_is_explained_even_where_it_holds_a_whole_number() -> None:
    problem = only_problem(put("Patients who feel safe", 1, "0%"))  # shows 100%, holds 1
    assert problem.code == "E04"
    assert problem.value == "100%"
    assert "not a percentage" in problem.fix


def test_a_letter_o_for_a_zero() -> None:
    problem = only_problem(put("Sexual assault", "O"))
    assert problem.code == "E04"
    assert problem.fix.startswith("Did you mean 0?")


def test_a_number_that_excel_turned_into_a_date() -> None:
    problem = only_problem(put("Sexual assault", datetime(2026, 1, 3)))  # noqa: DTZ001 – as above
    assert problem.code == "E04"
    assert "turned what you typed into a date" in problem.fix


def test_the_result_of_a_formula_counts() -> None:
    rows = sheet_rows()
    content = BytesIO()
    book = xlsxwriter.Workbook(content)
    for name, cells in rows.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(cells):
            sheet.write_row(number, 0, row)
        if name == "monthly":
            sheet.write_formula(1, 3, "=400+49", None, 449)
    book.close()
    same_as_good(content.getvalue())


def test_a_formula_error_is_named_at_its_cell() -> None:
    content = put("Sexual assault", "#N/A")
    sheet = openpyxl.load_workbook(BytesIO(content))["monthly"]
    cell = sheet.cell(2, column(sheet, "Sexual assault")).coordinate
    problem = only_problem(content)
    assert (problem.code, problem.cell) == ("F08", cell)


def test_a_float_that_is_a_whole_number_after_all() -> None:
    same_as_good(put("Occupied bed days", 448.99999999999994))


def test_a_trust_code_with_a_space_and_small_letters() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["cover"]["C6"].value = " z01 "

    same_as_good(edited(change))


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ","),
        ("utf-8", ";"),
        ("utf-8-sig", "\t"),
        ("utf-16", "\t"),
        ("utf-16-le", ","),
        ("utf-16-be", ";"),
    ],
)
def test_csv_in_every_encoding_and_with_every_separator(encoding: str, separator: str) -> None:
    text = csv_of().decode().replace(",", separator)
    assert accepted(text.encode(encoding)).equals(accepted(csv_of()))


def test_csv_in_windows_1252_is_read_with_a_note() -> None:
    found = checked(csv_of(explain="Café corner closed", encoding="cp1252"))
    assert found.outcome is Outcome.CLEAN
    assert {problem.code for problem in found.problems} == {"N04", "N05"}
    assert found.cells.filter(field="explain")["text"][0] == "Café corner closed"


def test_csv_whose_first_line_names_its_separator() -> None:
    text = "sep=;\r\n" + csv_of().decode().replace(",", ";")
    assert accepted(text.encode()).equals(accepted(csv_of()))


def test_rows_of_a_csv_are_counted_as_a_spreadsheet_counts_them() -> None:
    text = csv_of(explain="Two\nlines").decode().replace("BIRCH2,data", "BIRCH2,dat")
    (problem,) = [p for p in checked(text.encode()).problems if p.code == "E11"]
    assert (problem.row, problem.cell) == (3, "D3")


def test_a_csv_file_of_two_trusts_is_refused() -> None:
    text = csv_of().decode().replace("Z01,2026-03,BIRCH2", "Z02,2026-03,BIRCH2")
    (problem,) = [p for p in checked(text.encode()).problems if p.code == "F04"]
    assert problem.cell == "A3"


def test_a_zip_with_what_a_mac_adds() -> None:
    files = {f"{name}.csv": as_csv(rows) for name, rows in sheet_rows().items()}
    extra = {"__MACOSX/._cover.csv": b"\x00\x05", ".DS_Store": b"\x00\x00"}
    same_as_good(zipped({f"return/{name}": text for name, text in files.items()} | extra))


def test_our_reader_finds_what_another_reader_finds() -> None:
    content = scene.workbook()
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    for sheet in read(content).sheets:
        theirs = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        found = {
            (r, c): plain(value)
            for r, row in enumerate(theirs, 1)
            for c, value in enumerate(row, 1)
            if value != ""
        }
        cells = {(r, c): cell for r, row in sheet.rows.items() for c, cell in row.items()}
        ours = {place: cell.text for place, cell in cells.items() if cell.kind != "formula"}
        assert ours == found, "a formula without a result is nothing to the other reader"


def plain(value: Any) -> str:
    return f"{value:.0f}" if isinstance(value, float) else str(value)
