"""One ward's part of a check holds all that is the ward's, and nothing of any other."""

import pytest

from pipelines.checking.check import check
from pipelines.workbooks.problem_report import NOT_KEPT, own_tables
from pipelines.workbooks.ward_part import WardPart, ward_parts
from tests.returns import scene
from tests.returns.cases import CASES, Case
from tests.returns.make_files import FOLDER


def parts_of(content: bytes, name: str = "return.xlsx", **about: object) -> dict[str, WardPart]:
    context = scene.context(**about)
    checked = check(content, name, context)
    return {p.code: p for p in ward_parts(checked, own_tables(content), context.register)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.filename)
def test_no_part_names_another_ward(case: Case) -> None:
    content = (FOLDER / "bad" / case.filename).read_bytes()
    for code, part in parts_of(content, case.filename, **case.context()).items():
        said = repr((part.name, part.findings, part.rows))
        for other, name in scene.WARDS.items():
            assert other == code or (other not in said and name not in said)


def test_every_error_of_a_ward_is_in_its_part() -> None:
    rows = [scene.figures(code) for code in scene.WARDS]
    rows[0] |= {"inc_other": "n/a", "st_safe": 99}
    rows[2] |= {"inc_other": "none"}
    parts = parts_of(scene.workbook(monthly=rows))
    assert list(parts) == ["ALDER1", "CEDAR3"]
    assert [found.cell for found in parts["ALDER1"].findings] == ["K2", "S2"]
    assert [found.value for found in parts["CEDAR3"].findings] == ["none"]
    (monthly, *_) = parts["CEDAR3"].rows
    assert [row[1] for row in monthly.rows] == [4]


def test_what_names_another_ward_as_well_is_left_out_and_counted() -> None:
    twin = scene.figures("ALDER1")
    rows = [twin, twin | {"ward_code": "BIRCH2"}, scene.figures("CEDAR3")]
    rows[1]["explain"] = "Sarah Bennet moved"
    part = parts_of(scene.workbook(monthly=rows))["BIRCH2"]
    assert "ALDER1" not in repr(part)
    assert part.left_out == 1


def test_text_that_seemed_to_identify_someone_is_in_no_part() -> None:
    rows = [scene.figures(code) for code in scene.WARDS]
    rows[1] |= {"st_safe": 99, "explain": "Sarah Bennet moved"}
    part = parts_of(scene.workbook(monthly=rows))["BIRCH2"]
    assert "Bennet" not in repr(part)
    assert NOT_KEPT in part.rows[0].rows[0]


def test_a_rating_of_the_ward_is_among_its_rows_and_one_of_the_trust_is_not() -> None:
    rating = {"set_id": "sexual_safety_placeholder", "statement_id": "P1", "rating": "met"}
    whose = (("ward", "ALDER1"), ("ward", "BIRCH2"), ("trust", "Z01"))
    standards = [rating | {"org_level": level, "org_code": code} for level, code in whose]
    rows = [scene.figures(code) for code in scene.WARDS]
    rows[0] |= {"st_safe": 99}
    part = parts_of(scene.workbook(monthly=rows, standards=standards))["ALDER1"]
    (found,) = [each for each in part.rows if each.sheet == "standards"]
    assert [row[5] for row in found.rows] == ["ALDER1"]
