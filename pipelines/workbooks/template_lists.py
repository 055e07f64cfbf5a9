"""Writes the two reference sheets: allowed words, and definitions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from pipelines.workbooks.formats import Formats, as_tall_as, headings, table
from pipelines.workbooks.template_cells import NEEDED
from schemas import vocabularies as words
from schemas.returns import SHEETS, columns_of

_WIDTHS = (12, 34, 28, 80, 40, 28)


BEDS = "beds"


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


def write_lists(sheet: Worksheet, formats: Formats, reference: Reference) -> dict[str, str]:
    """Write each list of allowed words into a column; the range of each, by sheet.column.

    The range of `BEDS` has two columns, each ward's code and its beds.
    """
    lists: dict[str, list[str]] = {}
    for name in SHEETS:
        for column in columns_of(name).values():
            if column.allowed:
                lists[f"{name}.{column.name}"] = list(column.allowed)
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
    meanings = [f"{ward.code}: {ward.name}" for ward in words.WARD_CLASSES.values()]
    explained = {
        "What each mh_class means": meanings,
        "The statements of each set": [
            f"{name}: {text}" for (name, _), text in reference.statements.items()
        ],
    }
    sheet.set_column(0, len(unique) - 1, 20, formats.plain)
    for number, (heading, lines) in enumerate(explained.items(), len(unique)):
        sheet.write_string(0, number, heading, formats.header)
        sheet.write_column(1, number, lines, formats.plain)
        sheet.set_column(number, number, 76, formats.plain)
    last = len(unique) + len(explained)
    for number, column in enumerate((reference.beds, reference.beds.values()), last):
        sheet.write_string(0, number, ("Ward code", "Beds")[number - last], formats.header)
        sheet.write_column(1, number, column, formats.plain)
    sheet.freeze_panes(1, 0)
    return ranges | {BEDS: f"lists!{xl_range_abs(1, last, max(1, len(reference.beds)), last + 1)}"}


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
            column.example,
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
