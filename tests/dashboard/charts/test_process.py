"""The process chart's rows: what is joined, clipped and labelled."""

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
import vl_convert

from dashboard.charts import month_axis, process, selection, theme
from dashboard.charts.process import Reading

Series = Callable[..., pl.DataFrame]


def _of(rows: list[dict[str, object]], kind: str) -> list[dict[str, object]]:
    return [row for row in rows if row["row"] == kind]


def _joined(rows: list[dict[str, object]], first: int, second: int) -> bool:
    points = _of(rows, "point")
    return points[first]["segment"] == points[second]["segment"]


def test_a_gap_is_never_joined(series: Series, safe: dict) -> None:
    rows = process.rows(series((0.9, 0.8, None, 0.7, 0.6)), safe)
    assert _joined(rows, 0, 1)
    assert _joined(rows, 3, 4)
    assert not _joined(rows, 1, 3)
    assert _of(rows, "point")[2]["v"] is None
    assert _of(rows, "point")[2]["c"] is None


def test_a_new_phase_starts_a_new_line(series: Series, safe: dict) -> None:
    later = {position: {"phase": 2} for position in (2, 3)}
    rows = process.rows(series((0.9, 0.8, 0.7, 0.6), later), safe)
    assert _joined(rows, 2, 3)
    assert not _joined(rows, 1, 2)


def test_percentages_are_drawn_between_0_and_100(series: Series, safe: dict) -> None:
    point = _of(process.rows(series((1.0,), {0: {"lower": -0.2}}), safe), "point")[0]
    assert (point["l"], point["v"], point["u"]) == (0.0, 100.0, 100.0)


def test_rates_are_drawn_in_the_unit_that_is_read(series: Series, reported: dict) -> None:
    one = {0: {"value": 0.0019, "numerator": 3.0, "denominator": 1580.0, "upper": 0.006}}
    point = _of(process.rows(series((0.0019,), one), reported), "point")[0]
    assert (point["v"], point["u"]) == (1.9, 6.0)
    assert point["read"] == "1.9 per 1,000 occupied bed days"
    assert point["based_on"] == "3 in 1,580 bed days"


@pytest.mark.parametrize(
    ("kind", "direction", "words", "shape"),
    [
        ("common", "up", "Usual variation", "circle"),
        ("improvement", "up", "Improvement", "triangle-up"),
        ("improvement", "down", "Improvement", "triangle-down"),
        ("concern", "down", "Concern", "square"),
        ("neutral_high", "none", "Changed, neither better nor worse", "diamond"),
        ("neutral_low", "none", "Changed, neither better nor worse", "diamond"),
        (None, "up", "Usual variation", "circle"),
    ],
)
def test_each_kind_has_its_own_shape(
    kind: str | None, direction: str, words: str, shape: str
) -> None:
    look = theme.look(kind, direction)
    assert (look.words, look.shape) == (words, shape)
    assert look in theme.looks(direction)


def test_the_key_holds_only_what_the_direction_allows() -> None:
    def words(direction: str) -> list[str]:
        marks = process.spec(Reading("percent", direction))["layer"][-3]
        return marks["encoding"]["shape"]["scale"]["domain"]

    assert words("up") == ["Usual variation", "Improvement", "Concern"]
    assert words("none") == ["Usual variation", "Changed, neither better nor worse"]


def test_provisional_and_queried_points_are_hollow_and_say_so(series: Series, safe: dict) -> None:
    frame = series((0.9, 0.8, 0.7), {1: {"provisional": True}, 2: {"queried": True}})
    solid, provisional, queried = _of(process.rows(frame, safe), "point")
    assert not solid["hollow"]
    assert provisional["hollow"]
    assert provisional["note"] == "Provisional"
    assert queried["hollow"]
    assert queried["note"] == "Has a query not yet explained"


def test_a_pause_and_a_closure_are_bands_and_a_missing_month_is_not(
    series: Series, safe: dict
) -> None:
    states = {1: {"state": "paused"}, 2: {"state": "paused"}, 3: {"state": "closed"}}
    rows = process.rows(series((0.9, None, None, None, None, 0.8), states), safe)
    bands = [(band["note"], band["m1"] - band["m0"]) for band in _of(rows, "band")]
    assert bands == [("Programme paused", 2), ("Ward closed", 1)]


def test_a_band_reaches_the_end_of_a_series_that_ends_paused(series: Series, safe: dict) -> None:
    rows = process.rows(series((0.9, None), {1: {"state": "paused"}}), safe)
    assert len(_of(rows, "band")) == 1


def test_events_share_one_numbered_flag_a_month(
    series: Series, safe: dict, events: pl.DataFrame
) -> None:
    flags = _of(process.rows(series(), safe, events), "event")
    assert [(flag["flag"], flag["note"]) for flag in flags] == [
        ("1", "Charter displayed"),
        ("2", "Training day; Survey moved to tablets"),
    ]
    assert [number for number, _ in process.flags(events)] == [1, 2]


def test_flags_keep_their_number_when_the_chart_is_shorter(
    series: Series, safe: dict, events: pl.DataFrame
) -> None:
    late = series().filter(pl.col("month") > date(2024, 7, 1))
    assert [flag["flag"] for flag in _of(process.rows(late, safe, events), "event")] == ["2"]


def test_flags_can_be_hidden() -> None:
    with_flags, without = process.spec(Reading()), process.spec(Reading(), events=False)
    assert len(with_flags["layer"]) - len(without["layer"]) == 3


