"""The one function that decides about a return; nothing is checked anywhere else."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.checking.baseline import Baseline, by_month, months_lost, past_so_far
from pipelines.checking.cells import cells_of
from pipelines.checking.checked import Checked
from pipelines.checking.context import Context
from pipelines.checking.past import past_of
from pipelines.checking.precheck import Looked, precheck
from pipelines.checking.prechecks.cover import assumed
from pipelines.checking.prechecks.left_aside import assumed_cover
from pipelines.checking.rules import RULES
from pipelines.checking.rules.personal_text import without_personal_text
from pipelines.checking.structure import structure_problems
from pipelines.checking.typed_return import TypedReturn
from pipelines.checking.typed_rows import typed_rows
from pipelines.reading.apart import try_apart
from pipelines.reading.read import read
from pipelines.reading.tables import Row, Table, Tables, tables_of
from pipelines.reading.text_sheets import Cell, Sheets, Unreadable
from schemas.periods import Month
from schemas.problems import Outcome, Problem, Severity, outcome_of
from schemas.returns import SHEETS, columns_of, sheets_of

__all__ = ["Checked", "Context", "check", "check_arriving", "check_rows"]


def check_arriving(content: bytes, filename: str, context: Context) -> Checked:
    """Check a file that comes from outside: a process of its own opens it first."""
    try:
        try_apart(content, sheets_of(context.programme))
    except Unreadable as unreadable:
        return _unreadable(content, filename, unreadable)
    return check(content, filename, context)


def check(content: bytes, filename: str, context: Context) -> Checked:
    """Read and check a file as a return; any bytes at all give a result, never an error."""
    try:
        asked = sheets_of(context.programme)
        file = read(content, asked)
        tables = tables_of(file, asked)
    except Unreadable as unreadable:
        return _unreadable(content, filename, unreadable)
    sha256 = hashlib.sha256(content).hexdigest()
    looked = precheck(tables, sha256, context)
    if looked.stops or looked.trust is None or looked.month is None:
        return _stopped(filename, sha256, tables, looked)
    return _checked(filename, sha256, file, tables, looked, context)


def _unreadable(content: bytes, filename: str, unreadable: Unreadable) -> Checked:
    sha256 = hashlib.sha256(content).hexdigest()
    return Checked(filename, sha256, Outcome.UNREADABLE, (unreadable.problem,))


def _stopped(filename: str, sha256: str, tables: Tables, looked: Looked) -> Checked:
    by_sheet = _rows_by_sheet(tables)
    return Checked(
        filename,
        sha256,
        Outcome.ERRORS,
        looked.problems,
        looked.trust,
        looked.month,
        sum(by_sheet.values()),
        by_sheet,
        template_version=looked.template_version,
    )


def _checked(
    filename: str, sha256: str, file: Sheets, tables: Tables, looked: Looked, context: Context
) -> Checked:
    noticed = [*looked.problems, *file.notes]
    if looked.baseline:
        cells, problems = _of_months(tables, looked.baseline, noticed, context)
    else:
        cells, problems = _of_month(tables, looked, noticed, context)
    if tables.kind == "csv":  # it has no cover: its rows give the answers
        problems = [replace(p, sheet="monthly") if p.sheet == "cover" else p for p in problems]
    outcome = outcome_of(problems)
    by_sheet = _rows_by_sheet(tables)
    return Checked(
        filename,
        sha256,
        outcome,
        tuple(sorted(problems, key=_place)),
        looked.trust,
        looked.month,
        sum(by_sheet.values()),
        by_sheet,
        cells if outcome is not Outcome.ERRORS else None,
        _data_status(cells),
        looked.template_version,
        looked.baseline.window.last_month if looked.baseline else None,
    )


def _of_month(
    tables: Tables, looked: Looked, noticed: list[Problem], context: Context
) -> tuple[pl.DataFrame, list[Problem]]:
    """The cells of a return for one month, and its findings."""
    trust, month = looked.trust or "", looked.month or Month.of(context.today)
    past = past_of(context.history, trust, month)
    defaults = assumed(tables, past)
    entries, parse_problems = typed_rows(tables, defaults, month, context)
    sent = TypedReturn(trust, month, entries, past, context)
    sent, problems = _ruled(sent, [*noticed, *assumed_cover(defaults), *parse_problems])
    return cells_of(sent), problems


def _of_months(
    tables: Tables, baseline: Baseline, noticed: list[Problem], context: Context
) -> tuple[pl.DataFrame, list[Problem]]:
    """The cells of a baseline, and its findings: month by month, the cover's once."""
    before: dict[Month, pl.DataFrame] = {}
    problems = [*noticed, *months_lost(tables, baseline, context)]
    for month, part in by_month(tables, baseline).items():
        past = past_so_far(baseline, month, before, context)
        entries, parse_problems = typed_rows(part, {}, month, context)
        sent = TypedReturn(baseline.window.trust, month, entries, past, context, baseline)
        sent, found = _ruled(sent, parse_problems)
        cells = cells_of(sent)
        before[month] = cells.filter(pl.col("sheet") == "monthly") if before else cells
        problems += found
    return pl.concat(before.values()), list(dict.fromkeys(problems))


