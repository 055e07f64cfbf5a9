"""The mean moving range: how much a series moves from one point to the next."""

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.along import along, keys
from pipelines.statistics.exact_mean import with_mean

SCREEN = 3.267  # upper limit of a moving range, in mean moving ranges (D4 for two points)


def with_mean_moving_range(frame: FrameT, value: nw.Expr, screen: bool) -> FrameT:
    """Add `_mean_range` of the points used in limits, and `screening_refused`.

    Excluded points are bridged; a new phase or a pause starts afresh. With `screen`, moving
    ranges that are not below 3.267 times the mean are left out once, unless nothing but standing
    still would be left: limits on the mean would then call every point special.
    """
    move, mean, used = nw.col("_move"), nw.col("_mean_range"), nw.col("used_in_limits")
    phase = keys(frame, "group")
    # The last point used is carried along, with the stretch that it belongs to.
    carried = {"_from": value, "_of": nw.col("stretch")}
    frame = frame.with_columns(
        along(frame, nw.when(used).then(column).fill_null(strategy="forward")).alias(name)
        for name, column in carried.items()
    )
    frame = frame.with_columns(along(frame, nw.col(name).shift(1)).alias(name) for name in carried)
    from_here = used & (nw.col("_of") == nw.col("stretch"))
    frame = frame.with_columns(_move=nw.when(from_here).then((value - nw.col("_from")).abs()))
    frame = with_mean(frame, move, "_mean_range", phase)
    if not screen:
        return frame.with_columns(screening_refused=nw.lit(False))
    frame = with_mean(frame, nw.when(move < mean * SCREEN).then(move), "_screened", phase)
    still = nw.col("_screened").fill_null(0.0) == 0.0
    return frame.with_columns(
        _mean_range=nw.when(still).then(mean).otherwise(nw.col("_screened")),
        screening_refused=(still & (mean > 0.0)).fill_null(False),
    )
