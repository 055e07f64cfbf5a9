"""Means that a plain sum gets wrong."""

import statistics
from fractions import Fraction

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.statistics.exact_mean import exact_means, with_means
from pipelines.statistics.method import Method
from pipelines.statistics.points import points


def mean(values):
    frame = nw.from_native(pl.DataFrame({"x": values, "g": [1] * len(values)}))
    return with_means(frame, {"mean": "x"}, ("g",))["mean"][0]


@pytest.mark.parametrize("value", [0.1, 0.7, 1 / 3, 1e-300, 123456.789, 0.0, -0.1])
def test_a_constant_series_is_its_own_mean_and_has_no_shift(value):
    for n in range(1, 130):
        assert mean([value] * n) == value
    dates = pl.date_range(pl.date(2020, 1, 1), pl.date(2022, 12, 1), "1mo", eager=True)
    found = points(pl.DataFrame({"date": dates, "value": [value] * 36}), Method(chart="xmr"))
    assert (found["kind"] == "common").all()
    assert (found["side"] == 0).all()
    assert (found["upper"] == value).all()


NUMBERS = st.one_of(
    st.integers(-1000, 1000).map(lambda i: i / 10),
    st.integers(0, 10**6).map(lambda i: 1e9 + i / 7),
    st.floats(-1e6, 1e6),
)


@given(st.lists(NUMBERS, min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_the_mean_is_the_nearest_double_in_any_order(values, chance):
    exact = sum(map(Fraction, values)) / len(values)
    found = mean(values)
    apart = abs(Fraction(found) - exact)
    assert apart <= Fraction(1, 2**52) * max(abs(exact), Fraction(1, 2**1000)) or apart < 1e-290
    shuffled = values[:]
    chance.shuffle(shuffled)
    assert mean(shuffled) == found


@given(
    st.lists(st.one_of(NUMBERS, st.floats(-1e300, 1e300)), min_size=1, max_size=15),
    st.lists(st.booleans(), min_size=15, max_size=15),
    st.booleans(),
)
def test_a_mean_is_rounded_once(values, used, constant):
    values = values[:1] * len(values) if constant else values
    used = [True, *used[1 : len(values)]]
    rows, flags = np.array([values, values]), np.array([[True] * len(values), used])
    some = [value for value, mine in zip(values, used, strict=True) if mine]
    assert exact_means(rows, flags).tolist() == [statistics.mean(values), statistics.mean(some)]
