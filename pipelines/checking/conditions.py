"""Conditions on one monthly row that both Python and a spreadsheet can work out.

A rule about a row is written down once, as a condition. The check asks whether it holds; the
workbook asks for its formula, and so says the same while somebody is still typing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import eq, ge, gt, lt
from typing import Protocol

from pipelines.checking.typed_return import TypedReturn, TypedRow

_SIGNS = {">": gt, ">=": ge, "<": lt, "=": eq}


class SheetRow(Protocol):
    """Where a spreadsheet has the values of one row: references, as they stand in a formula."""

    days: int

    def cells(self, fields: Sequence[str]) -> str:
        """The cells of some fields, with commas between them."""

    def beds(self) -> str:
        """The beds of the row's ward, 0 if they aren't known."""

    def status(self) -> str:
        """The code of the row's status, whether its code or its words were typed."""


class Amount(Protocol):
    """A number that can be worked out for a row."""

    def of(self, entry: TypedRow, sent: TypedReturn) -> float: ...

    def formula(self, row: SheetRow) -> str: ...


class Condition(Protocol):
    """Something that is true of a row or isn't."""

    def holds(self, entry: TypedRow, sent: TypedReturn) -> bool: ...

    def formula(self, row: SheetRow) -> str: ...


@dataclass(frozen=True)
class Sum:
    """Some counts added up, with blanks as 0."""

    fields: tuple[str, ...]

    def of(self, entry: TypedRow, sent: TypedReturn) -> float:
        return entry.count(*self.fields)

    def formula(self, row: SheetRow) -> str:
        return f"SUM({row.cells(self.fields)})"


@dataclass(frozen=True)
class Largest:
    """The largest of some counts, with blanks as 0."""

    fields: tuple[str, ...]

    def of(self, entry: TypedRow, sent: TypedReturn) -> float:
        return max(entry[field] or 0 for field in self.fields)

    def formula(self, row: SheetRow) -> str:
        return f"MAX({row.cells(self.fields)})"


@dataclass(frozen=True)
class Fixed:
    """The same number for every row."""

    number: int

    def of(self, entry: TypedRow, sent: TypedReturn) -> float:
        return self.number

    def formula(self, row: SheetRow) -> str:
        return str(self.number)


@dataclass(frozen=True)
class Days:
    """The days of the month, or `beds` times the bed days of the ward's beds (0 if not known)."""

    beds: float | None = None

    def of(self, entry: TypedRow, sent: TypedReturn) -> float:
        beds = 1 if self.beds is None else self.beds * (sent.beds_of(entry) or 0)
        return beds * sent.month.days

    def formula(self, row: SheetRow) -> str:
        beds = "" if self.beds is None else f"{self.beds}*{row.beds()}*"
        return f"{beds}{row.days}"


@dataclass(frozen=True)
class Compared:
    """One number is more than, at least, less than or the same as (> >= < =) another."""

    one: Amount
    sign: str
    other: Amount

    def holds(self, entry: TypedRow, sent: TypedReturn) -> bool:
        return bool(_SIGNS[self.sign](self.one.of(entry, sent), self.other.of(entry, sent)))

    def formula(self, row: SheetRow) -> str:
        return f"{self.one.formula(row)}{self.sign}{self.other.formula(row)}"


@dataclass(frozen=True)
class Given:
    """Figures were entered in all of these fields."""

    fields: tuple[str, ...]

    def holds(self, entry: TypedRow, sent: TypedReturn) -> bool:
        return entry.filled(*self.fields)

    def formula(self, row: SheetRow) -> str:
        return f"COUNT({row.cells(self.fields)})={len(self.fields)}"


@dataclass(frozen=True)
class SomeGiven:
    """A figure was entered in at least one of these fields."""

    fields: tuple[str, ...]

    def holds(self, entry: TypedRow, sent: TypedReturn) -> bool:
        return any(entry[field] is not None for field in self.fields)

    def formula(self, row: SheetRow) -> str:
        return f"COUNT({row.cells(self.fields)})>0"


@dataclass(frozen=True)
class Status:
    """The row's status is one of these."""

    words: tuple[str, ...]

    def holds(self, entry: TypedRow, sent: TypedReturn) -> bool:
        return entry["return_status"] in self.words

    def formula(self, row: SheetRow) -> str:
        return _of_several("OR", [f'{row.status()}="{word}"' for word in self.words])


@dataclass(frozen=True)
class All:
    """Every one of these holds."""

    conditions: tuple[Condition, ...]

    def holds(self, entry: TypedRow, sent: TypedReturn) -> bool:
        return all(one.holds(entry, sent) for one in self.conditions)

    def formula(self, row: SheetRow) -> str:
        return _of_several("AND", [one.formula(row) for one in self.conditions])


@dataclass(frozen=True)
class Either:
    """At least one of these holds."""

    conditions: tuple[Condition, ...]

    def holds(self, entry: TypedRow, sent: TypedReturn) -> bool:
        return any(one.holds(entry, sent) for one in self.conditions)

    def formula(self, row: SheetRow) -> str:
        return _of_several("OR", [one.formula(row) for one in self.conditions])


@dataclass(frozen=True)
class Not:
    """This doesn't hold."""

    condition: Condition

    def holds(self, entry: TypedRow, sent: TypedReturn) -> bool:
        return not self.condition.holds(entry, sent)

    def formula(self, row: SheetRow) -> str:
        return f"NOT({self.condition.formula(row)})"


def _of_several(function: str, formulas: Sequence[str]) -> str:
    return formulas[0] if len(formulas) == 1 else f"{function}({','.join(formulas)})"


@dataclass(frozen=True)
class RowRule:
    """An error of one monthly row: its code, the field it is about, when, and in few words why."""

    code: str
    field: str
    when: Condition
    why: str

    def broken_by(self, entry: TypedRow, sent: TypedReturn) -> bool:
        """True if the row has this error: a cell that couldn't be read is an error of its own."""
        return self.field not in entry.unreadable and self.when.holds(entry, sent)


COUNTED = Status(("data", "nil_incidents"))  # the rows with figures
