"""The value that each kind of chart shows, and which points are judged."""

from datetime import date

import polars as pl
import pytest

from pipelines.statistics.method import Method
from pipelines.statistics.points import points

MONTHS = pl.date_range(date(2024, 1, 1), date(2025, 6, 1), "1mo", eager=True)
LATER = 14  # months with 2 of 100 each


def charted(chart: str, **columns: list[float | None]) -> pl.DataFrame:
    """0 of 0, 6 of an unknown number, 3 of 100 and a missing month, before the later ones."""
    counts: dict[str, list[float | None]] = {
        "numerator": [0.0, 6.0, 3.0, None, *[2.0] * LATER],
        "denominator": [0.0, None, 100.0, None, *[100.0] * LATER],
    }
    frame = pl.DataFrame({"date": MONTHS, **counts, **columns})
    return points(frame, Method(chart=chart))


@pytest.mark.parametrize(
    ("chart", "values"),
    [
        ("xmr", [None, 6.0, 0.03]),
        ("run", [None, 6.0, 0.03]),
        *((chart, [None, None, 0.03]) for chart in ("p", "pp", "u", "up")),
    ],
)
def test_a_value_is_a_ratio_or_where_the_chart_takes_one_a_count(chart, values):
    assert charted(chart)["value"].to_list()[:3] == values


def test_a_value_that_is_given_is_taken_but_where_the_chart_needs_the_ratio():
    given = [0.5] * len(MONTHS)
    assert charted("xmr", value=given)["value"].to_list() == given
    assert charted("u", value=given)["value"].to_list()[:3] == [None, None, 0.03]


def test_only_points_that_are_there_and_on_a_chart_with_signals_are_judged():
    assert charted("points")["kind"].null_count() == len(MONTHS)
    for chart in ("xmr", "u"):
        found = charted(chart)
        assert found["kind"].is_null().to_list() == found["value"].is_null().to_list(), chart


def test_a_running_sum_takes_no_month_in_which_nothing_could_be_counted():
    found = charted("cusum")
    assert found["value"].is_null().to_list()[:4] == [True, False, False, True]
