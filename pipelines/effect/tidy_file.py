"""The tidy file that `feeling-safe effect` reads: one row for each unit and period."""

import re
from pathlib import Path

import polars as pl

from pipelines.effect.told import Periods, Told, told_by
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
from pipelines.statistics.effect.estimate import Kind
from schemas.wording import significant

COLUMNS = ("unit", "cluster", "period", "numerator", "denominator", "adopted")
LAYOUT = Layout(columns=COLUMNS, needed=(COLUMNS,), rows="there is nothing to compare")
_LEAST_DENOMINATOR = 0.000_001
# What a cell that can't be read should hold, by its column and whether periods are dates.
_WRITE = {
    ("period", True): "write its first day, such as 2026-03-01, without a time",
    ("period", False): "write which period it is, such as 7",
    ("adopted", True): "write the first day of the first period with it, such as 2026-03-01, or "
    "leave it empty if that never came",
    ("adopted", False): "write the first period with it, such as 7, or leave it empty if that "
    "never came",
}
_NUMBERED = r"^[0-9]{1,4}(\.0)?$"  # 7.0 is how programs write whole numbers beside gaps


def read(path: Path, kind: Kind) -> Told:
    """Read and check a file; raises Unusable with all findings, the first ten spelled out.

    A row without both numbers, and one with 0 of 0, is a period without a figure: how many there
    are is told.
    """
    text = as_text(path, LAYOUT)
    frame, dated, findings = _typed(text)
    findings += _contradictions(frame) + _impossible(frame, kind)
    american = _american(text.frame) if dated else ()
    if findings:
        raise Unusable("\n".join((*first_of(findings), *american)))
    whole = (pl.col("numerator").is_not_null() & (pl.col("denominator") > 0)).fill_null(False)
    without = _without(frame.filter(~whole))
    frame = frame.filter(whole).sort("unit", "period")
    if frame.is_empty():
        raise Unusable(f"{path.name} has no row with a numerator and a denominator above 0.")
    notes = text.notes + text.unread + american + _percentages(frame, kind)
    told = told_by(frame, dated=dated, notes=notes, without=without)
    findings = _between(frame, text.frame, told.periods)
    if findings:
        raise Unusable("\n".join(first_of(findings)))
    return told


