import re
from datetime import date

import pytest
from pydantic import ValidationError

from schemas.baseline_window import BaselineWindow
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


WINDOW = {"trust": "Z01", "first": "2025-04", "last": "2026-03", "until": "2026-09-30"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last": "2026-04"}, "has 13 months: it can have 1 to 12."),
        ({"last": "2025-03"}, "has 0 months: it can have 1 to 12."),
        ({"until": "2026-03-31"}, "so it can't be sent until 2026-03-31: choose a later day."),
    ],
)
def test_a_baseline_has_at_most_a_year_and_can_be_sent_after_it(changes, sentence) -> None:
    with pytest.raises(ValidationError, match=re.escape(sentence)):
        BaselineWindow.model_validate(WINDOW | changes)


def test_two_baselines_of_a_trust_begin_in_different_months() -> None:
    said = {"name": "A", "fictional": True, "first_month": "2026-04"}
    with pytest.raises(ValidationError, match="Z01 has two baselines from 2025-04"):
        Programme.model_validate(said | {"baselines": [WINDOW, WINDOW | {"wards": ["A1"]}]})
    windows = [WINDOW, WINDOW | {"trust": "Z02"}, WINDOW | {"first": "2025-05"}]
    of = Programme.model_validate(said | {"baselines": windows}).baselines_of("Z01")
    assert [window.label for window in of] == ["April 2025 to March 2026", "May 2025 to March 2026"]
