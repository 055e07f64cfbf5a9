"""The mean moving range: how much a series moves from one point to the next."""

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.exact_mean import with_mean
from pipelines.statistics.phases import PHASE, STRETCH

SCREEN = 3.267  # upper limit of a moving range, in mean moving ranges (D4 for two points)


def with_mean_moving_range(frame: FrameT, value: nw.Expr, screen: bool) -> FrameT:
    """Add `mean_range` of the points used in limits, and `screening_refused`.

    Excluded points are bridged; a new phase or a pause starts afresh. With `screen`, moving
    ranges that are not below 3.267 times the mean are left out once, unless nothing but standing
    still would be left: limits on the mean would then call every point special.
    """
    move, mean = nw.col("_move"), nw.col("mean_range")
    within = (*STRETCH, "used_in_limits")
    frame = frame.with_columns(_from=nw.when(nw.col("used_in_limits")).then(value))
    last = nw.col("_from").shift(1).over(*within, order_by="date")
    frame = frame.with_columns(_move=(nw.col("_from") - last).abs()).drop("_from")
    frame = with_mean(frame, move, "mean_range", PHASE)
    if not screen:
        return frame.with_columns(screening_refused=nw.lit(False)).drop("_move")
    frame = with_mean(frame, nw.when(move < mean * SCREEN).then(move), "_screened", PHASE)
    still = nw.col("_screened").fill_null(0.0) == 0.0
    return frame.with_columns(
        mean_range=nw.when(still).then(mean).otherwise(nw.col("_screened")),
        screening_refused=(still & (mean > 0.0)).fill_null(False),
    ).drop("_move", "_screened")