def _without(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows without a figure, and why; one that lacks a single number may be a slip, so is named."""
    n, d = pl.col("numerator").is_null(), pl.col("denominator").is_null()
    why = pl.when(n & d).then(pl.lit("with neither number"))
    why = why.when(n | d).then(pl.lit("with only one of the two numbers"))
    named = pl.when(n != d).then(pl.format("row {}", "row"))
    return rows.select(
        "unit",
        "cluster",
        what=pl.lit("row"),
        why=why.otherwise(pl.lit("with 0 of 0")),
        named=named,
    )


def _typed(text: Text) -> tuple[pl.DataFrame, bool, list[str]]:
    """The columns with their types, whether periods are dates, and the cells that have no type."""
    cells, findings = text.frame, []
    for name in ("unit", "cluster"):
        findings += bad(cells, cells[name].is_null(), name, "is no name: every row needs one")
    numbered = cells["period"].drop_nulls().str.contains(_NUMBERED)
    dated = 2 * numbered.sum() <= numbered.len()  # one slip doesn't make all others wrong
    findings += financial_years(cells["period"])
    frame = cells.select("row", "unit", "cluster")
    for name in ("period", "adopted"):
        found = [_period(cell, dated) for cell in cells[name]]
        column = pl.Series(name, found, dtype=pl.Int64)
        never = cells[name].is_null() if name == "adopted" else pl.Series([False])
        why = f"is not {'a date' if dated else 'a whole number'}: {_WRITE[name, dated]}"
        findings += bad(cells, column.is_null() & ~never, name, why)
        frame = frame.with_columns(column)
    if not dated and (frame["period"] > 0).all():
        why = (
            "may mean never or long ago: leave it empty if that never came, or leave the unit’s "
            "rows out if it was there all along"
        )
        findings += bad(cells, frame["adopted"] == 0, "adopted", why)
    for name in ("numerator", "denominator"):
        number, more = numbers(cells, name, text.decimal_comma)
        findings += more
        frame = frame.with_columns(number)
    return frame, dated, findings


def _period(cell: str | None, dated: bool) -> int | None:
    """The number of a period, or the months from the year 0 to its date."""
    if not dated:
        return int(cell.removesuffix(".0")) if cell and re.match(_NUMBERED, cell) else None
    day, time = day_in(cell)
    return None if day is None or time else day.year * 12 + day.month - 1


def _contradictions(frame: pl.DataFrame) -> list[str]:
    """Units with two clusters, two starts, two rows for a period, or a name in other capitals."""
    findings = []
    for column in ("unit", "cluster"):
        first = pl.col(column).first().over(pl.col(column).str.to_lowercase())
        names = frame.select("row", column, first.alias("first"))
        other = names.filter(pl.col(column) != pl.col("first"))
        findings += [
            f"Row {row}, {column}: {name} is {right} in an earlier row; write it the same."
            for row, name, right in other.iter_rows()
        ]
    two = " If two units share a name, write the cluster’s before it."
    for column, what, hint in (
        ("cluster", "another cluster", two),
        ("adopted", "another start", ""),
    ):
        first = pl.col(column).first().over("unit")
        other = frame.filter(pl.col(column).ne_missing(first), pl.col("unit").is_not_null())
        findings += [
            f"Row {row}, {column}: {unit} has {what} in an earlier row; write the same in all of "
            f"its rows.{hint}"
            for row, unit in other.select("row", "unit").iter_rows()
        ]
    rows = frame.drop_nulls(["unit", "period"])
    twice = rows.filter(~pl.struct("unit", "period").is_first_distinct())
    findings += [
        f"Row {row}: {unit} has a row for this period already; add up weeks or days, and keep one "
        "row for each month."
        for row, unit in twice.select("row", "unit").iter_rows()
    ]
    return findings


def _impossible(frame: pl.DataFrame, kind: Kind) -> list[str]:
    """Rows whose counts can't be."""
    n, d = pl.col("numerator"), pl.col("denominator")
    findings = [
        f"Row {row}, {name}: {significant(number)} is below 0; counts start at 0."
        for name in ("numerator", "denominator")
        for row, number in frame.filter(pl.col(name) < 0).select("row", name).iter_rows()
    ]
    findings += [
        f"Row {row}, denominator: {of:g} is far too small: {_LEAST_DENOMINATOR:f} is the least "
        "that is read; write it in a smaller unit, such as days in place of years."
        for row, of in frame.filter(d > 0, d < _LEAST_DENOMINATOR).select("row", d).iter_rows()
    ]
    above = frame.filter((d == 0) & (n > 0) if kind == "rate" else (n > d) & (d >= 0))
    advice = "" if kind == "rate" else _instead(above.filter(d > 0))
    return findings + [
        f"Row {row}: {significant(many)} of {significant(of)} can't be: correct it, or leave both "
        "cells empty." + (advice if of else "")
        for row, many, of in above.select("row", n, d).iter_rows()
    ]


def _instead(above: pl.DataFrame) -> str:
    """What rows with more than there were may hold: percentages, or else a rate.

    A percentage of few people is near a whole number of them, within what rounding it to a whole
    per cent takes or adds.
    """
    n, d = above["numerator"], above["denominator"]
    people = n * d / 100
    if ((n <= 100) & ((d == 1) | ((people - people.round()).abs() <= d * 0.005 + 1e-9))).all():
        return (
            " The numerator looks like a percentage: write how many people it is, such as 9 of 20 "
            "for 45%."
        )
    return " For a rate, add --measure-kind rate."


def _american(cells: pl.DataFrame) -> tuple[str, ...]:
    """A note for each column whose dates look as if the month came first."""
    columns = (cells[name].drop_nulls() for name in ("period", "adopted"))
    return tuple(note for column in columns for note in month_first(column))


def _percentages(frame: pl.DataFrame, kind: Kind) -> tuple[str, ...]:
    """A note if proportions look like percentages: then none can weigh more than another."""
    sizes, broken = frame["denominator"].unique().to_list(), (frame["numerator"] % 1 != 0).any()
    if kind == "rate" or not (sizes == [100] or (sizes == [1] and broken)):
        return ()
    note = (
        f"Every denominator is {sizes[0]:g}: if the numerators are percentages, write counts, "
        "because a figure of many people should weigh more than one of few."
    )
    return (note,)


def _between(frame: pl.DataFrame, cells: pl.DataFrame, periods: Periods) -> list[str]:
    """Starts inside a period: it is neither before the start nor after it."""
    if periods.step == 1:
        return []
    inside = (pl.col("adopted") - periods.first) % periods.step != 0
    written = frame.filter(inside).select("row").join(cells, on="row").unique("unit").sort("row")
    return [
        f"Row {row}, adopted: “{cell}” lies inside a {periods.word}; write the date of the first "
        f"{periods.word} that is wholly after the start."
        for row, cell in written.select("row", "adopted").iter_rows()
    ]
