"""XmR charts agree with NHSRplotthedots 0.2.2, point by point, in its own settings."""

from datetime import date

import polars as pl
import pytest

from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.signals import signals

DIRECTIONS = {"increase": "up", "decrease": "down", "neutral": "none"}
VARIANTS = ("base", "noscreen", "rebase", "fix", "rebase_fix", "rebase_noscreen")
KINDS = {
    "common_cause": "common",
    "special_cause_improvement": "improvement",
    "special_cause_concern": "concern",
    "special_cause_neutral_high": "neutral_high",
    "special_cause_neutral_low": "neutral_low",
}
CAUSES = {
    "Above UCL": "outside high",
    "Below LCL": "outside low",
    "7 Point Trend (Increasing)": "trend high",
    "7 Point Trend (Decreasing)": "trend low",
    "2 in 3 Above CL": "two_of_three high",
    "2 in 3 Below CL": "two_of_three low",
    "7 Points Above CL": "shift high",
    "7 Points Below CL": "shift low",
}
ASSURANCE = {"pass": "consistent_pass", "fail": "consistent_fail", "hit_or_miss": "inconsistent"}
NUMBERS = {
    "centre": "mean",
    "lower": "lpl",
    "upper": "upl",
    "near_lower": "nlpl",
    "near_upper": "nupl",
}
FLAGS = {
    "used_in_limits": "used_in_limits_theirs",
    "side": "relative_to_mean",
    "rule_outside": "rule_outside_theirs",
    "rule_trend": "rule_trend_theirs",
    "rule_two_of_three": "rule_2in3",
    "rule_shift": "rule_shift_theirs",
    "kind": "their_kind",
    "our_cause": "their_cause",
}
# Where screening leaves no moving range at all the package puts both limits on the mean and
# calls every point special; this product does not screen then, and says so.
COLLAPSED = ("ward_inc_rare", "edge_flat_one_step")


def _case(golden, variant, direction):
    theirs = golden("ptd_points.parquet").filter(
        (pl.col("variant") == variant) & (pl.col("improvement_direction") == direction)
    )
    return theirs.with_columns(pl.col("date").str.to_date(), series="series_id")


def _input(theirs):
    group = pl.col("rebase_group")
    changed = group != group.shift(1).over("series", order_by="date")
    return theirs.select(
        "series",
        "date",
        value=pl.col("y").cast(pl.Float64),
        phase_start=changed.fill_null(False),
        baseline=pl.col("fix_after_n_points").cast(pl.Int64),
    )


def _method(theirs, direction):
    return Method(
        chart="xmr",
        screen=theirs["screen_outliers"][0] == "TRUE",
        two_of_three="ptd",
        assurance="strict",
        direction=DIRECTIONS[direction],
    )


def _joined(theirs, ours):
    joined = ours.join(theirs, on=["series", "date"], suffix="_theirs", validate="1:1")
    assert len(joined) == len(theirs) == len(ours)
    height = pl.when("high").then(pl.lit("high")).otherwise(pl.lit("low"))
    return joined.with_columns(
        their_kind=pl.col("point_type").replace_strict(KINDS),
        our_cause=pl.concat_str("cause", height, separator=" "),
        their_cause=pl.col("special_cause_type").replace_strict(CAUSES, default=None),
    )


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_point_agrees(golden, disagreements, variant, direction):
    theirs = _case(golden, variant, direction)
    ours = points(_input(theirs), _method(theirs, direction))
    joined = _joined(theirs, ours)
    collapsed = pl.col("series").is_in(COLLAPSED) & (pl.col("amr").cast(pl.Float64) == 0)
    held = joined.filter(pl.col("lpl").is_not_null() & ~collapsed.fill_null(False))
    assert len(held) > 0.85 * len(joined)
    assert not disagreements(held, NUMBERS, FLAGS)


@pytest.mark.parametrize("variant", ["base", "rebase"])
def test_deliberate_difference_a_constant_series_has_its_limits_on_the_mean(golden, variant):
    """The package computes no limits, and so no assurance either."""
    theirs = _case(golden, variant, "increase")
    joined = _joined(theirs, points(_input(theirs), _method(theirs, "increase")))
    constant = joined.filter(pl.col("lpl").is_null() & (pl.col("series") != "edge_n1"))
    assert not constant.is_empty()
    for line in ("lower", "upper", "near_lower", "near_upper", "value"):
        assert constant[line].to_list() == constant["centre"].to_list()
    assert (constant["kind"] == "common").all()
    assert not constant["rule_outside"].any()


