"""The exact chances, against scipy and by hand."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pipelines.checking.rules.exact_tests import same_proportion, same_rate


def tail_of(known: Any, found: int, mean: float) -> float:
    """The chance of this or more, or of this or less, whichever side it is on."""
    return float(known.sf(found - 1) if found >= mean else known.cdf(found))


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 90), st.integers(0, 90))
def test_shares_are_hypergeometric(part: int, rest: int, past_part: int, past_rest: int) -> None:
    whole, past = part + rest, past_part + past_rest
    known = stats.hypergeom(whole + past, part + past_part, whole)
    expected = min(
        1.0, 2 * tail_of(known, part, whole * (part + past_part) / ((whole + past) or 1))
    )
    assert same_proportion(part, whole, past_part, past) == pytest.approx(expected, abs=1e-9)


@given(st.integers(0, 40), st.integers(1, 900), st.integers(0, 90), st.integers(1, 9000))
def test_rates_share_their_sum_binomially(
    events: int, days: int, past_events: int, past_days: int
) -> None:
    known = stats.binom(events + past_events, days / (days + past_days))
    mean = (events + past_events) * (days / (days + past_days))
    expected = min(1.0, 2 * tail_of(known, events, mean))
    assert same_rate(events, days, past_events, past_days) == pytest.approx(expected, abs=1e-9)


def test_one_unsure_answer_after_a_spotless_year_is_no_question() -> None:
    assert same_proportion(11, 12, 144, 144) > 0.05


def test_absurd_figures_cost_no_time() -> None:
    assert same_rate(999_999, 1, 5, 5400) < 1e-9
    assert same_proportion(0, 999_999, 500_000, 999_999) < 1e-9


def test_the_same_again_is_certain() -> None:
    assert same_rate(0, 450, 0, 5400) == 1.0
    assert same_proportion(12, 12, 144, 144) == 1.0
