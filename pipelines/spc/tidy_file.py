"""Reads the tidy file for `feeling-safe spc`: one row for each point, in CSV or Parquet."""

from pathlib import Path

import polars as pl
from polars import selectors as cs

NUMBERS = ("value", "numerator", "denominator", "target")
SWITCHES = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
DIRECTIONS = {"up": "up", "down": "down", "none": "none"}
SHOWN = 10  # problems spelled out at once


class SpcError(ValueError):
    """A fault in the file or the options; the message says how to correct it."""


def read(path: Path) -> pl.DataFrame:
    """Read and check a file: typed `series`, `date` and any of the other columns it has.

    Raises SpcError with all problems in cells, listing the first ten. Rows are numbered as in a
    spreadsheet: the first row under the header is row 2. An empty cell or NA is a missing month.
    """
    text = _as_text(path)
    _has_columns(text, path.name)
    frame, problems = _typed(text)
    problems += _doubtful(frame)
    if problems:
        more = [f"… and {len(problems) - SHOWN} more."] if len(problems) > SHOWN else []
        raise SpcError("\n".join(problems[:SHOWN] + more))
    return frame.drop("row")


def _as_text(path: Path) -> pl.DataFrame:
    """Every cell as its original text, or empty, with its `row`."""
    kind = path.suffix.lower()
    if kind not in (".csv", ".parquet"):
        raise SpcError(f"{path.name} is neither CSV nor Parquet: name a .csv or .parquet file.")
    if not path.is_file():
        raise SpcError(f"There is no file {path}: check its name.")
    try:
        csv = kind == ".csv"
        frame = pl.read_csv(path, infer_schema=False) if csv else pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        raise SpcError(
            f"{path.name} can't be read: save it again as {kind[1:].upper()}, with text in UTF-8."
        ) from error
    names = [name.strip().lower() for name in frame.columns]
    if len(set(names)) < len(names) or "row" in names:
        raise SpcError(
            f"{path.name} has two columns with the same name, or a column named row: rename one."
        )
    frame = frame.rename(dict(zip(frame.columns, names, strict=True)))
    frame = frame.with_columns(cs.datetime().dt.date()).cast(pl.String)
    cell = pl.all().str.strip_chars()
    frame = frame.select(pl.when(~cell.is_in(["", "NA"])).then(cell)).with_row_index("row", 2)
    frame = frame.filter(~pl.all_horizontal(pl.exclude("row").is_null()))
    if frame.is_empty():
        raise SpcError(f"{path.name} has no rows under its header: a series needs points.")
    return frame


def _has_columns(text: pl.DataFrame, name: str) -> None:
    columns = [column for column in text.columns if column != "row"]
    ratio = {"numerator", "denominator"}
    if "date" not in columns or not ("value" in columns or ratio <= set(columns)):
        raise SpcError(
            f"{name} has the columns {', '.join(columns)}: it needs date and value, "
            "or date, numerator and denominator."
        )


def _typed(text: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Convert every cell to its type, and list the cells that can't be converted."""
    series = pl.col("series").fill_null("") if "series" in text.columns else pl.lit("series")
    day = pl.col("date").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    frame = text.select("row", series=series, date=day)
    problems = _bad(
        text, frame["date"].is_null(), "date", "is not a date: write it like 2026-03-01"
    )
    for name in NUMBERS:
        if name in text.columns:
            number = text[name].str.replace("%", "not %").cast(pl.Float64, strict=False)
            bad = ~number.is_finite().fill_null(False) & text[name].is_not_null()
            problems += _bad(text, bad, name, "is not a number: write it like 12.5, without signs")
            frame = frame.with_columns(number.alias(name))
    for name, words in (
        ("phase_start", SWITCHES),
        ("exclude", SWITCHES),
        ("direction", DIRECTIONS),
    ):
        if name in text.columns:
            found = text[name].str.to_lowercase().replace_strict(words, default=None)
            allowed = "true or false" if words is SWITCHES else "up, down or none"
            bad = found.is_null() & text[name].is_not_null()
            problems += _bad(text, bad, name, f"is not {allowed}: write one of these")
            frame = frame.with_columns(found.alias(name))
    return frame, problems


def _bad(text: pl.DataFrame, bad: pl.Series, column: str, why: str) -> list[str]:
    cells = text.filter(bad).select("row", pl.col(column).fill_null("an empty cell"))
    return [f"Row {row}, {column}: “{cell}” {why}." for row, cell in cells.iter_rows()]


def _doubtful(frame: pl.DataFrame) -> list[str]:
    """A sentence for each row that can't be charted, alone or with the others."""
    twice = frame.filter(pl.struct("series", "date").is_duplicated() & pl.col("date").is_not_null())
    problems = [
        f"Row {row}: {series} has {day} more than once; keep one row for each date."
        for row, series, day in twice.select("row", "series", "date").iter_rows()
    ]
    for name in ("numerator", "denominator"):
        if name in frame.columns:
            below = frame.filter(pl.col(name) < 0).select("row", name)
            problems += [
                f"Row {row}, {name}: {number:g} is below 0; counts start at 0."
                for row, number in below.iter_rows()
            ]
    return problems
