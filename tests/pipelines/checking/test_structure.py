"""The quick check skips pandera only for sheets in which pandera would find nothing."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from pipelines.checking.structure import _surely_right
from schemas.returns import SHEETS, columns_of
from schemas.typed import types_of

VALUES = {
    "count": st.integers(-1, 70),
    "date": st.dates(date(2020, 1, 1), date(2027, 1, 1)),
    "month": st.sampled_from([date(2026, 3, 1), date(2026, 4, 1)]),
}


def _values(sheet: str, field: str) -> st.SearchStrategy[Any]:
    column = columns_of(sheet)[field]
    if column.kind in VALUES:
        usual = VALUES[column.kind]
    elif column.allowed:
        usual = st.sampled_from([*column.allowed, "something else"])
    else:
        usual = st.sampled_from([column.example or "text", "ALDER1", "a@b.example", "x" * 61])
    return st.one_of(usual, usual, usual, st.none())


@st.composite
def sheets(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    sheet = draw(st.sampled_from(list(SHEETS)))
    right = st.fixed_dictionaries({c: _right(sheet, c) for c in types_of(SHEETS[sheet])})
    rows = draw(st.lists(right, min_size=1, max_size=3))
    for _ in range(draw(st.integers(0, 2))):
        row, field = draw(st.sampled_from(rows)), draw(st.sampled_from(list(rows[0])))
        row[field] = draw(_values(sheet, field))
    return sheet, rows


def _right(sheet: str, field: str) -> st.SearchStrategy[Any]:
    column = columns_of(sheet)[field]
    if column.allowed:
        return st.sampled_from(column.allowed)
    return {
        "count": st.integers(0, 60),
        "date": st.just(date(2026, 3, 4)),
        "month": st.just(date(2026, 3, 1)),
    }.get(column.kind, st.just(column.example or "text"))


def pandera_finds_nothing(sheet: str, rows: list[dict[str, Any]]) -> bool:
    try:
        SHEETS[sheet].validate(pl.DataFrame(rows, schema=types_of(SHEETS[sheet])), lazy=True)
    except SchemaErrors:
        return False
    return True


@settings(max_examples=60)
@given(sheets())
def test_it_agrees_with_pandera(example: tuple[str, list[dict[str, Any]]]) -> None:
    sheet, rows = example
    assert _surely_right(sheet, rows) == pandera_finds_nothing(sheet, rows)


@pytest.mark.parametrize("sheet", list(SHEETS))
def test_a_faultless_row_of_every_sheet_is_spared(sheet: str) -> None:
    required = {"count": 5, "date": date(2026, 3, 4), "month": date(2026, 3, 1)}
    row = {
        name: column.allowed[0] if column.allowed else required.get(column.kind, column.example)
        for name, column in columns_of(sheet).items()
    }
    row = {name: value or None for name, value in row.items()}
    assert _surely_right(sheet, [row])
    assert pandera_finds_nothing(sheet, [row])


def test_doubt_goes_to_pandera() -> None:
    assert not _surely_right("monthly", [{"ward_code": 7}])
    assert not _surely_right("charter", [{"ward_code": "A1", "stage": "none"}] * 2)
    assert not _surely_right("charter", [{"ward_code": "A1", "stage": "finished"}])
