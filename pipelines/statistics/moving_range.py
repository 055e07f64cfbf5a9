"""Works out the mean moving range: how much a series moves from one point to the next."""

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.exact_mean import with_means
from pipelines.statistics.series_order import along, keys

SCREEN = 3.267  # upper limit of a moving range, in mean moving ranges (D4 for two points)


def with_moves(frame: FrameT, value: nw.Expr) -> FrameT:
    """Add `_used`, the values used in limits, and `_move`, how far each is from the one before.

    Excluded points are bridged; a new phase or a pause starts again.
    """
    used = nw.col("used_in_limits")
    # The last point used is carried forward, with the stretch it belongs to.
    carried = {"_from": value, "_of": nw.col("stretch")}
    kept = {name: nw.when(used).then(column) for name, column in carried.items()}
    frame = frame.with_columns(
        kept["_from"].alias("_used"),
        *[
            along(frame, column.fill_null(strategy="forward")).alias(name)
            for name, column in kept.items()
        ],
    )
    frame = frame.with_columns(along(frame, nw.col(name).shift(1)).alias(name) for name in carried)
    from_here = used & (nw.col("_of") == nw.col("stretch"))
    return frame.with_columns(_move=nw.when(from_here).then((value - nw.col("_from")).abs()))


def screened(frame: FrameT, screen: bool) -> FrameT:
    """Screen `_mean_range`, the mean of the moves in each phase, and add `screening_refused`.

    With `screen`, moving ranges that are not below 3.267 times the mean are left out once, unless
    only ranges of 0 would be left: limits on the mean would then make every point special.
    """
    if not screen:
        return frame.with_columns(screening_refused=nw.lit(False))
    move, mean = nw.col("_move"), nw.col("_mean_range")
    small = nw.when(move < mean * SCREEN).then(move)
    frame = with_means(frame, {"_screened": small}, keys(frame, "group"))
    still = nw.col("_screened").fill_null(0.0) == 0.0
    return frame.with_columns(
        _mean_range=nw.when(still).then(mean).otherwise(nw.col("_screened")),
        screening_refused=(still & (mean > 0.0)).fill_null(False),
    )
