"""Ranges of counts are narrowed until no sum helps any further, in whichever order."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.ranges import FAR, Ranges, in_order

TYPES = {"total": pl.Int64, "part": pl.Int64, "kind": pl.Int32}

COUNTS = 12


@st.composite
def known(draw):
    """Counts of 12, any of them known or not, and sums of some by which their total has a count."""
    x = draw(st.lists(st.integers(0, 9), min_size=COUNTS, max_size=COUNTS))
    rows = []
    for kind in range(draw(st.integers(0, 6))):
        total = draw(st.integers(1, COUNTS - 1))
        parts = draw(st.sets(st.integers(0, total - 1), min_size=1, max_size=4))
        rows += [(total, part, kind) for part in parts]
    for total in range(COUNTS):  # a count that is a total is the sum of its parts, in one sum only
        parts = [part for whole, part, kind in rows if whole == total]
        first = next((kind for whole, _, kind in rows if whole == total), None)
        rows = [row for row in rows if row[0] != total or row[2] == first]
        if parts:
            x[total] = sum(x[part] for whole, part, _ in rows if whole == total)
    hidden = draw(
        st.lists(st.sampled_from(["shown", "small", "far"]), min_size=COUNTS, max_size=COUNTS)
    )
    low = [float(n) if how == "shown" else 0.0 for n, how in zip(x, hidden, strict=True)]
    high = [
        float(n) if how == "shown" else float(max(n, 4)) if how == "small" else FAR
        for n, how in zip(x, hidden, strict=True)
    ]
    sums = in_order(pl.DataFrame(rows, TYPES, orient="row"))
    return Ranges.of_columns(pl.Series(low), pl.Series(high), sums)


def by_every_sum(ranges, downwards=True):
    """The same by using every sum again and again, one after the other."""
    low, high = ranges.low.copy(), ranges.high.copy()
    while True:
        before = low.copy(), high.copy()
        for number in set(ranges.of.tolist()):
            total = ranges.total[ranges.of == number][0]
            parts = ranges.part[ranges.of == number]
            low[total] = max(low[total], low[parts].sum())
            high[total] = min(high[total], high[parts].sum())
            for part in parts if downwards else ():
                others = parts[parts != part]
                low[part] = max(low[part], low[total] - high[others].sum())
                high[part] = min(high[part], high[total] - low[others].sum())
        if (low == before[0]).all() and (high == before[1]).all():
            return low, high


@given(known(), st.booleans())
def test_every_sum_is_used_until_none_helps(ranges, downwards):
    found = ranges.narrowed(downwards)
    low, high = by_every_sum(ranges, downwards)
    assert found.low.tolist() == low.tolist()
    assert found.high.tolist() == high.tolist()


@given(known(), st.integers(0, 6))
def test_sums_that_are_learnt_later_come_to_the_same(ranges, first):
    earlier = ranges.of < first
    so_far = ranges.only(earlier).narrowed()
    found = replace(so_far, sums=ranges.sums).narrowed(first=~earlier)
    at_once = ranges.narrowed()
    assert found.low.tolist() == at_once.low.tolist()
    assert found.high.tolist() == at_once.high.tolist()


def test_what_is_narrowed_by_little_among_many_unknown_counts_is_used_again():
    many = 20_000  # so many that their ranges together have no digit left for a single count
    rows = [(1, 0, 0), (2, 1, 0), (3, 2, 0)]
    sums = in_order(pl.DataFrame(rows, TYPES, orient="row"))
    low = pl.Series([1.0, 0.0, 0.0, 0.0] + [0.0] * many)
    found = Ranges.of_columns(low, pl.Series([FAR] * (many + 4)), sums).narrowed()
    assert found.low[:4].tolist() == [1.0] * 4
    assert np.all(found.high == FAR)


def among(flags, *counts):
    return np.isin(np.arange(len(flags)), counts)


def test_what_holds_a_count_and_what_is_inside_one_are_found_at_any_depth():
    rows = [(2, 0, 0), (2, 1, 0), (3, 2, 0), (5, 4, 0)]
    none = pl.Series([0.0] * 6)
    ranges = Ranges.of_columns(none, none, in_order(pl.DataFrame(rows, TYPES, orient="row")))
    held, inside = ranges.holding(among(none, 0)), ranges.sums.inside(among(none, 3))
    assert np.flatnonzero(held).tolist() == [0, 2, 3]
    assert np.flatnonzero(inside).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("low", "high", "most", "hidden", "tells"),
    [
        (32, 33, 4, True, False),
        (33, 40, 4, True, True),  # without 20 and at most 12, at least 1 is left
        (0, 32, 4, True, True),  # without 20 and at least 8, at most 3 are
        (33, 40, 4, False, False),
        (0, FAR - 20, FAR, True, False),  # as little as nothing: two parts may be anything
    ],
)
def test_a_total_tells_who_knows_a_part_exactly_what_it_leaves_of_another(
    low, high, most, hidden, tells
):
    """20 shown as 20, 3 hidden as no more than 4, and 10 shown as 10."""
    lows, highs = pl.Series([18.0, 0.0, 8.0, low]), pl.Series([22.0, most, max(most, 12.0), high])
    rows = [(3, part, 0) for part in range(3)]
    ranges = Ranges.of_columns(lows, highs, in_order(pl.DataFrame(rows, TYPES, orient="row")))
    exact = np.array([20.0, 3.0, 10.0, 33.0])
    found = ranges.tells_insiders(exact, among(exact, 1) & hidden)
    assert found.tolist() == [False, False, False, tells]
