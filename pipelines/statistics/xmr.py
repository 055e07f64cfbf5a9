"""XmR limits: the mean, and 2.66 mean moving ranges either side of it."""

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.exact_mean import with_means
from pipelines.statistics.method import Method
from pipelines.statistics.moving_range import screened, with_moves
from pipelines.statistics.series_order import keys
from pipelines.statistics.steps import added

D2 = 1.128  # mean range of two normal points, in standard deviations
SIGMA = 1 / D2  # multiplied by: dividing by a constant differs between engines in the last bit
FAR, NEAR = 2.66, 2 * (2.66 / 3)


def xmr_limits(frame: FrameT, method: Method) -> FrameT:
    """Add centre, limits and near limits of each phase, in the units of `value`.

    Formula: Making Data Count, 2.66 mean moving ranges; with sigma="exact" 3/1.128 of them.
    """
    frame = with_moves(frame, "value")
    means, phase = {"centre": "_used", "_mean_range": "_move"}, keys(frame, "group")
    if not method.screen:
        return with_means(frame, means, phase, _lines, method.sigma)
    return added(screened(with_means(frame, means, phase)), _lines, method.sigma)


def _lines(_: bool, sigma: str) -> dict[str, nw.Expr]:
    centre, moving = nw.col("centre"), nw.col("_mean_range")
    if sigma == "exact":
        far, near = 3 * (moving * SIGMA), 2 * (moving * SIGMA)
    else:
        far, near = moving * FAR, moving * NEAR
    return {
        "centre": centre,
        "lower": centre - far,
        "upper": centre + far,
        "near_lower": centre - near,
        "near_upper": centre + near,
    }
