"""Runs each sheet's pandera model over its typed rows, and puts failures into words."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import polars as pl
from pandera.errors import SchemaErrors

from pipelines.checking.typed_return import TypedRow
from schemas.problems import Problem
from schemas.returns import SHEETS, Column, columns_of
from schemas.typed import types_of
from schemas.wording import listed, nearest, quoted, some

_MOST_LISTED = 12
_KEY = {"standards": "statement_id", "trust_standards": "statement_id", "confidence": "question_id"}
_EACH = {"statement_id": "statement", "question_id": "item of a ward"}


def structure_problems(sheet: str, entries: tuple[TypedRow, ...]) -> Iterator[Problem]:
    """Missing values, words that are not a choice, numbers out of range and repeated rows."""
    if not entries or _surely_right(sheet, [entry.values for entry in entries]):
        return
    model = SHEETS[sheet]
    columns = types_of(model)
    frame = pl.DataFrame([{c: e[c] for c in columns} for e in entries], schema=columns)
    try:
        model.validate(frame, lazy=True)
    except SchemaErrors as failed:
        cases = failed.failure_cases.sort("index", "column").iter_rows(named=True)
        repeated = []
        for case in cases:
            if case["check"] == "multiple_fields_uniqueness":
                repeated.append(entries[case["index"]])
            else:
                yield from _in_words(case, entries[case["index"]])
        if repeated:
            yield from _repeated(sheet, repeated)


def _in_words(case: dict[str, Any], entry: TypedRow) -> Iterator[Problem]:
    field, check = case["column"], case["check"].partition("(")[0]
    if field in entry.unreadable:
        return  # the cell has been reported already
    if check == "not_nullable":
        if not entry.is_total:  # which is to be deleted, not filled in
            yield blank(entry, field)
    elif check == "isin":
        yield _not_in_list(entry, field)
    elif check == "str_matches":
        yield _wrong_form(entry, field)
    else:
        yield _out_of_range(entry, field)


def blank(entry: TypedRow, field: str) -> Problem:
    """E03: a cell that must be filled in is blank."""
    column = entry.column(field)
    if column.kind == "count":
        fix = "Type the number, or 0 if there were none. A blank cell never counts as 0."
    elif column.allowed:
        fix = f"Choose {_choices(column)}."
    else:
        fix = f"Fill it in, for example {column.example}."
    return entry.error("E03", field, f"{entry.title(field)} is blank, but it is required.", fix)


def _not_in_list(entry: TypedRow, field: str) -> Problem:
    column, found = entry.column(field), str(entry[field])
    guess = nearest(found, column.words) or nearest(found, column.allowed)
    hint = f"Did you mean {quoted(column.in_words(guess))}? " if guess else ""
    return entry.error(
        "E11",
        field,
        f"{quoted(entry.cells[field].text)} is not a choice for {entry.title(field)}.",
        f"{hint}Choose {_choices(column)}.",
    )


def _choices(column: Column) -> str:
    return some([quoted(words) for words in column.words], _MOST_LISTED, "or")


def _wrong_form(entry: TypedRow, field: str) -> Problem:
    forms = {
        "contact_email": ("an e-mail address", "Write one shared mailbox, like team@trust.nhs.uk."),
        "site_code": (
            "a site code",
            "Write the ODS code of the site, such as Z0101, or leave it blank.",
        ),
        "ward_code": (
            "a ward code",
            "Use up to 12 capital letters, digits, hyphens or underscores, such as ALDER1.",
        ),
    }
    what, fix = forms[field]
    return entry.error("E16", field, f"{quoted(entry.cells[field].text)} is not {what}.", fix)


def _out_of_range(entry: TypedRow, field: str) -> Problem:
    return entry.error(
        "E04",
        field,
        f"{quoted(entry.cells[field].text)} is out of range for {entry.title(field)}: "
        f"{columns_of(entry.sheet)[field].description}",
        "Correct the number.",
    )


def _repeated(sheet: str, entries: list[TypedRow]) -> Iterator[Problem]:
    keys = SHEETS[sheet].Config.unique
    groups: dict[tuple[Any, ...], list[TypedRow]] = {}
    for entry in entries:
        if entry.filled(*keys):
            groups.setdefault(tuple(entry[key] for key in keys), []).append(entry)
    key = _KEY.get(sheet, "ward_code")
    each = "category of a ward" if sheet == "breakdowns" else _EACH.get(key, "ward")
    for same in groups.values():
        rows = listed(str(entry.number) for entry in same)
        about = entry_name(same[0], key)
        if sheet == "breakdowns":
            about += f", {same[0]['breakdown']}, {quoted(same[0]['category'])},"
        what = f"{about} has {len(same)} rows in this sheet (rows {rows})."
        for entry in same[1:]:
            yield entry.error(
                "E02",
                key,
                f"{what} Each {each} can have only one.",
                "Keep the row that is right and delete the other.",
            )


def entry_name(entry: TypedRow, key: str) -> str:
    """What a row is about, in a message's words."""
    if key == "question_id":
        return f"This item of ward {entry['ward_code']}"
    return f"Statement {entry[key]}" if key == "statement_id" else f"Ward {entry[key]}"


Values = Mapping[str, Any]
_PYTHON = {pl.String: str, pl.Int64: int, pl.Date: date}


def _surely_right(sheet: str, rows: Sequence[Values]) -> bool:
    """True only if pandera would find nothing in these rows; a missing column counts as blank."""
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


def _test(name: str, limits: Mapping[str, Any]) -> Callable[[Any], bool]:
    match name:
        case "isin":
            allowed = frozenset(limits["allowed_values"])
            return lambda value: value in allowed
        case "greater_than_or_equal_to":
            return lambda value: value >= limits["min_value"]
        case "less_than_or_equal_to":
            return lambda value: value <= limits["max_value"]
        case "str_length" if limits.get("min_value") is None and limits.get("exact_value") is None:
            return lambda value: len(value) <= limits["max_value"]
        case "str_matches":
            pattern = re.compile(limits["pattern"])
            return lambda value: pattern.fullmatch(value) is not None
    return _never


def _never(_: Any) -> bool:
    return False
