"""Finds the four signs of special cause, and the one that gives a point its cause.

Source: Making Data Count's rules, 7 points for a shift and for a trend. All comparisons are
strict: a point on a line is inside, a point on the mean is on neither side.
"""

from typing import Literal

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.last_point import with_last
from pipelines.statistics.run_chart import longest_run_max
from pipelines.statistics.series_order import after, along, keys
from pipelines.statistics.steps import added, word_number, worded

SHIFT = 7
TREND = 7
CAUSES = (None, "shift", "two_of_three", "trend", "outside")  # a later one takes precedence


def with_rules(frame: FrameT, chart: str, two_of_three: Literal["mdc", "ptd"]) -> FrameT:
    """Add `side`, the four rules, `cause`, `high` and `since` to a frame with centre and limits.

    `mdc` lets points outside the limits count towards two of three, `ptd` does not. A run chart
    has neither limits nor trends, and bare points have no rules. `since` is the first day of a long
    run on a run chart.
    """
    frame = added(frame, _signs, two_of_three)
    if chart in ("run", "points"):
        frame = added(added(frame, _side), _no_rules)
        frame = _with_long_run(frame) if chart == "run" else frame
    else:
        for step in (_alike, _patterns, _members):
            frame = added(frame, step)
    return worded(added(frame, _cause), "_cause", "cause", CAUSES)


def _signs(eager: bool, form: Literal["mdc", "ptd"]) -> dict[str, nw.Expr]:
    """What each point shows on its own and beside the one before: flags, empty nowhere."""
    value, last = nw.col("value"), along(eager, nw.col("value").shift(1))
    outside = (value > nw.col("upper")) | (value < nw.col("lower"))
    near = (value > nw.col("near_upper")) | (value < nw.col("near_lower"))
    if form == "ptd":
        near = near & ~outside
    flags = {
        "rule_outside": outside,
        "_near": near,
        "_above": value > nw.col("centre"),
        "_below": value < nw.col("centre"),
        "_rises": ~nw.col("first") & (value > last),
        "_falls": ~nw.col("first") & (value < last),
    }
    return {name: flag.fill_null(False) for name, flag in flags.items()}


def _side(_: bool) -> dict[str, nw.Expr]:
    above, below = (nw.col(name).cast(nw.Int8) for name in ("_above", "_below"))
    known = ~(nw.col("value").is_null() | nw.col("centre").is_null())
    return {
        "side": nw.when(known).then(above - below).cast(nw.Int64),
        "_shift_since": nw.lit(None).cast(nw.Date),
    }


def _no_rules(_: bool) -> dict[str, nw.Expr]:
    return dict.fromkeys(("rule_shift", "rule_trend", "rule_two_of_three"), nw.lit(False))


def _with_long_run(frame: FrameT) -> FrameT:
    """Add whether a run is longer than chance explains, skipping ties and excluded points."""
    frame = with_last(added(frame, _useful), "_useful", "side", "_side")
    frame = added(frame, _changes, keys(frame, "group"))
    frame = added(frame, _numbered)
    return added(added(frame, _of_run, keys(frame, "_run")), _long)


def _useful(_: bool) -> dict[str, nw.Expr]:
    return {"_useful": ((nw.col("side") != 0) & ~nw.col("exclude")).fill_null(False)}


def _changes(_: bool, phase: tuple[str, ...]) -> dict[str, nw.Expr]:
    useful = nw.col("_useful")
    same = (nw.col("_of") == nw.col("stretch")) & (nw.col("_side") == nw.col("side"))
    total = useful.cast(nw.Int64).sum().over(*phase)
    return {
        "_turn": useful & ~same.fill_null(False),
        "_total": nw.when(total > 0).then(total),
    }


def _numbered(eager: bool) -> dict[str, nw.Expr]:
    return {"_run": along(eager, nw.col("_turn").cast(nw.Int64).cum_sum())}


def _of_run(_: bool, run: tuple[str, ...]) -> dict[str, nw.Expr]:
    useful = nw.col("_useful")
    return {
        "_length": useful.cast(nw.Int64).sum().over(*run),
        "_shift_since": nw.when(useful).then(nw.col("date")).min().over(*run),
    }


def _long(_: bool) -> dict[str, nw.Expr]:
    long = nw.col("_useful") & (nw.col("_length") > longest_run_max(nw.col("_total")))
    return {"rule_shift": long.fill_null(False)}


def _alike(eager: bool) -> dict[str, nw.Expr]:
    """The side, where it is that of the point before, and where a step goes on as the last.

    Never at the first point of a stretch, so that no run goes on across the end of one.
    """
    return {
        **_side(eager),
        "_same_side": ~nw.col("first") & (_both(eager, "_above") | _both(eager, "_below")),
        "_same_slope": _both(eager, "_rises") | _both(eager, "_falls"),
    }


def _both(eager: bool, flag: str) -> nw.Expr:
    """Where this point and the one before have the flag."""
    return _in_a_row(eager, nw.col(flag), 2)


def _in_a_row(eager: bool, flag: nw.Expr, many: int) -> nw.Expr:
    """Where so many points in a row, the last of them here, have the flag."""
    found = flag
    for k in range(1, many):
        found = found & along(eager, flag.shift(k)).fill_null(False)
    return found


def _up_to(eager: bool, flag: nw.Expr, many: int) -> nw.Expr:
    """Where any of so many points, the first of them here, has the flag."""
    found = flag
    for k in range(1, many):
        found = found | along(eager, flag.shift(-k)).fill_null(False)
    return found


def _patterns(eager: bool) -> dict[str, nw.Expr]:
    """Where a shift, a trend and two of three are complete: the last point of each."""
    same_side, near = nw.col("_same_side"), nw.col("_near")
    last, before_last = (along(eager, near.shift(k)).fill_null(False) for k in (1, 2))
    two = (near & last) | (near & before_last) | (last & before_last)
    return {
        "_shifted": _in_a_row(eager, same_side, SHIFT - 1),
        "_steady": _in_a_row(eager, nw.col("_same_slope"), TREND - 2),
        "_hit": two & _in_a_row(eager, same_side, 2),
    }


def _members(eager: bool) -> dict[str, nw.Expr]:
    """All points of a shift and of a trend, and those near a limit in two of three."""
    return {
        "rule_shift": _up_to(eager, nw.col("_shifted"), SHIFT),
        "rule_trend": _up_to(eager, nw.col("_steady"), TREND),
        "rule_two_of_three": nw.col("_near") & _up_to(eager, nw.col("_hit"), 3),
    }


def _rising(eager: bool) -> nw.Expr:
    """The peak between a rise and a fall counts with the points after it."""
    rises, falls, trend = (
        after(eager, nw.col(name)) for name in ("_rises", "_falls", "rule_trend")
    )
    onward = (trend & (rises | falls)).fill_null(False)
    return nw.when(onward).then(rises).otherwise(nw.col("_rises"))


def _cause(eager: bool) -> dict[str, nw.Expr]:
    cause, high = word_number(eager, 0), nw.lit(None).cast(nw.Boolean)
    is_high = {"trend": _rising(eager), "outside": nw.col("value") > nw.col("upper")}
    for number, name in enumerate(CAUSES):
        if name is not None:
            fired = nw.col(f"rule_{name}")
            cause = nw.when(fired).then(word_number(eager, number)).otherwise(cause)
            high = nw.when(fired).then(is_high.get(name, nw.col("_above"))).otherwise(high)
    return {
        "_cause": cause,
        "high": high,
        "since": nw.when(nw.col("rule_shift")).then(nw.col("_shift_since")),
    }
