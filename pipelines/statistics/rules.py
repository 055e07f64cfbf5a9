"""The four signs of special cause, each by itself, and the one that names a point.

Source: Making Data Count's rules, 7 points for a shift and for a trend. All comparisons are
strict: a point on a line is inside, a point on the mean is on neither side.
"""

from typing import Literal

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.along import after, along, before, keys
from pipelines.statistics.run_chart import longest_run_max

SHIFT = 7
TREND = 7


def with_rules(frame: FrameT, chart: str, two_of_three: Literal["mdc", "ptd"]) -> FrameT:
    """Add `side`, the four rules, `cause`, `high` and `since` to a frame with centre and limits.

    `mdc` lets points outside the limits count towards two of three, `ptd` does not. A run chart
    has neither limits nor trends.
    """
    frame = _with_outside(frame)
    if chart == "run":
        frame = _with_long_run(frame)
        none = nw.lit(False)
        frame = frame.with_columns(rule_trend=none, rule_two_of_three=none, _rising=none)
        frame = frame.with_columns(_trend_since=nw.lit(None).cast(nw.Date))
        return _with_cause(frame)
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
    """Seven in a row on the same side; a point on the centre ends the row."""
    side = nw.col("side")
    frame = _with_runs(frame, (side != before(frame, side)).fill_null(True), "date", "_shift_since")
    shift = (nw.col("_length") >= SHIFT) & (side != 0)
    frame = frame.with_columns(rule_shift=shift.fill_null(False))
    return frame


def _with_long_run(frame: FrameT) -> FrameT:
    """More in a row than chance explains, passing over ties and excluded points."""
    side, stretch, useful = nw.col("side"), nw.col("stretch"), nw.col("_useful")
    frame = frame.with_columns(_useful=((side != 0) & ~nw.col("exclude")).fill_null(False))
    carried = {"_side": side, "_of": stretch}
    frame = frame.with_columns(
        along(frame, nw.when(useful).then(column).fill_null(strategy="forward")).alias(name)
        for name, column in carried.items()
    )
    frame = frame.with_columns(along(frame, nw.col(name).shift(1)).alias(name) for name in carried)
    same = (nw.col("_of") == stretch) & (nw.col("_side") == side)
    total = useful.cast(nw.Int64).sum().over(*keys(frame, "group"))
    frame = frame.with_columns(
        _turn=useful & ~same.fill_null(False), _total=nw.when(total > 0).then(total)
    )
    frame = frame.with_columns(_run=along(frame, nw.col("_turn").cast(nw.Int64).cum_sum()))
    run = keys(frame, "_run")
    frame = frame.with_columns(
        _length=useful.cast(nw.Int64).sum().over(*run),
        _shift_since=nw.when(useful).then(nw.col("date")).min().over(*run),
    )
    long = useful & (nw.col("_length") > longest_run_max(nw.col("_total")))
    frame = frame.with_columns(rule_shift=long.fill_null(False))
    return frame


def _with_trend(frame: FrameT) -> FrameT:
    value, slope = nw.col("value"), nw.col("_slope")
    frame = frame.with_columns(
        _step=value - before(frame, value), _previous=before(frame, nw.col("date"))
    )
    rose, fell = (nw.col("_step") > 0).cast(nw.Int64), (nw.col("_step") < 0).cast(nw.Int64)
    frame = frame.with_columns(_slope=(rose - fell).fill_null(0))
    turn = (slope != before(frame, slope)).fill_null(True)
    frame = _with_runs(frame, turn, "_previous", "_trend_since")
    frame = frame.with_columns(_steady=(nw.col("_length") >= TREND - 1) & (slope != 0))
    frame = frame.with_columns(
        _next_steady=after(frame, nw.col("_steady")).fill_null(False),
        _next_slope=after(frame, slope),
    )
    frame = frame.with_columns(rule_trend=nw.col("_steady") | nw.col("_next_steady"))
    # The peak between a rise and a fall reads by its right side.
    onward = after(frame, nw.col("rule_trend")).fill_null(False) & (nw.col("_next_slope") != 0)
    leads = nw.when(onward).then(nw.col("_next_slope")).otherwise(slope)
    return frame.with_columns(_rising=leads > 0)


def _with_two_of_three(frame: FrameT, form: Literal["mdc", "ptd"]) -> FrameT:
    value = nw.col("value")
    near = (value > nw.col("near_upper")) | (value < nw.col("near_lower"))
    if form == "ptd":
        near = near & ~nw.col("rule_outside")
    frame = frame.with_columns(_near0=near.fill_null(False).cast(nw.Int64), _side0=nw.col("side"))
    for k in (1, 2):
        frame = frame.with_columns(
            before(frame, nw.col(f"{name}{k - 1}")).alias(f"{name}{k}")
            for name in ("_near", "_side")
        )
    nears = nw.col("_near0") + nw.col("_near1") + nw.col("_near2")
    sides = nw.col("_side0") + nw.col("_side1") + nw.col("_side2")
    frame = frame.with_columns(_hit=((nears >= 2) & (sides.abs() == 3)).fill_null(False))
    frame = frame.with_columns(_hit1=after(frame, nw.col("_hit")).fill_null(False))
    frame = frame.with_columns(_hit2=after(frame, nw.col("_hit1")).fill_null(False))
    hit = nw.col("_hit") | nw.col("_hit1") | nw.col("_hit2")
    frame = frame.with_columns(rule_two_of_three=(nw.col("_near0") == 1) & hit)
    return frame


def _with_runs(frame: FrameT, turn: nw.Expr, day: str, since: str) -> FrameT:
    """Add the length of each run, which begins at a turn, and as `since` its first `day`."""
    frame = frame.with_columns(_turn=turn)
    frame = frame.with_columns(_run=along(frame, nw.col("_turn").cast(nw.Int64).cum_sum()))
    run = keys(frame, "_run")
    first = nw.col(day).min().over(*run)
    return frame.with_columns(first.alias(since), _length=nw.len().over(*run))


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
    return frame
