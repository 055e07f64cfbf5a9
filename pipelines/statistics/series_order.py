"""Walking along series: the point before, running totals, and groups of neighbours.

An eager frame is sorted by series and `ORDER` (see phases.py), so its neighbours are the rows above
and below and its counters run on from series to series: a hundred times faster than a window for
each series, and what a lazy engine must have instead. The guards `first` and `last` keep both from
crossing a border, so both give the same.
"""

from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]

# Missing months stand behind the points of their phase, so that the points on either side of a gap
# are neighbours.
ORDER = ("phase", "absent", "date")


def along(frame: Frame, expr: nw.Expr) -> nw.Expr:
    """An expression that depends on the order of rows, along each series."""
    return expr if isinstance(frame, nw.DataFrame) else expr.over("series", order_by=ORDER)


def by_date(frame: Frame, expr: nw.Expr) -> nw.Expr:
    """The same before there are phases, in order of date alone."""
    return expr if isinstance(frame, nw.DataFrame) else expr.over("series", order_by="date")


def before(frame: Frame, expr: nw.Expr) -> nw.Expr:
    """What the point before had; empty at the first point of a stretch."""
    return nw.when(~nw.col("first")).then(along(frame, expr.shift(1)))


def after(frame: Frame, expr: nw.Expr) -> nw.Expr:
    """What the next point has; empty at the last point of a stretch."""
    return nw.when(~nw.col("last")).then(along(frame, expr.shift(-1)))


def counted(frame: FrameT, *counters: str) -> FrameT:
    """Let an eager frame know that these columns only grow: their groups are then found at once."""
    if not isinstance(frame, nw.DataFrame):
        return frame
    return frame.with_columns(frame[counter].sort() for counter in counters)


def keys(frame: Frame, counter: str) -> tuple[str, ...]:
    """The columns that name a group which is counted along each series, as `group`."""
    return (counter,) if isinstance(frame, nw.DataFrame) else ("series", counter)
