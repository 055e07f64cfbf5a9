"""The one sentence for each ambition: what by when, from where, and where the unit is now."""

import polars as pl
import pytest

from dashboard.words.ambitions import among, every, named, sentence

START = (
    "Patients who feel safe from sexual harm: a made-up ambition, 50% more than the mean of 60% in "
    "April 2024 to September 2024, which is 90%, by September 2025; "
)
THEN = "in December 2024 to May 2025 it was "


@pytest.mark.parametrize(
    ("change", "ending"),
    [
        ({}, "72%, 40% of the way, where its path averages 50%."),
        ({"now": 0.6}, "60%, which is where it started."),
        ({"now": 0.55}, "55%, which is further from it than at the start."),
        ({"now": 0.91}, "91%, which reaches it."),
        ({"now": 0.8999}, "90%, which reaches it."),
        ({"now": 0.894, "target": 0.9}, "89%, 98% of the way, where its path averages 50%."),
    ],
)
def test_how_far_it_is(aimed, safe, change, ending):
    (row,) = aimed(change).iter_rows(named=True)
    assert sentence(row, safe) == START + THEN + ending


def test_nothing_since_the_baseline(aimed, safe):
    nothing = {"now": None, "now_first": None, "now_last": None, "now_months": 0}
    (row,) = aimed(nothing).iter_rows(named=True)
    assert sentence(row, safe) == START + "there is no figure since."


def test_a_reduction_is_reached_from_above(aimed, reported):
    fewer = {"change": -25.0, "baseline": 0.012, "target": 0.009, "now": 0.0105, "now_path": 0.0114}
    down = reported | {"name": "Restrictive interventions", "direction": "down"}
    (row,) = aimed(fewer).iter_rows(named=True)
    said = sentence(row, down, "Alderbrook Partnership")
    assert said.startswith(
        "Restrictive interventions, Alderbrook Partnership: a made-up ambition, "
    )
    assert (
        "25% less than the mean of 12.0 in April 2024 to September 2024, which is 9.0 per" in said
    )
    assert said.endswith("it was 10.5, 50% of the way, where its path averages 20%.")
    (row,) = aimed(fewer | {"now": 0.0085}).iter_rows(named=True)
    assert sentence(row, down).endswith("it was 8.5, which reaches it.")


def test_a_target_without_a_change_or_without_a_baseline(aimed, safe):
    (row,) = aimed({"change": None}).iter_rows(named=True)
    assert "from 60% in April 2024 to September 2024 to 90% by September 2025; " in sentence(
        row, safe
    )
    none = {"change": None, "baseline": None, "baseline_first": None, "baseline_last": None}
    (row,) = aimed(none).iter_rows(named=True)
    assert sentence(row, safe).endswith(
        f"a made-up ambition, 90% by September 2025; {THEN}72%, which doesn’t reach it."
    )


def test_what_can_not_be_worked_out_says_why(aimed, safe):
    reason = "4 of the 6 months it starts from have figures"
    (row,) = aimed({"target": None, "baseline": None, "reason": reason}).iter_rows(named=True)
    assert sentence(row, safe).endswith(f"a made-up ambition can’t be drawn yet, as {reason}.")


def test_trusts_are_counted_on_their_own_paths(aimed, safe):
    trusts = [{"unit_id": "Z01"}, {"unit_id": "Z02", "now": 0.75}, {"unit_id": "Z03", "now": None}]
    assert among(aimed(*({"level": "trust"} | row for row in trusts)), safe) == (
        "Patients who feel safe from sexual harm: a made-up ambition, trust by trust; 1 of 2 "
        "trusts is on its path or better; for 1 other trust there is no figure yet."
    )


def test_groups_are_counted_and_one_with_its_own_is_named(aimed, safe):
    rows = aimed(
        {"level": "group", "unit_id": "Y56", "now": 0.75},
        {"level": "group", "unit_id": "Z01", "own": True},
    )
    wards = pl.DataFrame({"trust_code": ["Z01"], "trust_name": ["Alder Trust"]})
    groups = pl.DataFrame({"group_code": ["Y56", "Z01"], "group_name": ["London", "South board"]})
    said = every(rows, {"SS-O1": safe}, named(wards, groups))
    assert said[0].endswith("group by group; 1 of 1 group is on its path or better.")
    assert said[1].startswith("Patients who feel safe from sexual harm, South board: a made-up")
