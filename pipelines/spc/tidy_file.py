"""The tidy file that `feeling-safe spc` reads: one row for each point, in CSV or Parquet."""

from pathlib import Path

import polars as pl

from pipelines.reading.tidy_cells import (
    Layout,
    Text,
    Unusable,
    as_text,
    bad,
    day_in,
    financial_years,
    first_of,
    month_first,
    numbers,
)
from schemas.wording import significant

NUMBERS = ("value", "numerator", "denominator", "target")
LAYOUT = Layout(
    columns=("date", "series", *NUMBERS, "phase_start", "exclude", "direction"),
    needed=(("date", "value"), ("date", "numerator", "denominator")),
    rows="a series needs points",
)
SWITCHES = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
DIRECTIONS = {"up": "up", "down": "down", "none": "none"}


def read(path: Path) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read and check a file: `row`, `series`, `date` and the other columns, typed; and notes.

    Raises Unusable with all the problems found in cells, the first ten spelled out. An empty cell
    or NA is a missing month.
    """
    text = as_text(path, LAYOUT)
    frame, problems = _typed(text)
    problems += _doubtful(frame)
    if problems:
        raise Unusable("\n".join(first_of(problems)))
    return _pairs(frame), text.notes + text.unread + month_first(text.frame["date"])


def _typed(text: Text) -> tuple[pl.DataFrame, list[str]]:
    """Give every cell its type; list the cells that have none."""
    cells = text.frame
    series = pl.col("series").fill_null("") if "series" in cells.columns else pl.lit("series")
    frame = cells.select("row", series=series)
    days, problems = _dates(cells.select("row", "date", series=series))
    frame = frame.with_columns(days)
    for name in NUMBERS:
        if name in cells.columns:
            number, more = numbers(cells, name, text.decimal_comma)
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
            wrong = said.is_null() & cells[name].is_not_null()
            problems += bad(cells, wrong, name, f"is not {allowed}: write one of these")
            frame = frame.with_columns(said.alias(name))
    return frame, problems


def _dates(cells: pl.DataFrame) -> tuple[pl.Series, list[str]]:
    """The day of each row; a time of day is refused, once where a day has several."""
    read = {text: day_in(text) for text in cells["date"].unique().to_list()}
    found = [read[text] for text in cells["date"]]
    days = pl.Series("date", [day for day, _ in found], dtype=pl.Date)
    timed = pl.Series("time", [time for _, time in found], dtype=pl.String)
    rows = cells.with_columns(days.alias("day"), timed)
    problems = bad(
        cells, days.is_null(), "date", "is not a date: write it as 2026-03-01 or 01/03/2026"
    )
    problems = financial_years(cells["date"]) or problems
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
            f"Row {row}, denominator: {significant(number)} is below 0; counts start at 0."
            for row, number in below.iter_rows()
        ]
    if {"numerator", "denominator"} <= set(frame.columns):
        of_none = frame.filter((pl.col("denominator") == 0) & (pl.col("numerator") != 0))
        problems += [
            f"Row {row}: {significant(n)} of 0 can't be: correct the denominator, or leave both "
            "cells empty."
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
