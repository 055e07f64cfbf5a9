"""Writes the sheet “overview”: what is still missing and what doesn't agree, while it is typed.

Its formulas are made from the conditions of the check's own rules, so it says what the check will
say. Cells of the sheet “monthly” change colour by the same formulas.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipelines.checking.conditions import RowRule
from pipelines.checking.rules import ROW_RULES
from pipelines.checking.rules.return_status import BLANK, NEEDED
from pipelines.registers.ward_values import MOST_BEDS
from pipelines.workbooks.formats import Formats, headings, table
from pipelines.workbooks.template_lists import Looked
from schemas.periods import Month
from schemas.returns import columns_of

NAME = "overview"
_HEADER = 4  # rows above: the title, what it is, what is missing, what doesn't agree
_COLUMNS = ("Ward code", "Figures needed", "Still blank", "Which are blank", "To correct")
_OUT_OF_SIGHT = ("Code of the row status", "Beds")
_WIDTHS = (16, 12, 12, 56, 110)
_TALL = 45  # points, three lines: a spreadsheet fits no row to what a formula says
_ABOUT = (
    "Works itself out as you fill in the sheet “monthly”, where needed cells that are blank are "
    "yellow and figures that don't agree are red. The check that follows looks at more than this."
)
_LONGEST_TEXT = 9_999  # more than all the sentences together
_ANY_ROW, _ANY_LINE = "ROW?", "LINE?"  # in place of a row's number on “monthly” and here
_STATUS, _BEDS = "$F", "$G"  # columns out of sight, so that no rule has to look them up itself
REASONS = tuple(dict.fromkeys(rule.why for rule in ROW_RULES))
_MONTHLY = list(columns_of("monthly"))


@dataclass(frozen=True)
class _MonthlyRow:
    """Where one row of the sheet “monthly” has its values, seen from any sheet."""

    number: str  # as a spreadsheet counts, from 1
    days: int
    line: str  # its line on the sheet “overview”, with that sheet's name where another asks

    def cells(self, fields: Sequence[str]) -> str:
        """Neighbours are one range."""
        places = sorted(_MONTHLY.index(field) for field in fields)
        runs = groupby(enumerate(places), key=lambda pair: pair[1] - pair[0])
        ranges = [[place for _, place in run] for _, run in runs]
        return ",".join(self._range(run[0], run[-1]) for run in ranges)

    def _range(self, first: int, last: int) -> str:
        ends = [f"${xl_col_to_name(column)}{self.number}" for column in (first, last)]
        return f"monthly!{ends[0] if first == last else ':'.join(ends)}"

    def beds(self) -> str:
        return self.line.format(_BEDS)

    def status(self) -> str:
        return self.line.format(_STATUS)


@dataclass(frozen=True)
class Span:
    """The months that a workbook is for: one, or those of a baseline, in words and at its edge.

    `days` are those of the month, or of the longest one.
    """

    label: str
    first: Month
    days: int
    several: bool = False


def write_overview(
    sheet: Worksheet, formats: Formats, span: Span, rows: int, looked: Looked
) -> None:
    """Write a line for each of the `rows` that the sheet “monthly” has below its header."""
    for number, width in enumerate(_WIDTHS):
        sheet.set_column(number, number, width, formats.wrapped)
    sheet.set_column(f"{_STATUS}:{_BEDS}", None, formats.wrapped, {"hidden": True})
    sheet.write_string(0, 0, f"What is still to do for {span.label}", formats.title)
    sheet.write_string(1, 0, _ABOUT, formats.plain)
    first, last = _HEADER + 2, _HEADER + 1 + rows  # as a spreadsheet counts
    _formula(sheet, 2, 0, _still_blank(f"SUM(C{first}:C{last})"), formats.plain)
    said = f'SUMPRODUCT(--(E{first}:E{last}<>""))'
    noun = "row" if span.several else "ward"
    _formula(sheet, 3, 0, _still_wrong(said, noun), formats.plain)
    names = (*_COLUMNS, *_OUT_OF_SIGHT)
    table(sheet, NAME, _HEADER, _HEADER + rows, headings(formats, names))
    sheet.set_row(_HEADER, _TALL)
    line = _line(span, looked)
    for index in range(rows):
        sheet.set_row(_HEADER + 1 + index, _TALL)
        for number, formula in enumerate(line):
            of_row = formula.replace(_ANY_ROW, str(index + 2))
            of_line = of_row.replace(_ANY_LINE, str(first + index))
            _formula(sheet, _HEADER + 1 + index, number, of_line, formats.wrapped)
    sheet.freeze_panes(_HEADER + 1, 1)


def colour(sheet: Worksheet, formats: Formats, span: Span, rows: int) -> None:
    """Colour the cells of the sheet “monthly” that are needed and blank, or that don't agree."""
    wrong, blank = _colours(span.days)
    for look, formulas in ((formats.wrong, wrong), (formats.needed, blank)):
        for field, formula in formulas.items():
            column = _MONTHLY.index(field)
            rule = {"type": "formula", "criteria": f"={formula}", "format": look}
            sheet.conditional_format(1, column, rows, column, rule)


