"""Who feels safe by group: from the workbook to the cells that are kept, and what is refused."""

from io import BytesIO

import openpyxl
import polars as pl
import pytest

from pipelines.checking.check import Context, check
from pipelines.workbooks.template import template
from schemas.programme import NOT_KNOWN
from schemas.returns import columns_of, sheets_of
from tests.returns import scene
from tests.returns.cases import AGES, by_group, grouped


@pytest.fixture(scope="module")
def asked() -> Context:
    """What a return is checked against where the programme asks by age."""
    return scene.context(programme=scene.BY_AGE)


def test_the_workbook_asks_for_every_category_of_every_ward_and_nobody_types_a_word():
    book = openpyxl.load_workbook(
        BytesIO(template(scene.BY_AGE, scene.register(), scene.TRUST, scene.MONTH))
    )
    _, *rows = book["breakdowns"].iter_rows(values_only=True)
    every = scene.BY_AGE.breakdowns[0].every
    assert every[-1] == NOT_KNOWN
    assert [row[:3] for row in rows] == [
        (ward, "Age (placeholder)", category) for ward in scene.WARDS for category in every
    ]
    assert all(row[3:] == (None, None) for row in rows)
    assert "breakdowns" in book["cover"]["A2"].value
    sheet = book["breakdowns"]
    asked = {v.promptTitle: v for v in sheet.data_validations.dataValidation}
    assert all(asked[column.title].prompt for column in columns_of("breakdowns").values())
    assert not sheet["D2"].protection.locked
    named = asked["Category"].formula1.partition("!")[2]
    listed = [cell.value for (cell,) in book["lists"][named.replace("$", "")]]
    assert listed == list(every)


def test_a_programme_that_asks_for_none_has_no_such_sheet_or_word():
    book = openpyxl.load_workbook(
        BytesIO(template(scene.PROGRAMME, scene.register(), scene.TRUST, scene.MONTH))
    )
    assert "breakdowns" not in book.sheetnames
    words = {str(cell.value) for sheet in book for row in sheet for cell in row}
    assert not [word for word in words if "breakdown" in word.casefold()]
    assert "breakdowns" not in sheets_of(scene.PROGRAMME)


def test_rows_left_blank_are_no_rows_and_a_ward_may_leave_all_of_them_blank(asked):
    checked = check(by_group(ALDER1=AGES), "good.xlsx", asked)
    assert not [p for p in checked.problems if p.sheet == "breakdowns"]
    kept = checked.cells.filter(sheet="breakdowns", field="answered")
    assert kept["number"].to_list() == [3, 5, 4]
    assert set(kept["ward_code"]) == {"ALDER1"}
    left = check(scene.workbook(programme=scene.BY_AGE), "left.xlsx", asked)
    assert not [p for p in left.problems if p.sheet == "breakdowns"]


def test_capitals_are_those_of_the_programme(asked):
    rows = [{**row, "category": row["category"].upper()} for row in grouped(ALDER1=AGES)]
    checked = check(scene.workbook(programme=scene.BY_AGE, breakdowns=rows), "f.xlsx", asked)
    kept = checked.cells.filter(sheet="breakdowns", field="category")
    assert tuple(kept["text"]) == scene.BY_AGE.breakdowns[0].every


def test_zero_is_a_figure(asked):
    checked = check(by_group(ALDER1=[(0, 0), (12, 10), (0, 0)]), "zero.xlsx", asked)
    kept = checked.cells.filter(sheet="breakdowns", field="answered")
    assert kept["number"].to_list() == [0, 12, 0]


def test_a_correction_starts_from_what_was_sent_and_what_it_leaves_out_is_a_query(asked):
    sent = check(by_group(ALDER1=AGES), "first.xlsx", asked).cells
    again = template(scene.BY_AGE, scene.register(), scene.TRUST, scene.MONTH, in_use=sent)
    read = check(again, "again.xlsx", asked).cells.filter(sheet="breakdowns")
    assert read.drop("row").equals(sent.filter(sheet="breakdowns").drop("row"))
    lost = check(scene.workbook(programme=scene.BY_AGE), "lost.xlsx", _after(sent, scene.BY_AGE))
    assert [p.code for p in lost.problems if p.sheet == "breakdowns"] == ["W18"]


def test_once_switched_off_nobody_is_asked_about_what_was_sent_before(asked):
    sent = check(by_group(ALDER1=AGES), "first.xlsx", asked).cells
    off = check(scene.workbook(), "off.xlsx", _after(sent, scene.PROGRAMME))
    assert not [p for p in off.problems if p.code == "W18"]
    again = template(scene.PROGRAMME, scene.register(), scene.TRUST, scene.MONTH, in_use=sent)
    assert "breakdowns" not in openpyxl.load_workbook(BytesIO(again)).sheetnames


def test_the_words_are_those_of_today_whatever_was_sent_before(asked):
    age, *_ = scene.BY_AGE.breakdowns
    others = age.model_copy(update={"categories": ("Young (placeholder)", "Old (placeholder)")})
    changed = scene.BY_AGE.model_copy(update={"breakdowns": (others,)})
    sent = check(by_group(ALDER1=AGES), "first.xlsx", asked).cells
    checked = check(by_group(ALDER1=AGES), "again.xlsx", _after(sent, changed))
    wrong = [p.code for p in checked.problems if p.severity == "error"]
    assert wrong == ["E11", "E11"]


def _after(sent, programme):
    history = pl.concat(
        [
            scene.history(),
            sent.with_columns(
                trust_code=pl.lit(scene.TRUST), month=pl.lit(scene.MONTH.first_day)
            ).select(scene.history().columns),
        ]
    )
    return scene.context(programme=programme, history=history)
