"""Can the process be expected to meet its target?"""

from functools import cache
from typing import Literal

import narwhals as nw

from pipelines.statistics.method import TRIAL_BELOW


@cache
def assurance(form: Literal["mdc", "strict"]) -> nw.Expr:
    """pass, fail or hit_or_miss from a row's limits, target and direction.

    Empty without a direction, a target, limits, or twelve points in the phase. A target on a
    limit counts as met (`mdc`, tested first) or as hit or miss (`strict`).
    """
    target, up = nw.col("target"), nw.col("direction") == "up"
    lower, upper = nw.col("lower"), nw.col("upper")
    if form == "mdc":
        passes = nw.when(up).then(lower >= target).otherwise(upper <= target)
    else:
        passes = nw.when(up).then(lower > target).otherwise(upper < target)
    fails = nw.when(up).then(upper < target).otherwise(lower > target)
    judged = nw.when(fails).then(nw.lit("fail")).otherwise(nw.lit("hit_or_miss"))
    judged = nw.when(passes).then(nw.lit("pass")).otherwise(judged)
    known = (
        (nw.col("direction") != "none")
        & ~target.is_null()
        & ~lower.is_null()
        & (nw.col("points") >= TRIAL_BELOW)
    )
    return nw.when(known).then(judged)
