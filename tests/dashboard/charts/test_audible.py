"""A chart to listen to says what the drawn one shows, and nothing that it doesn't."""

import hashlib
import re
from collections.abc import Callable
from datetime import date

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.charts import audible, process
from dashboard.page import listen
from schemas import wording

Series = Callable[..., pl.DataFrame]
MONTH = re.compile(r"[A-Z][a-z]+ 20\d\d")
# The file dist/index.mjs of the npm package chart2music 1.20.0, as it was published.
RELEASED = "30547609e215d77ec757ac73fa981965b7d415cfe6644e748218d33dafa3564d"


def _heard(points: pl.DataFrame, measure: dict, events: pl.DataFrame | None = None) -> dict:
    rows = process.rows(points, measure, events)
    return audible.heard(rows, "Title", measure["unit"], process.middle(points))


def test_each_month_says_its_figure_and_what_it_is_based_on(series: Series, safe: dict) -> None:
    heard = _heard(series((0.9, 0.8)), safe)
    first, second = heard["parts"][audible.MONTHS]["notes"]
    assert (first["x"], first["y"], first["reads"]) == (0, 90.0, "90%")
    assert second["label"].startswith("10 of 12.")
    assert heard["months"][0] == "April 2024"
    assert "2 figures, April 2024 to May 2024, from 80% to 90%." in str(heard["parts"])


def test_months_without_a_figure_are_said_not_played(series: Series, safe: dict) -> None:
    notes = _heard(series((0.9, None, None, 0.7)), safe)["parts"][audible.MONTHS]["notes"]
    assert [note["x"] for note in notes] == [0, 3]
    assert "No figure before it: May 2024 to June 2024." in notes[1]["label"]


def test_a_stretch_ends_where_a_month_has_no_figure(series: Series, safe: dict) -> None:
    kinds = {at: {"kind": "concern", "cause": "shift"} for at in (0, 1, 3)}
    part = _heard(series((0.5, 0.5, None, 0.5, 0.8), kinds), safe)["parts"][audible.STANDS_OUT]
    assert part["about"] == (
        "What stands out. April 2024 to May 2024: Concern. July 2024: Concern."
    )
    assert [note["x"] for note in part["notes"]] == [0, 3]


def test_nothing_stands_out_of_a_usual_series(series: Series, safe: dict) -> None:
    assert audible.STANDS_OUT not in _heard(series(), safe)["parts"]


def test_limits_are_said_once_and_again_where_they_change(series: Series, safe: dict) -> None:
    steady = _heard(series((0.9, 0.8)), safe)["parts"]["Average"]
    assert steady["about"] == "Average 80%. Lower limit 45%. Upper limit 100%."
    later = {at: {"centre": 0.6, "lower": None, "upper": None, "phase": 2} for at in (1, 2)}
    changed = _heard(series((0.9, 0.8, 0.7), later), safe)["parts"]["Average"]
    assert changed["about"] == "Average 80%. Changes 1 time."
    assert [note["reads"] for note in changed["notes"]] == ["average 80%", "average 60%"]
    assert changed["notes"][1]["label"] == ""


def test_a_flag_is_said_at_its_month(series: Series, safe: dict, events: pl.DataFrame) -> None:
    heard = _heard(series((0.9, 0.8, 0.7, 0.8, 0.9, 0.9)), safe, events)
    labels = [note["label"] for note in heard["parts"][audible.MONTHS]["notes"]]
    assert labels[2].endswith("Flag 1, June 2024: Charter displayed.")
    assert "Flag 2, September 2024: Training day; Survey moved to tablets." in labels[5]


def test_there_is_nothing_to_hear_without_a_figure(series: Series, safe: dict) -> None:
    rows = process.rows(series((None, None)), safe)
    assert audible.heard(rows, "Title", "percent", "Average") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["common", "concern"])), min_size=1))
def test_every_month_that_stands_out_is_named_and_no_other(
    series: Series, safe: dict, drawn: list[tuple[bool, str]]
) -> None:
    values = tuple(0.5 if seen else None for seen, _ in drawn)
    kinds = {at: {"kind": kind} for at, (seen, kind) in enumerate(drawn) if seen}
    points = series(values, kinds)
    rows = process.rows(points, safe)
    heard = audible.heard(rows, "Title", "percent", "Average")
    if heard is None:
        assert not any(seen for seen, _ in drawn)
        return
    months = points.sort("month")["month"].to_list()
    named: set[date] = set()
    for said in heard["parts"].get(audible.STANDS_OUT, {"about": ""})["about"].split(". ")[1:]:
        ends = [date(*_year_month(month), 1) for month in MONTH.findall(said)]
        named |= {month for month in months if ends[0] <= month <= ends[-1]}
    expected = {
        m for m, (seen, kind) in zip(months, drawn, strict=True) if seen and kind != "common"
    }
    assert named == expected


def _year_month(said: str) -> tuple[int, int]:
    name, year = said.split()
    names = [wording.month_of(date(2024, month, 1)).split()[0] for month in range(1, 13)]
    return int(year), names.index(name) + 1


def test_the_script_is_the_released_one() -> None:
    assert hashlib.sha256(listen.script()).hexdigest() == RELEASED
