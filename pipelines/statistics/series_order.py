"""Goes through series in order: the point before, running totals, and groups of neighbours.

An eager frame is sorted by series and `ORDER` (see phases.py), so that neighbours are the rows
above and below, and counters run on from one series to the next. That is a hundred times faster
than a window for each series, which a lazy engine needs instead. The guards `first` and `last` stop
both at the end of a series, so both give the same result.
"""

from collections.abc import Callable
from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]
Along = Callable[[bool, nw.Expr], nw.Expr]  # `along` or `by_date`

# Missing months come after the points of their phase, so that the points on either side of a gap
# are neighbours.
ORDER = ("phase", "absent", "date")


def along(eager: bool, expr: nw.Expr) -> nw.Expr:
    """An expression that depends on the order of rows, along each series."""
    return expr if eager else expr.over("series", order_by=ORDER)


def by_date(eager: bool, expr: nw.Expr) -> nw.Expr:
    """The same before there are phases, in order of date only."""
    return expr if eager else expr.over("series", order_by="date")


def after(eager: bool, expr: nw.Expr) -> nw.Expr:
    """The value at the next point; empty at the last point of a stretch."""
    return nw.when(~nw.col("last")).then(along(eager, expr.shift(-1)))


def so_far(eager: bool, flag: nw.Expr, order: Along) -> nw.Expr:
    """How many rows have had the flag so far."""
    # A sum that runs on takes polars five times as long.
    return order(eager, nw.when(flag).then(nw.lit(1)).cum_count()).cast(nw.Int64)


def place(eager: bool) -> nw.Expr:
    """The place of each row along its series or, if eager, along the frame; from 1."""
    return along(eager, nw.col("series").cum_count()).cast(nw.Int64)


def marked_sorted(frame: FrameT, *counters: str) -> FrameT:
    """Mark columns of an eager frame as sorted, so that their groups are found quickly."""
    if not isinstance(frame, nw.DataFrame):
        return frame
    native = (frame[counter].to_native() for counter in counters)
    return frame.with_columns(
        *(nw.from_native(counter.set_sorted(), series_only=True) for counter in native)
    )


def keys(frame: Frame, counter: str) -> tuple[str, ...]:
    """The columns that identify a group counted along each series, such as `group`."""
    return (counter,) if isinstance(frame, nw.DataFrame) else ("series", counter)
