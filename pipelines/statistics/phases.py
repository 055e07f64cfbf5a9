"""Divides series into phases, and finds the points that limits are worked out from."""

from math import isfinite
from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.method import TRIAL_BELOW, Method
from pipelines.statistics.neighbours import counted, numbered
from pipelines.statistics.series_order import ORDER, along, by_date, keys, marked_sorted, so_far
from pipelines.statistics.steps import added

FAR = 2**40  # more than the number of phases any frame can have

_DEFAULTS: dict[str, tuple[Any, Any]] = {
    "value": (None, nw.Float64),
    "numerator": (None, nw.Float64),
    "denominator": (None, nw.Float64),
    "phase_start": (False, nw.Boolean),
    "exclude": (False, nw.Boolean),
    "alone": (False, nw.Boolean),
    "stretch": (0, nw.Int64),
    "unit": ("value", nw.String),
    "period": (1, nw.Int64),
    "fewest": (None, nw.Float64),
}
_NOTED = ("narrowed", "screening_refused")  # what working out limits may find
_OF_METHOD: dict[str, Any] = {
    "direction": nw.String,
    "target": nw.Float64,
    "baseline": nw.Int64,
}
# An empty cell means the same as no column.
_ALWAYS = ("phase_start", "exclude", "alone", "direction")


def prepare(frame: FrameT, method: Method) -> FrameT:
    """Fill in every optional column; numbers that aren't finite become empty."""
    names = frame.columns
    if "series" not in names:
        frame = frame.with_columns(series=nw.lit("series"))
    target = None if method.target is None or not isfinite(method.target) else method.target
    own = (("direction", method.direction), ("target", target), ("baseline", method.baseline))
    given = tuple(name for name in (*_DEFAULTS, *_OF_METHOD) if name in names)
    return added(frame, _filled, given, own)


def _filled(
    _: bool, given: tuple[str, ...], own: tuple[tuple[str, Any], ...]
) -> dict[str, nw.Expr]:
    defaults = _DEFAULTS | {name: (default, _OF_METHOD[name]) for name, default in own}
    filled = {
        name: _given(name, dtype, default) if name in given else nw.lit(default).cast(dtype)
        for name, (default, dtype) in defaults.items()
    }
    return filled | dict.fromkeys(_NOTED, nw.lit(False))


def _given(name: str, dtype: Any, default: Any) -> nw.Expr:
    column = nw.col(name).cast(dtype)
    if dtype == nw.Float64:
        return nw.when(column.is_finite()).then(column)
    return column.fill_null(default) if name in _ALWAYS else column


def with_phases(frame: FrameT, baselines: bool) -> FrameT:
    """Number the phases from 1; a phase asked for in a missing month starts with the next point.

    Adds `present`, `phase`, `points` (how many the phase has), `used_in_limits`, `trial` and
    `start_moved` (for the series: a phase was asked for in a missing month). For going through
    series in order, `group` counts phases and `stretch` the parts that pauses divide them into;
    `first` and `last` are true at the ends of a stretch. Without `baselines`, none is looked for.
    """
    frame = with_series(frame)
    frame = _divided(frame) if _may_be_divided(frame) else _undivided(frame)
    frame = counted(frame, "present", "points", keys(frame, "group"))
    if baselines:
        frame = added(added(frame, _places, keys(frame, "group")), _in_place)
    frame = _absent_last(added(frame, _use, baselines))
    return added(numbered(added(frame, _first), "first", "stretch", along), _last)


def with_series(frame: FrameT) -> FrameT:
    """Number the series from 1, as `_series`, in an eager frame sorted by series and date."""
    return numbered(_by_series_and_date(frame), "_opens", "_series", by_date)


def _by_series_and_date(frame: FrameT) -> FrameT:
    """Sort an eager frame unless it is sorted already; a lazy engine sorts in its windows."""
    frame = added(frame, _opening)
    if not isinstance(frame, nw.DataFrame) or bool(frame["_in_order"].all()):
        return frame
    return added(frame.sort("series", "date"), _opening)


def _opening(eager: bool) -> dict[str, nw.Expr]:
    series, date, absent = nw.col("series"), nw.col("date"), nw.col("value").is_null()
    opens = (series != by_date(eager, series.shift(1))).fill_null(True)
    made = {"present": ~absent, "absent": absent, "_opens": opens}
    if eager:
        on = (series > series.shift(1)) | (~opens & (date >= date.shift(1)))
        made["_in_order"] = on.fill_null(True)
    return made


def _may_be_divided(frame: FrameT) -> bool:
    """Whether any phase was asked for; of a lazy frame it isn't known yet."""
    return not isinstance(frame, nw.DataFrame) or bool(frame["phase_start"].any())


