"""The headline of each screen, on tables of cases."""

from datetime import date

import polars as pl
import pytest

from dashboard.words import headlines
from pipelines.statistics.headline import NONE_ENOUGH

PATIENTS = {"measure": "SS-O1", "who": "Patients", "unit": "percent", "multiplier": 100}
STAFF = {"measure": "SS-O2", "who": "Staff", "unit": "percent", "multiplier": 100}


def signal(numerator: float, denominator: float, headline: str) -> dict[str, object]:
    return {
        "latest": date(2026, 3, 1),
        "value": numerator / denominator,
        "numerator": numerator,
        "denominator": denominator,
        "headline": headline,
    }


STEADY = "no change that stands out in 22 months"
SHORT = "3 months so far, too few to tell change from chance"
HIGHER = "higher than usual from October 2025 to March 2026, the latest month: an improvement"


@pytest.mark.parametrize(
    ("signals", "wards", "says"),
    [
        (
            [signal(9, 12, STEADY), signal(8, 10, HIGHER)],
            (64, 69),
            (
                "In March 2026, 75% (9 of 12) of patients and 80% (8 of 10) of staff said they "
                "feel safe from sexual harm (64 of 69 wards answered). Patients: no change that "
                "stands out in 22 months. Staff: higher than usual from October 2025 to March "
                "2026, the latest month: an improvement."
            ),
        ),
        (
            [signal(9, 12, SHORT), None],
            None,
            (
                "In March 2026, 75% (9 of 12) of patients said they feel safe from sexual harm. "
                "Patients: 3 months so far, too few to tell change from chance."
            ),
        ),
        (
            [signal(4, 5, STEADY) | {"latest": date(2026, 2, 1)}, signal(5, 6, STEADY)],
            None,
            (
                "In February 2026, 80% (4 of 5) of patients said they feel safe from sexual harm; "
                "in March 2026, 83% (5 of 6) of staff did. Patients: no change that stands out in "
                "22 months. Staff: no change that stands out in 22 months."
            ),
        ),
        (
            [signal(3, 4, NONE_ENOUGH) | {"latest": None}, None],
            None,
            "Too few people have answered each month to show how many feel safe.",
        ),
        ([None, None], None, "No figures on whether people feel safe have been received yet."),
    ],
)
def test_feeling_safe(signals, wards, says):
    assert headlines.feeling_safe([PATIENTS, STAFF], signals, wards) == says


@pytest.mark.parametrize(
    ("direction", "variation", "says"),
    [
        (
            "up",
            ["common", "improvement_high", "improvement_low", None, None],
            (
                "2 improved and none got worse; 1 is as usual now, 1 has too few months to say and "
                "1 has figures that can’t show a change."
            ),
        ),
        ("down", ["concern_low"], "none improved and 1 got worse; 0 are as usual now."),
        (
            "none",
            ["neutral_high", "neutral_low", "neutral_high", "common"],
            "2 higher than usual and 1 lower; 1 is as usual now.",
        ),
    ],
)
def test_changed_counts_every_ward_once(direction, variation, says):
    months = [12] * (len(variation) - 1) + [5]
    frame = pl.DataFrame(
        {"variation": variation, "n": months}, schema={"variation": pl.String, "n": pl.Int64}
    )
    said = headlines.changed(frame, {"name": "Feeling safe", "direction": direction})
    assert said.startswith(f"Feeling safe: of {len(variation)} ward")
    assert says in said


def test_changed_does_not_count_wards_without_figures():
    frame = pl.DataFrame({"variation": ["common", None, None], "n": [14, 3, 0]})
    said = headlines.changed(frame, {"name": "Feeling safe", "direction": "up"})
    assert said == (
        "Feeling safe: of the 2 wards with figures (1 other has sent none), none improved and none "
        "got worse; 1 is as usual now and 1 has too few months to say."
    )


def test_changed_without_wards_says_so():
    frame = pl.DataFrame(schema={"variation": pl.String, "n": pl.Int64})
    about = {"name": "Feeling safe", "direction": "up"}
    assert headlines.changed(frame, about) == "Feeling safe: no ward has sent figures yet."


GRID = {"trust_code": pl.String, "month": pl.Date, "state": pl.String}


