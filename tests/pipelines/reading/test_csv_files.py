"""CSV files whose lines don't fit their header, and what stands under the data."""

import pytest

from pipelines.checking.check import Checked, check
from pipelines.reading.read import Unreadable, read
from pipelines.reading.tables import tables_of
from schemas.problems import Outcome, Problem
from tests.returns import scene
from tests.returns.cases import as_csv, csv_of, sheet_rows, zipped

HEADER = "trust_code,period,ward_code,return_status,occupied_bed_days,pt_answered,survey_mode"
ROW = "Z01,2026-03,ALDER1,data,449,12,tablet"


def uneven(*lines: str, end: str = "\r\n") -> list[tuple[tuple[int, ...], int, int]]:
    text = "\r\n".join(lines) + end
    table = tables_of(read(text.encode()))["monthly"]
    return [(found.rows, found.values, found.header) for found in table.uneven]


def checked(content: bytes) -> Checked:
    return check(content, "return", scene.context())


def of_code(found: Checked, code: str) -> list[Problem]:
    return [problem for problem in found.problems if problem.code == code]


def test_lines_that_fit() -> None:
    assert uneven(HEADER, ROW, ROW) == []
    assert uneven("Title of the table", "", HEADER, ROW) == []
    assert uneven(HEADER, ROW, "", ",,,,,,", ROW) == []


def test_separators_at_the_end_of_every_line_do_no_harm() -> None:
    assert uneven(f"{HEADER},,", f"{ROW},,", f"{ROW},,") == []
    assert uneven(HEADER, f"{ROW},,", f"{ROW},,") == []
    assert uneven(HEADER, f"{ROW},") == []
    assert uneven(f"{HEADER},,", ROW, ROW) == []


def test_a_line_that_is_cut_off() -> None:
    assert uneven(HEADER, ROW, "Z01,2026-03,BIRCH2,data,4", end="") == [((3,), 5, 7)]
    found = tables_of(read(f"{HEADER}\nZ01,2026-03,BIRCH2,data,4".encode()))["monthly"]
    assert found.uneven[0].cut_off


def test_a_line_with_a_comma_too_many_or_too_few() -> None:
    assert uneven(HEADER, "Z01,2026-03,ALDER1,data,1,204,12,tablet", ROW) == [((2,), 8, 7)]
    assert uneven(HEADER, "Z01,2026-03,ALDER1,data,12,tablet", ROW) == [((2,), 6, 7)]
    assert uneven(HEADER, "Z01,2026-03,ALDER1,data,,449,12,", ROW) == [((2,), 8, 7)]


def test_the_only_line_has_moved_although_what_is_left_over_is_blank() -> None:
    assert uneven(HEADER, "Z01,2026-03,ALDER1,data,1,204,12,") == [((2,), 8, 7)]


def test_lines_that_are_all_longer_than_the_header() -> None:
    """R writes the names of rows without a heading for them."""
    lines = [f"{n},{ROW}" for n in (1, 2)]
    assert uneven(HEADER, *lines) == [((2, 3), 8, 7)]
    assert uneven(f",{HEADER}", *lines) == []


def test_what_excel_leaves_out_after_the_first_16_lines_is_not_missing() -> None:
    """Excel ends each 16 lines at the last column that any of them fills."""
    short = ROW.rpartition(",")[0]
    full = [ROW] * 15
    assert uneven(HEADER, *full, short, short) == []
    assert uneven(HEADER, *full, short, short, end="") == [((17, 18), 6, 7)]
    assert uneven(HEADER, *full, ROW, short) == [((18,), 6, 7)]
    assert uneven(HEADER, *full[1:], short) == [((16,), 6, 7)]


def test_both_are_counted_and_the_comma_is_looked_for() -> None:
    text = csv_of().replace(b",data,428,", b",data,1,428,")
    (problem,) = of_code(checked(text), "F03")
    assert problem.message.startswith("Row 3 has 16 values, but the header has 15")
    assert "1,428" in problem.fix
    assert problem.cell == "E3"


