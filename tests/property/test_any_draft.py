"""A form that was filled in is the workbook's return, figure for figure, and says what it will."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.checking.check import check
from pipelines.checking.checked import Checked
from pipelines.drafting.basis import Basis, look, workbook_of
from pipelines.keeping import drafts
from pipelines.keeping.drafts import Draft
from pipelines.workbooks.template import filled, rows_to_fill_in
from schemas.problems import Severity
from schemas.returns import TEMPLATE_VERSION, columns_of
from tests.property.returns import monthly_row, valid_values
from tests.returns import scene

pytestmark = pytest.mark.slow

NOW = datetime(2026, 4, 9, 10, tzinfo=UTC)
SENT = ["sheet", "ward_code", "field", "text", "number", "state"]
FEW = settings(max_examples=15)
COUNTS = [name for name, column in columns_of("monthly").items() if column.kind == "count"]


@cache
def basis() -> Basis:
    rows = rows_to_fill_in(scene.PROGRAMME, scene.register(), scene.TRUST, scene.MONTH)
    context = scene.context(history=None)
    return Basis(scene.TRUST, scene.MONTH, scene.WARDS, rows, context, None)


def typed_of(row: dict[str, Any]) -> dict[str, int | str]:
    known = {name: value for name, value in row.items() if value is not None}
    return {name: value for name, value in known.items() if name not in ("period", "ward_code")}


def as_kept(rows: list[dict[str, Any]]) -> list[Draft]:
    """Each row as a draft that was saved and read again."""
    with TemporaryDirectory() as folder:
        for row in rows:
            about = (scene.TRUST, str(scene.MONTH), row["ward_code"], typed_of(row))
            drafts.save(Path(folder), Draft(*about, "jo@trust.example", NOW, TEMPLATE_VERSION))
        return drafts.of_trust(Path(folder), scene.TRUST, NOW)


def checked(content: bytes) -> Checked:
    return check(content, "return.xlsx", basis().context)


@FEW
@given(valid_values())
def test_a_form_filled_in_is_the_same_return_as_the_workbook(values: dict[str, Any]) -> None:
    cover = {**scene.COVER, **values["cover"][0]}
    both = {"cover": [cover], "monthly": values["monthly"]}
    workbook = filled(scene.PROGRAMME, scene.register(), scene.TRUST, scene.MONTH, both)
    form = workbook_of(basis(), as_kept(values["monthly"]), cover)
    found, wanted = checked(form), checked(workbook)
    assert found.cells is not None, found.as_dict()
    assert found.cells.select(SENT).sort(SENT).equals(wanted.cells.select(SENT).sort(SENT))
    assert [p.as_dict() for p in found.problems] == [p.as_dict() for p in wanted.problems]
    for row in values["monthly"]:
        cells = found.cells.filter(pl.col("sheet") == "monthly", ward_code=row["ward_code"])
        kept = dict(cells.select("field", "number").iter_rows())
        assert {n: v for n, v in kept.items() if n in row and isinstance(row[n], int)} == {
            n: v for n, v in row.items() if isinstance(v, int)
        }


@FEW
@given(st.data())
def test_the_form_says_the_errors_that_the_check_will_find(data: st.DataObject) -> None:
    rows = [data.draw(monthly_row(code)) for code in scene.WARDS]
    for row in rows:
        for name in data.draw(st.sets(st.sampled_from(COUNTS), max_size=6)):
            row[name] = data.draw(st.none() | st.integers(0, 999_999))
    said = look(basis(), {row["ward_code"]: typed_of(row) for row in rows})
    form = workbook_of(basis(), as_kept(rows), scene.COVER)
    errors = [p for p in checked(form).problems if p.severity is Severity.ERROR and p.ward]
    for ward, its in said.items():
        found = {(p.column, p.message, p.fix) for p in errors if p.ward == ward}
        shown = {(p.column, p.message, p.fix) for p in its.errors}
        assert shown <= found
        left = {column for column, _, _ in found - shown}
        assert left <= {*its.blank, "return_status"}  # needed blanks are listed in one sentence
        assert bool(left) == bool(its.blank)
