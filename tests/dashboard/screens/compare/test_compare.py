"""Comparing wards and trusts: every way of looking, and every filter."""

import re
from collections.abc import Callable

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.page import session
from dashboard.screens.compare import compare
from tests.dashboard import tiny_release
from tests.dashboard.screens.opening import TEAM, shown
from tests.dashboard.tiny_release import NAMES, TODAY, WARDS

WOMEN = ("Z01-ALDER1", "Z02-BIRCH1", "Z03-ELM1")  # the peer group of most wards


def figures(text: str, level: str) -> set[tuple[str, str]]:
    """The unit and measure of every figure that leads to where it came from."""
    return set(re.findall(rf"figure\?level={level}&amp;unit=([\w-]+)&amp;measure=(SS-\w\d+)", text))


def unescaped(text: str) -> str:
    """The markup of a screen as it is, where `shown` has its representation."""
    return text.replace("\\", "")


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
    assert compare.VIEWS == (
        "Icons", "Trusts", "Groups", "Funnel", "Small charts", "Spread of peers"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("way", "level", "units"),
    [
        ("Icons", "ward", set(WARDS)),
        ("Trusts", "trust", set(NAMES)),
        ("Groups", "group", {"Y56"}),  # the other group has no figures in this release
    ],
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


OUTSIDE = {
    ("Z01-ALDER1", "SS-I1"): "higher",
    ("Z02-FERN1", "SS-I1"): "lower",
    ("Z01-OAK1", "SS-O1"): "lower",
    ("Z03-ELM1", "SS-I8"): "higher",  # restricted: on no screen that compares
    ("Z02-BIRCH1", "SS-P1"): "too_few",
}


@pytest.fixture
def outside(tmp_path, monkeypatch, open_screen) -> Callable[..., AppTest]:
    """The funnels of a release in which some wards are outside their limits."""
    tables = tiny_release.frames()
    kinds = [
        OUTSIDE.get((row["unit_id"], row["measure"]), "within")
        for row in tables["comparisons"].iter_rows(named=True)
    ]
    tables["comparisons"] = tables["comparisons"].with_columns(category=pl.Series(kinds))
    tiny_release.write(tmp_path, tables)
    monkeypatch.setenv("FEELING_SAFE_HOME", str(tmp_path))
    monkeypatch.setattr(session, "today", lambda: TODAY)
    return lambda **address: open_screen(TEAM, "compare", look="Funnel", **address)


def drawn(app: AppTest) -> pl.DataFrame:
    """The rows of the one chart."""
    (chart,) = app.get("vega_lite_chart")
    datasets = [data.data.data for data in chart.proto.datasets] or [chart.proto.data.data]
    return pl.read_ipc_stream(datasets[0])


def listed(app: AppTest) -> list[tuple[str, str]]:
    """The funnel and the marked ward of each row of the list of what is outside."""
    table = shown(app).split("Wards outside the limits")[-1]
    return re.findall(r"measure=([\w-]+)&amp;compared=[\w-]+&amp;mark=([\w-]+)", table)


def test_every_measure_is_looked_at_for_what_is_outside_in_order_of_measure(outside):
    app = outside(measure="SS-P5")
    assert not app.exception
    assert listed(app) == [
        ("SS-O1", "Z01-OAK1"),
        ("SS-I1", "Z02-FERN1"),  # Mossgarth comes before Quillfeather
        ("SS-I1", "Z01-ALDER1"),
    ]
    compared = tiny_release.frames()["comparisons"].filter(pl.col("measure") != "SS-I8").height - 1
    assert f"Of {compared} comparisons of these wards, 3 are outside." in shown(app)
    assert "On average, chance alone would put fewer than 1 there." in shown(app)


def test_only_the_chosen_wards_are_listed_and_one_is_in_the_singular(outside):
    app = outside(trust="Z02")
    assert listed(app) == [("SS-I1", "Z02-FERN1")]
    assert "comparisons of these wards, 1 is outside." in shown(app)
    none = outside(trust="Z03")
    assert listed(none) == []
    assert "comparisons of these wards, none are outside." in shown(none)


def test_a_row_of_the_list_leads_to_its_funnel_with_the_ward_marked_and_named(outside):
    app = outside(measure="SS-I1", compared="older-mixed", mark="Z02-FERN1")
    assert app.selectbox(key="compared").value == "older-mixed"
    assert drawn(app).select("unit", "marked", "label").rows() == [
        ("Z02-FERN1", True, "Fernmoss, Mossgarth Trust")
    ]
    assert not app.warning


def test_a_peer_group_is_chosen_among_those_of_the_chosen_wards(outside):
    app = outside(trust="Z02")
    box = app.selectbox(key="compared")
    assert box.options == [
        "Acute adult wards, women (1 of 3 wards)",
        "Older adult wards, mixed (1 ward)",
    ]
    assert set(drawn(app)["unit"]) == set(WOMEN)
    box.select("older-mixed").run()
    assert set(drawn(app)["unit"]) == {"Z02-FERN1"}
    assert app.query_params["compared"] == "older-mixed"
    assert "compared" not in [one.key for one in outside(group="acute-female").selectbox]


def test_the_wards_of_a_trust_are_marked_and_stay_so_in_another_group(outside):
    app = outside(measure="SS-I1", mark="Z01")
    marks = dict(drawn(app).select("unit", "marked").iter_rows())
    assert marks == {"Z01-ALDER1": True, "Z02-BIRCH1": False, "Z03-ELM1": False}
    app.selectbox(key="compared").select("older-mixed").run()
    assert not drawn(app)["marked"].any()
    assert "Not in this peer group: Quillfeather Trust." in shown(app)
    assert app.query_params["mark"] == "Z01"
    assert not app.warning


@pytest.mark.parametrize("way", ["Icons", "Trusts"])
def test_the_heading_of_each_measure_leads_to_its_screen(look, way):
    text = shown(look(way, "SS-P5"))
    core = tiny_release.frames()["measures"].filter("core")["measure"]
    headings = re.findall(r'scope="col"><a href="measure\?measure=([\w-]+)"', unescaped(text))
    assert set(headings) == {*core, "SS-P5"}
