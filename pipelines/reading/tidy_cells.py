"""A tidy CSV or Parquet file as text cells, and the types that its columns may have.

A tidy file has a header and one row for each thing; `feeling-safe spc` and `feeling-safe effect`
read such files. Rows are counted as a spreadsheet counts them: the first row under the header is
row 2. An empty cell or NA is no value.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.reading.csv_files import decoded, separated
from pipelines.reading.dates import read_date
from pipelines.reading.file_kind import LARGEST_FILE, kind_of
from pipelines.reading.tables import clean
from pipelines.reading.text_sheets import Unreadable
from schemas.wording import counted, listed, quoted, some

SHOWN = 10  # findings spelled out at once
LARGEST_NUMBER = 10**12  # beyond it sums lose whole units; a cell with more has digits too many
YEARS = range(1900, 2101)
_WITH_COMMA = r"^[+-]?\d+,\d+$|^[+-]?\d{1,3}(\.\d{3})+,\d+$"
_HIDDEN = r"(?i)^(\*+|-+|–|\.\.|x|c|\[[a-z]\]|[<≤]\s*\d+|n/?a|null|none|nan|nil)$"
_IN_THOUSANDS = r"^[+-]?[1-9]\d{0,2}(,\d{3})+$"


class Unusable(ValueError):
    """What is wrong with a tidy file or the options for it, and how to correct it, in sentences."""


@dataclass(frozen=True)
class Layout:
    """The columns that are read, the sets of which one must be there, and what a file needs."""

    columns: tuple[str, ...]
    needed: tuple[tuple[str, ...], ...]
    rows: str

    @property
    def needs(self) -> str:
        """The columns that must be there, in a sentence: date and value, or date, …"""
        return ", or ".join(listed(one) for one in self.needed)


@dataclass(frozen=True)
class Text:
    """A table of text cells, empty where there was none, each row with its `row` in the file.

    `unread` says which columns are none of those that are read.
    """

    frame: pl.DataFrame
    decimal_comma: bool = False
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def first_of(findings: list[str]) -> list[str]:
    """The first ten findings, and how many more there are."""
    more = [f"… and {len(findings) - SHOWN} more."] if len(findings) > SHOWN else []
    return findings[:SHOWN] + more


def as_text(path: Path, layout: Layout) -> Text:
    """Every cell as the text it was, empty where there was none, with its `row`; or Unusable."""
    if path.is_dir():
        raise Unusable(f"{path} is a folder: name a file in it.")
    if not path.exists():
        raise Unusable(f"There is no file {path}: check its name and folder.")
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise Unusable(
            f"{path.name} is neither CSV nor Parquet: its name must end in .csv or .parquet."
        )
    content = path.read_bytes()
    if not content.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise Unusable(f"{path.name} can't be read: the file is empty.")
    text = _of_csv(path.name, content, layout) if kind == ".csv" else _of_parquet(path, layout)
    cell = pl.exclude("row").str.strip_chars()
    frame = text.frame.select("row", pl.when(~cell.is_in(["", "NA"])).then(cell))
    frame = frame.filter(~pl.all_horizontal(pl.exclude("row").is_null()))
    if frame.is_empty():
        raise Unusable(f"{path.name} has no row under its header: {layout.rows}.")
    return replace(text, frame=frame)


def _of_parquet(path: Path, layout: Layout) -> Text:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Unusable(
            f"{path.name} can't be read: it isn't a Parquet file, or it is damaged. "
            "Save it again as Parquet or as CSV."
        ) from error
    names, unread = _names(path.name, frame.columns, layout)
    moments = {
        name: "%Y-%m-%dT%H:%M:%S%.f" + ("%:z" if kind.time_zone else "")
        for name, kind in frame.schema.items()
        if isinstance(kind, pl.Datetime)
    }
    try:
        frame = frame.select(
            (pl.col(old).dt.to_string(moments[old]) if old in moments else pl.col(old))
            .cast(pl.String)
            .alias(name)
            for name, old in names.items()
        )
    except pl.exceptions.PolarsError as error:
        raise Unusable(
            f"{path.name} has a column that holds neither text, numbers nor dates: "
            "leave lists and structures out."
        ) from error
    return Text(frame.with_row_index("row", 2), unread=unread)


def _of_csv(file: str, content: bytes, layout: Layout) -> Text:
    table = csv_table(file, content)
    names, unread = _names(file, table.header, layout)
    if problems := list(table.uneven()):
        raise Unusable("\n".join(first_of(problems)))
    frame = table.columns({name: table.header.index(old) for name, old in names.items()})
    return Text(frame, table.separator != ",", table.notes, unread)


@dataclass(frozen=True)
class CsvTable:
    """A CSV file as it is: its header, its rows with their numbers, and what to say of reading it.

    Rows without any value are left out.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    separator: str
    notes: tuple[str, ...]

    def columns(self, places: Mapping[str, int]) -> pl.DataFrame:
        """Some columns by name, from where each is in the header, as text, with their `row`."""
        cells = {
            name: [fields[at] if at < len(fields) else "" for _, fields in self.rows]
            for name, at in places.items()
        }
        return pl.DataFrame(
            {"row": [number for number, _ in self.rows], **cells},
            schema={"row": pl.UInt32} | dict.fromkeys(cells, pl.String),
        )

    def uneven(self) -> Iterator[str]:
        """A finding for each row that holds more or fewer values than the header."""
        width = max(place for place, name in enumerate(self.header, 1) if clean(name))
        return _uneven(self.rows, width)


