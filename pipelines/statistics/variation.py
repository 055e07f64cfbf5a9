"""What a special cause means: improvement, concern, or neither where no direction is better."""

import narwhals as nw


def kind() -> nw.Expr:
    """The kind of a point, from its `cause`, `high` and `direction`."""
    high, direction = nw.col("high"), nw.col("direction")
    better = nw.lit("improvement")
    worse = nw.lit("concern")
    upwards = nw.when(high).then(better).otherwise(worse)
    downwards = nw.when(high).then(worse).otherwise(better)
    neutral = nw.when(high).then(nw.lit("neutral_high")).otherwise(nw.lit("neutral_low"))
    named = nw.when(direction == "down").then(downwards).otherwise(neutral)
    named = nw.when(direction == "up").then(upwards).otherwise(named)
    return nw.when(nw.col("cause").is_null()).then(nw.lit("common")).otherwise(named)


def icon() -> nw.Expr:
    """A point's kind with its height, as an icon names it: `improvement_high`."""
    base = nw.col("kind")
    plain = base.is_in(["improvement", "concern"])
    height = nw.when(nw.col("high")).then(nw.lit("_high")).otherwise(nw.lit("_low"))
    return nw.when(plain).then(nw.concat_str(base, height)).otherwise(base)
