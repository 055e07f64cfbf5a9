"""Limits for counts: p and p′ (proportions), u and u′ (rates), and c charts.

Sources: Shewhart's formulas; p′ and u′ after Laney 2002, where the points' own spread (σz) widens
or narrows the limits, without a floor at 1.
"""

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.exact_mean import with_means
from pipelines.statistics.method import Method
from pipelines.statistics.moving_range import screened, with_moves
from pipelines.statistics.run_chart import in_limits
from pipelines.statistics.series_order import keys
from pipelines.statistics.steps import added
from pipelines.statistics.xmr import SIGMA


def proportion_limits(frame: FrameT, method: Method, laney: bool) -> FrameT:
    """Add p (or, with `laney`, p′) limits to proportions from 0 to 1."""
    frame = added(_with_pooled_ratio(frame), _spread_of_proportion)
    return added(_widened(frame, method) if laney else frame, _limits, 1.0)


def rate_limits(frame: FrameT, method: Method, laney: bool) -> FrameT:
    """Add u (or, with `laney`, u′) limits to rates per unit of the denominator."""
    frame = added(_with_pooled_ratio(frame), _spread_of_rate)
    return added(_widened(frame, method) if laney else frame, _limits, None)


def count_limits(frame: FrameT) -> FrameT:
    """Add c limits to counts with a constant opportunity."""
    frame = added(frame, in_limits, "value")
    frame = with_means(frame, {"centre": "_used"}, keys(frame, "group"))
    return added(added(frame, _spread_of_count), _limits, None)


def _spread_of_proportion(_: bool) -> dict[str, nw.Expr]:
    centre = nw.col("centre")
    return {"_sd": _root(centre * (1 - centre) / _size())}


def _spread_of_rate(_: bool) -> dict[str, nw.Expr]:
    return {"_sd": _root(nw.col("centre") / _size())}


def _spread_of_count(_: bool) -> dict[str, nw.Expr]:
    return {"_sd": _root(nw.col("centre"))}


def _root(variance: nw.Expr) -> nw.Expr:
    """The square root, or empty if there is none, as for a proportion wrongly above 1."""
    return nw.when(variance >= 0).then(variance).sqrt()


def _size() -> nw.Expr:
    """The denominator; empty where it is 0, as there are no limits of nothing."""
    denominator = nw.col("denominator")
    return nw.when(denominator > 0).then(denominator)


def _with_pooled_ratio(frame: FrameT) -> FrameT:
    means = {"_mean_n": "_n", "_mean_d": "_d"}
    return added(with_means(added(frame, _counts), means, keys(frame, "group")), _pooled)


def _counts(_: bool) -> dict[str, nw.Expr]:
    used = nw.when(nw.col("used_in_limits"))
    return {"_n": used.then(nw.col("numerator")), "_d": used.then(nw.col("denominator"))}


def _pooled(_: bool) -> dict[str, nw.Expr]:
    return {"centre": nw.col("_mean_n") / nw.col("_mean_d")}


def _widened(frame: FrameT, method: Method) -> FrameT:
    frame = with_moves(added(frame, _standardised), "_z")
    frame = with_means(frame, {"_mean_range": "_move"}, keys(frame, "group"))
    return added(screened(frame) if method.screen else frame, _by_spread)


def _standardised(_: bool) -> dict[str, nw.Expr]:
    sd = nw.col("_sd")
    return {"_z": nw.when(sd > 0).then((nw.col("value") - nw.col("centre")) / sd)}


def _by_spread(_: bool) -> dict[str, nw.Expr]:
    sd, spread = nw.col("_sd"), nw.col("_mean_range") * SIGMA
    # If nobody or everybody says yes, there is no spread to measure and nothing to widen.
    widened = nw.when(sd > 0).then(sd * spread).otherwise(sd)
    return {"_sd": widened, "narrowed": ((spread > 0) & (spread < 1)).fill_null(False)}


def _limits(_: bool, ceiling: float | None) -> dict[str, nw.Expr]:
    centre, sd = nw.col("centre"), nw.col("_sd")
    return {
        "lower": (centre - 3 * sd).clip(lower_bound=0.0),
        "near_lower": (centre - 2 * sd).clip(lower_bound=0.0),
        "upper": (centre + 3 * sd).clip(upper_bound=ceiling),
        "near_upper": (centre + 2 * sd).clip(upper_bound=ceiling),
    }
