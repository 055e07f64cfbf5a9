"""A rebase is suggested where a person would suggest one and nowhere else, and changes nothing."""

import itertools
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.statistics.rebase_proposals import Proposal, proposals
from pipelines.statistics.stable_shift import Search
from pipelines.statistics.stable_shift import stable_limits as stable_limits_of
from tests.pipelines.statistics.one_series import (
    limits_one_by_one,
    runs,
    several,
    stable_limits,
    stable_medians,
)

LOW, HIGH = [10.0, 12.0] * 6, [20.0, 22.0] * 6
MONTHS = [date(2020 + m // 12, m % 12 + 1, 1) for m in range(60)]
whole = st.lists(st.integers(0, 20).map(float), max_size=60)
parts = st.lists(st.integers(0, 9).map(lambda n: n / 7), max_size=60)


def _frame(values, **columns):
    data = {"series": "ward", "date": MONTHS[: len(values)], "value": values, **columns}
    return pl.DataFrame(data)


def _starts(values):
    return [level.start for level in stable_limits(values)]


def test_a_step_is_proposed_where_it_happened():
    points = _frame(LOW + HIGH)
    assert proposals(points, "xmr") == [Proposal("ward", date(2021, 1, 1), True, 11.0, 21.0)]
    assert points.equals(_frame(LOW + HIGH))


@pytest.mark.parametrize("by_chance", [0, 1, 2])
@pytest.mark.parametrize(("chart", "lead"), [("xmr", 12), ("run", 13)])
def test_a_run_that_begins_before_the_step_by_chance_does_not_date_it_early(chart, lead, by_chance):
    low = ([10.0, 12.0] * 8)[: lead + 1]
    steps = [*low, *[12.5] * by_chance, *[30.0, 34.0] * 6]
    (hint,) = proposals(_frame(steps), chart)
    assert hint.date == MONTHS[len(low) + by_chance]


def test_a_step_waits_until_there_are_points_for_limits_from_its_own_date_on():
    steps = [*LOW, 12.5, *HIGH]
    assert proposals(_frame(steps[:-1]), "xmr") == []
    assert [hint.date for hint in proposals(_frame(steps), "xmr")] == [MONTHS[13]]


def test_a_run_chart_moves_its_median_to_the_first_nine():
    (hint,) = proposals(_frame([*LOW, 10.0, *HIGH]), "run")
    assert (hint.date, hint.before, hint.after) == (date(2021, 2, 1), 10.0, 20.0)


def test_a_step_down_is_not_high():
    (hint,) = proposals(_frame(HIGH + LOW[::-1]), "xmr")
    assert not hint.high


def test_limits_by_hand():
    (level,) = stable_limits(LOW)
    assert (level.centre, level.lower, level.upper) == pytest.approx((11, 11 - 5.32, 11 + 5.32))


def test_a_shift_waits_until_there_are_points_for_limits():
    assert _starts(LOW + HIGH[:11]) == [0]
    assert _starts(LOW + HIGH) == [0, 12]


def test_six_in_a_row_are_no_shift():
    assert _starts(LOW + HIGH[:6] + LOW) == [0]
    assert _starts(LOW + HIGH[:7] + [10.0, 22.0] * 6) == [0, 12]


def test_a_shift_that_goes_back_among_its_own_points_is_not_accepted():
    assert _starts(LOW + HIGH[:8] + LOW) == [0]


def test_a_shift_that_may_be_going_back_is_not_accepted_yet():
    assert _starts(LOW + HIGH[:9] + [10.0, 10.0, 10.0]) == [0]
    assert _starts(LOW + HIGH[:9] + [10.0, 10.0, 10.0, 22.0]) == [0, 12]


def test_only_the_part_of_a_run_after_the_limits_counts():
    assert _starts([10.0] * 8 + [12.0] * 4 + [12.0] * 6 + [10.0, 12.0] * 6) == [0]
    assert _starts([10.0] * 8 + [12.0] * 4 + [12.0] * 7 + [10.0, 12.0] * 6) == [0, 12]


def test_the_farthest_points_outside_are_left_out_of_limits():
    spiked = [*LOW[:6], 90.0, *LOW[6:11]]
    assert stable_limits(spiked)[0].centre == pytest.approx(120 / 11)
    assert stable_limits(spiked, Search(left_out=0))[0].centre == pytest.approx(210 / 12)


@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3, 100.0])
def test_standing_still_proposes_nothing(value):
    assert proposals(_frame([value] * 40), "xmr") == proposals(_frame([value] * 40), "run") == []


