"""A return as the rules see it: typed values, each with the cell it came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from pipelines.checking.baseline import Baseline
from pipelines.checking.context import Context
from pipelines.checking.past import Past
from pipelines.reading.compared import is_total
from pipelines.reading.text_sheets import Cell
from pipelines.registers.ward_values import MOST_BEDS
from schemas.periods import Month
from schemas.problems import Problem, Severity
from schemas.returns import Column, columns_of
from schemas.wording import quoted


@dataclass(frozen=True)
class TypedRow:
    """One row of a sheet; a value is None if its cell is blank, absent or unreadable."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]
    values: Mapping[str, Any]
    unreadable: frozenset[str]
    blocked: frozenset[str] = frozenset()

    def __getitem__(self, field: str) -> Any:
        return self.values.get(field)

    def count(self, *fields: str) -> int:
        """The sum of some counts, with blanks as 0."""
        return sum(self[field] or 0 for field in fields)

    def filled(self, *fields: str) -> bool:
        """True if each of these has a value."""
        return all(self[field] is not None for field in fields)

    @property
    def is_total(self) -> bool:
        """Whether its month or ward says that the row is a total of the others."""
        named = (self.cells[field] for field in ("period", "ward_code") if field in self.cells)
        return any(is_total(cell.text) for cell in named)

    def title(self, field: str) -> str:
        """The column's title in quotation marks, for a message."""
        return f"“{self.column(field).title}”"

    def chosen(self, field: str) -> str:
        """What was chosen, in the words that people read and in quotation marks, for a message."""
        return quoted(self.column(field).in_words(self[field]))

    def column(self, field: str) -> Column:
        return columns_of(self.sheet)[field]

    def problem(self, severity: Severity, code: str, field: str, message: str, fix: str) -> Problem:
        """A finding at one cell of this row, or at the row if nobody entered that cell."""
        cell = self.cells.get(field)
        cell = None if cell and cell.kind == "assumed" else cell
        return Problem(
            severity,
            code,
            message,
            fix,
            sheet=self.sheet,
            cell=cell.place if cell else None,
            row=cell.row if cell else self.number,
            column=field,
            value=(cell.text or None) if cell else None,
            ward=self["ward_code"],
        )

    def error(self, code: str, field: str, message: str, fix: str) -> Problem:
        return self.problem(Severity.ERROR, code, field, message, fix)

    def query(self, code: str, field: str, message: str, fix: str) -> Problem:
        return self.problem(Severity.QUERY, code, field, message, fix)


@dataclass(frozen=True)
class TypedReturn:
    """Everything sent for one trust and month, with what it is compared with.

    Of a `baseline`, one of its months.
    """

    trust: str
    month: Month
    entries: Mapping[str, tuple[TypedRow, ...]]
    past: Past
    context: Context
    baseline: Baseline | None = None

    def rows(self, sheet: str) -> tuple[TypedRow, ...]:
        return self.entries.get(sheet, ())

    @property
    def cover(self) -> TypedRow:
        return self.entries["cover"][0]

    def counted(self) -> Iterator[TypedRow]:
        """The monthly rows with figures: data, or a confirmed nil."""
        return (e for e in self.rows("monthly") if e["return_status"] in ("data", "nil_incidents"))

    def beds_of(self, entry: TypedRow) -> int | None:
        """The beds of a row's ward: from the wards sheet, or else from the register."""
        known = self.wards.get(entry["ward_code"])
        return self._beds_sent.get(entry["ward_code"], int(known["beds"]) if known else None)

    @cached_property
    def _beds_sent(self) -> dict[str, int]:
        """Beds on the wards sheet, where the number can be right; a ward's first row counts."""
        beds = ((row["ward_code"], row["beds"] or 0) for row in reversed(self.rows("wards")))
        return {ward: int(number) for ward, number in beds if 0 < number <= MOST_BEDS}

    @cached_property
    def wards(self) -> dict[str, dict[str, Any]]:
        """The register's wards of this trust, by code, as they were in the month."""
        register = self.context.register
        if self.baseline:
            rows = register.wards_then(self.trust, self.month)
        else:
            rows = register.wards_of(self.trust, self.month)
        return {row["ward_code"]: row for row in rows.iter_rows(named=True)}

    @cached_property
    def ward_names(self) -> dict[str, str]:
        """Every ward the trust has ever had, by code, whether or not it was open this month."""
        wards = self.context.register.wards.filter(pl.col("trust_code") == self.trust)
        return dict(wards.sort("valid_from").select("ward_code", "ward_name").iter_rows())
