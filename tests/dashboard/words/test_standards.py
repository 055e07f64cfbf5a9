"""What is said about a rating: who gave it, when, and how it compares with the time before."""

from datetime import date

import pytest

from dashboard.words.standards import progress, rated_by, rated_on, since_last_time

NEVER = {"before": None, "before_month": None, "rated_by": None, "assessed_on": None}


def rated(rating, before=None, **said):
    month = date(2025, 9, 1) if before else None
    return {**NEVER, "rating": rating, "before": before, "before_month": month, **said}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (rated("met"), "Rated for the first time"),
        (rated("met", "partly_met"), "Better: it was partly met in September 2025"),
        (rated("not_met", "partly_met"), "Worse: it was partly met in September 2025"),
        (rated("met", "met"), "The same: it was met in September 2025"),
        (rated("met", "not_assessed"), "It was not assessed in September 2025"),
        (rated("not_applicable", "met"), "It was met in September 2025"),
    ],
)
def test_a_rating_beside_the_one_before(row, sentence):
    assert since_last_time(row) == sentence


def test_progress_counts_only_what_was_rated_both_times():
    rows = [
        rated("met", "partly_met"),
        rated("met", "not_met"),
        rated("not_met", "met"),
        rated("met", "met"),
        rated("met", "not_assessed"),
        rated("met"),
    ]
    said = "Of 4 ratings that can be compared with the time before: "
    assert progress(rows) == f"{said}2 better, 1 worse and 1 the same."
    assert progress(rows[4:]) == ""


def test_who_rated_it_and_when():
    row = rated("met", rated_by="with_patients", assessed_on=date(2026, 3, 12))
    assert (rated_by(row), rated_on(row)) == ("The ward team with patients", "12 March 2026")
    assert (rated_by(rated("met")), rated_on(rated("met"))) == ("Not said", "No date")
