"""Writes the problem report: what to fix, every finding, and the sender's rows with findings."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pipelines.checking.checked import Checked
from pipelines.reading.read import read
from pipelines.reading.tables import Table, tables_of
from pipelines.reading.text_sheets import Cell, Unreadable
from pipelines.typography import OFFICE
from pipelines.workbooks.formats import as_tall_as
from schemas.problems import Problem, Severity
from schemas.returns import SHEETS, columns_of
from schemas.wording import counted, moment

KIND = {
    Severity.ERROR: "Must be corrected",
    Severity.QUERY: "Please confirm or explain",
    Severity.NOTE: "For your information",
}
NOT_KEPT = "(not kept)"
MOST_LISTED = 2_000  # findings: far more than anybody reads, and about a second of work
_GROUPED = ("What", "Problem", "How to fix", "How many", "Where", "Code")
_GROUPED_WIDTHS = (24, 64, 64, 11, 40, 8)
_ALL = (
    "Row",
    "Ward",
    "Month",
    "Column",
    "You entered",
    "Problem",
    "How to fix",
    "What",
    "Sheet",
    "Cell",
    "Code",
)
_ALL_WIDTHS = (7, 12, 12, 30, 20, 64, 64, 24, 11, 8, 8)
_TABLE_ROW = 3  # below the title, the file and an empty row
_PROBLEMS_WIDTH, _FIGURE_WIDTH = 64, 14


def report(checked: Checked, tables: Sequence[Table], at: datetime) -> bytes:
    """An Excel workbook about one check; `tables` is what the file holds, `at` when it was checked.

    `tables` as from `own_tables`.
    """
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"title": _title(checked), "created": at.replace(tzinfo=None)})
    problems = sorted(checked.problems, key=lambda problem: list(KIND).index(problem.severity))
    problems = problems[:MOST_LISTED]
    sheets = _Sheets(book, _title(checked), _subtitle(checked, at))
    sheets.add("Fix these", _GROUPED, _GROUPED_WIDTHS, _grouped(problems))
    sheets.add("All problems", _ALL, _ALL_WIDTHS, (_line(p, checked) for p in problems))
    for table in tables:
        headers, rows = own_rows(table, problems, checked.problems)
        widths = (_PROBLEMS_WIDTH, *[_FIGURE_WIDTH] * (len(headers) - 1))
        name = "Your rows" if table.name == "monthly" else f"Your {table.name}"
        sheets.add(name, headers, widths, rows)
    book.close()
    return file.getvalue()


def _title(checked: Checked) -> str:
    month = f", {checked.month.label}" if checked.month else ""
    return f"Check of a return: {checked.trust or 'trust not known'}{month}"


def _subtitle(checked: Checked, at: datetime) -> str:
    counts = [
        counted(sum(p.severity is severity for p in checked.problems), thing, things)
        for severity, thing, things in (
            (Severity.ERROR, "error", "errors"),
            (Severity.QUERY, "query", "queries"),
            (Severity.NOTE, "note", "notes"),
        )
    ]
    more = len(checked.problems) > MOST_LISTED
    only = f"Only the first {MOST_LISTED:,} are listed: correct these first. " if more else ""
    return (
        f"File {checked.filename}, checked at {moment(at)}: {', '.join(counts)}. "
        f"{only}SHA-256 {checked.sha256}."
    )


class _Sheets:
    """Adds sheets with the same layout: a title in A1, the file beneath it, one table."""

    def __init__(self, book: Workbook, title: str, subtitle: str) -> None:
        font = {"font_name": OFFICE, "font_size": 11, "valign": "top"}
        self._book, self._title, self._subtitle = book, title, subtitle
        self._bold = book.add_format({**font, "bold": True, "font_size": 14})
        self._plain = book.add_format(font)
        self._wrapped = book.add_format({**font, "text_wrap": True})
        self._header = book.add_format(
            {
                **font,
                "bold": True,
                "bg_color": "#003087",
                "font_color": "#FFFFFF",
                "text_wrap": True,
            }
        )

    def add(
        self,
        name: str,
        headers: Iterable[str],
        widths: Iterable[int],
        rows: Iterable[Iterable[Any]],
    ) -> None:
        sheet, widths, headers = self._book.add_worksheet(name), list(widths), list(headers)
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width, self._wrapped)
        as_tall_as(sheet, _TABLE_ROW, zip(headers, widths, strict=True))
        sheet.write_string(0, 0, self._title, self._bold)
        sheet.write_string(1, 0, self._subtitle, self._plain)
        lines = [list(row) for row in rows]
        for number, line in enumerate(lines, _TABLE_ROW + 1):
            self._write(sheet, number, line)
            as_tall_as(sheet, number, zip((str(v or "") for v in line), widths, strict=True))
        columns = [{"header": header, "header_format": self._header} for header in headers]
        last = _TABLE_ROW + max(1, len(lines))
        style = {"style": "Table Style Light 1", "columns": columns}
        sheet.add_table(_TABLE_ROW, 0, last, len(columns) - 1, style)
        sheet.freeze_panes(_TABLE_ROW + 1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _write(self, sheet: Worksheet, number: int, line: list[Any]) -> None:
        for column, value in enumerate(line):
            if isinstance(value, int):
                sheet.write_number(number, column, value, self._wrapped)
            else:
                sheet.write_string(number, column, value or "", self._wrapped)


def _grouped(problems: Iterable[Problem]) -> Iterator[tuple[Any, ...]]:
    groups: dict[tuple[Severity, str, str, str], list[Problem]] = {}
    for problem in problems:
        key = (problem.severity, problem.message, problem.fix, problem.code)
        groups.setdefault(key, []).append(problem)
    for (severity, message, fix, code), same in groups.items():
        yield KIND[severity], message, fix, len(same), ", ".join(map(_where, same)), code


def _where(problem: Problem) -> str:
    ward = f" ({problem.ward})" if problem.ward else ""
    place = f"{problem.sheet or 'the file'} {problem.cell or ''}".strip()
    return f"{place}{ward}"


def _line(problem: Problem, checked: Checked) -> tuple[Any, ...]:
    month = checked.month.short_label if checked.month else ""
    start = (problem.row, problem.ward, month, title_of(problem), problem.value)
    finding = (problem.message, problem.fix, KIND[problem.severity])
    return (*start, *finding, problem.sheet, problem.cell, problem.code)


def title_of(problem: Problem) -> str:
    """The title of the column a problem is about, as in the template."""
    if problem.sheet not in SHEETS or problem.column is None:
        return problem.column or ""
    known = columns_of(problem.sheet) | columns_of("cover")
    return known[problem.column].title if problem.column in known else problem.column


def own_tables(content: bytes) -> list[Table]:
    """The sheets with rows, the monthly one first; none if the file can't be read."""
    try:
        tables = tables_of(read(content)).tables
    except Unreadable:
        return []
    names = sorted(tables, key=lambda name: name != "monthly")
    return [tables[name] for name in names if name != "cover" and tables[name].rows]


def own_rows(
    table: Table, named: Iterable[Problem], every: Iterable[Problem]
) -> tuple[list[str], Iterator[list[Any]]]:
    """The headings of a sheet and its rows as sent, each with those of the findings to be `named`.

    Text that seemed to identify someone, as found among `every` finding, is left out.
    """
    fields = [name for name in columns_of(table.name) if name in table.columns]
    titles = [columns_of(table.name)[field].title for field in fields]
    hidden = {p.cell for p in every if p.sheet == table.name and p.code == "W17"}
    by_row: dict[int | None, list[str]] = {}
    for p in named:
        if p.sheet == table.name:
            by_row.setdefault(p.row, []).append(f"{p.cell or 'This row'}: {p.message} {p.fix}")
    rows = (
        [
            "\n".join(by_row.get(row.number, ())),
            row.number,
            *(_shown(row.cells[field], hidden) for field in fields),
        ]
        for row in table.rows
    )
    return ["Problems", "Row", *titles], rows


def _shown(cell: Cell, hidden: set[str | None]) -> Any:
    if cell.place in hidden:
        return NOT_KEPT
    return int(cell.text) if cell.kind == "number" and cell.text.isdecimal() else cell.text