def csv_table(file: str, content: bytes) -> CsvTable:
    """A CSV file, whatever its usual separator and encoding; raises Unusable."""
    try:
        kind = kind_of(content if len(content) <= LARGEST_FILE else content[:4096])
    except Unreadable as error:
        raise Unusable(
            f"{file} can't be read. {error.problem.message} "
            "Save the table as CSV in the program that made it."
        ) from error
    if kind != "csv":
        what = "an Excel workbook" if kind == "xlsx" else "a zip file"
        raise Unusable(f"{file} is {what}, whatever its name says: save its table as CSV.")
    text, guessed = decoded(content)
    separator, text = separated(text)
    try:
        rows = [
            (number, fields)
            for number, fields in enumerate(
                csv.reader(io.StringIO(text, ""), delimiter=separator), 1
            )
            if any(field.strip() for field in fields)
        ]
    except csv.Error as error:
        raise Unusable(
            f"{file} is damaged: a quotation mark may be opened and never closed."
        ) from error
    if not rows:
        raise Unusable(f"{file} can't be read: the file is empty.")
    (_, header), *rows = rows
    note = f"{file} was read with the Windows character set (Windows-1252): check the names."
    return CsvTable(header, rows, separator, (note,) if guessed else ())


def _names(file: str, header: list[str], layout: Layout) -> tuple[dict[str, str], tuple[str, ...]]:
    """The columns that are read, by name, as the header writes them; a note of the others."""
    named = [(clean(name).lower(), name) for name in header]
    names = [name for name, _ in named if name]
    if twice := {name for name in names if name in layout.columns and names.count(name) > 1}:
        raise Unusable(f"{file} has two columns of one name, {min(twice)}: rename one of them.")
    if not any(set(needed) <= set(names) for needed in layout.needed):
        has = f"the columns {', '.join(names)}" if names else "no column with a name"
        raise Unusable(f"{file} has {has}: it needs {layout.needs}.")
    read = {name: old for name, old in named if name in layout.columns}
    others = [quoted(clean(old)) for name, old in named if name and name not in layout.columns]
    note = f"{counted(len(others), 'column')} not read: {some(others)}."
    return read, (note,) if others else ()


