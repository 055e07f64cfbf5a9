"""Checks a release before anyone may see it."""

from collections.abc import Callable, Mapping
from functools import cache

import polars as pl
from pandera.errors import SchemaErrors

from schemas.release import TABLES
from schemas.tables.keys import OBSERVATION, SERIES
from schemas.typed import Model, in_words, is_typed, types_of

_KEYS = {
    "returns": ["return_id"],
    "cells": ["return_id", "sheet", "row", "column"],
    "events": ["event_id"],
    "observations": OBSERVATION,
    "points": OBSERVATION,
    "signals": SERIES,
    "ambitions": [*SERIES, "own"],
    "comparisons": [*SERIES, "peer_group"],
    "peer_bands": ["peer_group", "measure", "month"],
    "suppressed": [*OBSERVATION, "months"],
    "charters": ["ward_id", "month"],
    "forums": ["forum"],
    "forum_attendance": ["forum", "trust_code", "ward_id", "group"],
    "foundations": ["level", "unit_id", "month", "foundation"],
}


class ReleaseError(RuntimeError):
    """A release that breaks the rules; the previous one stays in use."""


def check(tables: Mapping[str, pl.DataFrame]) -> None:
    """Raise ReleaseError, naming the table and the rule, unless every invariant holds."""
    if missing := [name for name in TABLES if name not in tables]:
        raise ReleaseError(f"The release has no table {', '.join(missing)}.")
    problems = [sentence for name in TABLES for sentence in _of(name, tables[name])]
    problems += _between(tables)
    if problems:
        raise ReleaseError(
            "The new release breaks the rules for releases, so the last one stays in use: "
            + "; ".join(problems)
        )


def _of(name: str, frame: pl.DataFrame) -> list[str]:
    model = TABLES[name]
    columns = list(model.to_schema().columns)
    if frame.columns != columns:
        return [f"{name} has the columns {', '.join(frame.columns)}, not {', '.join(columns)}"]
    if frame.is_empty():
        return []
    if name in _KEYS and (twice := _twice(frame.select(_KEYS[name]))):
        return [f"{name} has {twice} rows with the same {', '.join(_KEYS[name])}"]
    if _is_right(frame, model):
        return []
    try:
        model.validate(in_words(frame), lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.group_by("column", "check").len().sort("column", "check")
        return [f"{name}.{c}: {check} ({n} rows)" for c, check, n in cases.iter_rows()]
    return []


def _twice(keys: pl.DataFrame) -> int:
    """How many rows are there more than once; none if all hashes differ, which is soon known."""
    if keys.hash_rows().n_unique() == keys.height:
        return 0
    return int(keys.is_duplicated().sum())


def _is_right(frame: pl.DataFrame, model: Model) -> bool:
    """Whether a frame is as its model says, in one question of polars for all its columns.

    Pandera takes half a millisecond for each column. A rule that isn't known here is for it.
    """
    broken = _broken(model)
    if broken is None or not is_typed(frame, model):
        return False
    return not any(frame.select(broken).row(0))


@cache
def _broken(model: Model) -> tuple[pl.Expr, ...] | None:
    """For each rule of a model's columns whether a value breaks it; None if one isn't known."""
    schema, found = model.to_schema(), list[pl.Expr]()
    if schema.checks or schema.unique:
        return None
    for name, column in schema.columns.items():
        value = pl.col(name)
        if not column.nullable:
            found.append(value.is_null().any())
            found += [value.is_nan().any()] if types_of(model)[name].is_float() else []
        found += [value.is_duplicated().any()] if column.unique else []
        for check in column.checks:
            if check.name not in _BREAKS or not check.ignore_na:
                return None
            found.append(_BREAKS[check.name](value, **check.statistics).any())
    return tuple(each.alias(str(number)) for number, each in enumerate(found))


_BREAKS: dict[str, Callable[..., pl.Expr]] = {
    "isin": lambda value, allowed_values: ~value.is_in(list(allowed_values)),
    "greater_than_or_equal_to": lambda value, min_value: value < min_value,
    "less_than_or_equal_to": lambda value, max_value: value > max_value,
}


def _between(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    active = tables["returns"].filter(pl.col("status") == "active")["return_id"]
    strays = tables["cells"].filter(~pl.col("return_id").is_in(active.implode()))
    seen = tables["observations"]
    numbers = seen.filter(pl.col("value").is_not_null())
    unfounded = numbers.filter(~pl.col("state").is_in(["value", "nil"]))
    broken = numbers.filter(~pl.col("value").is_finite())
    silent = seen.filter(pl.col("state").is_in(["value", "nil"]) & pl.col("value").is_null())
    found = {
        "cells of returns that are not active": strays,
        "observations with a figure and a state that has none": unfounded,
        "observations whose figure is not a number": broken,
        "observations without the figure that their state says they have": silent,
    }
    return [f"{frame.height} {what}" for what, frame in found.items() if frame.height]
