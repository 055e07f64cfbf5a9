"""Limits of the time (t) or the number of safe cases (g) between rare events."""

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.exact_mean import with_means
from pipelines.statistics.method import Method
from pipelines.statistics.run_chart import in_limits, with_median
from pipelines.statistics.series_order import keys
from pipelines.statistics.steps import added
from pipelines.statistics.xmr import xmr_limits

POWER = 3.6  # turns waiting times into nearly normal ones (Nelson 1994)


def time_between_limits(frame: FrameT, method: Method) -> FrameT:
    """Add t limits on the scale of the 3.6th root, and `value` on it too; `time` keeps the times.

    An XmR chart of the roots. A time of 0 is drawn and judged, but not used in the limits; a
    negative number is not a time and isn't judged. `times_again` transforms everything back.
    """
    exact = Method(screen=method.screen, sigma="exact")
    return xmr_limits(added(frame, _roots), exact)


def _roots(_: bool) -> dict[str, nw.Expr]:
    time = nw.col("value")
    return {
        "time": time,
        "value": nw.when(time >= 0).then(time) ** (1 / POWER),
        "used_in_limits": nw.col("used_in_limits") & (time > 0).fill_null(False),
    }


def times_again(frame: FrameT) -> FrameT:
    """Turn the limits and values of a t chart back to times.

    A constant series has its limits on its own time, which the root and its power would miss in
    the last bit.
    """
    return added(added(frame, _ends, keys(frame, "group")), _times).drop("time")


def _ends(_: bool, phase: tuple[str, ...]) -> dict[str, nw.Expr]:
    used = nw.when(nw.col("used_in_limits")).then(nw.col("time"))
    return {"_least": used.min().over(*phase), "_most": used.max().over(*phase)}


def _times(_: bool) -> dict[str, nw.Expr]:
    constant = (nw.col("_least") == nw.col("_most")).fill_null(False)
    lines = {
        line: nw.when(constant & ~nw.col(line).is_null())
        .then(nw.col("_most"))
        .otherwise(nw.col(line).clip(lower_bound=0.0) ** POWER)
        for line in ("centre", "lower", "upper", "near_lower", "near_upper")
    }
    return {**lines, "value": nw.col("time")}


def cases_between_limits(frame: FrameT) -> FrameT:
    """Add g limits from the geometric distribution; the line drawn is the median.

    Formula: Benneyan 2001, m ± 3 sqrt(m (m + 1)) with m the mean.
    """
    phase = keys(frame, "group")
    frame = with_means(added(frame, in_limits, "value"), {"_mean": "_used"}, phase)
    return added(with_median(frame, "_used", "centre", phase), _geometric)


def _geometric(_: bool) -> dict[str, nw.Expr]:
    mean = nw.when(nw.col("_mean") >= 0).then(nw.col("_mean"))
    sd = (mean * (mean + 1)) ** 0.5
    return {
        "lower": (mean - 3 * sd).clip(lower_bound=0.0),
        "upper": mean + 3 * sd,
        "near_lower": (mean - 2 * sd).clip(lower_bound=0.0),
        "near_upper": mean + 2 * sd,
    }
