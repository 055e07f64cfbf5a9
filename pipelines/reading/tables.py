"""Finds the contract's sheets and columns in a file, by name and never by position."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from pipelines.reading.text_sheets import NOTHING_HIDDEN, Cell, Hidden, Lines, Sheet, Sheets
from schemas.returns import SHEETS, Column, columns_of

_MOST_MERGED = 100_000  # cells looked at, whatever ranges a file claims
_LINES_AT_A_TIME = 16
_MONTH = re.compile("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.I)
_ROWS_SEARCHED = 20  # a banner or merged title may stand above the header

# Filled in by the template: a row that holds nothing else was left alone.
PREFILLED = {
    "charter": {"ward_code"},
    "standards": {"set_id", "statement_id", "org_level", "org_code"},
}

Headings = Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """One row of a table: its number in the sheet and a cell for each known column."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Uneven:
    """Lines of a CSV file that hold as many values as each other, but not as the header.

    `split` are two neighbouring cells that may be one number with a comma in it; `cut_off` says
    that the last of the lines is the file's last and doesn't end.
    """

    rows: tuple[int, ...]
    values: int
    header: int
    split: tuple[Cell, Cell] | None = None
    cut_off: bool = False


@dataclass(frozen=True)
class Table:
    """One sheet of the contract as found; `extra` and `repeated` are header cells to speak of.

    `hidden` holds only what was read all the same: rows, and columns with something in them.
    `remarks` are cells that stand alone in their row and look like a note, `headers` the numbers
    of the rows that repeat the header; neither are among the rows. `uneven` is for CSV files.
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


def tables_of(file: Sheets) -> Tables:
    """Sort a file's sheets into tables; what is lacking is simply absent."""
    by_name = {normal(sheet.name): sheet for sheet in reversed(file.sheets)}
    tables = {name: _table(name, by_name[name]) for name in SHEETS if name in by_name}
    others = tuple(s.name for s in file.sheets if normal(s.name) not in SHEETS)
    if file.kind == "csv":
        tables = {"cover": _cover_from_rows(file.sheets[0], tables["monthly"]), **tables}
    return Tables(file.kind, tables, others)


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
    headers = tuple(n for n, cells in below.items() if _repeats(cells, titles, known))
    remarks = _remarks(name, sheet, header, below)
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
        _uneven(name, sheet, header, data, columns),
    )


def _repeats(cells: Mapping[int, Cell], header: Mapping[int, Cell], known: Headings) -> bool:
    """Whether a row is the header once more: as when tables were pasted under one another."""
    filled = [cell for cell in cells.values() if clean(cell.text)]
    return len(filled) > 1 and all(
        cell.column in header and _heading(cell, known) == _heading(header[cell.column], known)
        for cell in filled
    )


def _heading(cell: Cell, known: Headings) -> str:
    return known.get(normal(cell.text), normal(cell.text))


def _remarks(
    name: str, sheet: Sheet, header: int, below: Mapping[int, Mapping[int, Cell]]
) -> tuple[Cell, ...]:
    """Cells alone in their row that are words and stand in no column of words: notes."""
    columns = columns_of("cover") | columns_of(name)
    known = headings("cover") | headings(name)
    headed = {
        cell.column: columns[known[heading]]
        for cell in sheet.rows.get(header, {}).values()
        if (heading := normal(cell.text)) in known
    }
    starts = (
        next(iter(filled))
        for row, cells in below.items()
        if (filled := [cell for cell in cells.values() if clean(cell.text)])
        and (len(filled) == 1 or _is_a_sentence(filled, sheet.lines, row, len(headed)))
    )
    return tuple(c for c in starts if c.column in headed and _is_remark(c, headed[c.column]))


