"""Works out a series' two icons: what its variation means, and whether it will meet its target."""

from typing import Literal

import narwhals as nw

from pipelines.statistics.method import TRIAL_BELOW
from pipelines.statistics.steps import word_number

KINDS = (None, "common", "improvement", "concern", "neutral_high", "neutral_low")


def assurance(form: Literal["mdc", "strict"]) -> nw.Expr:
    """The assurance (pass, fail or hit_or_miss) from a row's limits, target and direction.

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


def kind(eager: bool) -> nw.Expr:
    """The kind of a point as its place in `KINDS`, from its `cause`, `high` and `direction`."""
    marked, high, direction = ~nw.col("cause").is_null(), nw.col("high"), nw.col("direction")
    neutral = (direction != "up") & (direction != "down")
    found = word_number(eager, KINDS.index("common"))
    for name, holds in (
        ("concern", marked),
        ("improvement", marked & (high == (direction == "up"))),
        ("neutral_low", marked & neutral),
        ("neutral_high", marked & neutral & high),
    ):
        found = nw.when(holds).then(word_number(eager, KINDS.index(name))).otherwise(found)
    return found


def icon() -> nw.Expr:
    """A point's kind with its height, as in an icon's name: `improvement_high`."""
    base = nw.col("kind").cast(nw.String)
    plain = base.is_in(["improvement", "concern"])
    height = nw.when(nw.col("high")).then(nw.lit("_high")).otherwise(nw.lit("_low"))
    return nw.when(plain).then(nw.concat_str(base, height)).otherwise(base)
