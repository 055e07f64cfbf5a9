"""The truth table of figures: what is known of numerator and denominator, and the result."""

from datetime import date

import polars as pl
import pytest

from pipelines.measures import load
from pipelines.registers.register import register_of
from pipelines.releasing.observations import observations
from pipelines.releasing.steps.fields import SHAPE, field_values, fields_of
from pipelines.releasing.trusts_and_wards import trusts, wards, wards_by_month
from schemas.periods import Month, months
from schemas.programme import Pause
from schemas.release import Charters, Observations, ReleaseCells, ReleaseStandards
from schemas.typed import empty
from tests import worlds

JAN, FEB = date(2025, 1, 1), date(2025, 2, 1)
RETURNS = pl.DataFrame(
    {"trust_code": ["Z01"], "month": [JAN], "return_id": ["Z01/2025-01/1"], "provisional": [True]}
)
NO_QUERIES = pl.DataFrame(schema={"ward_id": pl.String, "month": pl.Date, "field": pl.String})


def seen(fields, last=worlds.FIRST, queried=NO_QUERIES, register=None, **settings):
    """Observations of the tiny programme; fields as (ward_id, month, field, number, state)."""
    register = register_of({**worlds.register_frames(), **(register or {})})
    of_trusts, of_wards = trusts(register, date(2026, 1, 1)), wards(register, date(2026, 1, 1))
    named = [(w, w.split("-")[0], m, f, n, s) for w, m, f, n, s in fields]
    values = pl.DataFrame(named, schema=SHAPE, orient="row")
    span = [month.first_day for month in months(Month(2025, 1), last)]
    grid = wards_by_month(of_wards, of_trusts, worlds.programme(**settings), span)
    frame = observations(grid, values, load(), RETURNS, queried)
    return Observations.validate(frame)


def one(frame, unit, measure, month=JAN):
    return frame.filter(unit_id=unit, measure=measure, month=month).row(0, named=True)


def safe(safe, answered, ward="Z01-ALDER1", month=JAN):
    return [(ward, month, "pt_safe", *safe), (ward, month, "pt_answered", *answered)]


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        ((9, "value"), (12, "value"), (9, 12, 0.75, "value")),
        ((0, "value"), (12, "value"), (0, 12, 0.0, "value")),  # zero is a value
        ((0, "value"), (0, "value"), (None, None, None, "not_applicable")),  # nobody answered
        ((None, "missing"), (12, "value"), (None, None, None, "missing")),
        ((9, "value"), (None, "missing"), (None, None, None, "missing")),
        ((None, "missing"), (0, "value"), (None, None, None, "not_applicable")),
        ((None, "closed"), (None, "closed"), (None, None, None, "closed")),
        ((0, "nil"), (12, "value"), (0, 12, 0.0, "nil")),
        ((None, "not_applicable"), (12, "value"), (None, None, None, "not_applicable")),
    ],
)
def test_what_is_known_decides_what_is_shown(numerator, denominator, expected):
    found = one(seen(safe(numerator, denominator)), "Z01-ALDER1", "SS-O1")
    keys = ("numerator", "denominator", "value", "state")
    assert tuple(found[key] for key in keys) == expected


def test_nothing_sent_is_missing_and_traced_to_the_return_it_was_left_out_of():
    found = one(seen([]), "Z01-BIRCH1", "SS-O1")
    assert (found["state"], found["value"], found["return_id"]) == (
        "missing",
        None,
        "Z01/2025-01/1",
    )
    assert one(seen([]), "Z02-ELDER1", "SS-O1")["return_id"] is None


def test_above_the_ward_a_figure_is_a_ratio_of_sums_over_the_wards_that_sent_it():
    fields = [
        *safe((1, "value"), (2, "value")),
        *safe((30, "value"), (30, "value"), "Z01-BIRCH1"),
        *safe((None, "missing"), (8, "value"), "Z01-CEDAR1"),
        *safe((2, "value"), (8, "value"), "Z02-DOGWD1"),
    ]
    frame = seen(fields)
    found = one(frame, "Z01", "SS-O1")
    assert (found["numerator"], found["denominator"], found["value"]) == (31, 32, 31 / 32)
    assert (found["wards"], found["wards_expected"]) == (2, 3)
    whole = one(frame, "programme", "SS-O1")
    assert (whole["value"], whole["wards"], whole["wards_expected"]) == (33 / 40, 3, 5)
    assert one(frame, "acute-female", "SS-O1")["value"] == 33 / 40


def test_a_confirmed_nil_stays_a_nil_and_one_figure_makes_it_a_value():
    nil = [("Z01-ALDER1", JAN, "inc_assault", 0, "nil")]
    nil += [("Z01-ALDER1", JAN, "occupied_bed_days", 400, "value")]
    frame = seen(nil)
    assert one(frame, "Z01-ALDER1", "SS-I3")["state"] == "nil"
    assert (one(frame, "Z01", "SS-I3")["state"], one(frame, "Z01", "SS-I3")["value"]) == ("nil", 0)
    typed_zero = [("Z01-BIRCH1", JAN, "inc_assault", 0, "value")]
    typed_zero += [("Z01-BIRCH1", JAN, "occupied_bed_days", 400, "value")]
    assert one(seen(nil + typed_zero), "Z01", "SS-I3")["state"] == "value"


