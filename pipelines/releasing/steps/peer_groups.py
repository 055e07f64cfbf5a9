"""Decides who is compared with whom: each ward's peer group and reporting class."""

import polars as pl

from schemas.measures import DERIVED_FIELDS, Measure
from schemas.programme import DisclosurePolicy

LEFT_OUT = ("partial", "null")
STANDING = ("trained_n",)  # counts of the same people month after month


def may_be_compared(measure: Measure) -> bool:
    """Whether a measure is a ratio of counts that is neither restricted nor a repeated state."""
    repeated = set(measure.denominator) & set(DERIVED_FIELDS)
    return measure.is_ratio and not measure.restricted and not repeated


def stands_by_itself(measure: Measure) -> bool:
    """Whether each month is separate evidence: not if the same people are counted again."""
    return not set(measure.numerator) & set(STANDING)


def smallest_window(measure: Measure, policy: DisclosurePolicy) -> float:
    """The smallest denominator over a year that is enough for a comparison."""
    least = policy.smallest_respondents if measure.unit == "percent" else policy.smallest_bed_days
    own = policy.least_answers(measure.of_people)
    return float(max(least, own, measure.minimum_denominator))


def grouped(units: pl.DataFrame, wards: pl.DataFrame) -> pl.DataFrame:
    """Rows of wards with their peer group today; other rows are dropped."""
    today = (
        wards.filter(pl.col("ward_id") == pl.col("current_ward_id"))
        .sort("valid_from")
        .group_by(unit_id="ward_id")
        .agg(pl.col("peer_group", "peer_group_name").last())
    )
    return units.join(today, on="unit_id")


def with_class(units: pl.DataFrame, completeness: pl.DataFrame) -> pl.DataFrame:
    """Rows of wards with their reporting class, in the column `class`."""
    classes = (
        completeness.filter(pl.col("scope") == "reporting")
        .sort("month", nulls_last=False)
        .group_by(unit_id="ward_id", measure="measure")
        .agg(pl.col("state").last().alias("class"))
    )
    return units.join(classes, on=["unit_id", "measure"], how="left")
