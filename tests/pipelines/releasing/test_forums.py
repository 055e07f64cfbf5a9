"""Forums in a release: under today's trust and ward, and without answers of too few people."""

import polars as pl
import pytest

from pipelines.releasing.forums import answers_shown
from schemas.forums import Answers
from schemas.programme import DisclosurePolicy
from schemas.typed import typed


def said(*counts, comments=()):
    """Answers to one question on a scale, by place from 1, and comments."""
    rows = [
        {"question": 1, "text": "Useful", "scale": "numbers"}
        | {"place": place, "answer": str(place), "people": people}
        for place, people in enumerate(counts, 1)
        if people
    ]
    rows += [
        {"question": 2, "text": "And now?", "scale": "comment"}
        | {"place": None, "answer": text, "people": 1}
        for text in comments
    ]
    return typed(pl.DataFrame(rows, infer_schema_length=None), Answers)


@pytest.mark.parametrize("least", [1, 5, 8])
def test_answers_are_shown_from_the_policys_least_number_of_people(least):
    policy = DisclosurePolicy(smallest_own_respondents=least)
    for answered in range(1, 12):
        shown = answers_shown(said(answered - 1, 1), policy)
        assert set(shown["answered"]) == {answered}
        if answered < least:
            assert shown.select("place", "answer", "people").rows() == [(None, None, None)]
        else:
            assert shown["people"].sum() == answered


def test_hiding_leaves_nothing_of_which_answers_there_were():
    policy = DisclosurePolicy()
    one, other = (answers_shown(said(*counts), policy) for counts in ((4,), (1, 1, 1, 0, 1)))
    assert one.equals(other)


def test_comments_of_a_session_that_few_people_spoke_about_are_hidden():
    policy = DisclosurePolicy()
    few = answers_shown(said(2, 1, comments=["A huddle", "A charter"]), policy)
    assert few["answer"].is_null().all()
    assert few.height == 2
    many = answers_shown(said(3, 4, comments=["A huddle"]), policy)
    assert "A huddle" in many["answer"].to_list()