def _undivided(frame: FrameT) -> FrameT:
    """Make each series one phase."""
    return added(marked_sorted(frame, "_series"), _one_phase)


def _one_phase(_: bool) -> dict[str, nw.Expr]:
    no, first = nw.lit(False), nw.lit(1).cast(nw.Int64)
    return {"_begins": no, "start_moved": no, "phase": first, "group": nw.col("_series")}


def _divided(frame: FrameT) -> FrameT:
    """Divide series where a phase was asked for."""
    for step in (_asked, _marked, _seen, _begun, _reached, _numbered):
        frame = added(frame, step)
    frame = marked_sorted(numbered(frame, "_starts", "group", by_date), "_series", "group")
    return added(frame, _start_moved, keys(frame, "_series"))


def _asked(eager: bool) -> dict[str, nw.Expr]:
    return {"_asked": so_far(eager, nw.col("phase_start"), by_date)}


def _base() -> nw.Expr:
    return nw.col("_series").cast(nw.Int64) * FAR


def _mark() -> nw.Expr:
    """Grows along the frame and tells, at each point, how many starts came before it."""
    base = _base()
    return nw.when(nw.col("present")).then(base + nw.col("_asked")).otherwise(base - 1)


def _marked(eager: bool) -> dict[str, nw.Expr]:
    return {"_mark": by_date(eager, _mark().cum_max())}


def _seen(eager: bool) -> dict[str, nw.Expr]:
    return {"_seen": by_date(eager, nw.col("_mark").shift(1)).fill_null(-1)}


def _begun(_: bool) -> dict[str, nw.Expr]:
    """A phase begins if one was asked for since the last point."""
    seen = nw.col("_seen")
    again = (seen >= _base()) & (_mark() > seen)
    return {"_begins": nw.col("present") & again}


def _reached(eager: bool) -> dict[str, nw.Expr]:
    begins, opens = nw.col("_begins"), nw.col("_opens")
    return {
        "_count": so_far(eager, begins, by_date),
        "_starts": begins | opens,
    }


def _numbered(eager: bool) -> dict[str, nw.Expr]:
    earlier = nw.when(nw.col("_opens")).then(nw.col("_count")).otherwise(nw.lit(0))
    return {"phase": (nw.col("_count") - by_date(eager, earlier.cum_max()) + 1).cast(nw.Int64)}


def _start_moved(_: bool, series: tuple[str, ...]) -> dict[str, nw.Expr]:
    moved = nw.col("phase_start") & ~nw.col("present")
    return {"start_moved": moved.cast(nw.Int64).max().over(*series) == 1}  # any() is slow in groups


def _places(eager: bool, phase: tuple[str, ...]) -> dict[str, nw.Expr]:
    return {
        "_first": nw.col("baseline").max().over(*phase),
        "_points": so_far(eager, nw.col("present"), by_date),
    }


def _in_place(eager: bool) -> dict[str, nw.Expr]:
    """Which of its phase's points each is, from 1."""
    there = nw.col("_points") - nw.col("present").cast(nw.Int64)
    opens = nw.col("_begins") | nw.col("_opens")
    reached = nw.when(opens).then(there).otherwise(nw.lit(0))
    return {"_place": (nw.col("_points") - by_date(eager, reached.cum_max())).cast(nw.Int64)}


def _use(_: bool, baselines: bool) -> dict[str, nw.Expr]:
    """What depends on the size of a phase and on its baseline."""
    used, points = nw.col("present") & ~nw.col("exclude"), nw.col("points")
    if not baselines:
        return {"used_in_limits": used, "trial": points < TRIAL_BELOW}
    first = nw.col("_first")
    in_baseline = (nw.col("_place") <= first) | first.is_null()
    return {
        "used_in_limits": used & in_baseline,
        "trial": nw.min_horizontal(points, first) < TRIAL_BELOW,
    }


def _first(eager: bool) -> dict[str, nw.Expr]:
    changed = nw.lit(False)
    for column in ("group", "absent", "stretch"):
        changed = changed | (nw.col(column) != along(eager, nw.col(column).shift(1)))
    return {"first": changed.fill_null(True)}


def _last(eager: bool) -> dict[str, nw.Expr]:
    return {"last": along(eager, nw.col("first").shift(-1)).fill_null(True)}


def _absent_last(frame: FrameT) -> FrameT:
    """Move missing months after the points of their phase, in an eager frame sorted by date."""
    if not isinstance(frame, nw.DataFrame) or not frame["absent"].any():
        return frame
    return marked_sorted(frame.sort("_series", *ORDER), "group")
