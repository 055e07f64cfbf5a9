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
    """Add t limits on the scale of the 3.6th root, and `value` on it too; `time` keeps the times.

    An XmR chart of the roots. A time of 0 is drawn and judged, but not used in the limits; a
    negative number is not a time and isn't judged. `times_again` transforms everything back.
    """
    exact = Method(screen=method.screen, sigma="exact")
    time = nw.col("value")
    root = nw.when(time >= 0).then(time) ** (1 / POWER)
    frame = frame.with_columns(
        time=time,
        value=root,
        used_in_limits=nw.col("used_in_limits") & (time > 0).fill_null(False),
    )
    return xmr_limits(frame, exact)


def times_again(frame: FrameT) -> FrameT:
    """Turn the limits and values of a t chart back to times.

    A constant series has its limits on its own time, which the root and its power would miss in
    the last bit.
    """
    used = nw.when(nw.col("used_in_limits")).then(nw.col("time"))
    phase = keys(frame, "group")
    frame = frame.with_columns(_least=used.min().over(*phase), _most=used.max().over(*phase))
    constant = (nw.col("_least") == nw.col("_most")).fill_null(False)
    frame = frame.with_columns(
        nw.when(constant & ~nw.col(line).is_null())
        .then(nw.col("_most"))
        .otherwise(nw.col(line).clip(lower_bound=0.0) ** POWER)
        .alias(line)
        for line in ("centre", "lower", "upper", "near_lower", "near_upper")
    )
    return frame.with_columns(value=nw.col("time")).drop("time")


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