def _data_status(cells: pl.DataFrame) -> str | None:
    said = cells.filter(sheet="cover", field="data_status")["text"]
    return str(said[0]) if len(said) and said[0] is not None else None


def check_rows(
    rows: Mapping[str, Mapping[str, object]], trust: str, month: Month, context: Context
) -> Mapping[str, tuple[Problem, ...]]:
    """What a check will say of some wards' monthly rows, while they are typed; it decides nothing.

    `rows` are values by field for each ward code; so are the findings. What needs the whole return
    to be known, such as a ward without a row, is left to the check.
    """
    columns = list(columns_of("monthly"))
    known = {"period": str(month), **dict.fromkeys(columns[1:], "")}
    typed = [known | values | {"ward_code": ward} for ward, values in rows.items()]
    lines = tuple(
        Row(number, {f: Cell(number, n, str(row[f])) for n, f in enumerate(columns, 1)})
        for number, row in enumerate(typed, 2)
    )
    cover = Table("cover", "cover", (Row(1, {}),), frozenset())
    monthly = Table("monthly", "monthly", lines, frozenset(columns))
    entries, noticed = typed_rows(
        Tables("xlsx", {"cover": cover, "monthly": monthly}, ()), {}, month, context
    )
    past = past_of(context.history, trust, month)
    _, problems = _ruled(TypedReturn(trust, month, entries, past, context), noticed)
    found: dict[str, list[Problem]] = {ward: [] for ward in rows}
    for problem in sorted(problems, key=_place):
        if problem.sheet == "monthly" and problem.ward in found:
            found[problem.ward].append(problem)
    return {ward: tuple(its) for ward, its in found.items()}


def _ruled(sent: TypedReturn, noticed: list[Problem]) -> tuple[TypedReturn, list[Problem]]:
    """The return without text that may not be kept, and its findings after all rules."""
    problems = list(noticed)
    problems += [p for name, rows in sent.entries.items() for p in structure_problems(name, rows)]
    sent, personal = without_personal_text(sent)
    problems = [p for p in problems if not _is_about_blocked(p, personal)] + personal
    problems += [problem for rule in RULES for problem in rule(sent)]
    return sent, _without_needless_queries(problems)


def _rows_by_sheet(tables: Tables) -> dict[str, int]:
    return {name: len(table.rows) for name, table in tables.tables.items() if name != "cover"}


def _is_about_blocked(problem: Problem, blocked: list[Problem]) -> bool:
    """Whether a problem is about a cell whose text is not kept, and so must not be quoted."""
    places = {(block.sheet, block.cell) for block in blocked}
    return problem.cell is not None and (problem.sheet, problem.cell) in places


def _without_needless_queries(problems: list[Problem]) -> list[Problem]:
    """Drop queries about cells that must be corrected anyway."""
    wrong = {(p.sheet, p.cell) for p in problems if p.severity is Severity.ERROR and p.cell}
    return [
        p for p in problems if p.severity is not Severity.QUERY or (p.sheet, p.cell) not in wrong
    ]


def _place(problem: Problem) -> tuple[Any, ...]:
    sheet = list(SHEETS).index(problem.sheet) if problem.sheet in SHEETS else -1
    cell = problem.cell or ""
    return (sheet, problem.row or 0, len(cell), cell, problem.severity, problem.code)
