"""The tidy file that `feeling-safe effect` reads: one row for each unit and period."""

import re
from dataclasses import dataclass
from datetime import date
from math import gcd
from pathlib import Path

import numpy as np
import polars as pl

from pipelines.reading.tidy_cells import (
    Layout,
    Text,
    Unusable,
    as_text,
    bad,
    day_in,
    first_of,
    month_first,
    numbers,
)
from pipelines.statistics.effect.estimate import Kind
from pipelines.statistics.effect.panel import NEVER, Panel
from schemas.wording import month_of

COLUMNS = ("unit", "cluster", "period", "numerator", "denominator", "adopted")
LAYOUT = Layout(columns=COLUMNS, needed=(COLUMNS,), rows="there is nothing to compare")
_STEPS = {1: "month", 3: "quarter", 12: "year"}
_NUMBERED = r"^[0-9]{1,4}(\.0)?$"  # 7.0 is how programs write whole numbers beside gaps


@dataclass(frozen=True)
class Periods:
    """The periods of a file: numbered, or months counted from the year 0; `step` apart."""

    first: int
    step: int = 1
    dated: bool = True

    @property
    def word(self) -> str:
        """What one of them is called: month, quarter, year or period."""
        return _STEPS.get(self.step, "period") if self.dated else "period"

    def name(self, place: int) -> str:
        """A period by its place from the first: March 2026, or period 7."""
        number = self.first + place * self.step
        if not self.dated:
            return f"period {number}"
        return month_of(date(number // 12, number % 12 + 1, 1))


@dataclass(frozen=True)
class Told:
    """The figures of a file, with the names behind the numbers of the panel."""

    panel: Panel
    clusters: tuple[str, ...]
    periods: Periods
    notes: tuple[str, ...]


def read(path: Path, kind: Kind) -> Told:
    """Read and check a file; raises Unusable with all findings, the first ten spelled out.

    A row without both numbers, and one with 0 of 0, is a period without a figure.
    """
    text = as_text(path, LAYOUT)
    frame, dated, findings = _typed(text)
    findings += _contradictions(frame) + _impossible(frame, kind)
    american = _american(text.frame) if dated else ()
    if findings:
        raise Unusable("\n".join((*first_of(findings), *american)))
    whole = pl.col("numerator").is_not_null() & (pl.col("denominator") > 0)
    frame = frame.filter(whole).sort("unit", "period")
    if frame.is_empty():
        raise Unusable(f"{path.name} has no row with a numerator and a denominator above 0.")
    periods = _periods(frame["period"], dated)
    findings = _between(frame, text.frame, periods)
    if findings:
        raise Unusable("\n".join(first_of(findings)))
    notes = text.notes + american + _percentages(frame, kind)
    return Told(_panel(frame, periods), tuple(frame["cluster"].unique().sort()), periods, notes)


def _typed(text: Text) -> tuple[pl.DataFrame, bool, list[str]]:
    """The columns with their types, whether periods are dates, and the cells that have no type."""
    cells, findings = text.frame, []
    for name in ("unit", "cluster"):
        findings += bad(cells, cells[name].is_null(), name, "is no name: every row needs one")
    dated = not cells["period"].str.contains(_NUMBERED).fill_null(True).all()
    form = "a date: write it as 2026-03-01, without a time" if dated else "a whole number"
    frame = cells.select("row", "unit", "cluster")
    for name in ("period", "adopted"):
        found = [_period(cell, dated) for cell in cells[name]]
        column = pl.Series(name, found, dtype=pl.Int64)
        never = cells[name].is_null() if name == "adopted" else pl.Series([False])
        findings += bad(cells, column.is_null() & ~never, name, f"is not {form}")
        frame = frame.with_columns(column)
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
        f"Row {row}, {name}: {number:g} is below 0; counts start at 0."
        for name in ("numerator", "denominator")
        for row, number in frame.filter(pl.col(name) < 0).select("row", name).iter_rows()
    ]
    above = (d == 0) & (n > 0) if kind == "rate" else (n > d) & (d >= 0)
    findings += [
        f"Row {row}: {many:g} of {of:g} can't be: correct it, or leave both cells empty."
        + ("" if kind == "rate" or of == 0 else " For a rate, add --measure-kind rate.")
        for row, many, of in frame.filter(above).select("row", n, d).iter_rows()
    ]
    return findings


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


def _periods(found: pl.Series, dated: bool) -> Periods:
    every = found.unique().sort().to_list()
    step = gcd(*(one - every[0] for one in every)) or 1
    return Periods(every[0], step if dated else 1, dated)


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


def _panel(frame: pl.DataFrame, periods: Periods) -> Panel:
    """The figures, with units, clusters and periods numbered from 0."""
    start = frame["adopted"].fill_null(NEVER * periods.step + periods.first)
    size = frame["denominator"].to_numpy()
    return Panel(
        unit=np.unique(frame["unit"].to_numpy(), return_inverse=True)[1],
        cluster=np.unique(frame["cluster"].to_numpy(), return_inverse=True)[1],
        month=(frame["period"].to_numpy() - periods.first) // periods.step,
        start=(start.to_numpy() - periods.first) // periods.step,
        figure=frame["numerator"].to_numpy() / size,
        size=size,
    )
