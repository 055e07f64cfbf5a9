"""Finds the contract's sheets and columns in a file, by name and never by position."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product

from pipelines.reading.compared import clean, normal
from pipelines.reading.headings import headings
from pipelines.reading.rows_aside import remarks_in, repeats
from pipelines.reading.text_sheets import NOTHING_HIDDEN, Cell, Hidden, Sheet, Sheets, Unreadable
from pipelines.reading.uneven_lines import Uneven, uneven_lines
from schemas.returns import SHEETS, Column, columns_of
from schemas.wording import quoted

_MOST_MERGED = 100_000  # cells looked at, whatever ranges a file claims
_WORDS = r'"[^"\d]*"'
_ONLY_WORDS = re.compile(rf"=(\"\"|IF\(.*,({_WORDS},\"\"|\"\",{_WORDS})\))", re.I)
_MOST_ROWS = {"standards": 6_000, "confidence": 6_000, "breakdowns": 6_000}
_MOST_ROWS_USUALLY = 500  # wards, or events of a month
_ROWS_SEARCHED = 20  # there may be a banner or merged title above the header

# Filled in by the template: a row with nothing else was left alone.
PREFILLED = {
    "charter": {"ward_code"},
    "confidence": {"ward_code", "question_id"},
    "standards": {"set_id", "statement_id", "org_level", "org_code"},
    "trust_standards": {"set_id", "statement_id"},
    "breakdowns": {"ward_code", "breakdown", "category"},
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
    `remarks` are cells that are alone in their row and look like a note, `headers` the numbers of
    the rows that repeat the header; neither are among the rows. `uneven` is for CSV files.
    """

    name: str
    shown_as: str
    rows: tuple[Row, ...]
    columns: frozenset[str]
    extra: tuple[Cell, ...] = ()
    repeated: tuple[Cell, ...] = ()
    hidden: Hidden = NOTHING_HIDDEN
    remarks: tuple[Cell, ...] = ()
    headers: tuple[int, ...] = ()
    uneven: tuple[Uneven, ...] = ()


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


def tables_of(file: Sheets, asked: Collection[str] = tuple(SHEETS)) -> Tables:
    """Sort a file's sheets into tables; missing sheets are simply absent.

    Sheets of the contract that aren't asked for are not read. Raises Unreadable for a sheet with
    far more rows than a trust has wards.
    """
    by_name = {normal(sheet.name): sheet for sheet in reversed(file.sheets)}
    tables = {name: _table(name, by_name[name]) for name in asked if name in by_name}
    for table in tables.values():
        _refuse_far_too_many_rows(table)
    others = tuple(s.name for s in file.sheets if normal(s.name) not in asked)
    if file.kind == "csv":
        tables = {"cover": _cover_from_rows(file.sheets[0], tables["monthly"]), **tables}
    return Tables(file.kind, tables, others)


def _refuse_far_too_many_rows(table: Table) -> None:
    most = _MOST_ROWS.get(table.name, _MOST_ROWS_USUALLY)
    if len(table.rows) > most:
        raise Unreadable(
            f"The sheet {quoted(table.shown_as)} has {len(table.rows):,} rows. It can have at most "
            f"{most:,}, far more than any trust needs.",
            "Leave only the rows of one trust and one month, or copy them into a newly downloaded "
            "workbook.",
        )


def _table(name: str, sheet: Sheet) -> Table:
    return _cover(sheet) if name == "cover" else _grid(name, sheet)


