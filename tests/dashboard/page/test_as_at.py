"""The programme as it was known on a chosen day: clearly marked, and read-only."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.page import session
from pipelines.keeping import decide
from pipelines.keeping.decide import Event, UnitCodes
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from schemas.periods import Month
from tests import worlds

pytestmark = pytest.mark.slow

LAST = Month(2025, 6)
NOW = worlds.received(LAST, days=30)
THEN = "2025-05-10"  # April had been sent, May had not
Look = Callable[..., AppTest]


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = worlds.small_world(tmp_path_factory.mktemp("day") / "home", last=LAST)
    build(made, NOW)
    return made


@pytest.fixture(scope="module")
def known_home(made_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A copy whose figures as known then were looked at before; only read it."""
    copied = shutil.copytree(made_home.root, tmp_path_factory.mktemp("known") / "home")
    build(Home(copied), NOW, as_at=date.fromisoformat(THEN))
    return Home(copied)


@pytest.fixture
def look(home: Home, at_the_door, open_screen) -> Look:
    at_the_door(home.root, NOW)
    return _opened(open_screen)


@pytest.fixture
def look_back(known_home: Home, at_the_door, open_screen) -> Look:
    at_the_door(known_home.root, NOW)
    return _opened(open_screen)


def _opened(open_screen) -> Look:
    def open_at(email: str, path: str, **address: str) -> AppTest:
        app = open_screen(email, path, **address)
        assert not app.exception
        return app

    return open_at


def shown(app: AppTest) -> str:
    return "\n".join(repr(element.proto) for element in app.main) + repr(app.main)


@pytest.mark.parametrize("path", ["overview", "ward", "incidents", "charters", "returns", "about"])
def test_every_screen_says_that_it_is_another_day_and_the_way_back(look_back, path):
    app = look_back(worlds.TEAM, path, as_at=THEN)
    text = shown(app)
    assert "As known on 10 May 2025." in text
    assert "Data to April 2025." in text
    assert "June 2025" not in text or path in ("returns", "about")
    app.button(key="as_at_leave").click().run()
    assert not app.exception
    assert "As known on 10 May 2025." not in shown(app)
    assert "Data to June 2025." in shown(app)
    assert "as-at" not in app.query_params


def test_links_lead_to_the_same_day(look_back):
    text = shown(look_back(worlds.TEAM, "overview", as_at=THEN))
    assert f"as-at={THEN}" in text
    assert f"&amp;as-at={THEN}" in text


def test_the_release_in_use_stays_in_use(look, home):
    before = release_file.current(home.releases)
    look(worlds.TEAM, "overview", as_at=THEN)
    assert release_file.current(home.releases) == before
    assert len(list((home.releases / "as-at").glob("*.duckdb"))) == 1


@pytest.mark.parametrize("day", ["tomorrow", "2999-01-01", "2019-01-01", NOW.date().isoformat()])
def test_a_day_that_is_none_shows_today(look, home, day):
    app = look(worlds.TEAM, "overview", as_at=day)
    assert "Data to June 2025." in shown(app)
    assert "as-at" not in app.query_params
    assert not (home.releases / "as-at").exists()


def test_a_trust_lead_sees_their_own_wards_as_they_were(look_back):
    text = shown(look_back(worlds.LEAD, "our-wards", as_at=THEN))
    assert "As known on 10 May 2025." in text
    assert "Dogwd1" not in text
    assert "Peers are shown only in today’s figures" in shown(
        look_back(worlds.LEAD, "peers", as_at=THEN)
    )


def test_a_region_reads_today_only(look, home, monkeypatch):
    monkeypatch.setattr(
        "dashboard.access.resolve",
        lambda *_: session.Scope("region", frozenset({"Z01"}), "r@trust.example", "Region"),
    )
    app = look("r@trust.example", "our-wards", as_at=THEN)
    assert "Data to June 2025." in shown(app)
    assert not (home.releases / "as-at").exists()


def test_nothing_is_sent_or_decided_on_another_day(look_back):
    send = look_back(worlds.LEAD, "send", as_at=THEN)
    assert "Go back to today’s figures" in send.info[0].value
    assert not send.get("file_uploader")
    returns = look_back(worlds.TEAM, "returns", as_at=THEN, look="Withdraw or reopen")
    assert "Go back to today’s figures" in returns.info[0].value
    today = [fold.label for fold in look_back(worlds.TEAM, "ward").expander]
    assert [label for label in today if "new limits" in label]
    assert [label for label in today if "Record an event" in label]
    ward = look_back(worlds.TEAM, "ward", as_at=THEN)
    assert not [fold for fold in ward.expander if "new limits" in fold.label]
    assert not [fold for fold in ward.expander if "Record an event" in fold.label]


def test_the_history_of_another_day_ends_with_it(look, home):
    early = datetime(2025, 5, 9, 12, tzinfo=UTC)
    for moment, words in ((early, "Known then"), (NOW, "Decided later")):
        decide.annotate(
            home,
            UnitCodes(),
            Event("2025-04-02", "forum", words),
            Decided(worlds.TEAM, moment, words),
        )
    then = shown(look(worlds.TEAM, "returns", as_at=THEN, look="History"))
    now = shown(look(worlds.TEAM, "returns", as_at="", look="History"))
    for words in ("Known then", "Accepted as Z01/2025-04/1"):
        assert words in then
        assert words in now
    for words in ("Decided later", "Accepted as Z01/2025-06/1"):
        assert words not in then
        assert words in now


def test_files_of_another_day_say_so_and_are_never_for_sharing(look_back):
    app = look_back(worlds.TEAM, "take-away", as_at=THEN, **{"for": "public"})
    assert app.selectbox(key="for").options == ["The programme team: exact figures"]
    next(button for button in app.button if button.label == "Create the file").click().run()
    assert "as-known-2025-05-10" in shown(app)


@pytest.mark.parametrize("path", ["about", "ward", "measure"])
def test_a_day_is_chosen_on_the_screen_it_is_for(look, path):
    app = look(worlds.TEAM, path)
    title = app.title[0].value
    app.session_state["another_day"] = True  # opened
    app.run()
    app.date_input(key="another_day_chosen").set_value(worlds.received(Month(2025, 4)).date())
    next(b for b in app.button if b.label == "Show that day’s figures").click().run()
    assert not app.exception
    assert "As known on 5 May 2025." in shown(app)
    assert app.title[0].value == title
