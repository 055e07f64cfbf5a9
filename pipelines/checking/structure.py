"""Runs each sheet's pandera model over its typed rows and says in words what fails."""

from collections.abc import Iterator
from typing import Any

import polars as pl
from pandera.errors import SchemaErrors

from pipelines.checking.glance import surely_right
from pipelines.checking.phrases import listed, nearest, quoted, some
from pipelines.checking.sent import Entry
from schemas import vocabularies as words
from schemas.problems import Problem
from schemas.returns import SHEETS, columns_of
from schemas.typed import types_of

_MOST_LISTED = 12


def structure_problems(sheet: str, entries: tuple[Entry, ...]) -> Iterator[Problem]:
    """Blank cells that may not be, words not in their list, numbers out of range, repeated rows."""
    if not entries or surely_right(sheet, [entry.values for entry in entries]):
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
                yield from _said(case, entries[case["index"]])
        if repeated:
            yield from _repeated(sheet, repeated)


def _said(case: dict[str, Any], entry: Entry) -> Iterator[Problem]:
    field, check = case["column"], case["check"].partition("(")[0]
    if field in entry.unreadable:
        return  # the cell has been spoken of already
    if check == "not_nullable":
        yield blank(entry, field)
    elif check == "isin":
        yield _not_in_list(entry, field)
    elif check == "str_length":
        yield _too_long(entry, field)
    elif check == "str_matches":
        yield _wrong_form(entry, field)
    else:
        yield _out_of_range(entry, field)


def blank(entry: Entry, field: str) -> Problem:
    """E03: a cell that must be filled in is blank."""
    column = entry.column(field)
    if column.kind == "count":
        fix = "Type the number, or 0 if there were none. Blank is never taken as 0."
    elif column.allowed:
        fix = f"Choose {some(column.allowed, _MOST_LISTED, 'or')}."
    else:
        fix = f"Fill it in, for example {column.example}."
    return entry.error("E03", field, f"{entry.title(field)} is blank, but it is needed.", fix)


def _not_in_list(entry: Entry, field: str) -> Problem:
    column, found = entry.column(field), str(entry[field])
    guess = nearest(found, column.allowed)
    hint = f"Did you mean {guess}? " if guess else ""
    allowed = some(column.allowed, _MOST_LISTED, "or")
    return entry.error(
        "E11",
        field,
        f"{quoted(entry.cells[field].text)} is not a choice for {entry.title(field)}.",
        f"{hint}Choose {allowed}{_more(field)}.",
    )


def _more(field: str) -> str:
    if field == "mh_class":
        return "; the sheet “lists” says what each code means"
    if field == "stage":
        return f" ({listed(words.CHARTER_STAGE.values())})"
    return ""


def _too_long(entry: Entry, field: str) -> Problem:
    most = next(
        check.statistics["max_value"]
        for check in SHEETS[entry.sheet].to_schema().columns[field].checks
        if check.name == "str_length"
    )
    return entry.error(
        "E16",
        field,
        f"{entry.title(field)} has {len(entry[field])} characters. It may have at most {most}.",
        "Shorten the text. Do not describe incidents or people.",
    )


def _wrong_form(entry: Entry, field: str) -> Problem:
    forms = {
        "contact_email": ("an e-mail address", "Write one shared mailbox, as team@trust.nhs.uk."),
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


def _out_of_range(entry: Entry, field: str) -> Problem:
    return entry.error(
        "E04",
        field,
        f"{quoted(entry.cells[field].text)} is out of range for {entry.title(field)}: "
        f"{columns_of(entry.sheet)[field].description}",
        "Correct the number.",
    )


def _repeated(sheet: str, entries: list[Entry]) -> Iterator[Problem]:
    keys = SHEETS[sheet].Config.unique
    groups: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in entries:
        if entry.filled(*keys):
            groups.setdefault(tuple(entry[key] for key in keys), []).append(entry)
    key = "statement_id" if sheet == "standards" else "ward_code"
    for same in groups.values():
        rows = listed(str(entry.number) for entry in same)
        what = f"{entry_name(same[0], key)} has {len(same)} rows in this sheet (rows {rows})."
        for entry in same[1:]:
            yield entry.error(
                "E02",
                key,
                f"{what} Each {'statement' if sheet == 'standards' else 'ward'} has one.",
                "Keep the row that is right and delete the other.",
            )


def entry_name(entry: Entry, key: str) -> str:
    """What a row is about, as a message names it."""
    return f"Statement {entry[key]}" if key == "statement_id" else f"Ward {entry[key]}"
