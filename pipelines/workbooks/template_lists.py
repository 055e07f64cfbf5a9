"""Writes the two reference sheets: allowed words, and definitions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipelines.workbooks.formats import Formats, as_tall_as, headings, table
from pipelines.workbooks.template_cells import NEEDED
from schemas.returns import SHEETS, columns_of

_WIDTHS = (12, 34, 28, 80, 40, 28)


STATUS = columns_of("monthly")["return_status"]


@dataclass(frozen=True)
class Looked:
    """Where the formulas of the sheet “overview” look things up: ranges of the sheet “lists”.

    `beds` has each ward's code and its beds, `statuses` what may be typed as a row's status and its
    code, `reasons` the sentences of the rules, by sentence.
    """

    beds: str
    statuses: str
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class Reference:
    """What a workbook knows of its trust, beside the rows to fill in.

    `choices` are the words to choose from by “sheet.column”, where these depend on the trust;
    `statements` the text of each statement to rate, by set and statement as shown; `beds` those of
    each ward by its code, as in the register; `used` the optional columns of the sheet “monthly”
    that the trust filled in last time.
    """

    choices: Mapping[str, list[str]] = field(default_factory=dict)
    statements: Mapping[tuple[str, str], str] = field(default_factory=dict)
    beds: Mapping[str, int] = field(default_factory=dict)
    used: frozenset[str] = frozenset()


def write_lists(
    sheet: Worksheet, formats: Formats, reference: Reference, reasons: Sequence[str]
) -> tuple[dict[str, str], Looked]:
    """Write each list of allowed words into a column; the range of each, by sheet.column.

    After them comes what the formulas of the sheet “overview” look up; `reasons` are the sentences
    that it can say.
    """
    lists: dict[str, list[str]] = {}
    for name in SHEETS:
        for column in columns_of(name).values():
            if column.allowed:
                lists[f"{name}.{column.name}"] = list(column.words)
    lists |= {key: values for key, values in reference.choices.items() if values}
    ranges = {}
    unique = list(dict.fromkeys(tuple(values) for values in lists.values()))
    for number, values in enumerate(unique):
        users = [key for key, own in lists.items() if tuple(own) == values]
        heading = ", ".join(key.replace(".", " ") for key in users[:2])
        sheet.write_string(0, number, heading, formats.header)
        sheet.write_column(1, number, values, formats.plain)
        for key in users:
            ranges[key] = f"=lists!{xl_range_abs(1, number, len(values), number)}"
    explained = {
        "The statements of each set": [
            f"{name}: {text}" for (name, _), text in reference.statements.items()
        ],
    }
    sheet.set_column(0, len(unique) - 1, 20, formats.plain)
    for number, (heading, lines) in enumerate(explained.items(), len(unique)):
        sheet.write_string(0, number, heading, formats.header)
        sheet.write_column(1, number, lines, formats.plain)
        sheet.set_column(number, number, 76, formats.plain)
    sheet.freeze_panes(1, 0)
    return ranges, _write_looked(
        sheet, formats, len(unique) + len(explained), reference.beds, reasons
    )


def _write_looked(
    sheet: Worksheet,
    formats: Formats,
    first: int,
    beds: Mapping[str, int],
    reasons: Sequence[str],
) -> Looked:
    codes = {said: code for code in STATUS.allowed for said in (STATUS.in_words(code), code)}
    columns: dict[str, Collection[object]] = {
        "Ward code": beds.keys(),
        "Beds": beds.values(),
        "Row status": codes.keys(),
        "Its code": codes.values(),
        "What the sheet “overview” can say": reasons,
    }
    for number, (heading, values) in enumerate(columns.items(), first):
        sheet.write_string(0, number, heading, formats.header)
        sheet.write_column(1, number, values, formats.plain)
    sheet.set_column(first + 2, first + 3, 20, formats.plain)
    sheet.set_column(first + 4, first + 4, 76, formats.plain)

    def both(column: int, rows: int) -> str:
        return f"lists!{xl_range_abs(1, column, max(1, rows), column + 1)}"

    cells = {
        why: f"lists!{xl_rowcol_to_cell(row, first + 4, row_abs=True, col_abs=True)}"
        for row, why in enumerate(reasons, 1)
    }
    return Looked(both(first, len(beds)), both(first + 2, len(codes)), cells)


def write_definitions(sheet: Worksheet, formats: Formats, asked: Sequence[str]) -> None:
    """Write a row for each column of these sheets: what to enter, whether needed, an example."""
    headers = ["Sheet", "Column", "Name in CSV files", "What to enter", "Needed", "Example"]
    lines = [
        (
            name,
            column.title,
            column.name,
            column.description,
            NEEDED[column.required],
            column.in_words(column.example),
        )
        for name in asked
        for column in columns_of(name).values()
    ]
    table(sheet, "definitions", 0, len(lines), headings(formats, headers))
    for row, line in enumerate(lines, 1):
        for number, text in enumerate(line):
            sheet.write_string(row, number, text, formats.wrapped)
        as_tall_as(sheet, row, zip(line, _WIDTHS, strict=True))
    for number, width in enumerate(_WIDTHS):
        sheet.set_column(number, number, width, formats.wrapped)
    sheet.freeze_panes(1, 2)
