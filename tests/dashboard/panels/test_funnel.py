"""What stands under a funnel agrees with its title."""

import polars as pl

from dashboard.panels import funnel
from dashboard.words import headlines


def _found(*categories: str) -> pl.DataFrame:
    about = {"units": 2, "left_out": 1, "phi": 1.0, "tau2": 0.0}
    return pl.DataFrame([{"category": category, **about} for category in categories])


def test_no_ward_is_said_to_be_compared_where_none_can_be() -> None:
    none, some = _found("too_few", "too_few", "too_few"), _found("within", "within", "too_few")
    assert headlines.compared(none).startswith("None of 3 wards can be compared")
    assert funnel._notes(none) == []
    assert funnel._notes(some)[0] == "2 wards compared."
