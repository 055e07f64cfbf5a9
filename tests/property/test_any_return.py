"""Any file gets a report or is accepted in full, and what is accepted is what was sent."""

import csv
from datetime import date
from functools import cache
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.checking.check import Checked, check
from pipelines.checking.context import Context
from pipelines.checking.version_changes import changes
from pipelines.reading.read import read
from pipelines.workbooks.template import filled, template
from schemas.cells import Cells
from schemas.problems import Outcome
from schemas.returns import sheets_of
from tests.property.returns import valid_values
from tests.returns import scene
from tests.returns.cases import csv_of, sheet_rows, zipped

pytestmark = pytest.mark.slow

SENT = ["sheet", "ward_code", "field", "text", "number", "state"]
FEW = settings(max_examples=15)
NASTY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "0", "O", "-1", "50%", "<5", "#REF!", "=1+1", "1e999", "nan"]),
    st.sampled_from(["9" * 6, "9" * 400, "9" * 5000]),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)).map(str),
)


@cache
def context() -> Context:
    """A context without a history, to test what is possible and not what is likely."""
    return scene.context(history=None)


def report_or_acceptance(content: bytes) -> Checked:
    """The result of a check, after testing that it is complete."""
    checked = check(content, "return", context())
    assert isinstance(checked.as_dict()["problems"], list)
    errors = [problem for problem in checked.problems if problem.severity == "error"]
    assert bool(errors) == (checked.cells is None)
    assert all(problem.message and problem.fix for problem in checked.problems)
    if checked.cells is not None:
        Cells.validate(checked.cells)
    return checked


def accepted(content: bytes) -> pl.DataFrame:
    checked = report_or_acceptance(content)
    assert checked.cells is not None, checked.as_dict()
    return checked.cells.select(SENT).sort(SENT)


@given(st.binary(max_size=400))
def test_any_bytes_get_a_report(content: bytes) -> None:
    report_or_acceptance(content)


@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
def test_any_text_gets_a_report(text: str, encoding: str) -> None:
    report_or_acceptance(text.encode(encoding, "replace"))


@given(st.data())
def test_a_workbook_with_damaged_bytes_gets_a_report(data: st.DataObject) -> None:
    content = bytearray(scene.workbook())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    report_or_acceptance(bytes(content))


@given(st.data())
def test_a_workbook_with_damaged_parts_gets_a_report(data: st.DataObject) -> None:
    parts = {}
    with ZipFile(BytesIO(scene.workbook())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(n for n in parts if n.endswith((".xml", ".rels")))))
    at = data.draw(st.integers(0, len(parts[name])))
    action = data.draw(st.sampled_from(["cut", "drop", "swap"]))
    if action == "drop":
        del parts[name]
    elif action == "cut":
        parts[name] = parts[name][:at]
    else:
        parts[name] = parts[name][:at] + data.draw(st.binary(max_size=9)) + parts[name][at + 3 :]
    report_or_acceptance(zipped(parts))


@given(st.data())
def test_any_change_of_cells_and_headers_gets_a_report(data: st.DataObject) -> None:
    rows = sheet_rows_once()
    for _ in range(data.draw(st.integers(1, 5))):
        sheet = data.draw(st.sampled_from(list(rows)))
        row = data.draw(st.integers(0, len(rows[sheet]) - 1))
        if rows[sheet][row]:
            column = data.draw(st.integers(0, len(rows[sheet][row]) - 1))
            rows[sheet][row][column] = data.draw(NASTY)
    for sheet in data.draw(st.sets(st.sampled_from(list(sheets_of(scene.PROGRAMME))), max_size=2)):
        rows.pop(sheet)
    report_or_acceptance(zipped(as_files(rows)))


@FEW
@given(valid_values())
def test_the_template_filled_with_any_valid_values_passes(values: dict[str, Any]) -> None:
    content = filled(scene.PROGRAMME, scene.register(), scene.TRUST, scene.MONTH, values)
    cells = accepted(content)
    for row in values["monthly"]:
        of_ward = cells.filter(sheet="monthly", ward_code=row["ward_code"])
        for field, value in row.items():
            (found,) = of_ward.filter(field=field).iter_rows(named=True)
            if isinstance(value, int):
                assert found["number"] == value, (field, found)
            elif value is not None:
                assert found["text"] == value


@FEW
@given(valid_values(), st.randoms(use_true_random=False))
def test_the_order_and_the_format_of_a_return_do_not_matter(
    values: dict[str, Any], chance: Any
) -> None:
    content = filled(scene.PROGRAMME, scene.register(), scene.TRUST, scene.MONTH, values)
    plain = {
        sheet.name: as_rows(sheet)
        for sheet in read(content).sheets
        if sheet.name in sheets_of(scene.PROGRAMME)
    }
    shuffled = {
        name: rows if name == "cover" else turned(rows, chance)
        for name, rows in chance.sample(sorted(plain.items()), len(plain))
    }
    as_sent = accepted(content)
    assert accepted(scene.plain_workbook(shuffled)).equals(as_sent)
    assert accepted(zipped(as_files(shuffled))).equals(as_sent)
    assert accepted(zipped(as_files(shuffled, "utf-8-sig", ";"))).equals(as_sent)


