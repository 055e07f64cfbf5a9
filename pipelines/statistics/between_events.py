"""Limits of the time (t) or the number of safe cases (g) between rare events."""

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.exact_mean import with_means
from pipelines.statistics.method import Method
from pipelines.statistics.run_chart import with_median
from pipelines.statistics.series_order import keys
from pipelines.statistics.xmr import xmr_limits

POWER = 3.6  # turns waiting times into nearly normal ones (Nelson 1994)


def time_between_limits(frame: FrameT, method: Method) -> FrameT:
    """Add t limits: an XmR chart of the 3.6th root, transformed back; times of 0 are not used."""
    exact = Method(screen=method.screen, sigma="exact")
    root = nw.when(nw.col("value") > 0).then(nw.col("value")) ** (1 / POWER)
    frame = frame.with_columns(
        _time=nw.col("value"),
        value=root,
        used_in_limits=nw.col("used_in_limits") & (nw.col("value") > 0).fill_null(False),
    )
    frame = xmr_limits(frame, exact)
    lines = ("centre", "lower", "upper", "near_lower", "near_upper")
    frame = frame.with_columns(nw.col(line).clip(lower_bound=0.0) ** POWER for line in lines)
    return frame.with_columns(value=nw.col("_time"))


def cases_between_limits(frame: FrameT) -> FrameT:
    """Add g limits from the geometric distribution; the line drawn is the median.

    Formula: Benneyan 2001, m ± 3 sqrt(m (m + 1)) with m the mean.
    """
    used = nw.when(nw.col("used_in_limits")).then(nw.col("value"))
    frame = with_means(frame, {"_mean": used}, keys(frame, "group"))
    frame = with_median(frame, used, "centre", keys(frame, "group"))
    mean = nw.when(nw.col("_mean") >= 0).then(nw.col("_mean"))
    sd = (mean * (mean + 1)) ** 0.5
    return frame.with_columns(
        lower=(mean - 3 * sd).clip(lower_bound=0.0),
        upper=mean + 3 * sd,
        near_lower=(mean - 2 * sd).clip(lower_bound=0.0),
        near_upper=mean + 2 * sd,
        screening_refused=nw.lit(False),
    )
