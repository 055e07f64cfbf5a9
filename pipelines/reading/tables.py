"""Finds the contract's sheets and columns in a file, by name and never by position."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from pipelines.reading.text_sheets import NOTHING_HIDDEN, Cell, Hidden, Sheet, Sheets
from schemas.returns import SHEETS, columns_of

_ROWS_SEARCHED = 20  # there may be a banner or merged title above the header

# Filled in by the template: a row with nothing else was left alone.
PREFILLED = {
    "charter": {"ward_code"},
    "standards": {"set_id", "statement_id", "org_level", "org_code"},
}


@dataclass(frozen=True)
class Row:
    """One row of a table: its number in the sheet and a cell for each known column."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Table:
    """One sheet of the contract as found; `extra` and `repeated` are header cells to report.

    `hidden` has only the hidden parts that were read: rows, and columns with something in them.
    """

    name: str
    shown_as: str
    rows: tuple[Row, ...]
    columns: frozenset[str]
    extra: tuple[Cell, ...] = ()
    repeated: tuple[Cell, ...] = ()
    hidden: Hidden = NOTHING_HIDDEN


@dataclass(frozen=True)
class Tables:
    """A file sorted into the contract's sheets."""

    kind: str
    tables: Mapping[str, Table]
    other_sheets: tuple[str, ...]

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    def __contains__(self, name: str) -> bool:
        return name in self.tables


def tables_of(file: Sheets) -> Tables:
    """Sort a file's sheets into tables; missing sheets are simply absent."""
    by_name = {normal(sheet.name): sheet for sheet in reversed(file.sheets)}
    tables = {name: _table(name, by_name[name]) for name in SHEETS if name in by_name}
    others = tuple(s.name for s in file.sheets if normal(s.name) not in SHEETS)
    if file.kind == "csv":
        tables = {"cover": _cover_from_rows(file.sheets[0]), **tables}
    return Tables(file.kind, tables, others)


def _table(name: str, sheet: Sheet) -> Table:
    return _cover(sheet) if name == "cover" else _grid(name, sheet)


def _grid(name: str, sheet: Sheet) -> Table:
    known = headings(name)
    header = _header_row(sheet, known)
    columns: dict[str, int] = {}
    extra, repeated = [], []
    for cell in sheet.rows.get(header, {}).values():
        column = known.get(normal(cell.text))
        if column is None:
            extra.append(cell)
        elif column in columns:
            repeated.append(cell)
        else:
            columns[column] = cell.column
    rows = (_row(n, cells, columns) for n, cells in sheet.rows.items() if n > header)
    kept = tuple(row for row in rows if _holds_something(name, row))
    hidden = _hidden(sheet.hidden, kept)
    found = frozenset(columns)
    return Table(name, sheet.name, kept, found, tuple(extra), tuple(repeated), hidden)


def _hidden(hidden: Hidden, rows: tuple[Row, ...]) -> Hidden:
    filled = {cell.column for row in rows for cell in row.cells.values() if clean(cell.text)}
    numbers = hidden.rows & {row.number for row in rows}
    return Hidden(hidden.sheet and bool(rows), numbers, hidden.columns & filled)


def _header_row(sheet: Sheet, known: Mapping[str, str]) -> int:
    """The row that names the most columns; 0 if none names two."""
    best, most = 0, 1
    for number in list(sheet.rows)[:_ROWS_SEARCHED]:
        found = {known.get(normal(cell.text)) for cell in sheet.rows[number].values()} - {None}
        if len(found) > most:
            best, most = number, len(found)
    return best


def _row(number: int, cells: Mapping[int, Cell], columns: Mapping[str, int]) -> Row:
    return Row(
        number,
        {name: cells.get(n, Cell(number, n, "", "blank")) for name, n in columns.items()},
    )


def _holds_something(name: str, row: Row) -> bool:
    ignored = PREFILLED.get(name, set())
    return any(clean(cell.text) for field, cell in row.cells.items() if field not in ignored)


def _cover(sheet: Sheet) -> Table:
    """The cover's list of questions and answers as one row, whose cells are in one column."""
    known = headings("cover")
    answers = _answer_column(sheet)
    found: dict[str, Cell] = {}
    for number, cells in sheet.rows.items():
        label = next((c for c in cells.values() if known.get(normal(c.text))), None)
        if label is None or (answers is not None and label.column >= answers):
            continue
        column = answers or label.column + 1
        blank = Cell(number, column, "", "blank")
        found.setdefault(known[normal(label.text)], cells.get(column, blank))
    first = min((cell.row for cell in found.values()), default=1)
    hidden = Hidden(sheet.hidden.sheet and bool(found))
    return Table("cover", sheet.name, (Row(first, found),), frozenset(found), hidden=hidden)


def _answer_column(sheet: Sheet) -> int | None:
    for cells in sheet.rows.values():
        names = {normal(cell.text): cell.column for cell in cells.values()}
        if "answer" in names and names.keys() & {"field", "question"}:
            return names["answer"]
    return None


def _cover_from_rows(sheet: Sheet) -> Table:
    """The cover of a single CSV file: its first row says which trust and month it is for."""
    cover = _grid("cover", sheet)
    return replace(cover, rows=cover.rows or (Row(1, {}),), extra=())


@cache
def headings(name: str) -> dict[str, str]:
    """The column for each possible heading: its name or title, in any case and spacing."""
    columns = columns_of(name).values()
    titles = {normal(column.title): column.name for column in columns}
    return titles | {normal(column.name): column.name for column in columns}


def normal(text: str) -> str:
    """A heading without its case, spacing and punctuation."""
    return re.sub(r"[^a-z0-9]+", "_", clean(text).lower()).strip("_")


def clean(text: str) -> str:
    """Text without invisible spaces: no-break, zero-width, leading, trailing and doubled."""
    return " ".join(re.sub(r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]", "", text).split())
