"""Baselines, paths, and how far units are with their ambitions."""

from datetime import date

import polars as pl
import pytest

from pipelines.measures import load
from pipelines.releasing.ambitions import along, ambitions
from pipelines.releasing.points import points_and_signals
from schemas.ambitions import Ambition
from schemas.periods import Month
from schemas.programme import Programme
from schemas.release import Ambitions, Observations
from schemas.typed import typed

PROGRAMME = Programme(name="A programme", fictional=True, first_month="2025-01")
FIRST = Month(2025, 1)
NATIONAL = {
    "name": "A made-up ambition",
    "change": -25,
    "by": "2026-06",
    "baseline": {"months": 6},
    "source": "Made up.",
}
OWN = {"trust": "Z01", "levels": ["trust", "ward"], "target": 8.0, "change": None}


def measure(*asked, of="SS-B1", **changes):
    """A measure with ambitions, each of which differs from the national one."""
    found = {m.id: m for m in load()}[of]
    aims = tuple(Ambition.model_validate(NATIONAL | each) for each in asked)
    return type(found).model_validate(found.model_dump() | {"ambitions": aims} | changes)


def seen(counts, level="programme", unit="programme", trust=None, of="SS-B1", days=1000.0, **row):
    """One unit's observations: a count out of `days` for each month; None is missing."""
    rows = [
        {
            "level": level,
            "unit_id": unit,
            "trust_code": trust,
            "measure": of,
            "month": (FIRST + i).first_day,
            "numerator": count,
            "denominator": None if count is None else days,
            "value": None if count is None else count / days,
            "state": "missing" if count is None else "value",
            "wards": 4,
            "wards_expected": 4,
            "provisional": False,
            "queried": False,
            **row,
        }
        for i, count in enumerate(counts)
    ]
    return typed(pl.DataFrame(rows, infer_schema_length=None), Observations)


def of(observations, about):
    return Ambitions.validate(ambitions(observations, [about], PROGRAMME))


def only(observations, about):
    return of(observations, about).row(0, named=True)


BASE = [10.0, 14.0, 12.0, 10.0, 14.0, 12.0]  # 12 in 1,000 bed days


def test_the_path_leads_from_the_mean_of_the_first_six_months_to_a_quarter_less():
    row = only(seen([*BASE, 11.0, 10.0]), measure({}))
    assert (row["baseline"], row["target"]) == (pytest.approx(0.012), pytest.approx(0.009))
    assert (row["baseline_first"], row["baseline_last"]) == (date(2025, 1, 1), date(2025, 6, 1))
    months = [date(2025, 5, 1), date(2025, 6, 1), date(2025, 12, 1), date(2026, 6, 1)]
    assert along(row, [*months, date(2027, 1, 1)]) == [
        None,
        pytest.approx(0.012),
        pytest.approx(0.0105),
        pytest.approx(0.009),
        pytest.approx(0.009),
    ]


def test_the_mean_is_a_ratio_of_sums():
    months = [seen([10.0], days=500.0), seen([None, *BASE[:5]], days=1500.0).tail(5)]
    assert only(pl.concat(months), measure({}))["baseline"] == pytest.approx(70 / 8000)


def test_now_is_the_mean_of_the_latest_months_and_none_of_the_baselines():
    two = only(seen([*BASE, 11.0, 10.0]), measure({}))
    assert (two["now"], two["now_months"]) == (pytest.approx(0.0105), 2)
    assert (two["now_first"], two["now_last"]) == (date(2025, 7, 1), date(2025, 8, 1))
    assert two["now_path"] == pytest.approx(0.012 - 0.003 * 1.5 / 12)
    year = only(seen([*BASE, *[11.0] * 4, None, *[9.0] * 6]), measure({}))
    assert (year["now"], year["now_months"]) == (pytest.approx(0.009), 6)
    assert only(seen(BASE), measure({}))["now"] is None


def test_without_its_months_there_is_no_path_and_the_reason_is_given():
    row = only(seen(BASE[:4]), measure({}))
    assert (row["target"], row["baseline"]) == (None, None)
    assert row["reason"] == "4 of the 6 months it starts from have figures"
    assert along(row, [date(2026, 1, 1)]) == [None]
    late = only(seen([None] * 20 + BASE), measure({}))
    assert (late["target"], late["reason"]) == (None, "the months it starts from end too late")


def test_a_baseline_of_named_months_needs_every_one_of_them():
    named = measure({"baseline": {"months": 3, "first": "2025-03"}})
    assert only(seen(BASE), named)["baseline"] == pytest.approx(0.012)
    gap = only(seen([*BASE[:3], None, *BASE[4:]]), named)
    assert (gap["target"], gap["reason"]) == (None, "2 of the 3 months it starts from have figures")


def test_a_total_of_under_half_its_wards_is_no_baseline():
    few = seen(BASE, wards=1)
    assert only(few, measure({}))["reason"] == "0 of the 6 months it starts from have figures"


def test_a_percentage_of_very_few_people_is_no_part_of_a_mean():
    safe = measure({"change": 50}, of="SS-O1", target=None)
    rows = pl.concat(
        [
            seen([4.0], of="SS-O1", days=4.0),
            seen([None, *[6.0] * 7], of="SS-O1", days=10.0).tail(7),
        ]
    )
    row = only(rows, safe)
    assert (row["baseline"], row["baseline_first"]) == (0.6, date(2025, 2, 1))
    assert row["target"] == pytest.approx(0.9)


