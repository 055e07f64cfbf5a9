"""Learning forums in words."""

from datetime import date

import polars as pl
import pytest

from dashboard.words import learning

TODAY = date(2026, 4, 20)


def forums(*days, kind="workshop"):
    rows = [
        {"forum": f"LF{n}", "day": d, "title": f"Day {n}", "kind": kind} for n, d in enumerate(days)
    ]
    return pl.DataFrame(
        rows, {"forum": pl.String, "day": pl.Date, "title": pl.String, "kind": pl.String}
    )


def test_the_next_forum_is_the_earliest_that_is_not_over():
    three = forums(date(2026, 4, 19), date(2026, 6, 1), date(2026, 5, 2))
    assert learning.next_forum(three, TODAY) == "The next workshop is on 2 May 2026: “Day 2”."
    assert learning.next_forum(forums(TODAY), TODAY) == "The next workshop is today: “Day 0”."
    assert learning.next_forum(forums(TODAY, kind="other"), TODAY).startswith("The next forum is")
    assert learning.next_forum(forums(date(2026, 4, 19)), TODAY) == learning.NOTHING_PLANNED
    assert learning.coming(three, TODAY) == "2 May 2026: Day 2"
    assert learning.coming(forums(), TODAY) is None


@pytest.mark.parametrize(
    ("past", "came", "sentence"),
    [
        (0, [0, 0], "No forum has been held yet."),
        (1, [1, 0], "1 of 2 trusts came to the one forum held so far."),
        (3, [2, 0], "1 of 2 trusts has come to at least one of the 3 forums held so far."),
        (3, [2, 1], "2 of 2 trusts have come to at least one of the 3 forums held so far."),
    ],
)
def test_how_many_trusts_came_is_counted_over_forums_that_were_held(past, came, sentence):
    held = forums(*[date(2026, 3, 1)] * past, date(2026, 6, 1))
    assert learning.reached(held, pl.DataFrame({"forums": came}), TODAY) == sentence


def test_not_counted_is_never_0():
    assert learning.people(None) == "not counted"
    assert learning.people(0) == "0"


def test_the_upper_two_answers_are_named_as_the_form_had_them():
    counts = {1: 1, 4: 2, 5: 1}
    assert learning.under("agreement", counts, 4) == (
        "75% of 4 people: “Agree” or “Strongly agree”"
    )
    assert learning.under("numbers", {}, 3) == "Too few people answered to show their answers (3)"


@pytest.mark.parametrize(
    ("shares", "title"),
    [
        ([], "Too few people answered to show their answers."),
        ([0.5], "50% answered “4” or “5”"),
        ([0.5, 0.5], "50% answered “4” or “5”"),
        ([0.5, 0.75], "Between 50% and 75% answered “4” or “5”, over 2 questions"),
    ],
)
def test_a_title_says_the_least_and_the_most(shares, title):
    assert learning.spread("numbers", shares, "question") == title


def test_how_many_answered_is_of_those_who_came_only_if_that_makes_sense():
    assert learning.response(3, 12) == "3 of 12 people who came answered."
    assert learning.response(3, None) == "3 people answered."
    assert learning.response(13, 12) == "13 people answered."