def test_lines_that_end_together_share_a_name(series: Series, safe: dict) -> None:
    names = [row["note"] for row in _of(process.rows(series(), safe), "name")]
    assert names == ["Target, upper limit", "Average 80%", "Lower limit"]


def test_a_path_is_drawn_from_its_baseline_into_the_months_to_come(
    series: Series, safe: dict, aimed: Callable[..., pl.DataFrame]
) -> None:
    """Points from April 2024 to May 2025; the path begins in September and ends a year later."""
    safe = safe | {"target": None}
    rows = process.rows(series(), safe, None, aimed())
    path = _of(rows, "path")
    assert [path[0]["m"], path[-1]["m"]] == [
        month_axis.index(date(2024, 9, 1)),
        month_axis.index(date(2025, 9, 1)),
    ]
    assert (path[0]["v"], path[6]["v"], path[-1]["v"]) == (60.0, 75.0, 90.0)
    names = {row["note"]: row for row in _of(rows, "name")}
    assert names["Target 90%"]["v"] == 90.0
    assert {row["m1"] for row in names.values()} == {path[-1]["m"] + 0.5}


def test_a_path_is_drawn_at_most_a_year_ahead_and_level_once_it_is_reached(
    series: Series, safe: dict, aimed: Callable[..., pl.DataFrame]
) -> None:
    far = _of(process.rows(series(), safe, None, aimed({"by": date(2030, 1, 1)})), "path")
    assert far[-1]["m"] == month_axis.index(date(2026, 5, 1))
    assert far[-1]["v"] < 90
    past = _of(process.rows(series(), safe, None, aimed({"by": date(2025, 1, 1)})), "path")
    assert past[-1]["m"] == month_axis.index(date(2025, 5, 1))
    assert {row["v"] for row in past[4:]} == {90.0}


def test_a_trusts_own_path_is_told_from_the_other(
    series: Series, safe: dict, aimed: Callable[..., pl.DataFrame]
) -> None:
    both = aimed({}, {"own": True, "target": 0.7, "judged": False})
    rows = process.rows(series(), safe, None, both)
    assert {row["path"] for row in _of(rows, "path")} == {"Target", "Own target"}
    assert any("Own target 70%" in row["note"] for row in _of(rows, "name"))
    without = aimed({"target": None, "baseline": None, "reason": "too early"})
    assert _of(process.rows(series(), safe, None, without), "path") == []
    assert process.rows(series(()), safe, None, both) == []


def test_a_run_chart_has_a_median_and_no_limits(series: Series, safe: dict) -> None:
    frame = series((0.9, 0.8, 0.7), chart="run", lower=None, upper=None)
    names = [row["note"] for row in _of(process.rows(frame, safe), "name")]
    assert names == ["Target", "Median 80%"]


def test_a_quarter_is_three_months_wide(series: Series, safe: dict) -> None:
    point = _of(process.rows(series((0.9,), {0: {"months": 3}}), safe), "point")[0]
    assert point["m1"] - point["m0"] == 3
    assert point["m"] == month_axis.index(date(2024, 5, 1))
    assert point["when"] == "April 2024 to June 2024"


@pytest.mark.parametrize(
    ("first", "length", "words"),
    [
        (date(2024, 11, 1), 3, "November 2024 to January 2025"),
        (date(2025, 1, 1), 12, "January 2025 to December 2025"),
        (date(2025, 4, 1), 12, "April 2025 to March 2026"),
        (date(2025, 12, 1), 1, "December 2025"),
    ],
)
def test_periods_are_written_in_full(series: Series, safe, first, length, words) -> None:
    frame = series((0.9,), {0: {"months": length, "month": first}})
    assert _of(process.rows(frame, safe), "point")[0]["when"] == words


def test_a_series_without_values_has_no_names(series: Series, safe: dict) -> None:
    rows = process.rows(series((None, None)), safe)
    assert [row["row"] for row in rows] == ["point", "point"]
    assert process.rows(series(()), safe) == []


def test_a_row_holds_only_what_is_drawn(series: Series, safe: dict) -> None:
    assert len(_of(process.rows(series(), safe), "point")) == 14
    assert not {"unit_id", "trust_code"} & set(process.rows(series(), safe)[0])


def test_a_point_can_be_chosen_where_that_is_asked_for():
    assert selection.fields(process.spec(Reading(), choose=True)) == ("month",)
    assert selection.fields(process.spec(Reading())) == ()


@pytest.mark.parametrize(("most", "label"), [(0.052, ">50<"), (0.0009, ">0.8<")])
def test_a_rate_is_labelled_as_people_read_it(series: Series, reported: dict, most, label) -> None:
    values = tuple(most * share for share in (0.2, 0.5, 0.8, 1.0, 0.4, 0.6))
    rows = process.rows(series(values, centre=most / 2, lower=0.0, upper=most), reported)
    spec = {
        **process.spec(Reading(unit=reported["unit"])),
        "datasets": {theme.SOURCE: rows},
        "width": 500,
    }
    drawn = vl_convert.vegalite_to_svg(spec)
    assert label in drawn
    assert "e+" not in drawn


def test_charts_that_are_compared_begin_where_they_are_told() -> None:
    def begins(low: float | None) -> object:
        spec = process.spec(process.Reading(low=low))
        scales = [
            layer["encoding"]["y"].get("scale", {})
            for layer in spec["layer"]
            if "y" in layer.get("encoding", {})
        ]
        return next(scale for scale in scales if scale).get("domainMin")

    assert begins(50) == 50
    assert begins(None) is None
