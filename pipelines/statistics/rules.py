"""The four signs of special cause, each by itself, and the one that names a point.

Source: Making Data Count's rules, 7 points for a shift and for a trend. All comparisons are
strict: a point on a line is inside, a point on the mean is on neither side.
"""

from collections.abc import Sequence
from typing import Literal

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.phases import PHASE, STRETCH
from pipelines.statistics.run_chart import longest_run_max

SHIFT = 7
TREND = 7


def with_rules(frame: FrameT, two_of_three: Literal["mdc", "ptd"]) -> FrameT:
    """Add `side`, the four rules, `cause`, `high` and `since` to a frame with centre and limits.

    `mdc` lets points outside the limits count towards two of three, `ptd` does not.
    """
    frame = _with_outside(frame)
    frame = _with_shift(frame)
    frame = _with_trend(frame)
    frame = _with_two_of_three(frame, two_of_three)
    return _with_cause(frame)


def _with_outside(frame: FrameT) -> FrameT:
    value, centre = nw.col("value"), nw.col("centre")
    above, below = value > nw.col("upper"), value < nw.col("lower")
    side = (value > centre).cast(nw.Int64) - (value < centre).cast(nw.Int64)
    return frame.with_columns(side=side, rule_outside=(above | below).fill_null(False))


def _with_shift(frame: FrameT) -> FrameT:
    """Seven in a row; on a run chart, more in a row than chance explains, passing over ties."""
    side, is_run = nw.col("side"), nw.col("chart") == "run"
    useful = (side != 0) & ~nw.col("exclude")
    frame = frame.with_columns(_useful=useful.fill_null(False) | ~is_run)
    frame = _with_run_length(frame, side, (*STRETCH, "_useful"), "date")
    total = nw.col("_useful").cast(nw.Int64).sum().over(*PHASE)
    frame = frame.with_columns(_total=nw.when(total > 0).then(total))
    enough = nw.when(is_run).then(longest_run_max(nw.col("_total")) + 1).otherwise(nw.lit(SHIFT))
    shift = nw.col("_useful") & (nw.col("_length") >= enough) & (side != 0)
    return (
        frame.with_columns(rule_shift=shift.fill_null(False))
        .drop("_useful", "_total", "_length")
        .rename({"_since": "_shift_since"})
    )


def _with_trend(frame: FrameT) -> FrameT:
    ordered = {"order_by": "date"}
    frame = frame.with_columns(
        _step=nw.col("value") - nw.col("value").shift(1).over(*STRETCH, **ordered),
        _previous=nw.col("date").shift(1).over(*STRETCH, **ordered),
    )
    slope = (nw.col("_step") > 0).cast(nw.Int64) - (nw.col("_step") < 0).cast(nw.Int64)
    frame = frame.with_columns(_slope=slope.fill_null(0))
    frame = _with_run_length(frame, nw.col("_slope"), STRETCH, "_previous")
    steady = (nw.col("_length") >= TREND - 1) & (nw.col("_slope") != 0) & (nw.col("chart") != "run")
    frame = frame.with_columns(_steady=steady)
    frame = frame.with_columns(
        _next_steady=nw.col("_steady").shift(-1).over(*STRETCH, **ordered).fill_null(False),
        _next_slope=nw.col("_slope").shift(-1).over(*STRETCH, **ordered),
    )
    frame = frame.with_columns(rule_trend=nw.col("_steady") | nw.col("_next_steady"))
    frame = frame.with_columns(
        _next_trend=nw.col("rule_trend").shift(-1).over(*STRETCH, **ordered).fill_null(False)
    )
    # The peak between a rise and a fall reads by its right side.
    onward = nw.col("_next_trend") & (nw.col("_next_slope") != 0)
    slope = nw.when(onward).then(nw.col("_next_slope")).otherwise(nw.col("_slope"))
    return (
        frame.with_columns(_rising=slope > 0)
        .drop(
            "_step",
            "_previous",
            "_slope",
            "_length",
            "_steady",
            "_next_steady",
            "_next_slope",
            "_next_trend",
        )
        .rename({"_since": "_trend_since"})
    )


def _with_two_of_three(frame: FrameT, form: Literal["mdc", "ptd"]) -> FrameT:
    value = nw.col("value")
    near = (value > nw.col("near_upper")) | (value < nw.col("near_lower"))
    if form == "ptd":
        near = near & ~nw.col("rule_outside")
    frame = frame.with_columns(_near=near.fill_null(False))
    ordered = {"order_by": "date"}
    frame = frame.with_columns(
        _nears=nw.col("_near").cast(nw.Int64).rolling_sum(3).over(*STRETCH, **ordered),
        _sides=nw.col("side").rolling_sum(3).over(*STRETCH, **ordered),
    )
    hit = (nw.col("_nears") >= 2) & (nw.col("_sides").abs() == 3)
    frame = frame.with_columns(_hit=hit.fill_null(False))
    later = [nw.col("_hit").shift(-k).over(*STRETCH, **ordered).fill_null(False) for k in (1, 2)]
    frame = frame.with_columns(_hit1=later[0], _hit2=later[1])
    return frame.with_columns(
        rule_two_of_three=nw.col("_near") & (nw.col("_hit") | nw.col("_hit1") | nw.col("_hit2"))
    ).drop("_near", "_nears", "_sides", "_hit", "_hit1", "_hit2")


def _with_run_length(frame: FrameT, state: nw.Expr, within: Sequence[str], since: str) -> FrameT:
    """Add how many neighbours in a row share a point's state, and the first `since` of them."""
    before = state.shift(1).over(*within, order_by="date")
    turn = nw.col("_turn").cast(nw.Int64)
    return (
        frame.with_columns(_turn=(state != before).fill_null(True))
        .with_columns(_run=turn.cum_sum().over(*within, order_by="date"))
        .with_columns(
            _length=nw.len().over(*within, "_run"),
            _since=nw.col(since).min().over(*within, "_run"),
        )
        .drop("_turn", "_run")
    )


def _with_cause(frame: FrameT) -> FrameT:
    cause, above = nw.lit(None).cast(nw.String), nw.col("side") > 0
    high = nw.lit(None).cast(nw.Boolean)
    # The last to be asked goes first: outside, trend, two of three, shift.
    for name, is_high in (
        ("shift", above),
        ("two_of_three", above),
        ("trend", nw.col("_rising")),
        ("outside", nw.col("value") > nw.col("upper")),
    ):
        fired = nw.col(f"rule_{name}")
        cause = nw.when(fired).then(nw.lit(name)).otherwise(cause)
        high = nw.when(fired).then(is_high).otherwise(high)
    frame = frame.with_columns(cause=cause, high=high)
    in_run = nw.when(nw.col("cause") == "shift").then(nw.col("_shift_since"))
    in_trend = nw.when(nw.col("cause") == "trend").then(nw.col("_trend_since"))
    alone = nw.when(~nw.col("cause").is_null()).then(nw.col("date"))
    frame = frame.with_columns(since=nw.coalesce(in_run, in_trend, alone))
    return frame.drop("_rising", "_shift_since", "_trend_since")