def test_days_since_the_last_assault_are_those_of_the_ward_where_it_was_last():
    fields = [
        ("Z01-ALDER1", JAN, "days_since_assault", 61, "value"),
        ("Z01-BIRCH1", JAN, "days_since_assault", 7, "value"),
    ]
    frame = seen(fields)
    assert one(frame, "Z01-ALDER1", "SS-I7")["value"] == 61
    assert one(frame, "Z01", "SS-I7")["value"] == 7
    assert one(frame, "programme", "SS-I7")["numerator"] == 7


def test_a_restricted_count_is_that_of_twelve_months_and_needs_them_all():
    span = [month.first_day for month in months(Month(2025, 1), Month(2026, 2))]
    counts = [("Z01-ALDER1", m, "inc_alleged_staff", int(m.month == 3), "value") for m in span]
    frame = seen(counts, last=Month(2026, 2))
    by_month = {m: one(frame, "Z01-ALDER1", "SS-I8", m) for m in span}
    assert by_month[date(2025, 11, 1)]["state"] == "missing"  # eleven months are known
    assert by_month[date(2025, 12, 1)]["value"] == 1
    assert by_month[date(2026, 2, 1)]["value"] == 1
    gap = [count for count in counts if count[1] != date(2025, 6, 1)]
    assert one(seen(gap, last=Month(2026, 2)), "Z01-ALDER1", "SS-I8", span[-1])["value"] is None


def test_a_month_the_ward_was_closed_counts_as_none_in_twelve():
    span = [month.first_day for month in months(Month(2025, 1), Month(2025, 12))]
    counts = [("Z01-ALDER1", m, "inc_alleged_staff", 1, "value") for m in span[1:]]
    counts += [("Z01-ALDER1", span[0], "inc_alleged_staff", None, "closed")]
    assert one(seen(counts, last=Month(2025, 12)), "Z01-ALDER1", "SS-I8", span[-1])["value"] == 11


def test_a_paused_month_is_paused_whatever_was_sent():
    pause = Pause(first="2025-01", last="2025-01", reason="COVID-19")
    frame = seen(safe((9, "value"), (12, "value")), last=Month(2025, 2), pauses=(pause,))
    for unit in ("Z01-ALDER1", "Z01", "acute-female", "programme"):
        found = one(frame, unit, "SS-O1")
        assert (found["state"], found["value"], found["wards_expected"]) == ("paused", None, 0)
        assert one(frame, unit, "SS-O1", FEB)["state"] == "missing"


def register_with(*rows, trusts=None):
    frames = {"wards": pl.DataFrame(list(rows), infer_schema_length=None)}
    if trusts:
        frames["trusts"] = pl.DataFrame(trusts, infer_schema_length=None)
    return frames


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"open_to": date(2025, 1, 31)}, "closed"),
        ({"open_from": date(2025, 3, 1)}, "closed"),
        ({"valid_to": date(2025, 1, 31)}, "closed"),
        ({"in_collaborative": "no"}, "not_applicable"),
        ({}, "missing"),
    ],
)
def test_a_ward_that_is_not_expected_is_not_missing(changes, state):
    frames = register_with(
        worlds.ward_row("Z01", "ALDER1", **changes), worlds.ward_row("Z02", "DOGWD1")
    )
    frame = seen([], last=Month(2025, 2), register=frames)
    found = one(frame, "Z01-ALDER1", "SS-O1", FEB)
    assert (found["state"], found["wards_expected"]) == (state, int(state == "missing"))
    assert one(frame, "Z01", "SS-O1", FEB)["wards_expected"] == int(state == "missing")


def test_before_its_trust_joined_a_ward_has_nothing_to_send():
    late = worlds.trust_row("Z01", joined=FEB)
    frame = seen(
        [],
        last=Month(2025, 2),
        register=register_with(worlds.ward_row("Z01", "ALDER1"), trusts=[late]),
    )
    states = [one(frame, "Z01-ALDER1", "SS-O1", m)["state"] for m in (JAN, FEB)]
    assert states == ["not_applicable", "missing"]


