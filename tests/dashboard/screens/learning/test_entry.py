"""Forums, attendance and evaluations entered on the screen: saved, shown, and undone."""

import re
from datetime import UTC, date, datetime

import pytest

from pipelines.keeping.home import Home
from pipelines.learning.save import forums
from pipelines.releasing.build import build
from tests import worlds
from tests.dashboard.screens.opening import shown

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 25, 10, 30, tzinfo=UTC)
DAY = date(2026, 3, 12)


@pytest.fixture(scope="module")
def made_home(tmp_path_factory) -> Home:
    home = worlds.small_world(tmp_path_factory.mktemp("entry") / "home", last=worlds.FIRST)
    worlds.hold_forum(home, DAY, datetime(2026, 3, 13, 9, tzinfo=UTC))
    build(home, NOW)
    return home


@pytest.fixture
def home(home: Home, at_the_door) -> Home:
    at_the_door(home.root, NOW)
    return home


def opened(app, key):
    """The screen with one of its expanders open."""
    app.session_state[f"learning_{key}"] = True
    return app.run()


def saved(app, key):
    app = app.button(f"{key}_begin").click().run()
    assert not app.error, app.error
    app = app.button(f"{key}_yes").click().run()
    assert not app.exception
    return app


def straight_away(app, key, turn=0):
    app = app.button(f"{key}_straight_away_{turn}").click().run()
    assert not app.exception
    assert not app.error, app.error
    return app


def only(home):
    return {each.about.forum: each for each in forums(home)}


def test_a_forum_is_added_with_the_code_that_is_suggested(home, open_screen):
    app = opened(open_screen(worlds.TEAM, "learning"), "forum")
    app.text_input("forum_title_").set_value("Talking with carers")
    app.text_input("forum_materials_").set_value("http://insecure.example")
    app = app.run()
    assert "the link under materials must begin with https://" in app.error[0].value.lower()
    app.text_input("forum_materials_").set_value("https://example.org/lf02")
    app = saved(app.run(), "forum")
    assert only(home)["LF02"].about.title == "Talking with carers"
    assert only(home)["LF02"].about.materials == "https://example.org/lf02"
    app = straight_away(app, "forum")
    assert list(only(home)) == ["LF01"]
    straight_away(app, "forum", 1)
    assert list(only(home)) == ["LF01", "LF02"]


def test_a_title_that_names_someone_is_refused(home, open_screen):
    app = opened(open_screen(worlds.TEAM, "learning"), "forum")
    app.text_input("forum_title_").set_value("An hour with Sarah Jones")
    app = app.run().button("forum_begin").click().run()
    app = app.button("forum_yes").click().run()
    assert "seems to include a person's name" in app.error[0].value
    assert list(only(home)) == ["LF01"]


def test_who_came_is_entered_for_one_trust_and_ward(home, open_screen):
    app = opened(open_screen(worlds.TEAM, "learning"), "came")
    assert not app.exception
    app.number_input("came_carers_LF01_Z01_None").set_value(0)
    app = saved(app.run(), "came")
    rows = only(home)["LF01"].attendance.filter(group="carers").rows()
    assert rows == [("Z01", None, "carers", 0)]
    again = app.number_input("came_carers_LF01_Z01_None").set_value(0).run()
    again = again.button("came_begin").click().run().button("came_yes").click().run()
    assert "Nothing differs from what is saved already" in again.error[0].value
    straight_away(again, "came")
    assert only(home)["LF01"].attendance.filter(group="carers").is_empty()


def test_an_upload_is_checked_saved_and_undone(home, open_screen):
    app = opened(open_screen(worlds.TEAM, "learning"), "upload_said")
    wrong = b"Name,It was useful\nSomebody,Agree\n"
    app = app.file_uploader[0].upload("form.csv", wrong, "text/csv").run()
    assert "says who answered: delete it from the file" in app.error[0].value
    right = b"ID,It was useful\n1,Disagree\n2,Disagree\n"
    app = app.file_uploader[0].upload("form.csv", right, "text/csv").run()
    assert "Column “ID” was left out" in app.info[0].value
    app = saved(app, "upload_said")
    assert only(home)["LF01"].answers["answer"].to_list() == ["Disagree"]
    app = opened(open_screen(worlds.TEAM, "learning"), "undo_forum")
    app.text_input("undo_forum_reason").set_value("The wrong file")
    saved(app.run(), "undo_forum")
    assert "Agree" in only(home)["LF01"].answers["answer"].to_list()


def test_attendance_is_uploaded(home, open_screen):
    app = opened(open_screen(worlds.TEAM, "learning"), "upload_came")
    app = app.file_uploader[0].upload("came.csv", b"trust;staff\nZ02;7\n", "text/csv").run()
    saved(app, "upload_came")
    assert ("Z02", None, "staff", 7) in only(home)["LF01"].attendance.rows()


def test_a_trust_lead_can_enter_nothing(home, open_screen):
    app = open_screen(worlds.LEAD, "learning")
    assert "Keep this up to date" not in shown(app)
    numbers = re.findall(r"\b\d+\b", shown(app))
    assert "31" in numbers
    assert "32" not in numbers
