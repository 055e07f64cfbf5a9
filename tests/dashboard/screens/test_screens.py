"""Every screen of every role draws, begins with its headline, and stays within scope."""

import re

import pytest

from dashboard.page import session as visits
from dashboard.panels import process_chart
from dashboard.screens import menu
from pipelines.reference import usual_resources
from tests.dashboard.screens.opening import GROUP, LEAD1, LEAD2, OWN, REGION, ROLES, TEAM, shown
from tests.dashboard.tiny_release import NAMES, NUMBER, WARDS

pytestmark = pytest.mark.slow

EVERY = [(email, path) for email, role in ROLES.items() for _, _, path in menu.SCREENS[role]]


@pytest.mark.parametrize(("email", "path"), EVERY)
def test_every_screen_draws_with_its_notices_and_nothing_out_of_scope(visit, email, path):
    app = visit(email, path)
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1
    text = shown(app)
    assert "Every trust, ward, person and figure is made up." in text
    assert ("Contains small numbers." in text) == (email == TEAM)
    for trust in set(NAMES) - OWN[email]:
        words = {trust, NAMES[trust]}
        words |= {name for ward, (name, *_) in WARDS.items() if ward[:3] == trust}
        assert not {word for word in words if word in text}, path
        first, second = divmod(NUMBER[trust] // 100, 10)
        assert not re.search(rf"(?<![\d.]){first},?{second}\d\d\b", text), path
    # The register is read from the archive, which this home lacks; a figure is named by a link, and
    # a search lists nothing until something is typed.
    if path not in ("about", "register", "figure", "search"):
        own = {*OWN[email], *(NAMES[code] for code in OWN[email])}
        own |= {"South board"} if email == GROUP else set()
        assert any(name in text for name in own)


def test_placeholders_are_announced_where_standards_or_questions_are(visit):
    assert "Placeholder in use." in shown(visit(TEAM, "charters"))
    assert "Placeholder in use." in shown(visit(LEAD1, "about"))
    assert "Placeholder in use." not in shown(visit(TEAM, "returns"))


@pytest.mark.parametrize("path", ["overview", "compare", "returns"])
def test_a_screen_of_another_role_shows_the_own_first_screen(visit, path):
    app = visit(LEAD1, path)
    assert not app.exception
    assert app.title[0].value == "What needs you now"


@pytest.mark.parametrize("email", [None, "nobody@example.org", "gone@example.org"])
@pytest.mark.parametrize("path", ["", "ward", "no-such-page"])
def test_without_access_every_address_shows_the_entry_and_no_figure(visit, email, path):
    app = visit(email, path)
    assert not app.exception
    assert app.title[0].value == "Feeling safe"
    text = shown(app)
    assert "116 123" in text
    assert not any(name in text for name in NAMES.values())
    assert ("has no access to this programme" in text) == (email is not None)


def test_the_address_is_clipped_to_the_scope(visit):
    own = visit(LEAD1, "ward", ward="Z01-OAK1")
    assert own.title[0].value == "Oakquill"
    other = visit(LEAD1, "ward", ward="Z02-BIRCH1")
    assert other.title[0].value in ("Alderquill", "Oakquill")
    assert "Birchmoss" not in shown(other)
    assert not visit(LEAD1, "ward", ward="Z02-BIRCH1", measure="SS-I8", month="1999-01").exception


def test_a_figure_is_traced_to_its_cell_sender_and_time(visit):
    text = shown(visit(TEAM, "ward", ward="Z02-BIRCH1", traced="SS-O1"))
    for part in ("monthly, F4", "Z02/2026-03/1", "sender.z02@example.org", "09:05 on 9 April 2026"):
        assert part in text


def test_a_region_reader_sees_figures_and_not_what_was_typed(visit):
    text = shown(visit(REGION, "ward", ward="Z03-ELM1"))
    assert "Readers of regions and groups see figures, but not the cells they came from." in text
    assert "sender.z03@example.org" not in text


@pytest.mark.parametrize("path", ["our-wards", "ward", "peers", "take-away"])
def test_a_region_reader_does_not_read_about_wards_of_their_own(visit, path):
    assert not re.search(
        r"\b(Your own|[Yy]our wards?|yours|[Oo]ur (own|peers))\b", shown(visit(REGION, path))
    )


def test_peers_with_too_few_wards_are_hidden_in_words(visit):
    text = shown(visit(LEAD1, "peers", ward="Z01-OAK1"))
    assert "hidden, because there are too few wards to compare" in text


def test_before_the_first_release_everyone_is_told_what_to_do(tmp_path, visit, monkeypatch):
    (tmp_path / "programme.toml").write_text(
        'name = "New"\nfictional = true\nfirst_month = "2026-01"\n', encoding="utf-8"
    )
    monkeypatch.setenv("FEELING_SAFE_HOME", str(tmp_path))
    app = visit(TEAM, "")
    assert not app.exception
    assert "no figures to show yet" in app.info[0].value


def test_a_series_without_a_figure_is_a_sentence_and_no_empty_chart(visit, monkeypatch):
    asked = process_chart.series
    monkeypatch.setattr(process_chart, "series", lambda *a, **k: asked(*a, **k).clear())
    visits._kept.cache_clear()
    app = visit(TEAM, "ward", ward="Z02-BIRCH1")
    visits._kept.cache_clear()
    assert not app.exception
    assert "There is nothing to draw yet" in shown(app)
    assert not [chart for chart in app.get("vega_lite_chart") if "chart_ward" in chart.proto.id]


@pytest.mark.parametrize("measure", ["SS-O1", "SS-O2", "SS-I1", "SS-I2", "SS-P1"])
def test_a_link_to_a_measure_of_a_ward_shows_its_chart_once(visit, measure):
    app = visit(TEAM, "ward", ward="Z02-BIRCH1", measure=measure)
    assert not app.exception
    assert [warning.value for warning in app.warning] == []
    keys = [chart.proto.id for chart in app.get("vega_lite_chart")]
    assert sum(f"_{measure}" in key for key in keys) == 1


@pytest.mark.parametrize(("email", "path"), [(TEAM, "about"), (LEAD1, "about"), (REGION, "about")])
def test_everything_that_may_help_is_listed_with_what_is_known_about_it(visit, email, path):
    text = shown(visit(email, path))
    for resource in usual_resources():
        assert resource.title in text
    assert "Not verified" in text


@pytest.mark.parametrize(
    ("email", "ward", "offered"), [(LEAD1, "Z01-OAK1", False), (LEAD2, "Z02-FERN1", True)]
)
def test_help_with_a_charter_is_offered_where_none_is_in_place(visit, email, ward, offered):
    assert ("What may help with a charter" in shown(visit(email, "ward", ward=ward))) == offered
