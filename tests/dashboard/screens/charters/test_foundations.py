"""The four foundations on the screens: trauma-informed care, charters and ratings, with figures."""

import pytest

from tests.dashboard.screens.opening import LEAD1, REGION, TEAM, shown

PEOPLE = "7 patients, 12 staff and no carers took part, most recently on 3 June 2025."


@pytest.fixture
def charters(visit):
    return shown(visit(TEAM, "charters"))


def test_trauma_informed_care_has_its_figures_beside_the_other_foundations(charters):
    assert "Trauma-informed care in the whole programme" in charters
    for measure in ("SS-P13", "SS-P14", "SS-P15"):
        assert f"measure?measure={measure}" in charters
    assert "What counts as training, supervision" in charters
    assert "does not measure" not in charters


def test_charters_say_who_took_part_and_what_they_led_to(charters):
    assert "Who took part, and what charters have led to so far" in charters
    assert "Patients who took part" in charters
    assert ">35<" in charters, "7 on each of 5 wards"
    assert "5 of 5 open wards" in charters
    assert "4 of 5 open wards" in charters, "one has no charter in place that led to anything"


def test_each_set_of_standards_has_a_chart_of_its_own(charters):
    assert "framework: 3 of 3 rated statements are met" in charters
    assert "0 of 5 rated statements are met" in charters
    said = "Of 1 rating that can be compared with the time before"
    assert f"{said}: 1 better, 0 worse and 0 the same." in charters


@pytest.mark.parametrize(("email", "counts"), [(TEAM, True), (LEAD1, True), (REGION, False)])
def test_a_ward_says_who_made_its_charter_and_how_its_ratings_changed(visit, email, counts):
    text = shown(visit(email, "ward", ward="Z01-ALDER1"))
    assert (PEOPLE in text) == counts
    led = "So far it has led to 3 conversations about sexual safety and 2 changes on the ward."
    assert (led in text) == counts
    assert "Better: it was not met in " in text


@pytest.mark.parametrize("email", [TEAM, LEAD1, REGION])
def test_a_trusts_rating_of_itself_says_who_gave_it_and_when(visit, email):
    text = shown(visit(email, "trust", trust="Z01"))
    assert "own self-assessment" in text
    for words in ("Trust Z01", "Another ward or trust", "9 January 2026", "Rated for the first"):
        assert words in text
    assert "Trust Z02" not in text
