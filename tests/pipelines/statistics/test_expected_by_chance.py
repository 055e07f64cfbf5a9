"""How many signals there would be if nothing had changed."""

import polars as pl
import pytest

from pipelines.measures import load
from pipelines.releasing.steps.expected_by_chance import signals_by_chance, table
from pipelines.statistics.expected_by_chance import with_chance

SMALL = pl.DataFrame(
    [
        ("rate", 12, 1.0, None, 0.01),
        ("rate", 12, 10.0, None, 0.02),
        ("rate", 60, 1.0, None, 0.03),
        ("proportion", 12, 1.2, 12, 0.04),
        ("proportion", 12, 12.0, 120, 0.05),
    ],
    schema=["unit", "months", "mean", "size", "chance"],
    orient="row",
)


@pytest.mark.parametrize(
    ("unit", "months", "centre", "size", "chance"),
    [
        ("rate", 13, 0.002, 450, 0.01),
        ("rate", 13, 0.02, 450, 0.02),
        ("rate", 48, 0.002, 450, 0.03),
        ("proportion", 12, 0.9, 13, 0.04),
        ("proportion", 12, 0.9, 100, 0.05),
        ("proportion", 12, 1.0, 12, 0.04),
        ("rate", 12, 0.0, 450, 0.01),
        ("days", 12, 3.0, 1, None),
        ("rate", 12, None, 450, None),
    ],
)
def test_the_nearest_simulated_series_is_taken(unit, months, centre, size, chance):
    series = pl.DataFrame(
        {"unit": [unit], "months": [months], "centre": [centre], "size": [float(size)]},
        schema_overrides={"centre": pl.Float64},
    )
    assert with_chance(series, SMALL)["chance"].to_list() == [chance]


def test_the_stored_table_is_whole():
    stored = table()
    assert stored["chance"].is_between(0, 0.3).all()
    assert stored["chance"].max() > 0.005
    assert set(stored["unit"]) == {"rate", "proportion"}
    assert stored.filter(pl.col("unit") == "proportion")["size"].null_count() == 0
    assert stored.select("unit", "months", "mean", "size").is_duplicated().sum() == 0


def test_signals_of_a_release_get_their_chance():
    signals = pl.DataFrame(
        {
            "measure": ["SS-O1", "SS-I1", "SS-I7", "SS-O1"],
            "n": [24, 24, 24, 24],
            "months": [1, 1, 1, 1],
            "centre": [0.88, 0.02, 40.0, 0.88],
            "denominator": [12.0, 450.0, None, 12.0],
            "variation": ["common", "neutral_high", "common", None],
        }
    )
    made = signals_by_chance(signals, load())
    assert made.drop("chance").equals(signals)
    assert made["chance"].is_null().to_list() == [False, False, True, True]
