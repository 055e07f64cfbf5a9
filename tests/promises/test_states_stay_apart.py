"""Zero, nil return, missing, not applicable and closed are different states, never blanks."""

import polars as pl
import pytest

from schemas.cells import STATES

COUNTED = ("value", "nil")
FIGURES = {"observations": COUNTED, "points": (*COUNTED, "baseline")}


def test_the_demo_holds_every_state(tables):
    assert set(tables["cells"]["state"]) == set(STATES)


def test_only_a_value_or_a_nil_return_has_a_figure(tables):
    for table, states in FIGURES.items():
        frame = tables[table]
        without = frame.filter(~pl.col("state").is_in(states), pl.col("value").is_not_null())
        assert without.is_empty()
        silent = frame.filter(
            pl.col("state").is_in(COUNTED), pl.col("value").is_null(), pl.col("level") == "ward"
        )
        assert silent.is_empty(), silent


def test_a_nil_return_is_a_zero_and_a_missing_one_is_not(tables):
    nil = tables["observations"].filter(pl.col("state") == "nil")
    assert nil.height > 0
    assert set(nil["numerator"]) == {0.0}
    missing = tables["observations"].filter(pl.col("state") == "missing", pl.col("level") == "ward")
    assert missing.height > 0
    assert missing["value"].null_count() == missing.height


def test_every_expected_month_of_every_ward_is_there(tables):
    wards = tables["observations"].filter(pl.col("level") == "ward", pl.col("measure") == "SS-O1")
    assert wards["unit_id"].n_unique() >= 12
    for _, ward in wards.group_by("unit_id"):
        span = ward["month"].max().year * 12 + ward["month"].max().month
        span -= ward["month"].min().year * 12 + ward["month"].min().month
        assert ward.height == span + 1


@pytest.mark.parametrize("table", ["observations", "points"])
@pytest.mark.parametrize("column", ["numerator", "denominator", "value"])
def test_no_figure_in_the_release_is_a_sentinel(tables, table, column):
    assert tables[table][column].min() >= 0