def grid(*states: str) -> pl.DataFrame:
    rows = [(f"Z0{number}", date(2026, 3, 1), state) for number, state in enumerate(states)]
    return pl.DataFrame(rows, schema=GRID, orient="row")


@pytest.mark.parametrize(
    ("states", "says"),
    [
        (["received", "late"], "2 of 2 trusts have sent their returns for March 2026. No return"),
        (
            ["received", "missing", "paused"],
            "1 of 2 trusts has sent its return for March 2026. Over all months, 1 return from 1 "
            "trust is missing.",
        ),
        (["not_yet_due", "not_expected"], "0 of 1 trust have sent their returns"),
    ],
)
def test_returns(states, says):
    assert headlines.returns(grid(*states), date(2026, 3, 1)).startswith(says)


def test_returns_before_the_first_month():
    assert headlines.returns(grid(), None) == "No return has been due yet."


def test_charters_say_how_many_now_and_at_first():
    stages = pl.DataFrame(
        {
            "month": [date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 1)],
            "stage": ["none", "none", "displayed"],
            "wards": [5, 2, 3],
            "in_place": [0, 0, 3],
        }
    )
    assert headlines.charters(stages) == (
        "In March 2026, 3 of the 5 wards that reported had a co-produced charter in place, "
        "compared with 0 of 5 in January 2026."
    )
    assert headlines.charters(stages.head(1)) == (
        "In January 2026, 0 of the 5 wards that reported had a co-produced charter in place."
    )
    assert headlines.charters(stages.clear()) == "No ward has reported on its charter yet."


def test_incidents_are_described_neutrally():
    rate = {"unit": "per_1000_bed_days", "multiplier": 1000}
    measures = [
        {"measure": "SS-I1", "short_name": "All reported incidents", **rate},
        {"measure": "SS-I2", "short_name": "Sexual harassment", **rate},
        {"measure": "SS-I3", "short_name": "Sexual assault", **rate},
    ]
    year = {
        "SS-I1": {"numerator": 1500.0, "denominator": 750_000.0},
        "SS-I2": {"numerator": 1200.0, "denominator": 750_000.0},
    }
    said = headlines.incidents(year, measures[:1], measures[1:], date(2026, 3, 1))
    assert said == (
        "In the twelve months to March 2026, 1,500 incidents were reported, 2.0 per 1,000 occupied "
        "bed days: 1,200 sexual harassment. A rise can mean better reporting; a fall can mean less "
        "reporting."
    )
    assert headlines.incidents({}, measures[:1], measures[1:], date(2026, 3, 1)).startswith(
        "No incidents"
    )


def test_comparisons_are_counted_without_ranks():
    frame = pl.DataFrame({"category": ["within", "within", "higher", "too_few"]})
    assert headlines.compared(frame, "your ") == (
        "Of your 4 wards: 2 within the range expected by chance, 1 higher, none lower and 1 with "
        "too little data or too few similar wards."
    )
    assert headlines.compared(frame.clear()) == "There is nothing to compare yet."
    few = frame.filter(category="too_few")
    ending = "be compared: too little data or too few similar wards."
    assert headlines.compared(few, "your ") == f"Your ward can’t {ending}"
    assert headlines.compared(pl.concat([few, few])) == f"None of 2 wards can {ending}"


@pytest.mark.parametrize(
    ("variation", "chance", "says"),
    [
        (
            ["common", "improvement_high", "concern_low", None],
            [0.8, 0.9, 0.9, None],
            "2 wards stand out; if nothing had changed, about 3 would by chance.",
        ),
        (["concern_low", "common"], [0.1, 0.1], "1 ward stands out; if nothing had changed, most"),
        (["common"], [1.2], "No ward stands out; if nothing had changed, about 1"),
        (
            ["improvement_high", "neutral_high"],
            [0.02, None],
            "1 ward stands out; if nothing had changed, most likely none would by chance.",
        ),
        (["improvement_high", None], [None, None], ""),
    ],
)
def test_the_number_seen_stands_beside_the_number_that_chance_would_bring(variation, chance, says):
    schema = {"variation": pl.String, "chance": pl.Float64}
    frame = pl.DataFrame({"variation": variation, "chance": chance}, schema=schema)
    said = headlines.chance(frame)
    assert said.startswith(says)
    assert bool(said) == bool(says)
