"""The problem report as people see it."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import openpyxl

from pipelines.checking.check import check
from pipelines.workbooks import problem_report
from pipelines.workbooks.problem_report import own_tables, report
from tests.returns import scene
from tests.returns.make_files import FOLDER

AT = datetime(2026, 4, 9, 15, 30, tzinfo=UTC)


def opened(content: bytes, name: str = "return.xlsx") -> Any:
    checked = check(content, name, scene.context())
    return openpyxl.load_workbook(BytesIO(report(checked, own_tables(content), AT)))


def table(sheet: Any) -> list[dict[str, Any]]:
    header, *rows = list(sheet.iter_rows(min_row=4, values_only=True))
    return [dict(zip(header, row, strict=True)) for row in rows if any(row)]


def several() -> bytes:
    rows = [scene.figures(code, inc_other="n/a") for code in scene.WARDS]
    rows[1] |= {"st_safe": 99, "explain": "Sarah Bennet moved"}
    return scene.workbook(monthly=rows)


def test_what_to_fix_is_grouped_with_every_place() -> None:
    first, *_ = table(opened(several())["Fix these"])
    assert first["What"] == "Must be corrected"
    assert first["How many"] == 3
    assert first["Where"] == "monthly S2 (ALDER1), monthly S3 (BIRCH2), monthly S4 (CEDAR3)"


def test_all_problems_are_there_in_the_order_people_want() -> None:
    book = opened(several())
    lines = table(book["All problems"])
    assert list(lines[0])[:7] == [
        "Row",
        "Ward",
        "Month",
        "Column",
        "You entered",
        "Problem",
        "How to fix",
    ]
    assert [(line["Row"], line["Ward"], line["Code"]) for line in lines] == [
        (2, "ALDER1", "E04"),
        (3, "BIRCH2", "E05"),
        (3, "BIRCH2", "E04"),
        (4, "CEDAR3", "E04"),
        (3, "BIRCH2", "W17"),
    ]
    assert lines[1]["Column"] == "Staff who feel safe"
    assert lines[1]["You entered"] == "99"


def test_my_rows_come_back_with_a_problems_column() -> None:
    rows = table(opened(several())["Your rows"])
    assert [row["Ward code"] for row in rows] == list(scene.WARDS)
    assert rows[0]["Problems"].startswith("S2: “n/a” is not a whole number.")
    assert rows[0]["Occupied bed days"] == 449


def test_text_that_is_not_kept_is_not_given_back_either() -> None:
    content = several()
    checked = check(content, "return.xlsx", scene.context())
    book = openpyxl.load_workbook(BytesIO(report(checked, own_tables(content), AT)))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "(not kept)" in cells
    assert not any("Sarah" in cell for cell in cells)


def test_it_says_which_file_when_and_how_many() -> None:
    book = opened(several(), "march.xlsx")
    assert book["Fix these"]["A1"].value == "Check of a return: Z01, March 2026"
    assert book["Fix these"]["A2"].value.startswith(
        "File march.xlsx, checked at 16:30 on 9 April 2026: 4 errors, 1 query, 0 notes. SHA-256"
    )
    assert book.active.title == "Fix these"


def test_a_file_that_can_not_be_read_has_a_report_too() -> None:
    book = opened((FOLDER / "bad" / "F01.xlsx").read_bytes())
    assert book.sheetnames == ["Fix these", "All problems"]
    assert "password" in table(book["Fix these"])[0]["Problem"]


def test_what_looks_like_a_formula_stays_text() -> None:
    content = scene.workbook(
        monthly=[scene.figures(code, inc_other="=HYPERLINK(1)") for code in scene.WARDS]
    )
    cell = opened(content)["All problems"]["E5"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_of_very_many_findings_the_first_are_listed_and_it_says_so(monkeypatch) -> None:
    monkeypatch.setattr(problem_report, "MOST_LISTED", 3)
    book = opened(several())
    assert [line["Code"] for line in table(book["All problems"])] == ["E04", "E05", "E04"]
    assert "4 errors, 1 query, 0 notes" in book["Fix these"]["A2"].value
    assert "Only the first 3 are listed: correct these first." in book["Fix these"]["A2"].value
