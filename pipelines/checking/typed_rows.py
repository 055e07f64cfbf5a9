"""Turns text cells into typed rows, with a finding for each cell that needs one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import polars as pl

from pipelines.checking.context import Context
from pipelines.checking.parse import parse
from pipelines.checking.parsed import WrongCell
from pipelines.checking.typed_return import TypedRow
from pipelines.reading.headings import clean
from pipelines.reading.tables import Row, Tables
from pipelines.reading.text_sheets import Cell
from schemas.periods import Month
from schemas.problems import Problem
from schemas.returns import columns_of
from schemas.sheets.confidence import QUESTION

Spellings = Mapping[str, Mapping[str, str]]


def typed_rows(
    tables: Tables, assumed: Mapping[str, str], month: Month, context: Context
) -> tuple[dict[str, tuple[TypedRow, ...]], list[Problem]]:
    """The rows of each sheet of a month's return; `assumed` completes the cover of a CSV file."""
    problems: list[Problem] = []
    spellings = _spellings(month, context)
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
    parsed = {
        name: parse(cell, columns[name], spellings.get(name, {}))
        for name, cell in row.cells.items()
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


def _spellings(month: Month, context: Context) -> dict[str, dict[str, str]]:
    """The programme's spelling of the codes it has loaded, by column; items go by their words.

    Words of another time are known too: somebody may fill in a workbook that was made then.
    """
    loaded, questions = context.register.standards, context.register.questions
    items = questions.filter(pl.col("item_of") == QUESTION).select("text", "question_id")
    now = context.register.items_of(QUESTION, month).select("text", "question_id")
    codes = items["question_id"].unique()
    return {
        "set_id": {code.upper(): code for code in loaded["set_id"].unique()},
        "statement_id": {code.upper(): code for code in loaded["statement_id"].unique()},
        "question_id": {code.upper(): code for code in codes}
        | {clean(words).upper(): code for words, code in (*items.iter_rows(), *now.iter_rows())},
    }
