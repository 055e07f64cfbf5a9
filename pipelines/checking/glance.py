"""A quick look at a sheet's rows that spares pandera the sheets in which nothing is wrong.

Pandera takes a millisecond for each column, however few the rows; most sheets are faultless. What
is looked for is read from the pandera models themselves, and a kind of check that isn't known
here counts as a doubt: pandera then decides.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from schemas.returns import SHEETS

Values = Mapping[str, Any]
_PYTHON = {pl.String: str, pl.Int64: int, pl.Date: date}


def surely_right(sheet: str, rows: Sequence[Values]) -> bool:
    """True only if pandera would find nothing in these rows; a column that is absent is blank."""
    fits, unique = _looks(sheet)
    if not all(fit(row.get(column)) for row in rows for column, fit in fits.items()):
        return False
    keys = [tuple(row.get(key) for key in unique) for row in rows] if unique else []
    return len(set(keys)) == len(keys)


@cache
def _looks(sheet: str) -> tuple[dict[str, Callable[[Any], bool]], tuple[str, ...]]:
    schema = SHEETS[sheet].to_schema()
    fits = {name: _fit(column) for name, column in schema.columns.items()}
    if schema.checks:
        fits = dict.fromkeys(fits, _never)
    return fits, tuple(schema.unique or ())


def _fit(column: Any) -> Callable[[Any], bool]:
    kind = _PYTHON.get(column.dtype.type)
    tests = [_test(check.name, check.statistics) for check in column.checks]
    if kind is None or column.unique:
        return _never
    nullable = column.nullable

    def fits(value: Any) -> bool:
        if value is None:
            return nullable
        return type(value) is kind and all(test(value) for test in tests)

    return fits


def _test(name: str, said: Mapping[str, Any]) -> Callable[[Any], bool]:
    match name:
        case "isin":
            allowed = frozenset(said["allowed_values"])
            return lambda value: value in allowed
        case "greater_than_or_equal_to":
            return lambda value: value >= said["min_value"]
        case "less_than_or_equal_to":
            return lambda value: value <= said["max_value"]
        case "str_length" if said.get("min_value") is None and said.get("exact_value") is None:
            return lambda value: len(value) <= said["max_value"]
        case "str_matches":
            pattern = re.compile(said["pattern"])
            return lambda value: pattern.fullmatch(value) is not None
    return _never


def _never(_: Any) -> bool:
    return False
