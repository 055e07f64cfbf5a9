"""An address that names what isn't there, or what isn't yours, says so in the same words."""

import pytest

from tests.dashboard.screens.opening import LEAD1, REGION, TEAM, shown


def warnings(app) -> list[str]:
    assert not app.exception
    return [str(warning.value) for warning in app.warning]


@pytest.mark.parametrize(
    ("email", "path", "named"),
    [
        (LEAD1, "ward", {"ward": "Z02-BIRCH1"}),
        (LEAD1, "trust", {"trust": "Z02"}),
        (REGION, "peers", {"ward": "Z02-BIRCH1"}),
        (LEAD1, "our-wards", {"measure": "SS-NOPE"}),
        (LEAD1, "send", {"trust": "Z02"}),
        (LEAD1, "take-away", {"what": "everything"}),
        (LEAD1, "measure", {"measure": "SS-I8"}),
        (TEAM, "measure", {"measure": "SS-I8"}),
        (TEAM, "measure", {"compared": "picu9"}),
        (TEAM, "measure", {"before-from": "1999-01"}),
        (TEAM, "compare", {"group": "picu9"}),
        (TEAM, "compare", {"trust": "Z88"}),
        (TEAM, "overview", {"changed-measure": "SS-I8"}),
    ],
)
def test_what_is_not_there_and_what_is_not_yours_are_said_alike(visit, email, path, named):
    ((name, code),) = named.items()
    said = [warnings(visit(email, path, **{name: text})) for text in (code, "NOPE")]
    assert said[0] == said[1]
    (sentence,) = said[0]
    assert "doesn’t exist or that you can’t see. You are looking at “" in sentence
    assert code not in sentence


@pytest.mark.parametrize(
    "path", ["ward", "trust", "our-wards", "send", "peers", "take-away", "measure"]
)
def test_an_address_without_a_name_is_told_nothing(visit, path):
    assert warnings(visit(LEAD1, path)) == []


def test_a_ward_of_ones_own_is_told_nothing(visit):
    app = visit(LEAD1, "ward", ward="Z01-OAK1")
    assert warnings(app) == []
    assert app.title[0].value == "Oakquill"


def test_the_words_stay_until_there_is_a_choice(visit):
    app = visit(LEAD1, "ward", ward="NOPE")
    assert len(warnings(app.run())) == 1
    choice = next(box for box in app.selectbox if box.label == "Ward")
    assert warnings(choice.select("Z01-OAK1").run()) == []
    assert app.title[0].value == "Oakquill"
    assert app.query_params["ward"] == "Z01-OAK1"


def test_a_figure_that_is_not_there_is_said(visit):
    known = {"level": "ward", "unit": "Z01-OAK1", "measure": "SS-O1", "month": "2026-03"}
    assert "names no figure" not in shown(visit(LEAD1, "figure", **known))
    assert "names no figure" not in shown(visit(LEAD1, "figure"))
    for name, text in (("unit", "Z02-BIRCH1"), ("measure", "NOPE"), ("month", "then")):
        assert "names no figure" in shown(visit(LEAD1, "figure", **known | {name: text}))


def test_a_receipt_and_a_day_that_are_not_there_are_said(visit):
    for trust, version in (("Z02", "1"), ("Z01", "99")):
        app = visit(LEAD1, "send", trust=trust, month="2026-03", version=version)
        assert any("names no receipt of yours" in said for said in warnings(app))
    (said,) = warnings(visit(LEAD1, "ward", **{"as-at": "tomorrow"}))
    assert "today’s figures instead" in said
