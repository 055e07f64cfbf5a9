"""A group: its wards together over time, who is in it, what they sent, and its pack."""

from datetime import UTC, date, datetime

import polars as pl

from dashboard.words import titles
from tests.dashboard import tiny_release
from tests.dashboard.screens.opening import GROUP, LEAD1, REGION, TEAM, shown
from tests.dashboard.tiny_release import NAMES

NOW = datetime(2026, 4, 20, 9, tzinfo=UTC)


def test_a_group_is_named_with_its_kind_once():
    named = {"group_name": "Northvale integrated care board", "kind": "icb"}
    assert titles.group(named) == "Northvale integrated care board"
    assert titles.group({**named, "group_name": "Northvale"}) == "Northvale (Integrated care board)"


def test_the_wards_of_a_region_together_have_charts_members_and_returns(visit):
    app = visit(TEAM, "group", group="Y56")
    assert not app.exception
    assert app.title[0].value == "London"
    text = shown(app)
    assert "level=group&amp;unit=Y56" in text  # each figure leads to the wards that it adds up
    assert "ward?ward=Z01-OAK1" in text
    assert all(name in text for name in NAMES.values())
    assert "take-away?what=pack&amp;amp;group=Y56" in text or "group=Y56" in text
    assert "Start new limits…" not in [fold.label for fold in app.expander]


def test_a_group_is_found_compared_and_narrows_the_choice_of_wards(visit):
    app = visit(TEAM, "search")
    app = app.text_input(key="search").set_value("london").run()
    assert "group?group=Y56" in shown(app)
    app = visit(TEAM, "measure", measure="SS-O1", level="group")
    assert "group?group=Y56&amp;measure=SS-O1" in shown(app)
    app = visit(TEAM, "compare", region="London")
    assert not app.exception
    assert "ward?ward=Z03-ELM1" in shown(app)
    app = visit(TEAM, "compare", look="Groups")
    assert not app.exception
    assert "group?group=SOUTH" in shown(app)
    app = visit(TEAM, "compare", look="Funnel", mark="group:SOUTH")
    assert not app.exception
    assert app.selectbox(key="mark").value == "group:SOUTH"
    assert "South board (Integrated care board)" in app.selectbox(key="mark").options
    assert "Birchmoss" in shown(app)
    app = visit(TEAM, "figure", level="group", unit="Y56", measure="SS-O1", month="2026-03")
    assert "London, March 2026" in shown(app)


def test_a_group_reader_sees_the_group_and_past_months_of_a_trust_that_left(visit):
    app = visit(GROUP, "group")
    assert not app.exception
    assert app.title[0].value == "South board"
    text = shown(app)
    assert "Mossgarth Trust" in text
    assert "December 2025" in text  # the last month of the trust that left
    app = visit(GROUP, "ward", ward="Z03-ELM1")
    assert not app.exception
    assert "Elmtarn" in shown(app)
    assert "Start new limits…" not in [fold.label for fold in app.expander]
    app = visit(GROUP, "take-away", what="pack")
    assert "Sharing: small numbers hidden" not in shown(app)


def test_returns_can_be_narrowed_to_a_group_in_the_months_in_which_a_trust_was_in_it(visit):
    for look in ("Month by month", "Chase list", "Queries"):
        app = visit(TEAM, "returns", look=look, group="SOUTH")
        assert not app.exception
        assert app.selectbox(key="group").value == "SOUTH"
        said = shown(app)
        assert NAMES["Z01"] not in said
    app = visit(TEAM, "returns", month="2026-01", group="SOUTH")
    assert NAMES["Z03"] not in shown(app)
    assert NAMES["Z02"] in shown(app)


def test_nobody_else_opens_a_group(visit):
    for email in (LEAD1, REGION):
        app = visit(email, "group", group="Y56")
        assert app.title[0].value != "London"
        app = visit(email, "figure", level="group", unit="Y56", measure="SS-O1", month="2026-03")
        assert "London, March" not in shown(app)


def test_a_group_says_in_which_month_its_members_are_counted_and_if_there_are_none(
    tmp_path, at_the_door, open_screen
):
    tables = tiny_release.frames()
    later = pl.when(group_code="SOUTH").then(date(2026, 4, 1)).otherwise("first_month")
    coming = tables["groups"].with_columns(first_month=later, last_month=pl.lit(None, pl.Date))
    tiny_release.write(tmp_path, {**tables, "groups": coming})
    at_the_door(tmp_path, NOW)
    text = shown(open_screen(TEAM, "group", group="SOUTH"))
    assert "Nobody belonged to it in March 2026, the newest month with figures" in text
    assert "April 2026" in text  # when its members do
    text = shown(open_screen(TEAM, "group", group="Y56"))
    assert "Trusts, March 2026" in text
    assert "Nobody belonged to it" not in text
