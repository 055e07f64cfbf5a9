"""Regroups series with too few events a month into quarters."""

from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.chart_choice import SMALL
from pipelines.statistics.exact_mean import with_means
from pipelines.statistics.run_chart import with_median
from pipelines.statistics.series_order import keys
from pipelines.statistics.steps import added, columns

ENOUGH = 4.0  # expected events in a period for a chart of its own
COUNTED = ("rate", "count")


def with_period(frame: FrameT) -> FrameT:
    """Add `months` (1 or 3), the period each series is shown by, and `expected` events a month.

    Needs `_series` (see phases.py). `rare` is true if even quarters have too few events for limits.
    Proportions of very few people a month are shown by the `period` asked for, 1 or 3.
    """
    series = keys(frame, "_series")
    frame = added(frame, _there)
    frame = with_means(frame, {"_mean_n": "_n", "_mean_d": "_d"}, series)
    frame = with_median(frame, "_d", "usual_denominator", series)
    return added(added(frame, _expected, series), _period)


def _there(_: bool) -> dict[str, nw.Expr]:
    there = nw.when(~nw.col("value").is_null())
    return {"_n": there.then(nw.col("numerator")), "_d": there.then(nw.col("denominator"))}


def _expected(_: bool, series: tuple[str, ...]) -> dict[str, nw.Expr]:
    scale = nw.col("usual_denominator") / nw.col("_mean_d")
    scale = nw.when(nw.col("unit") == "rate").then(scale).otherwise(nw.lit(1.0))
    counted = nw.col("unit").is_in(COUNTED)
    return {
        "expected": nw.when(counted).then(nw.col("_mean_n") * scale),
        "zeros": (nw.col("value") == 0).cast(nw.Float64).mean().over(*series),
    }


def _period(_: bool) -> dict[str, nw.Expr]:
    counted = nw.col("unit").is_in(COUNTED)
    rare = counted & ((nw.col("expected") < 1) | (nw.col("zeros") > 0.5))
    tiny = (nw.col("unit") == "proportion") & (nw.col("usual_denominator") < SMALL)
    months = nw.when(tiny).then(nw.col("period")).otherwise(nw.lit(1))
    few = counted & (nw.col("expected") < ENOUGH)
    months = nw.when(few | rare).then(nw.lit(3)).otherwise(months)
    return {"months": months.cast(nw.Int64), "rare": rare.fill_null(False)}


def with_few(frame: FrameT, fewest: bool) -> FrameT:
    """Empty the values that rest on fewer than `fewest`, and mark them as `few`.

    They are gaps in the series: no limit, run or signal takes them into account. Without a column
    `fewest` in the data, there are none.
    """
    return added(frame, _few if fewest else _none_few)


def _none_few(_: bool) -> dict[str, nw.Expr]:
    return {"few": nw.lit(False)}


def _few(_: bool) -> dict[str, nw.Expr]:
    few = ~nw.col("value").is_null() & (nw.col("denominator") < nw.col("fewest"))
    few = few.fill_null(False)
    return {"few": few, "value": nw.when(~few).then(nw.col("value"))}


def regrouped(frame: FrameT) -> FrameT:
    """Turn the months of sparse series into quarters, at their true dates.

    Takes one row for each month of each series. A quarter is included once all its months have
    ended. It is dated by its first month, and starts a phase only if that month did, or an earlier
    one that has not been used yet.
    """
    if isinstance(frame, nw.DataFrame) and bool((frame["months"] == 1).all()):
        return frame
    monthly = frame.filter(nw.col("months") == 1)
    quarterly = _quarters(frame.filter(nw.col("months") == 3))
    types = tuple(frame.collect_schema().items())
    return nw.concat([monthly, quarterly.select(columns(quarterly, _as_months, types))])


def _as_months(_: bool, types: tuple[tuple[str, Any], ...]) -> dict[str, nw.Expr]:
    """The columns of months, in their order and of their types."""
    return {name: nw.col(name).cast(dtype) for name, dtype in types}


