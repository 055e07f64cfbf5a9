"""Checks of a release: each rule of each table's model is noticed, by the column that broke it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from pipelines.releasing.release_checks import ReleaseError, check
from schemas.release import TABLES
from schemas.typed import empty, types_of

VALUES = {
    pl.String: "x",
    pl.Date: date(2026, 3, 1),
    pl.Datetime: datetime.fromisoformat("2026-03-01T09:00"),
    pl.Boolean: True,
    pl.Int64: 1,
    pl.Float64: 1.0,
}


def _right(table: str) -> dict[str, Any]:
    """A row that is as its model says."""
    types = types_of(TABLES[table])
    row: dict[str, Any] = {name: VALUES[dtype.base_type()] for name, dtype in types.items()}
    for name, column in _columns(table).items():
        for rule in column.checks:
            row[name] = next(iter(rule.statistics.get("allowed_values", [row[name]])))
    return row


def _wrong(table: str) -> Iterator[tuple[str, object, int]]:
    """Each column with a value that it may not have, and how many such rows it takes."""
    right, types = _right(table), types_of(TABLES[table])
    for name, column in _columns(table).items():
        if not column.nullable:
            yield name, None, 1
            if types[name].is_float():
                yield name, float("nan"), 1
        if column.unique:
            yield name, right[name], 2
        for rule in column.checks:
            of = rule.statistics
            if "allowed_values" in of:
                yield name, "something else" if isinstance(right[name], str) else -1, 1
            else:
                yield name, of["min_value"] - 1 if "min_value" in of else of["max_value"] + 1, 1


def _columns(table: str) -> dict[str, Any]:
    return TABLES[table].to_schema().columns


def _said(table: str, row: dict[str, Any], times: int = 1) -> str:
    rows = {name: empty(model) for name, model in TABLES.items()}
    rows[table] = pl.DataFrame([row] * times, types_of(TABLES[table]), orient="row")
    try:
        check(rows)
    except ReleaseError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("table", TABLES)
def test_a_value_that_a_table_may_not_have_is_named_by_its_column(table):
    right = _right(table)
    assert f"{table}." not in _said(table, right)
    for name, value, times in _wrong(table):
        said = _said(table, right | {name: value}, times)
        assert (
            f"{table}.{name}: " in said or f"{table} has {times} rows with the same {name}" in said
        )