def _uneven(rows: list[tuple[int, list[str]]], width: int) -> Iterator[str]:
    """Rows that hold more or fewer values than the header; empty cells at the end don't count."""
    for number, fields in rows:
        filled = max(place for place, field in enumerate(fields, 1) if field.strip())
        held = max(filled, min(len(fields), width))
        if held == width:
            continue
        why = "look for a comma in a number" if held > width else "the file may be cut off here"
        if any("\n" in field or "\r" in field for field in fields):
            why = "a quotation mark may be opened and never closed"
        values = "1 value" if held == 1 else f"{held} values"
        yield f"Row {number} has {values} and the header {width}: {why}."


def day_in(text: str | None) -> tuple[date | None, str]:
    """The day of a cell and its time of day, if it has one; None if it can't be read."""
    found, time = read_date(clean(text or "").removeprefix("'"))
    return (found, time) if found is not None and found.year in YEARS else (None, "")


def month_first(texts: pl.Series) -> tuple[str, ...]:
    """A note if dates look like firsts of months in the American order: they are read day first."""
    parts = texts.str.extract_groups(r"^(?<first>\d{1,2})/(?<second>\d{1,2})/\d{2,4}\b").struct
    first, second = (parts.field(name).cast(pl.Int64) for name in ("first", "second"))
    looks = first.is_not_null().all() and first.n_unique() > 2 and first.max() <= 12
    if not looks or second.n_unique() > 1:
        return ()
    text = texts[int(first.arg_max() or 0)]
    day = day_in(text)[0]
    return (f"Dates are read day first: “{text}” is {day}. Check that no month comes first.",)


def financial_years(texts: pl.Series) -> list[str]:
    """A finding if dates look like financial years, which would be read as years and months."""
    parts = texts.drop_nulls().unique(maintain_order=True)
    parts = parts.str.extract_groups(r"^(?<year>\d{4})[/-](?<next>\d{2})$").struct
    year, following = (parts.field(name).cast(pl.Int64) for name in ("year", "next"))
    if year.len() < 3 or not ((year + 1) % 100 == following).fill_null(False).all():
        return []
    first = texts.drop_nulls()[0]
    write = f"write the first day of each, such as {year[0]}-04-01."
    return [f"Dates such as “{first}” look like financial years: {write}"]


def numbers(cells: pl.DataFrame, name: str, decimal_comma: bool) -> tuple[pl.Series, list[str]]:
    """A column of numbers; with a decimal comma where commas don't separate the columns."""
    text, findings = cells[name], []
    if decimal_comma:
        commas = text.str.contains(_WITH_COMMA).fill_null(False)
        unclear = text.str.contains(_IN_THOUSANDS).fill_null(False)
        if (commas & ~unclear).any():
            unclear = text.str.contains(r"^[+-]?[1-9]\d{0,2}\.\d{3}$").fill_null(False)
        why = "may have a comma or point for thousands or for decimals: write it without thousands"
        findings = bad(cells, unclear, name, why)
        point = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        text = point.zip_with(commas & ~unclear, text.zip_with(~unclear, text.clear(len(text))))
    number = text.str.replace("%", "not %").cast(pl.Float64, strict=False)
    wrong = ~number.is_finite().fill_null(False) & text.is_not_null()
    hidden = wrong & text.str.contains(_HIDDEN).fill_null(False)
    why = "is not a number: write the number if you have it, or leave the cell empty"
    findings += bad(cells, hidden, name, why)
    why = "is not a number: write it as 12.5, without signs"
    findings += bad(cells, wrong & ~hidden, name, why)
    large = (number.is_finite() & (number.abs() > LARGEST_NUMBER)).fill_null(False)
    why = (
        f"is far too large: check it for extra digits; {LARGEST_NUMBER:,} is the most that is read"
    )
    findings += bad(cells, large, name, why)
    return number.alias(name), findings


def bad(text: pl.DataFrame, wrong: pl.Series, column: str, why: str) -> list[str]:
    """A finding for each cell of a column that is wrong."""
    cells = text.filter(wrong).select("row", cell=pl.format("“{}”", column))
    cells = cells.with_columns(pl.col("cell").fill_null("an empty cell"))
    return [f"Row {row}, {column}: {cell} {why}." for row, cell in cells.iter_rows()]
