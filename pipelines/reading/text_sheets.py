"""The result of reading a file: sheets of text cells, each with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from schemas.problems import Problem, Severity

CellKind = Literal[
    "text",
    "number",
    "date",
    "percent",
    "boolean",
    "error",
    "formula",
    "blank",
    "merged",
    "assumed",
]


@dataclass(frozen=True)
class Cell:
    """One cell: its row and column counted from 1, its text, and its kind according to the file.

    Numbers are written plainly (`12`, `3.5`), dates as `2026-03-01`, percentages as `85%`. Text
    that nobody entered, such as a default for a missing answer, is `assumed`. A `formula` is one
    without a stored result; its text is the formula. A `merged` cell is blank because it is merged
    with a filled one; `merged_in` names the range: A2:A4.
    """

    row: int
    column: int
    text: str
    kind: CellKind = "text"
    merged_in: str = ""

    @property
    def place(self) -> str:
        """Its name in a spreadsheet, such as C7."""
        return f"{column_letter(self.column)}{self.row}"


@dataclass(frozen=True)
class Hidden:
    """The parts of a sheet that are hidden: all of it, or rows and columns counted from 1."""

    sheet: bool = False
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


NOTHING_HIDDEN = Hidden()


@dataclass(frozen=True)
class Lines:
    """The shape of a CSV file: how many values each line has, and whether the last line ends."""

    values: Mapping[int, int] = field(default_factory=dict)
    ends: bool = True


@dataclass(frozen=True)
class Range:
    """A block of cells, rows and columns counted from 1, the last included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        first = f"{column_letter(self.first_column)}{self.first_row}"
        return f"{first}:{column_letter(self.last_column)}{self.last_row}"


@dataclass(frozen=True)
class Sheet:
    """One sheet as rows of its non-empty cells; `hidden` is what its author can't see.

    `merged` are the ranges that a workbook shows as one cell, `lines` the shape of a CSV file.
    """

    name: str
    rows: Mapping[int, Mapping[int, Cell]]
    hidden: Hidden = NOTHING_HIDDEN
    merged: tuple[Range, ...] = ()
    lines: Lines | None = None


@dataclass(frozen=True)
class Sheets:
    """A file that could be read; `kind` is xlsx, csv (only the monthly sheet) or zip (of CSVs)."""

    kind: Literal["xlsx", "csv", "zip"]
    sheets: tuple[Sheet, ...]
    notes: tuple[Problem, ...] = field(default=())


class Unreadable(Exception):
    """The file can't be opened as a return; `problem` says why and what to do."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.problem = Problem(Severity.ERROR, "F01", message, fix)


def sheet_of(name: str, cells: list[Cell], hidden: Hidden = NOTHING_HIDDEN) -> Sheet:
    """A sheet from its cells in any order."""
    rows: dict[int, dict[int, Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, {})[cell.column] = cell
    return Sheet(name, {number: rows[number] for number in sorted(rows)}, hidden)


def column_letter(number: int) -> str:
    """The letters of a column's number: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The number of a column's letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