@FEW
@given(valid_values())
def test_checking_again_gives_the_same(values: dict[str, Any]) -> None:
    content = filled(scene.PROGRAMME, scene.register(), scene.TRUST, scene.MONTH, values)
    first, second = check(content, "a", context()), check(content, "a", context())
    assert first.as_dict() == second.as_dict()
    assert first.cells.equals(second.cells)


@FEW
@given(valid_values(), st.sampled_from(list(scene.WARDS)))
def test_a_correction_keeps_the_version_in_use_or_says_what_it_loses(
    values: dict[str, Any], gone: str
) -> None:
    sent = filled(scene.PROGRAMME, scene.register(), scene.TRUST, scene.MONTH, values)
    before = report_or_acceptance(sent).cells
    assert before is not None
    about = {"trust_code": pl.lit(scene.TRUST), "month": pl.lit(scene.MONTH.first_day)}
    with_history = scene.context(history=before.with_columns(**about))

    again = template(scene.PROGRAMME, scene.register(), scene.TRUST, scene.MONTH, in_use=before)
    checked = check(again, "return.xlsx", with_history)
    assert checked.cells is not None, checked.as_dict()
    assert changes(before, checked.cells).is_empty()
    assert "W18" not in {problem.code for problem in checked.problems}

    others = [row for row in values["monthly"] if row["ward_code"] != gone]
    less = filled(
        scene.PROGRAMME, scene.register(), scene.TRUST, scene.MONTH, values | {"monthly": others}
    )
    lost = [p for p in check(less, "return.xlsx", with_history).problems if p.code == "W18"]
    assert [(p.sheet, p.ward) for p in lost] == [("monthly", gone)]


@given(st.sampled_from(["inc_assault", "pt_safe", "st_safe", "restraint_n"]))
def test_zero_stays_zero_and_blank_stays_blank(field: str) -> None:
    cells = accepted(csv_of(**{field: 0}))
    (zero,) = cells.filter(field=field, ward_code="ALDER1").iter_rows(named=True)
    assert (zero["number"], zero["text"], zero["state"]) == (0.0, "0", "value")
    cells = accepted(csv_of(restraint_n=""))
    (blank,) = cells.filter(field="restraint_n", ward_code="ALDER1").iter_rows(named=True)
    assert (blank["number"], blank["text"], blank["state"]) == (None, None, "missing")


def test_a_template_that_nobody_filled_in_is_not_taken() -> None:
    blank = template(scene.PROGRAMME, scene.register(), scene.TRUST, scene.MONTH)
    checked = report_or_acceptance(blank)
    assert checked.outcome is Outcome.ERRORS
    assert [problem.code for problem in checked.problems] == ["F05"]


def sheet_rows_once() -> dict[str, list[list[Any]]]:
    return {name: [list(row) for row in rows] for name, rows in _rows().items()}


@cache
def _rows() -> dict[str, list[list[Any]]]:
    return sheet_rows()


def as_rows(sheet: Any) -> list[list[Any]]:
    width = max(column for cells in sheet.rows.values() for column in cells)
    return [
        [sheet.rows[n][c].text if c in sheet.rows.get(n, {}) else None for c in range(1, width + 1)]
        for n in range(1, max(sheet.rows) + 1)
    ]


def turned(rows: list[list[Any]], chance: Any) -> list[list[Any]]:
    """The same table with its columns in another order."""
    order = chance.sample(range(len(rows[0])), len(rows[0]))
    return [[row[n] if n < len(row) else None for n in order] for row in rows]


def as_files(
    sheets: dict[str, list[list[Any]]], encoding: str = "utf-8", separator: str = ","
) -> dict[str, bytes]:
    """Each sheet as a CSV file."""
    files = {}
    for name, rows in sheets.items():
        text = StringIO()
        csv.writer(text, delimiter=separator).writerows(
            [["" if value is None else value for value in row] for row in rows]
        )
        files[f"{name}.csv"] = text.getvalue().encode(encoding, "replace")
    return files


def test_another_program_can_open_the_template_and_its_lists() -> None:
    book = openpyxl.load_workbook(
        BytesIO(template(scene.PROGRAMME, scene.register(), scene.TRUST, scene.MONTH))
    )
    assert book.sheetnames == [*sheets_of(scene.PROGRAMME), "overview", "lists", "definitions"]
    assert book["cover"]["A1"].value.startswith("Sexual safety return: Alderbrook")
    assert all(not sheet.merged_cells.ranges for sheet in book)
    assert book["overview"].protection.sheet
    assert not book["monthly"]["F2"].protection.locked
