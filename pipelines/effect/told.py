"""Figures to look for an effect in, as numbers, with the names behind them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from math import gcd

import numpy as np
import polars as pl

from pipelines.effect.left_out import UNUSABLE, LeftOut, no_figures
from pipelines.statistics.effect.panel import NEVER, Panel
from schemas.wording import month_of

_MONTHS = ("period", "adopted")
_STEPS = {1: "month", 3: "quarter", 12: "year"}


@dataclass(frozen=True)
class Periods:
    """The periods of figures: numbered, or months counted from the year 0; `step` apart."""

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
    """Figures, with the codes behind the numbers of the panel, and what is no figure.

    `names` are what units and clusters are called in sentences, by what they are and their code;
    those that have none are called by their code.
    """

    panel: Panel
    units: tuple[str, ...]
    clusters: tuple[str, ...]
    periods: Periods
    notes: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def called(self, what: str, codes: Iterable[str]) -> tuple[str, ...]:
        """What units or clusters are called."""
        known = self.names.get(what, {})
        return tuple(known.get(code, code) for code in codes)

    def with_names(self, left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
        """What is left out, with names in place of codes."""
        return tuple(replace(one, which=self.called(one.what, one.which)) for one in left_out)


def told_by(
    frame: pl.DataFrame,
    *,
    dated: bool = True,
    notes: tuple[str, ...] = (),
    without: pl.DataFrame | None = None,
) -> Told:
    """The figures of a frame, which has at least one row; units and periods may be in any order.

    It has unit, cluster, period, numerator, denominator (above 0) and adopted, the first period
    with what was started, null for never. A period is its number or, if `dated`, the months from
    the year 0. `without` is what else there was, and is no figure: a row for each, with unit,
    cluster, `what` it is and `why`, and how to find it (`named`) or null.
    """
    frame = frame.sort("unit", "period")
    every = frame["period"].unique().sort().to_list()
    step = gcd(*(one - every[0] for one in every)) or 1
    periods = Periods(every[0], step if dated else 1, dated)
    return Told(
        panel=_panel(frame, periods),
        units=tuple(frame["unit"].unique().sort()),
        clusters=tuple(frame["cluster"].unique().sort()),
        periods=periods,
        notes=notes,
        left_out=no_figures(frame, without) + _gaps(every, periods),
    )


def told_by_month(frame: pl.DataFrame, without: pl.DataFrame | None = None) -> Told:
    """The same, of a frame whose `period` and `adopted` are the first days of months."""
    numbers = (pl.col(n).dt.year().cast(pl.Int64) * 12 + pl.col(n).dt.month() - 1 for n in _MONTHS)
    return told_by(frame.with_columns(numbers), without=without)


def _gaps(every: list[int], periods: Periods) -> tuple[LeftOut, ...]:
    """The periods between the first and the last in which no unit has a figure."""
    lacking = sorted(set(range(every[0], every[-1], periods.step)) - set(every))
    names = tuple(periods.name((one - every[0]) // periods.step) for one in lacking)
    return (LeftOut("period", len(names), UNUSABLE, names),) if names else ()


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