def test_the_same_in_a_zip() -> None:
    files = {f"{name}.csv": as_csv(rows) for name, rows in sheet_rows().items()}
    files["monthly.csv"] = files["monthly.csv"].replace(b"entered,428,", b"entered,1,428,")
    (problem,) = of_code(checked(zipped(files)), "F03")
    assert (problem.sheet, problem.row) == ("monthly", 3)


@pytest.mark.parametrize("text", [b'a,b\n1,"2\n3,4\n', b'a,b\n1,"2', b'a,b\n1,"2\n3,""4""\n'])
def test_an_open_quotation_mark(text: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert "opened in row 2 and never closed" in refused.value.problem.message


def test_a_quotation_mark_that_is_closed() -> None:
    for text in (b'a,b\n1,"2"', b'a,b\n1,"2\n3"\n', b'a,b\n1,"say ""two"""'):
        (sheet,) = read(text).sheets
        assert len(sheet.rows) == 2


@pytest.mark.parametrize(
    "note",
    [
        '"* provisional, not for publication"',
        "* provisional, not for publication",
        "Source: Datix, extracted in April",
        "Source: Datix" + "," * 14,
        "PROVISIONAL",
        "[c] = hidden because fewer than 5",
    ],
)
def test_a_note_under_the_data_stops_nothing(note: str) -> None:
    found = checked(csv_of() + note.encode() + b"\r\n")
    assert found.outcome is Outcome.CLEAN, found.as_dict()
    (problem,) = of_code(found, "N08")
    assert (problem.cell, problem.value) == ("A5", None)
    assert "looks like a note" in problem.message


def test_an_error_beside_a_note_is_still_found() -> None:
    found = checked(csv_of(pt_safe="<5") + b"* provisional\r\n")
    assert of_code(found, "N08")
    assert of_code(found, "E04")


@pytest.mark.parametrize("line", ["Z01", "Z02,,,,", "Z01,2026-03", "Z01,,Total,,1494"])
def test_what_is_no_note_is_not_taken_for_one(line: str) -> None:
    found = checked(csv_of() + line.encode() + b"\r\n")
    assert not of_code(found, "N08")
    assert found.outcome is Outcome.ERRORS


def test_a_header_that_comes_again() -> None:
    header, _, rows = csv_of().partition(b"\r\n")
    first, _, others = rows.partition(b"\r\n")
    found = checked(b"\r\n".join([header, first, header, others]))
    assert found.outcome is Outcome.CLEAN, found.as_dict()
    (problem,) = of_code(found, "N08")
    assert problem.row == 3


def test_another_header_is_not_taken_for_the_same() -> None:
    """Its columns stand in another order, so what follows would be read wrongly."""
    header, _, rows = csv_of().partition(b"\r\n")
    other = header.replace(b"pt_answered,pt_safe", b"pt_safe,pt_answered")
    found = checked(b"\r\n".join([header, rows.partition(b"\r\n")[0], other]) + b"\r\n")
    assert found.outcome is Outcome.ERRORS


def test_what_windows_and_office_leave_in_a_folder_is_passed_over() -> None:
    files = {f"{name}.csv": as_csv(rows) for name, rows in sheet_rows().items()}
    litter = ("desktop.ini", "Thumbs.db", "return/Desktop.ini", "~$monthly.xlsx", ".DS_Store")
    found = checked(zipped(files | dict.fromkeys(litter, b"\0\1\2")))
    assert found.outcome is Outcome.CLEAN


def test_folders_in_a_zip_may_be_parted_by_backslashes() -> None:
    files = {f"return\\{name}.csv": as_csv(rows) for name, rows in sheet_rows().items()}
    assert checked(zipped(files)).outcome is Outcome.CLEAN


def test_what_else_is_in_a_zip_is_named() -> None:
    files = {"monthly.csv": b"a,b", "notes/Letter.docx": b"x", "Thumbs.db": b"x"}
    (problem,) = checked(zipped(files)).problems
    assert problem.message.endswith("other than CSV files: “notes/Letter.docx”.")


def test_a_finding_about_the_month_of_a_csv_file_is_on_its_only_sheet() -> None:
    late = check(csv_of(), "return", scene.context(today=scene.date(2026, 4, 27)))
    (problem,) = of_code(late, "W11")
    assert (problem.sheet, problem.cell) == ("monthly", "B2")
