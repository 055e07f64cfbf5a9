"""Phases of a series, and which of its points its limits are reckoned from."""

from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.method import TRIAL_BELOW, Method

# A group holds one phase; a stretch of it has no programme pause inside. Missing months are a
# group of their own, so that the points on either side of a gap are neighbours.
PHASE = ("series", "phase")
STRETCH = ("series", "phase", "stretch", "present")

UNSEEN = -1  # no point yet

_DEFAULTS: dict[str, tuple[Any, Any]] = {
    "value": (None, nw.Float64),
    "numerator": (None, nw.Float64),
    "denominator": (None, nw.Float64),
    "phase_start": (False, nw.Boolean),
    "exclude": (False, nw.Boolean),
    "stretch": (0, nw.Int64),
    "unit": ("value", nw.String),
}


def prepare(frame: FrameT, method: Method) -> FrameT:
    """Fill in every optional column, and say which points are there at all."""
    names = frame.collect_schema().names()
    defaults = _DEFAULTS | {
        "direction": (method.direction, nw.String),
        "target": (method.target, nw.Float64),
        "baseline": (method.baseline, nw.Int64),
    }
    if "series" not in names:
        frame = frame.with_columns(series=nw.lit("series"))
    frame = frame.with_columns(
        nw.col(name).cast(dtype) if name in names else nw.lit(default).cast(dtype).alias(name)
        for name, (default, dtype) in defaults.items()
    ).with_columns(
        nw.col("phase_start", "exclude").fill_null(False),
        direction=nw.col("direction").fill_null(method.direction),
    )
    numbers = ("value", "numerator", "denominator", "target")
    finite = [nw.when(nw.col(c).is_finite()).then(nw.col(c)).alias(c) for c in numbers]
    return frame.with_columns(*finite)


def with_phases(frame: FrameT) -> FrameT:
    """Number the phases from 1; a phase asked for in a missing month starts with the next point.

    Adds `present`, `phase`, `points` (how many the phase has), `used_in_limits`, `trial`, and
    `start_moved` (of the series: a phase was asked for in a missing month).
    """
    ordered = {"order_by": "date"}
    first = nw.col("baseline").max().over(*PHASE)
    in_baseline = (nw.col("_place") <= first) | first.is_null()
    starts, begins = nw.col("_starts"), nw.col("_begins")
    frame = (
        frame.with_columns(
            present=~nw.col("value").is_null(),
            _starts=nw.col("phase_start").cast(nw.Int64).cum_sum().over("series", **ordered),
        )
        .with_columns(_seen=nw.when(nw.col("present")).then(starts).otherwise(nw.lit(UNSEEN)))
        .with_columns(_seen=nw.col("_seen").cum_max().over("series", **ordered))
        .with_columns(_before=nw.col("_seen").shift(1).over("series", **ordered))
        .with_columns(_before=nw.col("_before").fill_null(UNSEEN))
        .with_columns(
            _begins=nw.col("present") & (nw.col("_before") > UNSEEN) & (starts > nw.col("_before"))
        )
        .with_columns(phase=begins.cast(nw.Int64).cum_sum().over("series", **ordered) + 1)
        .with_columns(nw.col("phase").cast(nw.Int64))
        .with_columns(
            points=nw.col("value").count().over(*PHASE).cast(nw.Int64),
            _place=nw.col("present").cast(nw.Int64).cum_sum().over(*PHASE, **ordered),
        )
        .with_columns(
            used_in_limits=nw.col("present") & ~nw.col("exclude") & in_baseline,
            trial=nw.min_horizontal(nw.col("points"), first) < TRIAL_BELOW,
            start_moved=(nw.col("phase_start") & ~nw.col("present")).any().over("series"),
        )
    )
    return frame.drop("_starts", "_seen", "_before", "_begins", "_place")