def test_deliberate_difference_screening_never_leaves_limits_on_the_mean(golden):
    theirs = _case(golden, "base", "increase").filter(pl.col("series").is_in(COLLAPSED))
    method = _method(theirs, "increase")
    screened = points(_input(theirs), method)
    unscreened = points(_input(theirs), Method(chart="xmr", two_of_three="ptd", direction="up"))
    assert (theirs["amr"].cast(pl.Float64) == 0).all()
    assert screened.equals(unscreened)
    assert (screened["upper"] > screened["centre"]).all()
    reasons = signals(_input(theirs), method)["reason"]
    assert reasons.str.contains("were not screened").all()


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_icon_agrees(golden, variant, direction):
    """Variation of the last point, and strict assurance, for every target tried."""
    theirs = _case(golden, variant, direction)
    collapsed = COLLAPSED if theirs["screen_outliers"][0] == "TRUE" else ()
    icons = golden("ptd_icons.parquet").filter(
        (pl.col("variant") == variant)
        & (pl.col("improvement_direction") == direction)
        & pl.col("last_lpl").is_not_null()
        & ~pl.col("series_id").is_in(collapsed)
    )
    assert not icons.is_empty()
    for (kind,), asked in icons.group_by("target_kind"):
        asked = asked.select(
            "variation_icon", "assurance_type", series="series_id",
            target=pl.col("target").cast(pl.Float64),
        )  # fmt: skip
        data = _input(theirs).join(asked, on="series").sort("series", "date")
        ours = signals(data, _method(theirs, direction)).join(asked, on="series")
        variation = ours["variation"].replace({"common": "common_cause"}) + ".svg"
        assert variation.to_list() == ours["variation_icon"].to_list(), kind
        lasting = data.group_by("series").agg(
            in_phase=pl.len() - pl.col("phase_start").arg_true().last().fill_null(0).cast(pl.Int64)
        )
        enough = ours.join(lasting, on="series").filter(pl.col("in_phase") >= 12)
        said = enough["assurance"].replace(ASSURANCE)
        assert said.to_list() == enough["assurance_type"].to_list(), kind


def test_deliberate_difference_fewer_than_twelve_points_promise_nothing(golden):
    theirs = _case(golden, "noscreen", "increase")
    short = _input(theirs).filter(pl.len().over("series") < 12).with_columns(target=pl.lit(1e9))
    assert not short.is_empty()
    assert signals(short, _method(theirs, "increase"))["assurance"].is_null().all()


@pytest.mark.parametrize(
    ("direction", "target", "mdc", "strict"),
    [
        ("up", 100.0, "pass", "hit_or_miss"),
        ("up", 101.0, "fail", "fail"),
        ("up", 99.0, "pass", "pass"),
        ("down", 100.0, "pass", "hit_or_miss"),
        ("down", 101.0, "pass", "pass"),
        ("down", 99.0, "fail", "fail"),
        ("none", 100.0, None, None),
    ],
)
def test_deliberate_difference_a_constant_100_meets_a_target_of_100(direction, target, mdc, strict):
    data = pl.DataFrame(
        {"date": [date(2025, 1 + i, 1) for i in range(12)], "value": [100.0] * 12}
    ).with_columns(target=pl.lit(target))
    for form, expected in (("mdc", mdc), ("strict", strict)):
        method = Method(chart="xmr", direction=direction, assurance=form)
        assert signals(data, method)["assurance"].to_list() == [expected]


def test_two_of_three_agrees_with_the_form_announced_in_november_2023(golden):
    """Points outside the limits count, and are marked too; on the package's own limits."""
    told = golden("mdc2024_2in3.parquet")
    compared = 0
    for variant in VARIANTS:
        theirs = _case(golden, variant, "increase")
        method = Method(chart="xmr", screen=theirs["screen_outliers"][0] == "TRUE")
        joined = _joined(theirs, points(_input(theirs), method))
        joined = joined.join(told, on=["case_id", "idx"], suffix="_told")
        if method.screen:
            joined = joined.filter(~pl.col("series").is_in(COLLAPSED))
        joined = joined.filter(pl.col("lpl").is_not_null())
        ours = joined["rule_two_of_three"]
        assert (ours == (joined["rule_2in3_mdc2024"].str.to_lowercase() == "true")).all()
        compared += len(joined)
    assert compared > 3500
