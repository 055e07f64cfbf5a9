"""Engagement: who takes part, and a list to download, for the programme team alone."""

from tests.dashboard.screens.opening import LEAD1, REGION, TEAM, shown


def test_the_programme_sees_where_each_trust_stands(visit):
    app = visit(TEAM, "engagement")
    assert not app.exception
    text = shown(app)
    assert "3 of 3 trusts that could take part have joined" in text
    assert "Quillfeather Trust" in text
    assert len(app.get("vega_lite_chart")) == 1


def test_those_with_nothing_to_ask_are_shown_on_request(visit):
    assert "3 of 3 trusts" in shown(visit(TEAM, "engagement", show="every"))


def test_it_is_not_on_the_menu_of_a_trust_or_a_region(visit):
    for email in (LEAD1, REGION):
        app = visit(email, "engagement")
        assert not app.exception
        assert app.title[0].value != "Engagement"
        assert "could take part" not in shown(app)
