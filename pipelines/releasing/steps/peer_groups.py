"""Decides who is compared with whom: each ward's peer group and reporting class."""

import polars as pl

from schemas.measures import DERIVED_FIELDS, Measure
from schemas.programme import DisclosurePolicy

LEFT_OUT = ("partial", "null")
STANDING = ("trained_n", "ti_trained_n")  # counts of the same people month after month


def may_be_compared(measure: Measure) -> bool:
    """Whether a measure is a ratio of counts that is neither restricted nor a repeated state."""
    repeated = set(measure.denominator) & set(DERIVED_FIELDS)
    return measure.is_ratio and not measure.restricted and not repeated


def stands_by_itself(measure: Measure) -> bool:
    """Whether each month is separate evidence: not if the same people are counted again."""
    return not set(measure.numerator) & set(STANDING)


def rules_of(measures: list[Measure], policy: DisclosurePolicy) -> pl.DataFrame:
    """What a comparison may rest on, for each measure.

    Columns: `measure`, `percent` (whether it is one), and the smallest denominators over a year for
    a comparison (`smallest`) and for a figure to be shown at all (`fewest`).
    """
    rows = [
        (m.id, m.unit == "percent", _smallest_window(m, policy), _fewest(m, policy))
        for m in measures
    ]
    numbers = {"smallest": pl.Float64, "fewest": pl.Float64}
    types = {"measure": pl.String, "percent": pl.Boolean, **numbers}
    return pl.DataFrame(rows, schema=types, orient="row")


def _smallest_window(measure: Measure, policy: DisclosurePolicy) -> float:
    least = policy.smallest_respondents if measure.unit == "percent" else policy.smallest_bed_days
    own = policy.least_answers(measure.of_people)
    return float(max(least, own, measure.minimum_denominator))


def _fewest(measure: Measure, policy: DisclosurePolicy) -> float:
    return float(max(1, policy.least_answers(measure.of_people)))


def groups_of(wards: pl.DataFrame) -> pl.DataFrame:
    """The peer group of each ward today: unit_id, trust_code, peer_group, peer_group_name."""
    return (
        wards.filter(pl.col("ward_id") == pl.col("current_ward_id"))
        .sort("valid_from")
        .group_by(unit_id="ward_id")
        .agg(
            pl.col("current_trust_code").last().alias("trust_code"),
            pl.col("peer_group", "peer_group_name").last(),
        )
    )


def grouped(units: pl.DataFrame, wards: pl.DataFrame) -> pl.DataFrame:
    """Rows of wards with their peer group today; other rows are dropped."""
    return units.join(groups_of(wards).drop("trust_code"), on="unit_id")


def with_class(units: pl.DataFrame, completeness: pl.DataFrame) -> pl.DataFrame:
    """Rows of wards with their reporting class, in the column `class`."""
    classes = (
        completeness.filter(pl.col("scope") == "reporting")
        .sort("month", nulls_last=False)
        .group_by(unit_id="ward_id", measure="measure")
        .agg(pl.col("state").last().alias("class"))
    )
    return units.join(classes, on=["unit_id", "measure"], how="left")
