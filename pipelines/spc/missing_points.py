"""The dates that a series lacks: found from the step between those that it has."""

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import polars as pl


@dataclass(frozen=True)
class Step:
    """How many months there are from one date to the next, and on which day of the month."""

    months: int
    day: int


def with_missing(frame: pl.DataFrame) -> pl.DataFrame:
    """Add a row without a value for each date that a series lacks between its first and last.

    A series of months, quarters or years keeps to one day of the month, or to its end. Other dates
    are left as they are: days and weeks without a row may be closed days, or days without an event.
    """
    dates = {
        str(series): sorted(days)
        for series, days in frame.group_by("series", maintain_order=True).agg("date").iter_rows()
    }
    steps = {series: step_of(days) for series, days in dates.items()}
    known = [step for series, step in steps.items() if step and len(dates[series]) > 2]
    rows = []
    for series, days in dates.items():
        step = steps[series]
        if step and len(days) == 2:  # one gap alone doesn't show the step: the others' may
            gap = _month(days[1]) - _month(days[0])
            fits = (other for other in known if other.day == step.day and not gap % other.months)
            step = next(fits, step)
        rows += [(series, day) for day in _expected(days, step)]
    every = pl.DataFrame(rows, schema={"series": pl.String, "date": pl.Date}, orient="row")
    return every.join(frame, on=["series", "date"], how="left", maintain_order="left")


def step_of(days: Sequence[date]) -> Step | None:
    """The step of a series of two or more dates in order; None if they keep to none."""
    if len(days) < 2:
        return None
    day = _day_of_month(days)
    if not day:
        return None
    gaps = [_month(after) - _month(before) for before, after in pairwise(days)]
    return Step(1 if len(gaps) == 1 else _common(gaps) or 1, day)


def _day_of_month(days: Sequence[date]) -> int:
    """The day of the month that all dates fall on; 31 for its end, 0 if there is none."""
    last = max(day.day for day in days)
    if all(day.day == _days_in(day.year, day.month) for day in days):
        last = 31
    kept = all(day.day == min(last, _days_in(day.year, day.month)) for day in days)
    return last if kept and len({_month(day) for day in days}) == len(days) else 0


def _common(gaps: Sequence[int]) -> int:
    """The gap that is found most often, the shorter of two, if it divides all others; else 0."""
    often = Counter(sorted(gaps)).most_common(1)[0][0]
    return 0 if any(gap % often for gap in gaps) else often


def _expected(days: Sequence[date], step: Step | None) -> list[date]:
    if step is None:
        return list(days)
    first, last = _month(days[0]), _month(days[-1])
    due = (divmod(month, 12) for month in range(first, last + 1, step.months))
    days_due = {
        date(year, month + 1, min(step.day, _days_in(year, month + 1))) for year, month in due
    }
    return sorted({*days, *days_due})


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _days_in(year: int, month: int) -> int:
    return monthrange(year, month)[1]
