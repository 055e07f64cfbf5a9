"""Comparing wards and trusts: every way of looking, and every filter."""

import pytest

from tests.dashboard.screens.opening import TEAM, shown
from tests.dashboard.tiny_release import NAMES


@pytest.mark.parametrize(
    ("look", "measure"),
    [
        ("Icons", "SS-O1"),
        ("Funnel", "SS-I3"),
        ("Funnel", "SS-I7"),
        ("Small charts", "SS-P1"),
        ("Spread of peers", "SS-P5"),
    ],
)
def test_compare_looks_four_ways_at_any_measure(visit, look, measure):
    app = visit(TEAM, "compare", look=look, measure=measure)
    assert not app.exception
    assert app.selectbox(key="measure").value == measure
    assert app.button_group(key="look").value == look


def test_compare_filters_wards_and_says_when_there_is_none(visit):
    app = visit(TEAM, "compare", group="acute-female")
    text = shown(app)
    assert "of 3 wards" in text
    assert "Fernmoss" not in text
    none = visit(TEAM, "compare", group="acute-female", sex="male")
    assert not none.exception
    assert "No ward is all of this at once" in none.info[0].value


def test_trusts_stand_side_by_side_with_how_many_wards_each_figure_rests_on(visit):
    text = shown(visit(TEAM, "compare", look="Trusts"))
    assert "of 2 wards" in text or "of 1 ward" in text
    for code in NAMES:
        assert f"trust?trust={code}&amp;measure=SS-O1" in text
