"""Finds the four signs of special cause, and the one that gives a point its cause.

Source: Making Data Count's rules, 7 points for a shift and for a trend. All comparisons are
strict: a point on a line is inside, a point on the mean is on neither side.
"""

from typing import Literal

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.run_chart import longest_run_max
from pipelines.statistics.series_order import after, along, before, keys

SHIFT = 7
TREND = 7


def with_rules(frame: FrameT, chart: str, two_of_three: Literal["mdc", "ptd"]) -> FrameT:
    """Add `side`, the four rules, `cause`, `high` and `since` to a frame with centre and limits.

    `mdc` lets points outside the limits count towards two of three, `ptd` does not. A run chart
    has neither limits nor trends, and bare points have no rules.
    """
    frame = _with_signs(frame, two_of_three)
    if chart in ("run", "points"):
        no, never = nw.lit(False), nw.lit(None).cast(nw.Date)
        frame = frame.with_columns(
            rule_shift=no, rule_trend=no, rule_two_of_three=no, _rising=no
        ).with_columns(_shift_since=never, _trend_since=never)
        return _with_cause(_with_long_run(frame) if chart == "run" else frame)
    return _with_cause(_with_members(_with_windows(_with_runs(frame))))


def _with_signs(frame: FrameT, form: Literal["mdc", "ptd"]) -> FrameT:
    """Add what each point shows on its own: `side`, outside, near a limit, and its `_slope`."""
    value, centre = nw.col("value"), nw.col("centre")
    outside = (value > nw.col("upper")) | (value < nw.col("lower"))
    near = (value > nw.col("near_upper")) | (value < nw.col("near_lower"))
    if form == "ptd":
        near = near & ~outside
    step = value - before(frame, value)
    slope = (step > 0).cast(nw.Int64) - (step < 0).cast(nw.Int64)
    return frame.with_columns(
        side=(value > centre).cast(nw.Int64) - (value < centre).cast(nw.Int64),
        rule_outside=outside.fill_null(False),
        _near=near.fill_null(False).cast(nw.Int64),
        _slope=slope.fill_null(0),
        _previous=before(frame, nw.col("date")),
    )


def _with_long_run(frame: FrameT) -> FrameT:
    """Add whether a run is longer than chance explains, skipping ties and excluded points."""
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


def _with_runs(frame: FrameT) -> FrameT:
    """Add the length and first day of the runs each point is in, on one side and of one slope."""
    place = nw.col("place")
    runs = {"shift": ("side", "date"), "trend": ("_slope", "_previous")}  # a slope joins two points
    frame = frame.with_columns(
        (nw.col(sign) != before(frame, nw.col(sign))).fill_null(True).alias(f"_{run}_turn")
        for run, (sign, _) in runs.items()
    )
    frame = frame.with_columns(
        nw.when(along(frame, nw.col(f"_{run}_turn").shift(-1)).fill_null(True))
        .then(place)
        .alias(f"_{run}_end")
        for run in runs
    )
    found = []
    for run, (_, day) in runs.items():
        turn = nw.when(nw.col(f"_{run}_turn"))
        begin = along(frame, turn.then(place).fill_null(strategy="forward"))
        end = along(frame, nw.col(f"_{run}_end").fill_null(strategy="backward"))
        first = along(frame, turn.then(nw.col(day)).fill_null(strategy="forward"))
        found += [(end - begin + 1).alias(f"_{run}_length"), first.alias(f"_{run}_since")]
    return frame.with_columns(found)


def _with_windows(frame: FrameT) -> FrameT:
    """Add `rule_shift`, and where six steps or two of three points meet their rules."""
    stretch, side, near = nw.col("stretch"), nw.col("side"), nw.col("_near")
    nears, sides = near, side
    for k in (1, 2):
        nears, sides = nears + along(frame, near.shift(k)), sides + along(frame, side.shift(k))
    together = stretch == along(frame, stretch.shift(2))
    shift = (nw.col("_shift_length") >= SHIFT) & (side != 0)
    return frame.with_columns(
        rule_shift=shift.fill_null(False),
        _steady=(nw.col("_trend_length") >= TREND - 1) & (nw.col("_slope") != 0),
        _hit=(together & (nears >= 2) & (sides.abs() == 3)).fill_null(False),
    )


def _with_members(frame: FrameT) -> FrameT:
    """Add the rules of all points of a trend, and of those near a limit in two of three."""
    steady, hit, slope = nw.col("_steady"), nw.col("_hit"), nw.col("_slope")
    among = hit
    for k in (1, 2):  # three points are never in two stretches
        among = among | along(frame, hit.shift(-k)).fill_null(False)
    frame = frame.with_columns(
        rule_trend=steady | after(frame, steady).fill_null(False),
        rule_two_of_three=(nw.col("_near") == 1) & among,
        _next_slope=after(frame, slope),
    )
    # The peak between a rise and a fall counts with the points after it.
    onward = after(frame, nw.col("rule_trend")).fill_null(False) & (nw.col("_next_slope") != 0)
    leads = nw.when(onward).then(nw.col("_next_slope")).otherwise(slope)
    return frame.with_columns(_rising=leads > 0)


def _with_cause(frame: FrameT) -> FrameT:
    cause, above = nw.lit(None).cast(nw.String), nw.col("side") > 0
    high = nw.lit(None).cast(nw.Boolean)
    # The last one applied takes precedence: outside, trend, two of three, shift.
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
