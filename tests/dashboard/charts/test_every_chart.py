"""The rules that every kind of chart follows, with a lot of data, with little and with none."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

import polars as pl
import pytest
import vl_convert

from dashboard.charts import (
    adoption,
    bars,
    before_after,
    by_category,
    funnel,
    one_scale,
    peer_band,
    process,
    reporting_culture,
    running_sum,
    since_start,
    stacked,
    theme,
    yardsticks,
)
from dashboard.charts.process import Reading
from dashboard.words import reporting_culture as words
from schemas.periods import Month
from schemas.release import CATEGORIES, FOUNDATIONS
from schemas.vocabularies import CHARTER_STAGE, RATING

MONTHS = [(Month(2025, 1) + step).first_day for step in range(6)]
# Each is built where it is looked at: that of all takes two seconds of every process that collects.
SPECS: dict[str, Callable[[], dict[str, object]]] = {
    "process": lambda: process.spec(Reading(target=100.0)),
    "process of rates": lambda: process.spec(Reading("per_1000_bed_days", "none")),
    "process of days": lambda: process.spec(Reading("days", "none"), signals=False, events=False),
    "process, lower is better": lambda: process.spec(Reading("count", "down")),
    "process as a running sum": lambda: running_sum.spec("none"),
    "funnel": funnel.spec,
    "funnel of rates": lambda: funnel.spec("per_1000_bed_days"),
    "one scale": one_scale.spec,
    "peer band": peer_band.spec,
    "charter stages": stacked.charter_stages,
    "adoption": adoption.spec,
    "by category": by_category.spec,
    "standards": bars.standards,
    "foundations": bars.foundations,
    "incidents": lambda: stacked.incident_categories(("Sexual harassment", "Sexual assault")),
    "before and since": before_after.spec,
    "culture": reporting_culture.spec,
    "yardsticks": yardsticks.spec,
    "since a start": since_start.spec,
    "since a start, of rates": lambda: since_start.spec("rate"),
}


def scaled(*values: float) -> list[dict[str, object]]:
    """Measures on one scale, one for each value."""
    about = {"short_name": "Staff trained", "unit": "percent", "multiplier": 100, "kind": "concern"}
    lines = {"centre": 0.8, "lower": 0.5, "upper": 1.0, "near_lower": 0.6, "near_upper": 1.0}
    points = pl.DataFrame(
        [
            {
                "measure": f"M{at}",
                "month": MONTHS[0],
                "value": value,
                "chart": "pp",
                **about,
                **lines,
            }
            for at, value in enumerate(values)
        ]
    ).with_columns(direction=pl.lit("up"))
    return one_scale.rows(one_scale.measured(points))


def _comparisons(values: list[float | None]) -> pl.DataFrame:
    limits = {"centre": 0.8, "lower95": 0.7, "upper95": 0.9, "lower998": 0.6, "upper998": 1.1}
    return pl.DataFrame(
        [
            {
                "unit_id": f"Z01-W{number}",
                "n": None if value is None else value * 50,
                "d": 50.0 + number,
                "value": value,
                "category": CATEGORIES[number % 4],
                **limits,
            }
            for number, value in enumerate(values)
        ],
        schema_overrides={"value": pl.Float64, "n": pl.Float64},
    )


def _stages(months: list) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"month": month, "stage": stage, "wards": 3, "in_place": 1}
            for month in months
            for stage in CHARTER_STAGE
        ],
        schema={"month": pl.Date, "stage": pl.String, "wards": pl.Int64, "in_place": pl.Int64},
    )


def _bands(months: list, hidden: bool = False) -> pl.DataFrame:
    deciles = {f"p{ten}": None if hidden else ten / 100 for ten in range(10, 100, 10)}
    return pl.DataFrame(
        [{"month": month, **deciles} for month in months],
        schema={"month": pl.Date, **dict.fromkeys(deciles, pl.Float64)},
    )


def _wards(count: int, numerator: float | None) -> pl.DataFrame:
    sums = {
        f"{what}_{time}": value
        for time in ("before", "since")
        for what, value in (("numerator", numerator), ("denominator", 50.0), ("months", 6))
    }
    kinds = {name: pl.Int64 if "months" in name else pl.Float64 for name in sums}
    rows = [
        {"ward_id": f"Z01-W{number}", "ward_name": f"Ward {number}", **sums}
        for number in range(count)
    ]
    return pl.DataFrame(rows, schema={"ward_id": pl.String, "ward_name": pl.String, **kinds})


@pytest.fixture
def samples(series: Callable[..., pl.DataFrame], safe: dict, events: pl.DataFrame) -> dict:
    """For each chart: rows with a lot of data, one value, only missing values, and no rows."""

    def run(*values: float | None) -> list[dict[str, object]]:
        return process.rows(series(values), safe, events)

    def spread(months: list, hidden: bool, *values: float | None) -> list[dict[str, object]]:
        return peer_band.years(peer_band.rows(_bands(months, hidden), series(values), safe))

    def compared(*values: float | None) -> list[dict[str, object]]:
        return funnel.rows(_comparisons(list(values)), safe, {"Z01-W1": "Elm"}, {"Z01-W1"})

    def cultures(*values: float | None) -> list[dict[str, object]]:
        frame = _comparisons(list(values))
        names = dict.fromkeys(frame["unit_id"], "Elm")
        return reporting_culture.rows(words.levels(frame, frame), names)

    def rated(ratings: list[str]) -> list[dict[str, object]]:
        about = {"level": "ward", "org_code": "A", "trust_code": "Z01", "ward_id": "Z01-A"}
        return bars.standard_rows(
            pl.DataFrame(
                [
                    {
                        **about,
                        "set_id": "s",
                        "statement_id": str(number),
                        "group_title": "A group",
                        "month": MONTHS[0],
                        "rating": rating,
                    }
                    for number, rating in enumerate(ratings)
                ],
                schema_overrides={"month": pl.Date},
                schema=[*about, "set_id", "statement_id", "group_title", "month", "rating"],
            )
        )

    def founded(having: list[int | None]) -> list[dict[str, object]]:
        return bars.foundation_rows(
            pl.DataFrame(
                [
                    {"foundation": name, "month": MONTHS[0], "wards": 9, "wards_with": with_it}
                    for name, with_it in zip(FOUNDATIONS, having, strict=False)
                ],
                schema={
                    "foundation": pl.String,
                    "month": pl.Date,
                    "wards": pl.Int64,
                    "wards_with": pl.Int64,
                },
            )
        )

    def counted(*numbers: float | None) -> list[dict[str, object]]:
        names = ["Sexual harassment", "Sexual assault"]
        return stacked.incident_category_rows(
            pl.DataFrame(
                [
                    {"measure": name, "month": month, "numerator": number}
                    for name in names
                    for month, number in zip(MONTHS, numbers, strict=False)
                ],
                schema={"measure": pl.String, "month": pl.Date, "numerator": pl.Float64},
            ),
            [{"measure": name, "short_name": name} for name in names],
        )

    processes = [run(0.5, 0.9, None, 0.8), run(0.5), run(None, None), []]
    funnels = [compared(0.5, 0.9, 0.8, 0.7), compared(0.5), compared(None), []]
    return {
        **{name: processes for name in SPECS if name.startswith("process")},
        **{name: funnels for name in SPECS if name.startswith("funnel")},
        "one scale": [scaled(0.2, 0.8, 0.95, 0.8), scaled(0.5), []],
        "peer band": [
            spread(MONTHS, False, 0.5, 0.9),
            spread(MONTHS[:1], False, 0.5),
            spread(MONTHS, True, None, None),
            [],
        ],
        "charter stages": [
            stacked.charter_stage_rows(_stages(m)) for m in (MONTHS, MONTHS[:1], [])
        ],
        "adoption": [adoption.rows(_stages(m)) for m in (MONTHS, MONTHS[:1], [])],
        "by category": [
            by_category.rows([_category(*v) for v in values], whole)
            for values, whole in (
                ([(70.0, 60.0, 80.0), (None, None, None), (0.0, 0.0, 9.0)], 70.0),
                ([(None, None, None)], None),
                ([], None),
            )
        ],
        "standards": [rated([*RATING] * 4), rated(["met"]), rated(["not_assessed"]), rated([])],
        "foundations": [founded([3, 9, 0, None]), founded([1]), founded([None] * 4), founded([])],
        "incidents": [counted(3, 0, None, 5), counted(1), counted(None, None), counted()],
        "before and since": [
            before_after.rows(_wards(count, numerator), safe)
            for count, numerator in ((5, 40.0), (1, 30.0), (2, None), (0, None))
        ],
        "culture": [cultures(0.5, 0.9, 0.8), cultures(0.5), cultures(None), []],
        "yardsticks": [
            yardsticks.rows([_surveyed(*ends) for ends in values], "more")
            for values in (((30.0, 40.0), (0.0, 1.0), (99.0, 100.0)), ((0.0, 0.0),), ())
        ],
        "since a start": [
            since_start.rows(_since(*values), "proportion") for values in ((5.0, -2.0, 9.0), (5.0,))
        ]
        + [[]],
        "since a start, of rates": [
            since_start.rows(_since(*values), "rate") for values in ((1.5, 0.8, 2.0), (0.7,))
        ]
        + [[]],
    }


def _category(*drawn: float | None) -> dict[str, object]:
    words = dict.fromkeys(("category", "heading", "read", "between", "counts"), "said")
    return {**dict(zip(("v", "low", "high"), drawn, strict=True)), **words}


def _surveyed(low: float, high: float) -> dict[str, object]:
    """A trust whose two figures are the same."""
    said = dict.fromkeys(
        ("trust_code", "trust_name", "beside", "period", "survey_read", "here_read"), "said"
    )
    ends = {"": (low + high) / 2, "_low": low, "_high": high}
    figures = {f"{what}{end}": ends[end] for what in ("survey", "here") for end in ends}
    return {**said, **figures, "reported_read": "said", "side": "more"}


def _since(*values: float) -> list[dict[str, object]]:
    """The average and then the months from the one before the start."""
    words = dict.fromkeys(("when", "read", "interval", "trusts"), "said")
    return [
        {"since": since, "value": value, "lower": value / 100, "upper": value * 100, **words}
        for since, value in zip((None, -1, 0), values, strict=False)
    ]


def _parts(spec: object) -> Iterator[dict[str, object]]:
    if isinstance(spec, dict):
        yield spec
        for value in spec.values():
            yield from _parts(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from _parts(value)


@pytest.mark.parametrize("name", SPECS)
def test_it_can_be_drawn_with_much_little_and_no_data(name: str, samples: dict) -> None:
    for rows in samples[name]:
        spec = {**SPECS[name](), "width": 320, "datasets": {theme.SOURCE: rows}}
        svg = vl_convert.vegalite_to_svg(spec, vl_version="6.4")
        assert "NaN" not in svg
        assert "Infinity" not in svg


@pytest.mark.parametrize("name", SPECS)
def test_its_rows_can_be_sent(name: str, samples: dict) -> None:
    for rows in samples[name]:
        assert json.loads(json.dumps(rows, allow_nan=False)) == rows


@pytest.mark.parametrize("name", SPECS)
def test_it_fills_its_container_in_the_one_theme(name: str) -> None:
    spec = SPECS[name]()
    assert spec["width"] == "container"
    assert spec["autosize"] == {"type": "fit-x", "contains": "padding"}
    assert spec["config"] is theme.CONFIG
    names = {part["data"]["name"] for part in _parts(spec) if isinstance(part.get("data"), dict)}
    assert names == {theme.SOURCE}
    assert json.loads(json.dumps(spec)) == spec


@pytest.mark.parametrize("name", SPECS)
def test_it_has_one_axis_a_side_that_is_never_flipped(name: str) -> None:
    for part in _parts(SPECS[name]()):
        assert "resolve" not in part
        assert not part.get("reverse")
        assert part.get("labelAngle", 0) == 0
        assert part.get("titleAngle", 0) == 0
        ticks = part.get("tickCount", 5)
        assert isinstance(ticks, dict) or ticks <= 10


def test_the_keys_of_a_funnel_name_what_is_drawn_and_nothing_else(samples: dict) -> None:
    whole = samples["funnel"][0]
    kinds = {str(row["category"]) for row in whole}
    no_limits = [row | dict.fromkeys(("l95", "u95", "l998", "u998")) for row in whole]
    no_lines = [row | {"c": None, "category": "Too little data"} for row in no_limits]
    for rows, named in (
        (whole, {*funnel.LINES, *kinds}),
        (no_limits, {"Average of the group", *kinds}),
        (no_lines, {"Too little data"}),
    ):
        spec = {**funnel.spec("percent", funnel.drawn(rows)), "width": 600}
        svg = vl_convert.vegalite_to_svg(
            {**spec, "datasets": {theme.SOURCE: rows}}, vl_version="6.4"
        )
        assert {name for name in funnel.NAMES if f">{name}<" in svg} == named


def test_specs_are_built_once() -> None:
    assert process.spec(Reading(target=100.0)) is process.spec(Reading(target=100.0))
    assert funnel.spec() is funnel.spec()


def test_the_adoption_line_stops_where_nobody_reported() -> None:
    months = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 5, 1)]
    counts = {"stage": ["none"] * 3, "wards": [4] * 3, "in_place": [0, 1, 2]}
    rows = adoption.rows(pl.DataFrame({"month": months, **counts}))
    segments = [row["segment"] for row in rows if row["line"] == "Charter in place"]
    assert segments[0] == segments[1] != segments[2]
    assert '"detail": {"field": "segment"' in json.dumps(adoption.spec())


@pytest.mark.parametrize("kind", ["proportion", "rate"])
def test_intervals_far_beyond_every_difference_are_cut_off_and_it_is_known(kind: str) -> None:
    words = dict.fromkeys(("when", "read", "interval", "trusts"), "said")
    average = {"since": None, "value": 2.0, "lower": 1.5, "upper": 3.0, **words}
    near = {"since": 0, "value": 2.0, "lower": 1.4, "upper": 4.0, **words}
    far = {"since": 1, "value": 2.0, "lower": 0.001, "upper": 1000.0, **words}
    told = [average, near]
    assert not since_start.cut_off(since_start.rows(told, kind), told)
    told = [average, near, far]
    drawn = since_start.rows(told, kind)
    assert since_start.cut_off(drawn, told)
    assert drawn[0]["high"] == 3.0
    assert 4.0 < drawn[2]["high"] < 1000.0
    assert [row["part"] for row in drawn[1:]] == [since_start.SINCE] * 2


def test_a_spread_without_a_ward_has_no_ward_in_its_key() -> None:
    assert "This ward" in json.dumps(peer_band.spec())
    assert "This ward" not in json.dumps(peer_band.spec(own=False))


@pytest.mark.parametrize("name", SPECS)
def test_marks_are_left_to_the_alternative_text(name: str) -> None:
    assert SPECS[name]()["config"]["mark"] == {"aria": False}


def test_years_in_a_peer_band_never_overlap(
    series: Callable[..., pl.DataFrame], safe: dict
) -> None:
    months = [date(2024 + (3 + i) // 12, (3 + i) % 12 + 1, 1) for i in range(27)]
    every = peer_band.rows(_bands(months), series([0.8] * 27), safe)
    drawn = peer_band.years(every)
    assert len(every) == 27
    assert [row["when"] for row in drawn] == ["June 2024", "June 2025", "June 2026"]
    assert [row["m1"] - row["m0"] for row in drawn] == [12, 12, 12]
    assert all(before["m1"] == after["m0"] for before, after in pairwise(drawn))
