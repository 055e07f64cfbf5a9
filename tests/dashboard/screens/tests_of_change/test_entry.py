"""A ward's log of tests of change: recorded, changed and undone on the screen, in scope."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.page import session
from dashboard.screens.tests_of_change import entry
from pipelines.keeping.change_tests import log, record, revise
from pipelines.keeping.decide import DecisionError, UnitCodes
from pipelines.keeping.decisions import Decided
from pipelines.keeping.home import Home
from pipelines.releasing import release_file
from pipelines.releasing.build import build
from schemas.change_tests import ChangeTest
from schemas.periods import Month
from tests import worlds

LAST = Month(2026, 2)
NOW = worlds.received(LAST, days=20)
WARD, OTHERS = "Z01-ALDER1", "Z02-DOGWD1"
TRIED = ChangeTest(
    idea="Evening huddle",
    foundation="confidence",
    prediction="More people feel safe",
    start=date(2025, 9, 8),
    end=date(2025, 11, 30),
)
Look = Callable[..., AppTest]


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = worlds.small_world(tmp_path_factory.mktemp("tests_of_change") / "home", last=LAST)
    record(made, UnitCodes("Z01", "ALDER1"), TRIED, Decided(worlds.LEAD, NOW, "Agreed"))
    theirs = TRIED.model_copy(update={"idea": "Quiet hour on Dogwood"})
    record(made, UnitCodes("Z02", "DOGWD1"), theirs, Decided(worlds.TEAM, NOW, "Agreed"))
    build(made, NOW)
    return made


@pytest.fixture
def look(home: Home, at_the_door, open_screen, monkeypatch) -> Look:
    later = NOW + timedelta(minutes=1)
    at_the_door(home.root, later)

    def open_at(email: str, expander: str = "", **address: str) -> AppTest:
        held = {f"{expander}_open": True} if expander else None
        app = open_screen(email, "tests-of-change", held, **address)
        assert not app.exception
        return app

    return open_at


def shown(app: AppTest) -> str:
    return "\n".join(repr(element.proto) for element in app.main) + repr(app.main)


def ours(home: Home) -> list[ChangeTest | None]:
    """The newest versions in the logs of the first trust, as the archive has them."""
    entries = log(home.archive.decisions())
    return [e.newest.tried for e in entries if e.newest.trust_code == "Z01"]


@pytest.mark.parametrize("email", [worlds.TEAM, worlds.LEAD])
def test_a_test_is_recorded_once_it_has_been_confirmed(look, home, email):
    app = look(email, "new_test")
    app.button(key="new_test_begin").click().run()
    assert "Give the idea a short name" in app.error[0].value
    assert "Say what you predict" in app.error[0].value
    app.selectbox(key="new_test_ward").set_value(WARD)
    app.text_input(key="new_test_idea").set_value("Card in every room")
    app.text_area(key="new_test_reason").set_value("People know whom to talk to")
    app.date_input(key="new_test_start").set_value(date(2026, 1, 5))
    app.date_input(key="new_test_end").set_value(date(2026, 1, 4)).run()
    app.button(key="new_test_begin").click().run()
    assert "4 January 2026, before it starts on 5 January 2026" in app.error[0].value
    app.date_input(key="new_test_end").set_value(date(2026, 4, 30)).run()
    app.button(key="new_test_begin").click().run()
    assert "Record “Card in every room”" in app.warning[0].value
    assert len(ours(home)) == 1
    app.button(key="new_test_yes").click().run()
    assert not app.exception
    assert "Recorded: Card in every room" in app.success[0].value
    assert ours(home)[1] == ChangeTest(
        idea="Card in every room",
        foundation="benchmarking",
        prediction="People know whom to talk to",
        start=date(2026, 1, 5),
        end=date(2026, 4, 30),
    )
    assert app.text_input(key="new_test_idea").value == ""
    assert app.text_area(key="new_test_reason").value == ""
    assert "Running: 1 test of change" in shown(app)
    app.button(key="new_test_straight_away_0").click().run()
    assert not app.error
    assert len(ours(home)) == 1
    app.button(key="new_test_straight_away_1").click().run()
    assert len(ours(home)) == 2
    mine = log(home.archive.decisions())[-1].newest
    theirs = mine.tried.model_copy(update={"happened": "Two rooms so far"})
    revise(home, mine.id, theirs, Decided(worlds.TEAM, NOW, "News"))
    app.button(key="new_test_straight_away_2").click().run()
    assert "Somebody has changed this test of change" in app.error[0].value
    assert ours(home)[1] == theirs


def test_what_is_past_its_end_is_among_what_needs_its_lead_now(look, open_screen):
    app = open_screen(worlds.LEAD, "needs-you")
    assert not app.exception
    assert "1 test of change to conclude" in shown(app)
    assert ">Evening huddle</a>" in shown(app)
    assert "30 November 2025" in shown(app)
    assert "Dogwood" not in shown(app)


def test_what_is_changed_after_the_question_is_asked_about_again(look):
    app = look(worlds.LEAD, "change_test")
    app.text_input(key="change_test_reason").set_value("It is over").run()
    version = next(w.key for w in app.text_area if w.key.endswith("_happened"))
    app.text_area(key=version).set_value("It went well").run()
    app.button(key="change_test_begin").click().run()
    assert "Save this as a new version of “Evening huddle" in app.warning[0].value
    app.text_area(key=version).set_value("It did not go well").run()
    assert not [w for w in app.warning if "new version" in w.value]


def test_an_outcome_is_a_new_version_that_can_be_undone(look, home):
    app = look(worlds.LEAD, "change_test")
    key = next(w.key for w in app.text_area if w.key.endswith("_happened")).removesuffix("happened")
    app.selectbox(key=f"{key}outcome").set_value("adopt")
    app.text_input(key="change_test_reason").set_value("It is over").run()
    app.button(key="change_test_begin").click().run()
    assert "Say what happened: an outcome needs it." in app.error[0].value
    app.text_area(key=f"{key}happened").set_value("Nine of ten felt safer").run()
    app.button(key="change_test_begin").click().run()
    app.button(key="change_test_yes").click().run()
    assert not app.exception
    assert "Saved: Evening huddle." in app.success[0].value
    over = {"happened": "Nine of ten felt safer", "outcome": "adopt"}
    assert ours(home) == [TRIED.model_copy(update=over)]
    assert "Nine of ten felt safer" in shown(app)
    path = release_file.current(home.releases)
    flags = "SELECT label FROM events WHERE unit_id = 'Z01-ALDER1' AND source = 'change_tests'"
    assert release_file.read(path, flags)["label"].to_list() == [
        "Evening huddle (test of change: adopted)"
    ]

    assert app.radio[0].options == [
        "Undo the newest version",
        "Remove the whole entry",
    ]
    app.text_input(key="undo_test_reason").set_value("It goes on").run()
    app.button(key="undo_test_begin").click().run()
    app.button(key="undo_test_yes").click().run()
    assert not app.exception
    assert ours(home) == [TRIED]


def test_a_whole_entry_is_removed_from_the_screen_and_stays_in_the_archive(look, home):
    before = len(home.archive.decisions())
    app = look(worlds.LEAD, "change_test")
    assert app.radio[0].options == ["Remove the whole entry"]
    app.text_input(key="undo_test_reason").set_value("The wrong ward").run()
    app.button(key="undo_test_begin").click().run()
    app.button(key="undo_test_yes").click().run()
    assert not app.exception
    assert ours(home) == []
    assert len(home.archive.decisions()) == before + 1
    assert "No test of change has been recorded yet." in shown(app)


def test_a_lead_sees_and_changes_only_the_logs_of_their_own_wards(look, home):
    app = look(worlds.LEAD, "change_test")
    assert "Evening huddle" in shown(app)
    assert "Quiet hour on Dogwood" not in shown(app)
    assert len(app.selectbox(key="change_test_chosen").options) == 1
    both = look(worlds.TEAM, "change_test")
    assert "Quiet hour on Dogwood" in shown(both)
    assert "Library of change ideas" in shown(both)


def test_a_lead_who_asks_for_anothers_entry_by_hand_is_refused(look, home, monkeypatch):
    look(worlds.LEAD)
    monkeypatch.setattr(session, "demo_person", lambda: worlds.LEAD)
    theirs = next(e for e in log(home.archive.decisions()) if e.newest.trust_code == "Z02")
    decided = Decided(worlds.LEAD, NOW, "Because")
    about = {"test_id": theirs.test_id, "version": theirs.newest.id}
    before = home.archive.state()
    with pytest.raises(DecisionError, match="not in the log of any of your wards"):
        entry._revise(home, decided, tried=TRIED, **about)
    with pytest.raises(DecisionError, match="not in the log of any of your wards"):
        entry._take_back(home, decided, **about)
    with pytest.raises(DecisionError, match="only about the charts of your own trust"):
        entry._record(home, decided, unit=("ward", OTHERS), tried=TRIED)
    assert home.archive.state() == before


def test_nothing_can_be_entered_while_looking_at_an_earlier_day(look):
    app = look(worlds.LEAD, as_at="2026-03-01")
    assert "Keep the log" not in shown(app)
