"""One ward's part of a check: its findings and its rows, for someone there who has no account."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from pipelines.checking.checked import Checked
from pipelines.reading.tables import Row, Table
from pipelines.registers.register import Register
from pipelines.workbooks.problem_report import own_rows
from schemas.problems import Problem, Severity

_CODES = re.compile("[A-Z0-9_-]+")


@dataclass(frozen=True)
class OwnRows:
    """A ward's rows of one sheet as sent, each with what was found in it."""

    sheet: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class WardPart:
    """What concerns one ward only; `left_out` findings about it name another ward as well."""

    code: str
    name: str
    findings: tuple[Problem, ...]
    rows: tuple[OwnRows, ...]
    left_out: int


def ward_parts(
    checked: Checked, tables: Sequence[Table], register: Register
) -> tuple[WardPart, ...]:
    """A part for each ward of the trust that has an error or a query of its own.

    `tables` is what the file holds, as from `problem_report.own_tables`.
    """
    if checked.trust is None or checked.month is None:
        return ()
    wards = register.wards_of(checked.trust, checked.month)
    ever = register.wards.filter(pl.col("trust_code") == checked.trust)["ward_code"]
    codes = {*ever, *(_ward_of(row) for table in tables for row in table.rows)}
    parts = [
        _part((code, name), checked, tables, codes - {code, ""})
        for code, name in wards.select("ward_code", "ward_name").iter_rows()
    ]
    return tuple(part for part in parts if part.findings)


def _part(
    ward: tuple[str, str], checked: Checked, tables: Sequence[Table], others: set[str]
) -> WardPart:
    code, name = ward
    own = {
        (table.name, row.number) for table in tables for row in table.rows if _ward_of(row) == code
    }
    about = [
        problem
        for problem in checked.problems
        if problem.severity is not Severity.NOTE
        and (problem.ward == code or (problem.sheet, problem.row) in own)
    ]
    alone = tuple(problem for problem in about if not others & set(_codes_in(problem)))
    rows = [_rows(table, own, alone, checked) for table in tables]
    kept = tuple(each for each in rows if each.rows)
    return WardPart(code, name, alone, kept, len(about) - len(alone))


def _rows(
    table: Table, own: set[tuple[str, int]], alone: Iterable[Problem], checked: Checked
) -> OwnRows:
    kept = tuple(row for row in table.rows if (table.name, row.number) in own)
    headings, rows = own_rows(replace(table, rows=kept), alone, checked.problems)
    return OwnRows(table.name, tuple(headings), tuple(map(tuple, rows)))


def _ward_of(row: Row) -> str:
    """The code of the ward a row is about, as typed but in capitals; empty if it is about none."""
    level = row.cells.get("org_level")  # of a rating; other rows name their ward directly
    of_ward = level is not None and level.text.strip().lower() == "ward"
    cell = row.cells.get("org_code" if of_ward else "ward_code")
    return cell.text.strip().upper() if cell else ""


def _codes_in(problem: Problem) -> list[str]:
    return _CODES.findall(f"{problem.message} {problem.fix}")