def _is_a_sentence(filled: list[Cell], lines: Lines | None, row: int, width: int) -> bool:
    """Whether a line of a CSV file may be words with commas: short, without a blank or a number."""
    whole = lines is not None and lines.values[row] == len(filled) <= min(6, width // 2)
    return whole and not any(clean(cell.text).isdecimal() for cell in filled)


def _is_remark(cell: Cell, column: Column) -> bool:
    text = clean(cell.text)
    if cell.kind != "text" or column.kind == "text" or not re.search(r"[^\W\d_]{2}", text):
        return False
    if not text[0].isalnum() and text[0] not in "'=":
        return True
    words, has_digit = text.split(), re.search(r"\d", text) is not None
    if column.name == "ward_code":  # somebody may have typed the ward's name
        return len(words) > 4
    if column.kind in ("month", "date"):
        return len(words) > 4 or (not has_digit and not _MONTH.match(text))
    if column.name == "trust_code":
        return len(words) > 1 or (not has_digit and len(text) > 3)
    return len(words) > 1


def _uneven(
    name: str,
    sheet: Sheet,
    header: int,
    data: Mapping[int, Mapping[int, Cell]],
    columns: Mapping[str, int],
) -> tuple[Uneven, ...]:
    """The lines of a CSV file that don't have one value for each column."""
    if sheet.lines is None or not columns:
        return ()
    lines = sheet.lines
    values, width, written = lines.values, max(sheet.rows[header]), lines.values[header]
    over = [row for row in data if values[row] > written and max(data[row]) <= written]
    if len({values[row] for row in data}) == 1 and not any(
        _split(name, data[row], columns) and _shifted(name, data[row], columns) for row in over
    ):
        over = []  # every line ends in the same separators: nothing has moved
    by_count: dict[int, list[int]] = {}
    for row, cells in data.items():
        short = values[row] < width and not _trimmed_by_excel(lines, row)
        if short or max(cells) > written or row in over:
            by_count.setdefault(values[row], []).append(row)
    unfinished = 0 if lines.ends else max(values)
    return tuple(
        Uneven(
            tuple(rows),
            count,
            width,
            _split(name, data[rows[0]], columns) if count > width else None,
            count < width and unfinished in rows,
        )
        for count, rows in by_count.items()
    )


def _trimmed_by_excel(lines: Lines, row: int) -> bool:
    """Whether Excel left out the separators of columns that are blank at the end of a line.

    It writes 16 lines at a time, each as long as the longest of these.
    """
    block = (row - 1) // _LINES_AT_A_TIME
    first = block * _LINES_AT_A_TIME + 1
    together = range(first, first + _LINES_AT_A_TIME)
    same = {lines.values[n] for n in together if n in lines.values} == {lines.values[row]}
    return block > 0 and same and lines.ends


def _split(
    name: str, cells: Mapping[int, Cell], columns: Mapping[str, int]
) -> tuple[Cell, Cell] | None:
    """Two neighbours that read like one number with a comma: 1 and 204."""
    known = columns_of(name)
    counts = {n for field, n in columns.items() if known[field].kind == "count"}
    for n, cell in cells.items():
        following = cells.get(n + 1)
        if n not in counts or following is None:
            continue
        if re.fullmatch(r"[1-9]\d{0,2} \d{3}", f"{clean(cell.text)} {clean(following.text)}"):
            return cell, following
    return None


def _shifted(name: str, cells: Mapping[int, Cell], columns: Mapping[str, int]) -> bool:
    """Whether a column that takes words of a list holds something else."""
    return any(
        normal(cells[n].text) not in allowed
        for field, n in columns.items()
        if n in cells and (allowed := columns_of(name)[field].allowed)
    )


def _hidden(hidden: Hidden, rows: tuple[Row, ...]) -> Hidden:
    filled = {cell.column for row in rows for cell in row.cells.values() if clean(cell.text)}
    numbers = hidden.rows & {row.number for row in rows}
    return Hidden(hidden.sheet and bool(rows), numbers, hidden.columns & filled)


def _header_row(sheet: Sheet, known: Mapping[str, str]) -> int:
    """The row that names most columns; 0 if none names two."""
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
    for block in sheet.merged:
        if block.first_column not in sheet.rows.get(block.first_row, {}):
            continue
        last = min(block.last_row, max(sheet.rows))
        for row in range(block.first_row, last + 1):
            for column in range(block.first_column, block.last_column + 1):
                if len(found) == _MOST_MERGED:
                    return found
                found[row, column] = str(block)
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
    words = r'"[^"\d]*"'
    only_words = rf"=(\"\"|IF\(.*,({words},\"\"|\"\",{words})\))"
    return (
        cell.kind == "formula"
        and column.kind == "count"
        and re.fullmatch(only_words, cell.text, re.I) is not None
    )


def _holds_something(name: str, row: Row) -> bool:
    ignored = PREFILLED.get(name, set())
    return any(clean(cell.text) for field, cell in row.cells.items() if field not in ignored)


def _cover(sheet: Sheet) -> Table:
    """A list of questions and answers becomes one row whose cells stand under one another."""
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
    """A CSV file alone has no cover: its first row says for which trust and month it is."""
    cover = _grid("cover", sheet)
    aside = {*monthly.headers, *(cell.row for cell in monthly.remarks)}
    rows = tuple(row for row in cover.rows if row.number not in aside)
    return replace(cover, rows=rows or (Row(1, {}),), extra=(), remarks=(), headers=(), uneven=())


@cache
def headings(name: str) -> dict[str, str]:
    """Every way a column may be headed: its name or its title, in any case and spacing."""
    columns = columns_of(name).values()
    titles = {normal(column.title): column.name for column in columns}
    return titles | {normal(column.name): column.name for column in columns}


def normal(text: str) -> str:
    """A heading without its case, spacing and punctuation."""
    return re.sub(r"[^a-z0-9]+", "_", clean(text).lower()).strip("_")


def clean(text: str) -> str:
    """Text without the spaces nobody sees: no-break, zero-width, leading, trailing, doubled."""
    return " ".join(re.sub(r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]", "", text).split())
