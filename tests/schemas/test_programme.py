from datetime import date

import pytest
from pydantic import ValidationError

from schemas.periods import Month
from schemas.programme import Pause, Programme


def programme(**settings):
    return Programme(name="Test", fictional=True, first_month="2025-01", **settings)


def test_only_months_that_have_ended_are_expected():
    assert programme().expected_months(date(2025, 3, 31)) == [Month(2025, 1), Month(2025, 2)]
    assert programme().expected_months(date(2025, 4, 1))[-1] == Month(2025, 3)


def test_nothing_is_expected_before_the_first_month_has_ended():
    assert programme().expected_months(date(2025, 1, 31)) == []


def test_a_pause_is_not_expected_and_has_both_its_ends():
    paused = programme(pauses=(Pause(first="2025-02", last="2025-03", reason="Pause"),))
    assert paused.expected_months(date(2025, 5, 1)) == [Month(2025, 1), Month(2025, 4)]
    assert paused.paused(Month(2025, 3))
    assert not paused.paused(Month(2025, 4))


def test_a_programme_that_has_ended_expects_no_more():
    ended = programme(last_month="2025-02")
    assert ended.expected_months(date(2026, 1, 1))[-1] == Month(2025, 2)


def test_a_misspelt_setting_is_refused_not_ignored():
    with pytest.raises(ValidationError, match="fictonal"):
        Programme(name="Test", fictonal=True, fictional=True, first_month="2025-01")


def test_a_month_that_is_none_is_refused():
    with pytest.raises(ValidationError, match="write it like 2026-03"):
        Programme(name="Test", fictional=True, first_month="January 2025")