def test_a_merged_ward_has_the_history_of_both_under_the_one_it_became():
    rows = (
        worlds.ward_row("Z01", "ALDER1"),
        worlds.ward_row(
            "Z01",
            "BIRCH1",
            open_to=date(2025, 1, 31),
            valid_to=date(2025, 1, 31),
            successor_trust_code="Z01",
            successor_ward_code="ALDER1",
        ),
    )
    fields = [
        *safe((9, "value"), (12, "value")),
        *safe((3, "value"), (8, "value"), "Z01-BIRCH1"),
        *safe((10, "value"), (20, "value"), month=FEB),
    ]
    frame = seen(fields, last=Month(2025, 2), register=register_with(*rows))
    before, after = (one(frame, "Z01-ALDER1", "SS-O1", month) for month in (JAN, FEB))
    assert (before["value"], before["wards"], before["wards_expected"]) == (12 / 20, 2, 2)
    assert (after["value"], after["wards"], after["wards_expected"]) == (0.5, 1, 1)
    assert "Z01-BIRCH1" not in frame["unit_id"]


def test_a_merged_trust_is_shown_under_the_trust_it_became():
    moved = [
        worlds.trust_row("Z01", valid_to=date(2025, 1, 31), successor_code="Z02"),
        worlds.trust_row("Z02"),
    ]
    rows = (
        worlds.ward_row("Z01", "ALDER1", valid_to=date(2025, 1, 31)),
        worlds.ward_row("Z02", "ALDER1", valid_from=date(2025, 2, 1)),
    )
    fields = safe((9, "value"), (12, "value")) + safe(
        (6, "value"), (12, "value"), "Z02-ALDER1", FEB
    )
    frame = seen(fields, last=Month(2025, 2), register=register_with(*rows, trusts=moved))
    assert [one(frame, "Z02-ALDER1", "SS-O1", m)["value"] for m in (JAN, FEB)] == [0.75, 0.5]
    assert [one(frame, "Z02", "SS-O1", m)["value"] for m in (JAN, FEB)] == [0.75, 0.5]
    assert "Z01" not in frame["unit_id"]


def test_a_ward_is_among_the_peers_of_its_class_at_the_time():
    rows = (
        worlds.ward_row("Z01", "ALDER1", valid_to=date(2025, 1, 31)),
        worlds.ward_row("Z01", "ALDER1", mh_class="212", valid_from=FEB),
    )
    fields = safe((9, "value"), (12, "value")) + safe((6, "value"), (12, "value"), month=FEB)
    frame = seen(fields, last=Month(2025, 2), register=register_with(*rows))
    groups = ("acute-female", "rehab-female")
    values = {g: [one(frame, g, "SS-O1", m)["value"] for m in (JAN, FEB)] for g in groups}
    assert values == {"acute-female": [0.75, None], "rehab-female": [None, 0.5]}
    assert one(frame, "acute-female", "SS-O1", FEB)["state"] == "closed"


def test_an_open_query_marks_the_measures_of_its_field():
    asked = pl.DataFrame({"ward_id": ["Z01-ALDER1"], "month": [JAN], "field": ["pt_answered"]})
    frame = seen(safe((9, "value"), (12, "value")), queried=asked)
    assert one(frame, "Z01-ALDER1", "SS-O1")["queried"]
    assert one(frame, "Z01", "SS-O1")["queried"]
    assert not one(frame, "Z01-ALDER1", "SS-O2")["queried"]


def test_provisional_figures_make_the_figures_above_them_provisional():
    frame = seen(safe((9, "value"), (12, "value")))
    assert one(frame, "programme", "SS-O1")["provisional"]
    assert not one(frame, "Z02", "SS-O1")["provisional"]


def test_ratings_of_a_whole_trust_count_in_the_trust_and_above():
    ratings = ("met", "met", "not_met", "not_applicable")
    rated = (
        empty(ReleaseStandards)
        .select("set_id", "rating", "ward_id", "trust_code", "month")
        .vstack(
            pl.DataFrame(
                [("s", rating, None, "Z01", JAN) for rating in ratings],
                schema=["set_id", "rating", "ward_id", "trust_code", "month"],
                schema_overrides={"ward_id": pl.String},
                orient="row",
            )
        )
    )
    values = field_values(empty(ReleaseCells), empty(Charters), rated, fields_of(load()), "s")
    register = register_of(worlds.register_frames())
    day = date(2026, 1, 1)
    of_trusts, of_wards = trusts(register, day), wards(register, day)
    grid = wards_by_month(of_wards, of_trusts, worlds.programme(), [JAN])
    frame = observations(grid, values, load(), RETURNS, NO_QUERIES)
    for unit in ("Z01", "programme"):
        found = one(frame, unit, "SS-P5")
        assert (found["numerator"], found["denominator"], found["wards"]) == (2, 3, 0)
    assert one(frame, "Z01-ALDER1", "SS-P5")["state"] == "missing"


def test_every_unit_and_measure_has_every_month_once():
    frame = seen(safe((9, "value"), (12, "value")), last=Month(2025, 6))
    series = frame.group_by("level", "unit_id", "measure").agg(pl.col("month").n_unique())
    assert series["month"].unique().to_list() == [6]
    assert frame.height == series.height * 6
    assert frame["level"].unique().sort().to_list() == ["peer_group", "programme", "trust", "ward"]
