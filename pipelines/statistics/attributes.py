"""Limits for counts: p and p′ (proportions), u and u′ (rates), and c charts.

Sources: Shewhart's formulas; p′ and u′ after Laney 2002, where the points' own spread (σz) widens
or narrows the limits, without a floor at 1.
"""

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.exact_mean import with_means
from pipelines.statistics.method import Method
from pipelines.statistics.moving_range import screened, with_moves
from pipelines.statistics.series_order import keys
from pipelines.statistics.xmr import SIGMA


def proportion_limits(frame: FrameT, method: Method, laney: bool) -> FrameT:
    """Add p (or, with `laney`, p′) limits to proportions from 0 to 1."""
    frame = _with_pooled_ratio(frame)
    centre = nw.col("centre")
    frame = frame.with_columns(_sd=_root(centre * (1 - centre) / _size()))
    return _limits(_widened(frame, method) if laney else frame, ceiling=1.0)


def rate_limits(frame: FrameT, method: Method, laney: bool) -> FrameT:
    """Add u (or, with `laney`, u′) limits to rates per unit of the denominator."""
    frame = _with_pooled_ratio(frame)
    frame = frame.with_columns(_sd=_root(nw.col("centre") / _size()))
    return _limits(_widened(frame, method) if laney else frame)


def count_limits(frame: FrameT) -> FrameT:
    """Add c limits to counts with a constant opportunity."""
    used = nw.when(nw.col("used_in_limits")).then(nw.col("value"))
    frame = with_means(frame, {"centre": used}, keys(frame, "group"))
    return _limits(frame.with_columns(_sd=_root(nw.col("centre"))))


def _root(variance: nw.Expr) -> nw.Expr:
    """The square root, or empty if there is none, as for a proportion wrongly above 1."""
    return nw.when(variance >= 0).then(variance).sqrt()


def _size() -> nw.Expr:
    """The denominator; empty where it is 0, as there are no limits of nothing."""
    denominator = nw.col("denominator")
    return nw.when(denominator > 0).then(denominator)


def _with_pooled_ratio(frame: FrameT) -> FrameT:
    used = {
        f"_mean_{name}": nw.when(nw.col("used_in_limits")).then(nw.col(name))
        for name in ("numerator", "denominator")
    }
    frame = with_means(frame, used, keys(frame, "group"))
    return frame.with_columns(centre=nw.col("_mean_numerator") / nw.col("_mean_denominator"))


def _widened(frame: FrameT, method: Method) -> FrameT:
    sd = nw.col("_sd")
    standard = nw.when(sd > 0).then((nw.col("value") - nw.col("centre")) / sd)
    frame = frame.with_columns(_z=standard)
    frame = with_moves(frame, nw.col("_z"))
    frame = with_means(frame, {"_mean_range": nw.col("_move")}, keys(frame, "group"))
    frame = screened(frame, method.screen)
    spread = nw.col("_mean_range") * SIGMA
    # If nobody or everybody says yes, there is no spread to measure and nothing to widen.
    widened = nw.when(sd > 0).then(sd * spread).otherwise(sd)
    return frame.with_columns(_sd=widened, narrowed=((spread > 0) & (spread < 1)).fill_null(False))


def _limits(frame: FrameT, ceiling: float | None = None) -> FrameT:
    centre, sd = nw.col("centre"), nw.col("_sd")
    frame = frame.with_columns(
        lower=(centre - 3 * sd).clip(lower_bound=0.0),
        near_lower=(centre - 2 * sd).clip(lower_bound=0.0),
        upper=(centre + 3 * sd).clip(upper_bound=ceiling),
        near_upper=(centre + 2 * sd).clip(upper_bound=ceiling),
    )
    if "screening_refused" not in frame.collect_schema().names():
        frame = frame.with_columns(screening_refused=nw.lit(False))
    return frame
