"""The tidy file that `feeling-safe spc` reads: one row for each point, in CSV or Parquet."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.reading.csv_files import decoded, separated
from pipelines.reading.dates import read_date
from pipelines.reading.file_kind import LARGEST_FILE, kind_of
from pipelines.reading.tables import clean
from pipelines.reading.text_sheets import Unreadable

NUMBERS = ("value", "numerator", "denominator", "target")
COLUMNS = ("date", "series", *NUMBERS, "phase_start", "exclude", "direction")
SWITCHES = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
DIRECTIONS = {"up": "up", "down": "down", "none": "none"}
SHOWN = 10  # problems spelled out at once
YEARS = range(1900, 2101)
_WITH_COMMA = r"^[+-]?\d+,\d+$|^[+-]?\d{1,3}(\.\d{3})+,\d+$"
_IN_THOUSANDS = r"^[+-]?[1-9]\d{0,2}(,\d{3})+$"


class SpcError(ValueError):
    """What is wrong with the file or the options, and how to correct it, in sentences."""


@dataclass(frozen=True)
class _Text:
    """A table of text cells, empty where there was none, each row with its `row` in the file."""

    frame: pl.DataFrame
    decimal_comma: bool = False
    notes: tuple[str, ...] = ()


def read(path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read and check a file: `row`, `series`, `date` and the other columns, typed; and notes.

    Raises SpcError with all the problems found in cells, the first ten spelled out. Rows are
    counted as a spreadsheet counts them: the first row under the header is row 2. An empty cell
    or NA is a missing month.
    """
    text = _as_text(path)
    frame, problems = _typed(text)
    problems += _doubtful(frame)
    if problems:
        raise SpcError("\n".join(first_of(problems)))
    return _pairs(frame), text.notes + _month_first(text.frame["date"])


def first_of(problems: list[str]) -> list[str]:
    """The first ten problems, and how many more there are."""
    more = [f"… and {len(problems) - SHOWN} more."] if len(problems) > SHOWN else []
    return problems[:SHOWN] + more


def _as_text(path: Path) -> _Text:
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
    return _Text(frame, text.decimal_comma, text.notes)


def _of_parquet(path: Path) -> _Text:
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
    return _Text(frame.with_row_index("row", 2))


def _of_csv(file: str, content: bytes) -> _Text:
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
    return _Text(frame, separator != ",", (note,) if guessed else ())


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


def _typed(text: _Text) -> tuple[pl.DataFrame, list[str]]:
    """Give every cell its type; list the cells that have none."""
    cells = text.frame
    series = pl.col("series").fill_null("") if "series" in cells.columns else pl.lit("series")
    frame = cells.select("row", series=series)
    days, problems = _dates(cells.select("row", "date", series=series))
    frame = frame.with_columns(days)
    for name in NUMBERS:
        if name in cells.columns:
            number, more = _numbers(cells, name, text.decimal_comma)
            problems += more
            frame = frame.with_columns(number)
    for name, words in (
        ("phase_start", SWITCHES),
        ("exclude", SWITCHES),
        ("direction", DIRECTIONS),
    ):
        if name in cells.columns:
            said = cells[name].str.to_lowercase().replace_strict(words, default=None)
            allowed = "true or false" if words is SWITCHES else "up, down or none"
            bad = said.is_null() & cells[name].is_not_null()
            problems += _bad(cells, bad, name, f"is not {allowed}: write one of these")
            frame = frame.with_columns(said.alias(name))
    return frame, problems


def _dates(cells: pl.DataFrame) -> tuple[pl.Series, list[str]]:
    """The day of each row; a time of day is refused, once where a day has several."""
    read = {text: _day(text) for text in cells["date"].unique().to_list()}
    found = [read[text] for text in cells["date"]]
    days = pl.Series("date", [day for day, _ in found], dtype=pl.Date)
    timed = pl.Series("time", [time for _, time in found], dtype=pl.String)
    rows = cells.with_columns(days.alias("day"), timed)
    problems = _bad(
        cells, days.is_null(), "date", "is not a date: write it as 2026-03-01 or 01/03/2026"
    )
    with_time = pl.col("time") != ""
    several = (pl.len() > 1) & with_time.any()
    rows = rows.with_columns(several=several.over("series", "day"))
    for series, day, count in (
        rows.filter("several", pl.col("day").is_not_null())
        .group_by("series", "day", maintain_order=True)
        .len()
        .iter_rows()
    ):
        problems.append(
            f"{series} has {count} times on {day}: times of day are not charted. "
            "Add them up, and write one row for each day."
        )
    problems += [
        f"Row {row}, date: “{text}” has a time of day, {time}, so its day is uncertain: write the "
        "date alone."
        for row, text, time in rows.filter(with_time & ~pl.col("several"))
        .select("row", "date", "time")
        .iter_rows()
    ]
    # A day with several times has been reported; its rows are not reported as one date twice.
    return pl.Series("date", days.zip_with(~rows["several"], days.clear(len(days)))), problems


