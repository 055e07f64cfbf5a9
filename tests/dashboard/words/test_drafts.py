"""The sentences of Enter on the screen, read as a person reads them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dashboard.words import drafts as words
from pipelines.drafting.basis import Basis, Looked, look
from pipelines.keeping.drafts import Draft
from tests.returns import scene

NOW = datetime(2026, 4, 9, 10, 30, tzinfo=UTC)
BASIS = Basis(
    scene.TRUST, scene.MONTH, scene.WARDS, {"monthly": []}, scene.context(history=None), None
)
DRAFT = Draft("Z01", "2026-03", "ALDER1", {"return_status": "data"}, "jo@trust.example", NOW, "1.0")
OTHERS = [replace(DRAFT, ward=ward) for ward in ("BIRCH2", "CEDAR3")]


@pytest.mark.parametrize(
    ("ready", "said"),
    [
        ([], "0 of 3 wards have a draft. Alder Ward, Birch Ward and Cedar Ward have none yet."),
        ([DRAFT], "1 of 3 wards has a draft. Birch Ward and Cedar Ward have none yet."),
        (OTHERS, "2 of 3 wards have a draft. Alder Ward has none yet."),
        ([DRAFT, *OTHERS], "3 of 3 wards have a draft."),
    ],
)
def test_how_far_a_month_has_come(ready, said):
    assert words.progress(BASIS, ready) == said


def test_what_the_check_will_do_about_a_ward_without_a_draft():
    assert words.missing(BASIS, OTHERS) == (
        "Alder Ward: the check will ask for its figures. If nothing was collected, open the ward "
        "and choose that."
    )
    assert words.missing(BASIS, [DRAFT, *OTHERS]) == ""


def test_what_is_left_to_do_about_a_ward():
    assert words.to_do(Looked()) == "Complete."
    assert words.to_do(Looked(blank=("pt_safe",))) == "1 needed figure is blank."
    typed = {"return_status": "data", "pt_answered": 3, "pt_safe": 4}
    said = look(BASIS, {"ALDER1": typed})["ALDER1"]
    assert words.to_do(said) == (
        "6 needed figures are blank, 1 figure to correct and 1 query to explain."
    )
    assert words.blank(said).startswith(
        "6 needed figures are still blank: “Occupied bed days”, “Staff who answered”, "
    )


def test_who_saved_it_and_until_when_it_is_kept():
    names = {"jo@trust.example": "Jo Ward"}
    assert words.saved(DRAFT, words.person(DRAFT.by, names, "lead@trust.example")) == (
        "Saved at 11:30 on 9 April 2026 by Jo Ward"
    )
    assert words.person(DRAFT.by, names, DRAFT.by) == "you"
    assert words.person(DRAFT.by, {}, "lead@trust.example") == DRAFT.by
    assert words.until(DRAFT) == "Kept until 9 May 2026."


def test_where_two_people_differ():
    mine = {"return_status": "data", "pt_safe": 0, "pt_answered": 5}
    theirs = {"return_status": "nil_incidents", "pt_answered": 5}
    assert words.differences(mine, theirs) == [
        {
            "what": "Row status",
            "theirs": "There were no incidents",
            "yours": "Figures are entered",
        },
        {"what": "Patients who feel safe", "theirs": "Blank", "yours": "0"},
    ]
