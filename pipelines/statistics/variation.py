"""What a special cause means: improvement, concern, or neither where no direction is better."""

from functools import cache

import narwhals as nw


@cache
def kind() -> nw.Expr:
    """The kind of a point, from its `cause`, `high` and `direction`."""
    high, direction = nw.col("high"), nw.col("direction")
    better = high == (direction == "up")
    judged = nw.when(better).then(nw.lit("improvement")).otherwise(nw.lit("concern"))
    neutral = nw.when(high).then(nw.lit("neutral_high")).otherwise(nw.lit("neutral_low"))
    named = nw.when(direction.is_in(["up", "down"])).then(judged).otherwise(neutral)
    return nw.when(nw.col("cause").is_null()).then(nw.lit("common")).otherwise(named)


@cache
def icon() -> nw.Expr:
    """A point's kind with its height, as an icon names it: `improvement_high`."""
    base = nw.col("kind")
    plain = base.is_in(["improvement", "concern"])
    height = nw.when(nw.col("high")).then(nw.lit("_high")).otherwise(nw.lit("_low"))
    return nw.when(plain).then(nw.concat_str(base, height)).otherwise(base)