def test_a_percentage_is_never_to_be_more_than_all():
    safe = measure({"change": 50}, of="SS-O1", target=None)
    assert only(seen([8.0] * 8, of="SS-O1", days=10.0), safe)["target"] == 1.0


def test_a_baseline_of_nothing_leads_to_nothing():
    row = only(seen([0.0] * 8), measure({}))
    assert (row["baseline"], row["target"], row["now"], row["reason"]) == (0, 0, 0, None)


def test_a_target_without_a_baseline_is_the_same_in_every_month():
    fixed = measure({"target": 9.0, "change": None, "baseline": None})
    row = only(seen(BASE), fixed)
    assert along(row, [date(2024, 1, 1), date(2027, 1, 1)]) == [0.009, 0.009]
    assert (row["now"], row["baseline"]) == (pytest.approx(0.012), None)
    assert row["now_path"] == 0.009
    nothing = only(seen([None] * 6), fixed)
    assert (nothing["target"], nothing["now_months"], nothing["now_path"]) == (0.009, 0, None)


def test_units_whose_baselines_end_at_other_times_have_paths_of_their_own():
    late = seen([None, *BASE, 11.0, 10.0], level="trust", unit="Z01", trust="Z01")
    about = measure({"levels": ["programme", "trust"]})
    both = of(pl.concat([seen([*BASE, 11.0, 10.0]), late]), about)
    alone = [of(part, about) for part in (seen([*BASE, 11.0, 10.0]), late)]
    assert both.equals(pl.concat(alone))
    assert both["now_path"].n_unique() == 2


def test_a_trusts_own_is_for_that_trust_only_and_the_national_one_is_judged():
    both = measure({"levels": ["programme", "trust"]}, OWN)
    units = [("programme", "programme", None), ("trust", "Z01", "Z01"), ("trust", "Z02", "Z02")]
    units += [("ward", "Z01-ALDER1", "Z01"), ("ward", "Z02-BIRCH1", "Z02")]
    rows = of(pl.concat(seen([*BASE, 11.0], *unit) for unit in units), both)
    found = rows.select("unit_id", "own", "judged").rows()
    assert found == [
        ("programme", False, True),
        ("Z01", False, True),
        ("Z01", True, False),
        ("Z02", False, True),
        ("Z01-ALDER1", True, True),
    ]


def test_a_groups_own_is_for_that_group_only_and_has_its_path_on_its_chart():
    own = {"group": "SOUTH", "levels": ["group"], "target": 8.0, "change": None}
    both = measure({"levels": ["programme", "group"]}, own)
    units = [("programme", "programme"), ("group", "SOUTH"), ("group", "Y56"), ("trust", "Z01")]
    every = pl.concat(seen([*BASE, 11.0], *unit) for unit in units)
    found = of(every, both).select("level", "unit_id", "own", "judged").rows()
    assert found == [
        ("group", "SOUTH", False, True),
        ("group", "SOUTH", True, False),
        ("group", "Y56", False, True),
        ("programme", "programme", False, True),
    ]
    (alone,) = of(every, measure(own)).iter_rows(named=True)
    assert (alone["unit_id"], alone["target"]) == ("SOUTH", 0.008)
    signals = charted(seen([*BASE, 11.0] * 3, "group", "SOUTH"), measure(own))[1]
    assert signals["target"] == pytest.approx(0.008)


def charted(observations, about):
    points, signals = points_and_signals(observations, [about], None, None, PROGRAMME)
    return points, signals.row(0, named=True)


def test_icons_judge_against_the_target_of_the_latest_month():
    """30 or 31 a month may do for the first year of a long path, but never for its end."""
    counts = [30.0, 31.0] * 9
    slow = measure({"by": "2032-06", "change": -50})
    _, now = charted(seen(counts), slow)
    (path,) = along(only(seen(counts), slow), [now["latest"]])
    assert now["target"] == pytest.approx(path)
    assert 0.0275 < now["target"] < 0.0295
    fast = measure({"by": "2025-08", "change": -50})
    _, later = charted(seen(counts), fast)
    assert later["target"] == pytest.approx(0.01525)
    assert (now["assurance"], later["assurance"]) == ("hit_or_miss", "fail")
    assert "It may or may not meet the target of 28.3 for June 2026" in now["sentence"]
    assert "the target of 15.3 for June 2026 unless something changes" in later["sentence"]


def test_the_target_of_a_quarter_is_the_mean_of_its_months():
    counts = [2.0, 3.0, 1.0, 2.0, 3.0, 1.0] * 4
    about = measure({})
    points, now = charted(seen(counts), about)
    assert now["months"] == 3
    row = only(seen(counts), about)
    months = [date(2026, month, 1) for month in (10, 11, 12)]
    assert now["target"] == pytest.approx(sum(along(row, months)) / 3)
    early = charted(seen(counts[:9]), about)[1]
    assert early["latest"] == date(2025, 7, 1)
    assert early["target"] is not None
    assert charted(seen(counts[:6]), about)[1]["target"] is None, "not during the baseline"
    assert points["months"].unique().to_list() == [3]


def test_a_measure_without_an_ambition_is_judged_as_ever():
    safe = {m.id: m for m in load()}["SS-O1"]
    observations = seen([12.0, 13.0] * 9, of="SS-O1", days=20.0)
    assert of(observations, safe).is_empty()
    _, now = charted(observations, safe)
    assert now["target"] == (None if safe.target is None else safe.target / 100)