@cache
def _colours(days: int) -> tuple[dict[str, str], dict[str, str]]:
    """When a field's cell in the first row doesn't agree, and when it is needed and blank."""
    row = _MonthlyRow("2", days, f"{NAME}!{{}}{_HEADER + 2}")
    wrong: dict[str, list[str]] = {}
    for rule in ROW_RULES:
        wrong.setdefault(rule.field, []).append(rule.when.formula(row))
    blank = {field: rule.when.formula(row) for field, rule in BLANK.items()}
    return {field: f"OR({','.join(of)})" for field, of in wrong.items()}, blank


def _formula(sheet: Worksheet, row: int, column: int, formula: str, look: object) -> None:
    """Write a formula without a result, so that every program works it out when it opens the file.

    A figure that is itself #N/A leaves the cell empty: the check speaks of it.
    """
    sheet.write_formula(row, column, f'=_xlfn.IFNA({formula},"")', look, "")


def _ward(row: _MonthlyRow, several: bool) -> str:
    """The ward of a row; in a baseline with its month."""
    ward, month = row.cells(("ward_code",)), row.cells(("period",))
    return f'IF({ward}="","",{ward}&", "&{month})' if several else f'IF({ward}="","",{ward})'


def _line(span: Span, looked: Looked) -> tuple[str, ...]:
    """The formulas of a line, for any row."""
    row = _MonthlyRow(_ANY_ROW, span.days, f"{{}}{_ANY_LINE}")
    said = (_ward(row, span.several), _needed(row), _blanks(row), _which(row))
    return *said, _wrong(row, looked.reasons), _status(row, looked), _beds(row, looked)


def _status(row: _MonthlyRow, looked: Looked) -> str:
    """The code of the status: a cell may have its words, or its code as in earlier workbooks."""
    typed = _exactly(f"TRIM({row.cells(('return_status',))})")
    return f'_xlfn.IFNA(VLOOKUP({typed},{looked.statuses},2,FALSE),"")'


def _exactly(text: str) -> str:
    """The formula of a text that a lookup finds as it is: `*`, `?` and `~` stand for themselves."""
    for sign in "~*?":
        text = f'SUBSTITUTE({text},"{sign}","~{sign}")'
    return text


def _beds(row: _MonthlyRow, looked: Looked) -> str:
    """From the sheet “wards” if it has a number that can be right, or else the register."""
    ward = _exactly(row.cells(("ward_code",)))
    columns = list(columns_of("wards"))
    code, beds = (xl_col_to_name(columns.index(name)) for name in ("ward_code", "beds"))
    sent = f"N(INDEX(wards!${beds}:${beds},MATCH({ward},wards!${code}:${code},0)))"
    known = f"_xlfn.IFNA(VLOOKUP({ward},{looked.beds},2,FALSE),0)"
    right = f"AND({sent}>0,{sent}<={MOST_BEDS})"
    return f"_xlfn.IFNA(IF({right},{sent},{known}),{known})"


def _needed(row: _MonthlyRow) -> str:
    return _counted(rows.formula(row) for rows in NEEDED.values())


def _blanks(row: _MonthlyRow) -> str:
    return _counted(rule.when.formula(row) for rule in BLANK.values())


def _which(row: _MonthlyRow) -> str:
    titles = columns_of("monthly")
    rules = {f'"{titles[rule.field].title}"': rule for rule in BLANK.values()}
    return _joined(", ", rules, row)


def _wrong(row: _MonthlyRow, reasons: Mapping[str, str]) -> str:
    return _joined(" ", {reasons[rule.why]: rule for rule in ROW_RULES}, row)


def _counted(conditions: Iterable[str]) -> str:
    """How many of the conditions hold; nothing if none does."""
    number = "+".join(f"({condition})" for condition in conditions)
    return f'IF({number}=0,"",{number})'


def _joined(between: str, texts: Mapping[str, RowRule], row: _MonthlyRow) -> str:
    """The texts of the rules that a row breaks, one after the other; each as a formula has it."""
    parts = (f'IF({rule.when.formula(row)},"{between}"&{text},"")' for text, rule in texts.items())
    return f"MID({'&'.join(parts)},{len(between) + 1},{_LONGEST_TEXT})"


def _still_blank(number: str) -> str:
    return (
        f'IF({number}=0,"No needed figure is blank.",IF({number}=1,'
        f'"1 needed figure is still blank.",{number}&" needed figures are still blank."))'
    )


def _still_wrong(number: str, noun: str) -> str:
    return (
        f'IF({number}=0,"No figure contradicts another.",IF({number}=1,'
        f'"1 {noun} has figures to correct.",{number}&" {noun}s have figures to correct."))'
    )