def test_missing_months_are_passed_over_and_short_series_say_nothing():
    gaps = [*LOW, None, None, *HIGH]
    assert [hint.date for hint in proposals(_frame(gaps), "xmr")] == [date(2021, 3, 1)]
    assert proposals(_frame([None, 3.0, float("nan")]), "xmr") == []
    assert proposals(_frame([3.0]), "run") == []


def test_a_rebase_that_was_confirmed_is_not_proposed_again():
    phases = [1] * 12 + [2] * 12
    assert proposals(_frame(LOW + HIGH, phase=phases), "xmr") == []


def test_a_pause_ends_a_run_and_a_gap_does_not():
    paused = [0] * 16 + [1] * 12
    with_gap = [*LOW, *HIGH[:4], None, *HIGH[4:], 20.0, 22.0, 20.0, 22.0]
    assert [hint.date for hint in proposals(_frame(with_gap), "xmr")] == [MONTHS[12]]
    whole = _frame(LOW + HIGH + HIGH[:4], stretch=paused)
    assert [hint.date for hint in proposals(whole, "xmr")] == [MONTHS[16]]
    medians = _frame([*LOW, 10.0, *HIGH[:8], *HIGH[:9]], stretch=[0] * 21 + [1] * 9)
    assert [hint.date for hint in proposals(medians, "run")] == [MONTHS[21]]
    assert [hint.date for hint in proposals(medians.drop("stretch"), "run")] == [MONTHS[13]]


def test_no_moving_range_reaches_across_a_pause():
    low, high = [10.0, 10.0] * 3, [20.0, 20.0] * 3
    (level,) = stable_limits(low + high, Search(left_out=0), [6])
    assert (level.lower, level.upper) == (15.0, 15.0)
    (level,) = stable_limits(LOW, afresh=range(1, 12))
    assert level.lower == level.upper


def test_an_excluded_point_neither_makes_nor_breaks_a_run():
    values = [*LOW, *HIGH[:3], 2.0, *HIGH[3:]]
    excluded = [False] * 15 + [True] + [False] * 9
    assert proposals(_frame(values), "xmr") == []
    (hint,) = proposals(_frame(values, exclude=excluded), "xmr")
    assert (hint.date, hint.after) == (MONTHS[12], 21.0)


def test_series_are_taken_one_by_one_whatever_the_order_and_the_engine(engine):
    still = _frame([10.0, 12.0] * 12).with_columns(series=pl.lit("other"))
    mixed = pl.concat([still, _frame(LOW + HIGH)]).sort("value")
    assert (
        proposals(mixed, "xmr")
        == proposals(engine(mixed), "xmr")
        == proposals(_frame(LOW + HIGH), "xmr")
    )


@given(whole, st.integers(0, 30))
def test_what_was_accepted_stays_as_months_are_added(values, fewer):
    before = [level.start for level in stable_limits(values[: len(values) - fewer])]
    after = _starts(values)
    assert after[: len(before)] == before


@given(st.lists(st.one_of(whole, parts), min_size=1, max_size=4), st.sets(st.integers(1, 40)))
def test_all_series_at_once_have_the_levels_of_each_by_itself(values, pauses):
    afresh = frozenset(place for place in pauses if place < len(values[0]))
    expected = [limits_one_by_one(values[0], afresh=afresh), *map(limits_one_by_one, values[1:])]
    assert stable_limits_of(several(*values, afresh=afresh)) == expected


@given(whole)
def test_every_accepted_level_obeys_the_description(values):
    levels = stable_limits(values)
    for old, new in itertools.pairwise(levels):
        assert new.start >= old.end
        assert new.end - new.start == 12
        assert new.end <= len(values)
        sides = {(v > old.centre) - (v < old.centre) for v in values[new.start : new.start + 7]}
        assert sides == {1 if new.high else -1}
        back = -1 if new.high else 1
        for first, after, side in runs(values, new.start, new.centre):
            if side == back and first < new.end:
                assert after - first < 7


@given(whole)
def test_a_median_follows_nine_on_one_side(values):
    levels = stable_medians(values)
    assert bool(levels) == (len(values) >= 13)
    for old, new in itertools.pairwise(levels):
        used = [v for v in values[new.start : new.end] if v != old.centre]
        assert len(used) == 9
        assert len({v > old.centre for v in used}) == 1
        assert sorted(used)[4] == new.centre
