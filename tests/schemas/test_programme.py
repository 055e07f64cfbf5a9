from datetime import date

import pytest
from pydantic import ValidationError

from schemas.periods import Month
from schemas.programme import NOT_KNOWN, Breakdown, Pause, Programme


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


def test_a_breakdown_is_the_programmes_words_and_those_not_known_are_always_there():
    age = Breakdown(name="Age", categories=("Under 35", "35 or over"))
    assert age.every == ("Under 35", "35 or over", NOT_KNOWN)
    assert programme().breakdowns == ()
    assert programme(breakdowns=(age,)).breakdowns == (age,)


@pytest.mark.parametrize(
    ("name", "categories", "why"),
    [
        ("Age", ("Under 35",), "at least 2"),
        ("Age", ("Under 35", "under 35"), "“under 35” twice"),
        ("Age", ("Under 35", "not known or prefer not to say"), "twice"),
        ("Age", ("Under 35", "All who answered"), "twice"),
        ("Age", ("Under 35", " 35 or over"), "pattern"),
        ("=Age", ("Under 35", "35 or over"), "pattern"),
        ("A" * 61, ("Under 35", "35 or over"), "at most 60"),
    ],
)
def test_a_breakdown_that_nobody_could_fill_in_is_refused(name, categories, why):
    with pytest.raises(ValidationError, match=why):
        Breakdown(name=name, categories=categories)


def test_breakdowns_and_their_categories_are_told_apart():
    first = {"name": "Age", "categories": ("Under 35", "Other")}
    with pytest.raises(ValidationError, match="“age” is named twice"):
        programme(breakdowns=(first, {**first, "name": "age"}))
    with pytest.raises(ValidationError, match="written alike"):
        programme(breakdowns=(first, {"name": "Sex", "categories": ("A", "other")}))
