"""The three figures that a collaborative reports about itself."""

import polars as pl
import pytest

from pipelines.statistics.improvement import improvement


def units(*rows):
    """Rows of (variation, before n, before d, after n, after d)."""
    names = ["numerator_before", "denominator_before", "numerator_after", "denominator_after"]
    types = {"variation": pl.String} | dict.fromkeys(names, pl.Float64)
    return pl.DataFrame(rows, schema=types, orient="row")


def test_units_are_counted_by_their_signal_and_changes_are_pooled():
    made = improvement(
        units(
            ("improvement_high", 80, 100, 95, 100),
            ("common", 90, 100, 92, 100),
            ("concern_low", 30, 50, 20, 50),
            (None, None, None, 5, 5),
            ("neutral_high", 0, 0, 1, 2),
        )
    ).row(0, named=True)
    assert made["units"] == 5
    assert [made[k] for k in ("improved", "unchanged", "worsened", "changed", "not_judged")] == [
        1
    ] * 5
    assert made["compared"] == 3
    assert made["before"] == 200 / 250
    assert made["after"] == 207 / 250
    assert made["change"] == pytest.approx(0.028)
    assert made["relative_change"] == pytest.approx(0.035)
    assert made["lowest_change"] == pytest.approx(-0.2)
    assert made["highest_change"] == pytest.approx(0.15)


def test_groups_are_summed_apart():
    frame = units(("common", 1, 2, 2, 2), ("improvement_low", 4, 4, 1, 4))
    made = improvement(frame.with_columns(measure=pl.Series(["a", "b"])), by=["measure"])
    assert made.select("measure", "improved", "change").rows() == [("a", 0, 0.5), ("b", 1, -0.75)]


def test_nothing_to_compare_leaves_changes_empty():
    made = improvement(units((None, None, None, None, None))).row(0, named=True)
    assert (made["units"], made["compared"], made["not_judged"]) == (1, 0, 1)
    assert made["change"] is made["before"] is made["highest_change"] is None


def test_a_rate_that_was_zero_has_no_relative_change():
    made = improvement(units(("common", 0, 100, 5, 100))).row(0, named=True)
    assert (made["change"], made["relative_change"]) == (0.05, None)
