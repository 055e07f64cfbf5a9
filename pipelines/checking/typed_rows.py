"""Turns text cells into typed rows, with a finding for each cell that needs one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pipelines.checking.context import Context
from pipelines.checking.parse import parse
from pipelines.checking.parsed import WrongCell
from pipelines.checking.typed_return import TypedRow
from pipelines.reading.compared import clean
from pipelines.reading.tables import Row, Tables
from pipelines.reading.text_sheets import Cell
from pipelines.registers.in_words import Spellings, of_set
from pipelines.registers.in_words import spellings as spellings_of
from schemas.periods import Month
from schemas.problems import Problem
from schemas.returns import columns_of


def typed_rows(
    tables: Tables, assumed: Mapping[str, str], month: Month, context: Context
) -> tuple[dict[str, tuple[TypedRow, ...]], list[Problem]]:
    """The rows of each sheet of a month's return; `assumed` completes the cover of a CSV file."""
    problems: list[Problem] = []
    spellings = spellings_of(context.register, month) | _by_group(context)
    entries = {
        name: tuple(_entry(name, row, spellings, problems) for row in table.rows)
        for name, table in tables.tables.items()
        if name != "cover"
    }
    cover = _completed(tables["cover"].rows[0], assumed)
    entries = {"cover": (_entry("cover", cover, spellings, problems),), **entries}
    return entries, list(_once_for_merged(problems, entries))


def _once_for_merged(
    problems: Iterable[Problem], entries: Mapping[str, Iterable[TypedRow]]
) -> Iterator[Problem]:
    """The problems, with one for each range of merged cells and not one for each cell of it."""
    merged = {
        (name, cell.place): cell.merged_in
        for name, rows in entries.items()
        for row in rows
        for cell in row.cells.values()
        if cell.merged_in
    }
    seen = set()
    for problem in problems:
        block = (problem.sheet, merged.get((problem.sheet or "", problem.cell or "")))
        if block[1] is None or block not in seen:
            yield problem
        seen.add(block)


def _completed(cover: Row, assumed: Mapping[str, str]) -> Row:
    given = {field: Cell(cover.number, 1, text, "assumed") for field, text in assumed.items()}
    return Row(cover.number, {**cover.cells, **given})


def _entry(sheet: str, row: Row, spellings: Spellings, problems: list[Problem]) -> TypedRow:
    columns = columns_of(sheet)
    known = _of_its_set(row, spellings)
    parsed = {
        name: parse(cell, columns[name], known.get(name, {})) for name, cell in row.cells.items()
    }
    values = {name: result.value for name, result in parsed.items()}
    unreadable = frozenset(name for name, result in parsed.items() if result.unreadable)
    entry = TypedRow(sheet, row.number, row.cells, values, unreadable)
    problems += [
        _problem(entry, name, found) for name, result in parsed.items() if (found := result.finding)
    ]
    return entry


def _problem(entry: TypedRow, field: str, found: WrongCell) -> Problem:
    problem = entry.problem(found.severity, found.code, field, found.message, found.fix)
    return problem if found.repeated else replace(problem, value=None)


def _by_group(context: Context) -> dict[str, dict[str, str]]:
    """The programme's own spelling of its breakdowns and their categories, by column."""
    asked = context.programme.breakdowns
    return {
        "breakdown": {each.name.upper(): each.name for each in asked},
        "category": {name.upper(): name for each in asked for name in each.every},
    }


def _of_its_set(row: Row, spellings: Spellings) -> Spellings:
    """The spellings, with the statements of the set that a row is about, if it is about one."""
    if "set_id" not in row.cells or "statement_id" not in row.cells:
        return spellings
    chosen = clean(row.cells["set_id"].text).upper()
    own = spellings.get(of_set(spellings["set_id"].get(chosen, chosen)))
    return spellings if own is None else {**spellings, "statement_id": own}
