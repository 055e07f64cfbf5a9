"""Measures on one scale: distances agree with the limits of each measure's own chart."""

from datetime import date

import polars as pl
import pytest

from dashboard.charts import one_scale
from dashboard.words import alt, titles

LINES = {"centre": 0.8, "lower": 0.5, "upper": 1.1, "near_lower": 0.6, "near_upper": 1.0}


def _points(*changes: dict[str, object]) -> pl.DataFrame:
    usual = {
        "measure": "SS-O1",
        "short_name": "Patients feel safe",
        "month": date(2026, 3, 1),
        "chart": "pp",
        "kind": "common",
        "value": 0.8,
        **LINES,
        "unit": "percent",
        "multiplier": 100,
        "direction": "up",
    }
    return pl.DataFrame([usual | change for change in changes])


@pytest.mark.parametrize("upper", [1.1, 1.0])
def test_a_limit_cut_short_does_not_shorten_sigma(upper: float) -> None:
    cut = {"upper": upper, "near_upper": min(upper, 1.0), "value": 0.5}
    assert one_scale.measured(_points(cut))["away"].to_list() == pytest.approx([-3])


def test_measures_without_such_limits_are_left_out() -> None:
    none = {"centre": None, "lower": None, "upper": None, "near_lower": None, "near_upper": None}
    wide = {"lower": 0.0, "near_lower": 0.0, "upper": 1.0, "near_upper": 1.0}
    flat = dict.fromkeys(LINES, 0.8)
    found = _points({"chart": "run", **none}, {"chart": "g"}, wide, flat)
    assert one_scale.measured(found).is_empty()


def test_what_is_far_out_is_drawn_at_the_edge_and_read_out_in_full() -> None:
    (row,) = one_scale.rows(one_scale.measured(_points({"value": 0.2, "kind": "concern"})))
    assert (row["z"], row["away"], row["look"]) == (-5.0, "6.0 sigma below", "Concern")
    assert row["name"] == "Patients feel safe (higher is better)"
    assert "20%" in one_scale.of_latest("Wards", one_scale.measured(_points({"value": 0.2})))


def test_each_measure_is_one_row_and_its_latest_point_the_large_one() -> None:
    months = [date(2026, month, 1) for month in (1, 2, 3)]
    other = {"measure": "SS-B1", "short_name": "Restrictive", "direction": "down"}
    found = [{"month": month, **of} for of in ({}, other) for month in months]
    rows = one_scale.rows(one_scale.measured(_points(*found)))
    latest = [row for row in rows if row["age"] == 0]
    assert [row["place"] for row in latest] == [0, 1]
    assert {row["when"] for row in latest} == {"March 2026"}


def test_an_improvement_points_the_better_way() -> None:
    down = {"direction": "down", "kind": "improvement", "value": 0.5}
    (row,) = one_scale.rows(one_scale.measured(_points(down)))
    assert row["look"] == "Improvement: lower"


def test_title_and_text_count_what_is_drawn() -> None:
    measured = one_scale.measured(
        _points({"value": 0.45, "kind": "concern"}, {"measure": "SS-O2", "short_name": "Staff"})
    )
    assert titles.one_scale(measured) == "Measures on one scale: 1 of 2 latest figures stands out"
    assert alt.one_scale("Alder", measured) == (
        "Chart of 2 measures of Alder on one scale. 1 of 2 latest figures is beyond the limits. "
        "Standing out: Patients feel safe."
    )