def _day(text: str | None) -> tuple[date | None, str]:
    day, time = read_date(clean(text or "").removeprefix("'"))
    return (day, time) if day is not None and day.year in YEARS else (None, "")


def _month_first(texts: pl.Series) -> tuple[str, ...]:
    """A note if dates look like firsts of months in the American order: they are read day first."""
    parts = texts.str.extract_groups(r"^(?<first>\d{1,2})/(?<second>\d{1,2})/\d{2,4}\b").struct
    first, second = (parts.field(name).cast(pl.Int64) for name in ("first", "second"))
    looks = first.is_not_null().all() and first.max() <= 12 and first.n_unique() > 2
    if not looks or second.n_unique() > 1:
        return ()
    text = texts[int(first.arg_max() or 0)]
    day = _day(text)[0]
    return (f"Dates are read day first: “{text}” is {day}. Check that no month comes first.",)


def _numbers(cells: pl.DataFrame, name: str, decimal_comma: bool) -> tuple[pl.Series, list[str]]:
    """A column of numbers; with a decimal comma where commas don't separate the columns."""
    text, problems = cells[name], []
    if decimal_comma:
        commas = text.str.contains(_WITH_COMMA).fill_null(False)
        unclear = text.str.contains(_IN_THOUSANDS).fill_null(False)
        if (commas & ~unclear).any():
            unclear = text.str.contains(r"^[+-]?[1-9]\d{0,2}\.\d{3}$").fill_null(False)
        why = "may have a comma or point for thousands or for decimals: write it without thousands"
        problems = _bad(cells, unclear, name, why)
        point = text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        text = point.zip_with(commas & ~unclear, text.zip_with(~unclear, text.clear(len(text))))
    number = text.str.replace("%", "not %").cast(pl.Float64, strict=False)
    bad = ~number.is_finite().fill_null(False) & text.is_not_null()
    problems += _bad(cells, bad, name, "is not a number: write it as 12.5, without signs")
    return number.alias(name), problems


def _bad(text: pl.DataFrame, bad: pl.Series, column: str, why: str) -> list[str]:
    cells = text.filter(bad).select("row", pl.col(column).fill_null("an empty cell"))
    return [f"Row {row}, {column}: “{cell}” {why}." for row, cell in cells.iter_rows()]


def _doubtful(frame: pl.DataFrame) -> list[str]:
    """Rows that can't be charted together or at all."""
    twice = frame.filter(pl.struct("series", "date").is_duplicated() & pl.col("date").is_not_null())
    problems = [
        f"Row {row}: {series} has {day} more than once; keep one row for each date."
        for row, series, day in twice.select("row", "series", "date").iter_rows()
    ]
    if "denominator" in frame.columns:
        below = frame.filter(pl.col("denominator") < 0).select("row", "denominator")
        problems += [
            f"Row {row}, denominator: {number:g} is below 0; counts start at 0."
            for row, number in below.iter_rows()
        ]
    if {"numerator", "denominator"} <= set(frame.columns):
        of_none = frame.filter((pl.col("denominator") == 0) & (pl.col("numerator") != 0))
        problems += [
            f"Row {row}: {n:g} of 0 can't be: correct the denominator, or leave both cells empty."
            for row, n in of_none.select("row", "numerator").iter_rows()
        ]
    return problems


def _pairs(frame: pl.DataFrame) -> pl.DataFrame:
    """Without a denominator a numerator is no figure, and neither is 0 of 0."""
    if "value" in frame.columns or "denominator" not in frame.columns:
        return frame
    whole = (pl.col("denominator") > 0) & pl.col("numerator").is_not_null()
    return frame.with_columns(
        pl.when(whole).then(pl.col(name)).alias(name) for name in ("numerator", "denominator")
    )
