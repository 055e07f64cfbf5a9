"""Fills in months before charting, and works out the state of quarters and years afterwards."""

from collections.abc import Sequence

import polars as pl

from schemas.periods import Month
from schemas.programme import Pause

TOOK_PART = ["value", "nil", "missing"]


def monthly(rows: pl.DataFrame, pauses: Sequence[Pause]) -> pl.DataFrame:
    """One row for each `series` and month from its first to its last, without gaps.

    Takes observations with a `series`; `month` becomes `date`. Adds `stretch`, which changes
    whenever the programme pauses or resumes.
    """
    ends = rows.group_by("series").agg(first=pl.col("month").min(), last=pl.col("month").max())
    dates = pl.date_ranges("first", "last", interval="1mo")
    whole = ends.sort("series").select("series", date=dates).explode("date")
    kept = rows.select(
        "series",
        "numerator",
        "denominator",
        "value",
        "state",
        "provisional",
        "queried",
        date="month",
    )
    whole = whole.join(kept, on=["series", "date"], how="left", maintain_order="left")
    in_pause = _in(pauses)
    state = pl.when(in_pause).then(pl.lit("paused")).otherwise(pl.col("state").fill_null("missing"))
    whole = whole.with_columns(pl.col("provisional", "queried").fill_null(False), state=state)
    has_value = pl.col("state").is_in(["value", "nil", "baseline"])
    paused = pl.col("state") == "paused"
    return whole.with_columns(
        pl.when(has_value).then(pl.col("numerator", "denominator", "value")),
        stretch=paused.rle_id().over("series", order_by="date").cast(pl.Int64),
    )


def with_states(points: pl.DataFrame, months: pl.DataFrame) -> pl.DataFrame:
    """Give points that cover 3 or 12 of `months` their state, and whether provisional or queried.

    A longer period is a baseline if a ward had yet to take part in it; where it did, the months of
    its baseline count for nothing. Another has a value; or is
    closed or paused if all of it was; or is not applicable if no month of it applied; or is
    missing. Any point that rests on too few people is `few`.
    """
    few = pl.when("few").then(pl.lit("few")).otherwise("state").alias("state")
    single = points.filter(pl.col("months") == 1)  # which has its own
    longer = points.filter(pl.col("months") > 1).drop("state", "provisional", "queried")
    if longer.is_empty():
        return single.with_columns(few)
    about = months.select("series", "date", "state", "provisional", "queried")
    step = pl.int_ranges(0, "months")
    held = longer.select("series", "date", "months", step=step).explode("step")
    held = held.with_columns(month=pl.col("date").dt.offset_by(pl.format("{}mo", "step")))
    held = held.join(about.rename({"date": "month"}), on=["series", "month"])
    took_part = pl.col("state").is_in(TOOK_PART).any().over("series", "date")
    held = held.filter((pl.col("state") != "baseline") | ~took_part)
    states = held.group_by("series", "date").agg(
        pl.col("provisional", "queried").any(),
        any_baseline=(pl.col("state") == "baseline").any(),
        all_closed=(pl.col("state") == "closed").all(),
        all_paused=(pl.col("state") == "paused").all(),
        never_applied=pl.col("state").is_in(["closed", "paused", "not_applicable"]).all(),
    )
    longer = longer.join(states, on=["series", "date"], how="left").with_columns(
        state=pl.when(pl.col("value").is_not_null() & pl.col("any_baseline"))
        .then(pl.lit("baseline"))
        .when(pl.col("value").is_not_null())
        .then(pl.lit("value"))
        .when("all_closed")
        .then(pl.lit("closed"))
        .when("all_paused")
        .then(pl.lit("paused"))
        .when("never_applied")
        .then(pl.lit("not_applicable"))
        .otherwise(pl.lit("missing"))
    )
    return pl.concat([single, longer.select(single.columns)]).with_columns(few)


def _in(pauses: Sequence[Pause]) -> pl.Expr:
    inside = [
        pl.col("date").is_between(Month.parse(p.first).first_day, Month.parse(p.last).last_day)
        for p in pauses
    ]
    return pl.any_horizontal(pl.col("state").eq_missing("paused"), *inside)
