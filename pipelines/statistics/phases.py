"""Divides series into phases, and finds the points that limits are worked out from."""

from math import isfinite
from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.method import TRIAL_BELOW, Method
from pipelines.statistics.series_order import ORDER, along, by_date, counted, keys

FAR = 2**40  # more than the number of phases any frame can have

_DEFAULTS: dict[str, tuple[Any, Any]] = {
    "value": (None, nw.Float64),
    "numerator": (None, nw.Float64),
    "denominator": (None, nw.Float64),
    "phase_start": (False, nw.Boolean),
    "exclude": (False, nw.Boolean),
    "stretch": (0, nw.Int64),
    "unit": ("value", nw.String),
    "period": (1, nw.Int64),
    "fewest": (None, nw.Float64),
}
_ALWAYS = ("phase_start", "exclude", "direction")  # an empty cell means the same as no column


def prepare(frame: FrameT, method: Method) -> FrameT:
    """Fill in every optional column; numbers that aren't finite become empty."""
    names = frame.collect_schema().names()
    target = None if method.target is None or not isfinite(method.target) else method.target
    defaults = _DEFAULTS | {
        "direction": (method.direction, nw.String),
        "target": (target, nw.Float64),
        "baseline": (method.baseline, nw.Int64),
    }
    if "series" not in names:
        frame = frame.with_columns(series=nw.lit("series"))
    return frame.with_columns(
        (_given(name, dtype, default) if name in names else nw.lit(default).cast(dtype)).alias(name)
        for name, (default, dtype) in defaults.items()
    )


def _given(name: str, dtype: Any, default: Any) -> nw.Expr:
    column = nw.col(name).cast(dtype)
    if dtype == nw.Float64:
        return nw.when(column.is_finite()).then(column)
    return column.fill_null(default) if name in _ALWAYS else column


def with_phases(frame: FrameT) -> FrameT:
    """Number the phases from 1; a phase asked for in a missing month starts with the next point.

    Adds `present`, `phase`, `points` (how many the phase has), `used_in_limits`, `trial` and
    `start_moved` (for the series: a phase was asked for in a missing month). For going through
    series in order, `group` counts phases and `stretch` the parts that pauses divide them into;
    `first` and `last` are true at the ends of a stretch.
    """
    frame = _with_starts(_by_series_and_date(frame))
    return _with_stretches(_absent_last(_with_use(counted(frame, "_series", "group"))))


def _with_starts(frame: FrameT) -> FrameT:
    """Add `phase` and `group`: a phase begins if one was asked for since the last point."""
    begins, opens = nw.col("_begins"), nw.col("_opens")
    opening = nw.col("series") != by_date(frame, nw.col("series").shift(1))
    frame = frame.with_columns(present=~nw.col("value").is_null(), _opens=opening.fill_null(True))
    frame = frame.with_columns(
        _series=by_date(frame, opens.cast(nw.Int64).cum_sum()).cast(nw.Int64),
        _asked=by_date(frame, nw.col("phase_start").cast(nw.Int64).cum_sum()).cast(nw.Int64),
    )
    # A mark that grows along the frame and tells, at each point, how many starts came before it.
    base = nw.col("_series") * FAR
    mark = nw.when(nw.col("present")).then(base + nw.col("_asked")).otherwise(base - 1)
    frame = frame.with_columns(_mark=by_date(frame, mark.cum_max()))
    frame = frame.with_columns(_seen=by_date(frame, nw.col("_mark").shift(1)).fill_null(-1))
    frame = frame.with_columns(
        _begins=nw.col("present") & (nw.col("_seen") >= base) & (mark > nw.col("_seen"))
    )
    frame = frame.with_columns(
        _count=by_date(frame, begins.cast(nw.Int64).cum_sum()).cast(nw.Int64),
        group=by_date(frame, (begins | opens).cast(nw.Int64).cum_sum()).cast(nw.Int64),
        _points=by_date(frame, nw.col("present").cast(nw.Int64).cum_sum()).cast(nw.Int64),
    )
    earlier = nw.when(opens).then(nw.col("_count")).otherwise(nw.lit(0))
    there = nw.col("_points") - nw.col("present").cast(nw.Int64)
    reached = nw.when(begins | opens).then(there).otherwise(nw.lit(0))
    frame = frame.with_columns(
        phase=(nw.col("_count") - by_date(frame, earlier.cum_max()) + 1).cast(nw.Int64),
        _place=(nw.col("_points") - by_date(frame, reached.cum_max())).cast(nw.Int64),
    )
    return frame


def _with_use(frame: FrameT) -> FrameT:
    """Add the columns that depend on the size of a phase and on its baseline."""
    phase = keys(frame, "group")
    moved = nw.col("phase_start") & ~nw.col("present")
    frame = frame.with_columns(
        points=nw.col("value").count().over(*phase).cast(nw.Int64),
        _first=nw.col("baseline").max().over(*phase),
        start_moved=moved.any().over(*keys(frame, "_series")),
        absent=~nw.col("present"),
    )
    first = nw.col("_first")
    in_baseline = (nw.col("_place") <= first) | first.is_null()
    return frame.with_columns(
        used_in_limits=nw.col("present") & ~nw.col("exclude") & in_baseline,
        trial=nw.min_horizontal(nw.col("points"), first) < TRIAL_BELOW,
    )


def _with_stretches(frame: FrameT) -> FrameT:
    changed = nw.lit(False)
    for column in ("group", "absent", "stretch"):
        changed = changed | (nw.col(column) != along(frame, nw.col(column).shift(1)))
    frame = frame.with_columns(first=changed.fill_null(True))
    return frame.with_columns(
        stretch=along(frame, nw.col("first").cast(nw.Int64).cum_sum()).cast(nw.Int64),
        last=along(frame, nw.col("first").shift(-1)).fill_null(True),
        place=along(frame, nw.col("series").cum_count()).cast(nw.Int64),
    )


def _by_series_and_date(frame: FrameT) -> FrameT:
    """Sort an eager frame unless it is sorted already; a lazy engine sorts in its windows."""
    if not isinstance(frame, nw.DataFrame):
        return frame
    series, date = nw.col("series"), nw.col("date")
    before, same = series > series.shift(1), series == series.shift(1)
    in_order = frame.select((before | (same & (date >= date.shift(1)))).all()).item()
    return frame if in_order else frame.sort("series", "date")


def _absent_last(frame: FrameT) -> FrameT:
    """Move missing months after the points of their phase, in an eager frame sorted by date."""
    if not isinstance(frame, nw.DataFrame) or not frame["absent"].any():
        return frame
    return counted(frame.sort("_series", *ORDER), "group")