def _quarters(frame: FrameT) -> FrameT:
    """Add up calendar quarters; a month that starts a phase starts it with the next quarter.

    A month in which nobody could be asked (0 out of 0) is known, and adds nothing. Nor does one
    that is marked `alone`, as if nothing had applied in it: it is only a point by itself. The
    target of a quarter is the mean of its months' targets, if each has one.
    """
    same = tuple(
        name
        for name in frame.columns
        if name
        not in {
            *("series", "date", "value", "numerator", "denominator", "target"),
            *("phase_start", "exclude", "stretch", "alone"),
        }
    )
    frame = added(added(frame, _adding), _starting)
    quarters = frame.group_by("series", "_quarter").agg(columns(frame, _of_quarter, same))
    quarters = quarters.filter(nw.col("_ended") == 3).rename({"_quarter": "date"})
    quarters = added(added(quarters, _whole), _valued)
    return with_median(quarters, "_d", "usual_denominator", ("series",))


def _adding(_: bool) -> dict[str, nw.Expr]:
    of_none = (nw.col("unit") == "proportion") & (nw.col("denominator") == 0)
    known = ~nw.col("value").is_null() | of_none.fill_null(False)
    return {
        "_quarter": nw.col("date").dt.truncate("1q"),
        "_adds": known & ~nw.col("exclude") & ~nw.col("alone"),
    }


def _starting(_: bool) -> dict[str, nw.Expr]:
    start, date = nw.col("phase_start"), nw.col("date")
    return {
        "_first": start & (date == nw.col("_quarter")),
        "_late": start & (date != nw.col("_quarter")),
    }


def _of_quarter(_: bool, same: tuple[str, ...]) -> dict[str, nw.Expr]:
    adds, target = nw.col("_adds"), nw.col("target")
    there = adds | (nw.col("alone") & (nw.col("period") > 1))
    return {
        **{name: nw.col(name).max() for name in same},
        "numerator": nw.when(adds).then(nw.col("numerator")).sum(),
        "denominator": nw.when(adds).then(nw.col("denominator")).sum(),
        "stretch": nw.col("stretch").min(),
        "target": target.mean(),
        "_least": target.min(),
        "_most": target.max(),
        "_aimed": (~target.is_null()).cast(nw.Int64).sum(),
        "_late": nw.col("_late").cast(nw.Int64).max(),
        "_first": nw.col("_first").cast(nw.Int64).max(),
        "_there": there.cast(nw.Int64).sum(),
        "_ended": nw.len(),
    }


def _whole(_: bool) -> dict[str, nw.Expr]:
    """What a quarter is as a whole: its target, whether it starts a phase, and what it is of."""
    # The mean of three equal numbers may differ from them by a last digit.
    mean = nw.when(nw.col("_least") < nw.col("_most")).then(nw.col("target"))
    late = nw.col("_late").shift(1).over("series", order_by="date").fill_null(0)
    denominator = nw.col("denominator")
    return {
        "target": nw.when(nw.col("_aimed") == 3).then(nw.coalesce(mean, nw.col("_least"))),
        "phase_start": (nw.col("_first") + late) > 0,
        "exclude": nw.lit(False),
        "alone": nw.lit(False),
        "_d": nw.when(denominator > 0).then(denominator),
    }


def _valued(_: bool) -> dict[str, nw.Expr]:
    numerator, denominator = nw.col("numerator"), nw.col("denominator")
    is_ratio = nw.col("unit") != "count"
    ratio = numerator / nw.when(denominator > 0).then(denominator)
    value = nw.when(is_ratio).then(ratio).otherwise(numerator.cast(nw.Float64))
    enough = nw.col("_there") >= nw.when(is_ratio).then(nw.lit(2)).otherwise(nw.col("months"))
    return {"value": nw.when(enough).then(value)}
