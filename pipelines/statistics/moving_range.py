"""Works out the mean moving range: how much a series moves from one point to the next."""

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.exact_mean import with_means
from pipelines.statistics.last_point import with_last
from pipelines.statistics.series_order import keys
from pipelines.statistics.steps import added

SCREEN = 3.267  # upper limit of a moving range, in mean moving ranges (D4 for two points)


def with_moves(frame: FrameT, value: str) -> FrameT:
    """Add `_used`, the values used in limits, and `_move`, how far each is from the one before.

    Excluded points are bridged; a new phase or a pause starts again.
    """
    return added(with_last(frame, "used_in_limits", value, "_from"), _moved, value)


def _moved(_: bool, value: str) -> dict[str, nw.Expr]:
    from_here = nw.col("used_in_limits") & (nw.col("_of") == nw.col("stretch"))
    return {
        "_used": nw.when(nw.col("used_in_limits")).then(nw.col(value)),
        "_move": nw.when(from_here).then((nw.col(value) - nw.col("_from")).abs()),
    }


def screened(frame: FrameT) -> FrameT:
    """Screen `_mean_range`, the mean of the moves in each phase; sets `screening_refused`.

    Moving ranges that are not below 3.267 times the mean are left out once, unless only ranges of 0
    would be left: limits on the mean would then make every point special.
    """
    frame = with_means(added(frame, _small), {"_screened": "_small"}, keys(frame, "group"))
    return added(frame, _screened)


def _small(_: bool) -> dict[str, nw.Expr]:
    move = nw.col("_move")
    return {"_small": nw.when(move < nw.col("_mean_range") * SCREEN).then(move)}


def _screened(_: bool) -> dict[str, nw.Expr]:
    mean, left = nw.col("_mean_range"), nw.col("_screened")
    still = left.fill_null(0.0) == 0.0
    return {
        "_mean_range": nw.when(still).then(mean).otherwise(left),
        "screening_refused": (still & (mean > 0.0)).fill_null(False),
    }