def _grid(name: str, sheet: Sheet) -> Table:
    known = headings(name)
    header = _header_row(sheet, known)
    titles = sheet.rows.get(header, {})
    columns: dict[str, int] = {}
    extra, repeated = [], []
    for cell in titles.values():
        column = known.get(normal(cell.text))
        if column is None:
            extra.append(cell)
        elif column in columns:
            repeated.append(cell)
        else:
            columns[column] = cell.column
    below = {n: cells for n, cells in sheet.rows.items() if n > header}
    headers = tuple(n for n, cells in below.items() if repeats(cells, titles, known))
    remarks = remarks_in(name, sheet, header, below)
    aside = {*headers, *(cell.row for cell in remarks)}
    data = {n: cells for n, cells in below.items() if n not in aside}
    merged = _merged(sheet)
    rows = (_row(name, n, cells, columns, merged) for n, cells in data.items())
    kept = tuple(row for row in rows if _holds_something(name, row))
    return Table(
        name,
        sheet.name,
        kept,
        frozenset(columns),
        tuple(extra),
        tuple(repeated),
        _hidden(sheet.hidden, kept),
        remarks,
        headers,
        uneven_lines(name, sheet, header, data, columns),
    )


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


_Merged = Mapping[tuple[int, int], str]


def _merged(sheet: Sheet) -> _Merged:
    """The blank cells that are merged with a filled one, and the range that each is part of."""
    found: dict[tuple[int, int], str] = {}
    last_row, left = max(sheet.rows, default=0), _MOST_MERGED
    for block in sheet.merged:
        if block.first_column not in sheet.rows.get(block.first_row, {}):
            continue
        rows = range(block.first_row, min(block.last_row, last_row) + 1)
        columns = range(block.first_column, block.last_column + 1)
        named = str(block)
        for place in islice(product(rows, columns), left):
            found[place] = named
        left -= min(left, len(rows) * len(columns))
    return found


def _row(
    name: str, number: int, cells: Mapping[int, Cell], columns: Mapping[str, int], merged: _Merged
) -> Row:
    known = columns_of(name)
    return Row(
        number,
        {
            field: cells[n]
            if n in cells and not _is_surely_blank(cells[n], known[field])
            else _blank(number, n, merged)
            for field, n in columns.items()
        },
    )


def _blank(row: int, column: int, merged: _Merged) -> Cell:
    block = merged.get((row, column), "")
    return Cell(row, column, "", "merged" if block else "blank", block)


def _is_surely_blank(cell: Cell, column: Column) -> bool:
    """A formula without a stored result that can give no number, only "" or words."""
    return (
        cell.kind == "formula"
        and column.kind == "count"
        and _ONLY_WORDS.fullmatch(cell.text) is not None
    )


def _holds_something(name: str, row: Row) -> bool:
    ignored = PREFILLED.get(name, set())
    return any(clean(cell.text) for field, cell in row.cells.items() if field not in ignored)


def _cover(sheet: Sheet) -> Table:
    """The cover's list of questions and answers as one row, whose cells are in one column."""
    known = headings("cover")
    answers, merged = _answer_column(sheet), _merged(sheet)
    found: dict[str, Cell] = {}
    for number, cells in sheet.rows.items():
        label = next((c for c in cells.values() if known.get(normal(c.text))), None)
        if label is None or (answers is not None and label.column >= answers):
            continue
        column = answers or label.column + 1
        answer = cells.get(column, _blank(number, column, merged))
        found.setdefault(known[normal(label.text)], answer)
    first = min((cell.row for cell in found.values()), default=1)
    hidden = Hidden(sheet.hidden.sheet and bool(found))
    return Table("cover", sheet.name, (Row(first, found),), frozenset(found), hidden=hidden)


def _answer_column(sheet: Sheet) -> int | None:
    for cells in sheet.rows.values():
        names = {normal(cell.text): cell.column for cell in cells.values()}
        if "answer" in names and names.keys() & {"field", "question"}:
            return names["answer"]
    return None


def _cover_from_rows(sheet: Sheet, monthly: Table) -> Table:
    """The cover of a single CSV file: its first row says which trust and month it is for."""
    cover = _grid("cover", sheet)
    aside = {*monthly.headers, *(cell.row for cell in monthly.remarks)}
    rows = tuple(row for row in cover.rows if row.number not in aside)
    return replace(cover, rows=rows or (Row(1, {}),), extra=(), remarks=(), headers=(), uneven=())
