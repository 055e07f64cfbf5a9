"""The words around an effect on a screen."""

import re
from datetime import date
from typing import get_args

import pytest

from dashboard.words import effects
from pipelines.effect.left_out import LeftOut
from pipelines.effect.terms import IN_A_FILE
from pipelines.statistics.effect.comparable import Reason
from schemas.vocabularies import EVENT_KIND

SAFE = {"short_name": "Patients feel safe"}


def content(lower: float, value: float, upper: float, kind: str = "proportion"):
    return {"measure_kind": kind, "effect": {"lower": lower, "value": value, "upper": upper}}


def test_what_can_be_started_is_a_kind_of_event_with_words_for_when_it_counts():
    assert set(effects.STARTS) <= set(EVENT_KIND)
    assert effects.counted_from("charter").startswith("A ward has started from the first month")
    assert "first event of this kind" in effects.counted_from("training")
    assert effects.counted_from("test_of_change").endswith("this is about having tried one.")


def test_advice_on_a_screen_is_there_where_it_is_for_a_file_and_never_names_a_column():
    assert set(IN_A_FILE) <= set(effects.ADVICE) <= set(get_args(Reason))
    assert not re.search(r"\b(file|adopted|unit|cluster)s?\b", " ".join(effects.ADVICE.values()))


@pytest.mark.parametrize(
    ("numbers", "kind", "said"),
    [
        ((1.9, 7.8, 13.7), "proportion", "higher than expected on wards that had started"),
        ((-9.0, -4.0, -1.0), "proportion", "lower than expected on wards that had started"),
        ((-1.0, 4.0, 9.0), "proportion", "no clear difference from what was expected"),
        ((1.03, 1.64, 2.61), "rate", "higher than expected on wards that had started"),
        ((0.81, 1.30, 2.10), "rate", "no clear difference from what was expected"),
        ((0.18, 0.38, 0.81), "rate", "lower than expected on wards that had started"),
    ],
)
def test_the_title_says_what_the_interval_says(numbers, kind, said):
    assert effects.title(SAFE, content(*numbers, kind)) == f"Patients feel safe: {said}"


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (None, "All months since the start"),
        (0, "The first month with it"),
        (1, "1 month later"),
        (12, "12 months later"),
        (-1, "1 month before the start"),
        (-3, "3 months before the start"),
    ],
)
def test_a_month_by_how_long_it_is_since_the_start(since, said):
    assert effects.when(since) == said


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (7.84, "proportion", "+7.8"),
        (-0.04, "proportion", "0.0"),
        (-3, "proportion", "−3.0"),
        (1.304, "rate", "1.30"),
    ],
)
def test_a_difference_has_its_sign_and_a_ratio_two_places(value, kind, said):
    assert effects.reading(value, kind) == said


def test_when_a_ward_started_says_too_why_it_is_left_out():
    every = LeftOut("unit", 1, "without a usable figure", ("Z01-OAK1",)), LeftOut("row", 2, "empty")
    assert effects.left_out(every) == {"Z01-OAK1": "without a usable figure"}
    assert effects.left_out(()) == {}
    assert effects.since(date(2026, 3, 1), None) == "March 2026"
    assert effects.since(None, None) == "Not started"
    assert effects.since(None, "without a usable figure") == "Left out: without a usable figure"
    assert effects.since(date(2026, 3, 1), "without x") == "March 2026; left out: without x"


def test_a_headline_names_what_was_started_and_the_measure():
    assert effects.headline("Training", SAFE, "Once.") == "Training, and patients feel safe. Once."
    assert effects.headline("Training", {"short_name": "ICU"}, "X.") == "Training, and ICU. X."
