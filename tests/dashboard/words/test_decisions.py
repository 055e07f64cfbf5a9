"""The words for decisions, new limits and what can still be sent."""

from datetime import date

import polars as pl
import pytest

from dashboard.words import chase, decisions, rebase

TAKEN = {
    "kind": "rebase",
    "return_id": None,
    "query": None,
    "trust_code": "Z01",
    "ward_code": "ALDER1",
    "measure": "SS-O1",
    "month": "2026-03",
    "label": None,
    "undoes": None,
    "expires": None,
    "owner": None,
}
NAMES = {"Z01": "Zed Trust", "Z01-ALDER1": "Alder Ward, Zed Trust", "SS-O1": "Feeling safe"}


def test_a_decision_is_about_wards_and_measures_by_name():
    assert decisions.about(TAKEN, NAMES) == "Alder Ward, Zed Trust, Feeling safe, March 2026"
    assert decisions.about({**TAKEN, "ward_code": None}, NAMES).startswith("Zed Trust, Feeling")
    assert decisions.named(TAKEN) == "New limits started (Z01, ALDER1, SS-O1, March 2026)"
    everyone = {**TAKEN, "trust_code": None, "ward_code": None, "measure": None}
    assert decisions.about(everyone, NAMES) == "Every trust, March 2026"


@pytest.mark.parametrize(
    ("closed", "missing", "says"),
    [
        ([], 2, "Yes"),
        (["June 2026"], 1, "No: it is closed. Reopen it first."),
        (["May 2026", "June 2026"], 2, "No: they are closed. Reopen them first."),
        (["June 2026"], 2, "Not June 2026: it is closed. Reopen it first."),
    ],
)
def test_what_is_missing_and_closed_must_be_reopened_first(closed, missing, says):
    assert chase.still(closed, missing) == says


def test_few_points_on_either_side_are_described_in_whole_sentences():
    months = [date(2026, month, 1) for month in (1, 2, 3)]
    points = pl.DataFrame({"month": months, "value": [0.5] * 3, "phase": [1, 2, 2]})
    later, before = rebase.too_few({1: 1, 2: 2}, points, months[1])
    assert later.startswith("From February 2026 there are 2 points so far.")
    assert before == (
        "Before that there is 1 point. With fewer than 12, the limits there would be too uncertain "
        "to rely on."
    )
