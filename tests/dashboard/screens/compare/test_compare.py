"""Comparing wards and trusts: every way of looking, and every filter."""

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.screens.compare import compare
from tests.dashboard import tiny_release
from tests.dashboard.screens.opening import TEAM, shown
from tests.dashboard.tiny_release import NAMES, WARDS

WOMEN = ("Z01-ALDER1", "Z02-BIRCH1", "Z03-ELM1")  # the peer group of most wards


def figures(text: str, level: str) -> set[tuple[str, str]]:
    """The unit and measure of every figure that leads to where it came from."""
    return set(re.findall(rf"figure\?level={level}&amp;unit=([\w-]+)&amp;measure=(SS-\w\d+)", text))


def charts(app: AppTest) -> int:
    return len(app.get("vega_lite_chart"))


@pytest.fixture
def look(visit) -> Callable[..., AppTest]:
    """Compare in one of the ways, at a measure that the address names."""

    def looked(way: str, measure: str) -> AppTest:
        app = visit(TEAM, "compare", look=way, measure=measure)
        assert not app.exception
        assert app.selectbox(key="measure").value == measure
        assert app.button_group(key="look").value == way
        return app

    return looked


def test_every_way_of_looking_has_a_test_here():
    assert compare.VIEWS == ("Icons", "Trusts", "Funnel", "Small charts", "Spread of peers")


@pytest.mark.parametrize(
    ("way", "level", "units"),
    [("Icons", "ward", set(WARDS)), ("Trusts", "trust", set(NAMES))],
)
def test_icons_are_of_every_core_measure_of_every_unit_whatever_the_measure(
    look, way, level, units
):
    core = set(tiny_release.frames()["measures"].filter("core")["measure"])
    assert len(core) > 3
    app = look(way, "SS-I3")
    found = figures(shown(app), level)
    assert {unit for unit, _ in found} == units
    for unit in units:
        assert {measure for of, measure in found if of == unit} == core
    assert charts(app) == 0


@pytest.mark.parametrize(
    ("measure", "name"),
    [("SS-I3", "Sexual assault"), ("SS-I7", "Days since the last reported sexual assault")],
)
def test_a_funnel_is_of_the_wards_of_one_peer_group_at_the_measure(look, measure, name):
    app = look("Funnel", measure)
    text = shown(app)
    assert figures(text, "ward") == {(ward, measure) for ward in WOMEN}
    assert f"<caption>{name}, Acute adult wards, women, " in text
    (chart,) = app.get("vega_lite_chart")
    assert chart.proto.id.endswith(f"chart_funnel_acute-female_{measure}")


def test_small_charts_are_one_of_each_ward_at_the_measure(look):
    app = look("Small charts", "SS-P1")
    text = shown(app)
    assert figures(text, "ward") == {(ward, "SS-P1") for ward in WARDS}
    assert len(re.findall(r"ward\?ward=[\w-]+&amp;measure=SS-P1\b", text)) >= len(WARDS)
    assert "fs-multiples" in text
    assert charts(app) == 0


def test_the_spread_is_of_each_peer_group_that_is_not_too_small_and_of_no_ward(look):
    app = look("Spread of peers", "SS-P5")
    text = shown(app)
    assert "<caption>Standards met, Acute adult wards, women</caption>" in text
    assert charts(app) == 1
    assert "Acute adult wards, men; Older adult wards, mixed" in app.info[0].value
    assert figures(text, "ward") == set()


def test_compare_filters_wards_and_says_when_there_is_none(visit):
    app = visit(TEAM, "compare", group="acute-female")
    text = shown(app)
    assert "of 3 wards" in text
    assert "Fernmoss" not in text
    none = visit(TEAM, "compare", group="acute-female", sex="male")
    assert not none.exception
    assert "No ward matches all these filters" in none.info[0].value


def test_trusts_stand_side_by_side_with_how_many_wards_each_figure_rests_on(visit):
    text = shown(visit(TEAM, "compare", look="Trusts"))
    assert "of 2 wards" in text or "of 1 ward" in text
    for code in NAMES:
        assert f"trust?trust={code}&amp;measure=SS-O1" in text
