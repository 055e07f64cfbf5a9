"""Who feels safe by group: only where it is asked, and only what may be seen."""

import shutil

import pytest
import streamlit as st

from dashboard import access, store
from dashboard.access import Scope
from dashboard.page import session
from dashboard.queries.breakdowns import by_category
from dashboard.screens import menu
from dashboard.words import breakdowns as words
from pipelines.keeping.home import Home
from pipelines.releasing.build import build
from tests import worlds
from tests.by_group import AFTER, AGE, switched, world
from tests.dashboard.api.conftest import Api
from tests.dashboard.screens.opening import LEAD1, TEAM, shown

PATH = "who-feels-safe"


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    """The home of a programme that asks by age, with its release; only read it."""
    home = world(tmp_path_factory.mktemp("asking") / "home")
    build(home, AFTER)
    return home


@pytest.fixture
def look(asking, monkeypatch, open_screen):
    """Look at a screen of that programme as one of its people."""
    monkeypatch.setenv("FEELING_SAFE_HOME", str(asking.root))
    monkeypatch.setattr(session, "today", lambda: AFTER.date())
    return open_screen


def test_the_programme_sees_its_newest_quarter_and_can_choose_another(look):
    app = look(worlds.TEAM, PATH)
    assert not app.exception
    text = shown(app)
    assert "510 of the 750 patients who were asked by group on 5 wards feel safe (68%)" in text
    assert "January 2026 to March 2026" in text
    assert len(app.get("vega_lite_chart")) == 1
    july = shown(look(worlds.TEAM, PATH, **{"from": "2025-07"}))
    assert "Under 35: too few people" in july
    assert "35 or over: 70% of 501" in july


def test_a_trust_lead_sees_years_of_their_own_trust_alone(look):
    text = shown(look(worlds.LEAD, PATH))
    assert "April 2025 to March 2026" in text
    assert "1,224 of the 1,800 patients" in text
    assert "January 2026 to March 2026" not in text
    assert "Z02" not in text


def test_a_program_reads_what_its_holder_sees_on_the_screen(asking, tmp_path):
    home = Home(shutil.copytree(asking.root, tmp_path / "home"))
    api = Api(home, now=AFTER)
    release = store.current(home.releases)
    for holder, level, own in ((worlds.TEAM, "programme", {None}), (worlds.LEAD, "trust", {"Z01"})):
        answer = api.ask("GET", "/v1/breakdowns", api.issue(may=["figures"], holder=holder))
        assert (answer.status_code, answer.json()["release"]) == (200, release.stem)
        scope = access.resolve(holder, store.people(release), AFTER.date())
        seen = by_category(store.cursor(release, scope), level)
        rows = answer.json()["rows"]
        assert {row["trust_code"] for row in rows} == own
        names = ["breakdown", "category", "wards", "answered", "safe"]
        assert [[row[name] for name in names] for row in rows] == [
            list(row) for row in seen.select(names).rows()
        ]
    hidden = [
        row
        for row in api.ask(
            "GET", "/v1/breakdowns", api.issue(may=["figures"], holder=worlds.TEAM)
        ).json()["rows"]
        if row["answered"] is None
    ]
    assert hidden
    assert all(row["safe"] is None for row in hidden)
    assert api.ask("GET", "/v1/breakdowns", api.issue()).status_code == 403, "that is for sending"
    switched(home)
    answer = api.ask("GET", "/v1/breakdowns", api.issue(may=["figures"], holder=worlds.TEAM))
    assert answer.status_code == 404


def test_the_file_of_a_trust_lead_tells_nothing_of_another_trust(look, monkeypatch):
    taken = []
    monkeypatch.setattr(st, "download_button", lambda label, data, *a, **k: taken.append(data))
    assert not look(worlds.LEAD, PATH).exception
    (content,) = taken
    said = content.decode() if isinstance(content, bytes) else content
    assert "2025-04" in said
    assert "Z02" not in said
    assert "programme" not in said.lower()


def test_every_role_sees_its_own_rows_and_a_region_none(asking):
    release = store.current(asking.releases)

    def seen(role, *trusts):
        scope = Scope(role, frozenset(trusts), "a@b.example", "A")
        rows = store.open(release, scope).sql("FROM breakdowns").pl()
        return set(rows["unit_id"])

    assert seen("programme") == {"programme", "Z01", "Z02"}
    assert seen("trust", "Z02") == {"Z02"}
    assert seen("region", "Z01", "Z02") == set()
    everything = store.open(release, Scope("programme", frozenset(), "a@b.example", "A"))
    assert set(by_category(everything, "programme")["unit_id"]) == {"programme"}


def test_it_is_on_the_menu_where_it_is_asked(look):
    look(worlds.LEAD, PATH)
    assert PATH in [path for _, _, path in menu.screens_of("trust")]
    assert PATH not in [path for _, _, path in menu.screens_of("region")]


def test_it_is_on_no_menu_where_it_is_not_asked(visit):
    for email in (TEAM, LEAD1):
        app = visit(email, PATH)
        assert app.title[0].value != "Who feels safe"
    assert menu.screens_of("programme") == menu.SCREENS["programme"]


def test_before_the_first_quarter_it_says_when_there_will_be_one(
    tmp_path, monkeypatch, open_screen
):
    home = switched(worlds.small_world(tmp_path / "home", last=worlds.FIRST), AGE)
    build(home, worlds.received(worlds.FIRST))
    monkeypatch.setenv("FEELING_SAFE_HOME", str(home.root))
    app = open_screen(worlds.TEAM, PATH)
    assert words.NOTHING_YET in shown(app)


def test_the_file_says_in_words_what_is_hidden(asking):
    release = store.current(asking.releases)
    rows = by_category(
        store.open(release, Scope("programme", frozenset(), "a@b.example", "A")), "programme"
    )
    file = words.as_file(rows)
    july = file.filter(From="2025-07")
    few = words.TOO_FEW
    assert july["Patients"].to_list() == [few, "351 of 501", few, "510 of 750"]
    assert set(file.columns) >= {"From", "To", "Known on", "Category", "Feel safe", "95% interval"}
    assert not file.null_count().to_numpy().any()
