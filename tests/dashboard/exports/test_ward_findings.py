"""A ward's findings as a workbook and as a page to print."""

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl

from dashboard.exports.ward_findings import About, file
from pipelines.workbooks.ward_part import OwnRows, WardPart
from schemas.periods import Month
from schemas.problems import Problem, Severity

AT = datetime(2026, 4, 9, 15, 30, tzinfo=UTC)
ABOUT = About("Z01", "Alderbrook", Month(2026, 3), date(2026, 4, 16), AT, fictional=True)
FOUND = Problem(
    Severity.ERROR,
    "E04",
    "“=4O1” is <not> a number.",
    "Type digits.",
    sheet="monthly",
    cell="D2",
    row=2,
    column="occupied_bed_days",
    value="=4O1",
    ward="ALDER1",
)
ROWS = OwnRows("monthly", ("Problems", "Row", "Occupied bed days", "Why"), (("", 2, "=4O1", ""),))
PART = WardPart("ALDER1", "Alder Ward", (FOUND,), (ROWS,), left_out=1)


def test_the_workbook_says_what_to_correct_and_has_the_wards_rows() -> None:
    made = file(ABOUT, PART, "xlsx")
    assert made.name == "feeling-safe_findings_Z01-ALDER1_to-2026-03_exact-do-not-share.xlsx"
    book = openpyxl.load_workbook(BytesIO(made.content))
    assert book.sheetnames == ["Contents", "Findings", "Rows of monthly"]
    title, head, line = list(book["Findings"].iter_rows(values_only=True))
    assert title[0] == "Alder Ward (ALDER1): findings in the return for March 2026"
    assert head[1:3] == ("Where", "Column")
    assert line[:3] == ("Must be corrected", "monthly D2", "Occupied bed days")
    assert line[3].endswith("=4O1")
    assert book["Findings"]["D3"].data_type == "s"
    said = " ".join(str(row[0]) for row in book["Contents"].iter_rows(values_only=True))
    assert "Fictional" in said
    assert "of this ward only" in said
    assert "1 more finding also names another ward" in said
    assert "due by 16 April 2026" in said


def test_the_page_to_print_has_the_same_and_escapes_what_was_typed() -> None:
    page = file(ABOUT, PART, "html").content.decode()
    assert "“=4O1” is &lt;not&gt; a number." in page
    assert "monthly D2" in page
    assert "due by 16 April 2026" in page
    assert ">Why<" not in page, "a blank cell is nothing to look at"


def test_the_same_check_gives_the_same_file() -> None:
    for kind in ("xlsx", "html"):
        assert file(ABOUT, PART, kind) == file(ABOUT, PART, kind)
