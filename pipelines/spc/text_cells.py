"""A file of one row for each point as text cells, from CSV or Parquet, before they have types."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.reading.csv_files import decoded, separated
from pipelines.reading.file_kind import LARGEST_FILE, kind_of
from pipelines.reading.tables import clean
from pipelines.reading.text_sheets import Unreadable

NUMBERS = ("value", "numerator", "denominator", "target")
COLUMNS = ("date", "series", *NUMBERS, "phase_start", "exclude", "direction")
SHOWN = 10  # problems spelled out at once


class SpcError(ValueError):
    """What is wrong with the file or the options, and how to correct it, in sentences."""


@dataclass(frozen=True)
class Text:
    """A table of text cells, empty where there was none, each row with its `row` in the file."""

    frame: pl.DataFrame
    decimal_comma: bool = False
    notes: tuple[str, ...] = ()


def first_of(problems: list[str]) -> list[str]:
    """The first ten problems, and how many more there are."""
    more = [f"… and {len(problems) - SHOWN} more."] if len(problems) > SHOWN else []
    return problems[:SHOWN] + more


def as_text(path: Path) -> Text:
    """Every cell as the text it was, empty where there was none, with its `row`."""
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise SpcError(f"{path.name} is neither CSV nor Parquet: its name must end in one of them.")
    if not path.is_file():
        raise SpcError(f"There is no file {path}: check its name.")
    content = path.read_bytes()
    if not content.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise SpcError(f"{path.name} can't be read: the file is empty.")
    text = _of_csv(path.name, content) if kind == ".csv" else _of_parquet(path)
    cell = pl.exclude("row").str.strip_chars()
    frame = text.frame.select("row", pl.when(~cell.is_in(["", "NA"])).then(cell))
    frame = frame.filter(~pl.all_horizontal(pl.exclude("row").is_null()))
    if frame.is_empty():
        raise SpcError(f"{path.name} has no row under its header: a series needs points.")
    return Text(frame, text.decimal_comma, text.notes)


def _of_parquet(path: Path) -> Text:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SpcError(
            f"{path.name} can't be read: it isn't a Parquet file, or it is damaged. "
            "Save it again as Parquet or as CSV."
        ) from error
    names = _names(path.name, frame.columns)
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
        raise SpcError(
            f"{path.name} has a column that holds neither text, numbers nor dates: "
            "leave lists and structures out."
        ) from error
    return Text(frame.with_row_index("row", 2))


def _of_csv(file: str, content: bytes) -> Text:
    try:
        kind = kind_of(content if len(content) <= LARGEST_FILE else content[:4096])
    except Unreadable as error:
        raise SpcError(
            f"{file} can't be read. {error.problem.message} "
            "Save the table as CSV in the program that made it."
        ) from error
    if kind != "csv":
        what = "an Excel workbook" if kind == "xlsx" else "a zip file"
        raise SpcError(f"{file} is {what}, whatever its name says: save its table as CSV.")
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
        raise SpcError(
            f"{file} is damaged: a quotation mark may be opened and never closed."
        ) from error
    (_, header), *rows = rows
    names = _names(file, header)
    width = max(place for place, name in enumerate(header, 1) if clean(name))
    if problems := list(_uneven(rows, width)):
        raise SpcError("\n".join(first_of(problems)))
    cells = {
        name: [fields[at] if at < len(fields) else "" for _, fields in rows]
        for name, at in ((name, header.index(old)) for name, old in names.items())
    }
    frame = pl.DataFrame(
        {"row": [number for number, _ in rows], **cells},
        schema={"row": pl.UInt32} | dict.fromkeys(cells, pl.String),
    )
    note = f"{file} was read with the Windows character set (Windows-1252): check the names."
    return Text(frame, separator != ",", (note,) if guessed else ())


def _names(file: str, header: list[str]) -> dict[str, str]:
    """The columns that are read, by name, as the header writes them."""
    named = [(clean(name).lower(), name) for name in header]
    names = [name for name, _ in named if name]
    if twice := {name for name in names if name in COLUMNS and names.count(name) > 1}:
        raise SpcError(f"{file} has two columns of one name, {min(twice)}: rename one of them.")
    if "date" not in names or not ("value" in names or {"numerator", "denominator"} <= set(names)):
        raise SpcError(
            f"{file} has the columns {', '.join(names)}: it needs date and value, "
            "or date, numerator and denominator."
        )
    return {name: old for name, old in named if name in COLUMNS}


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
