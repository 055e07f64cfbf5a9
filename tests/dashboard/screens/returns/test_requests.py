"""A trust lead asks for a return to be withdrawn, and the programme team answers."""

from datetime import timedelta
from threading import Event

import pytest

from dashboard.page import last_save, session
from pipelines.keeping.home import Home
from pipelines.keeping.withdrawal_requests import waiting
from pipelines.releasing.builder import here
from tests import worlds
from tests.dashboard.screens.opening import shown
from tests.patience import PATIENCE

MONTH = worlds.LAST
SENT = f"Z01/{MONTH}/1"
NOW = worlds.received(MONTH, 9)
RECEIPT = {"trust": "Z01", "month": str(MONTH), "version": "1"}
WAITING = "1 request to withdraw a return waits for your answer."


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = worlds.empty_world(tmp_path_factory.mktemp("requests") / "home")
    worlds.send(home, "Z01", MONTH)
    worlds.send(home, "Z02", MONTH, release=True)
    return home


@pytest.fixture
def home(home: Home, at_the_door) -> Home:
    at_the_door(home.root, NOW)
    return home


@pytest.fixture
def clock(monkeypatch):
    """Each step is a minute later than the one before it."""
    steps = iter(range(1, 60))

    def tick() -> None:
        later = NOW + timedelta(minutes=next(steps))
        monkeypatch.setattr(session, "now", lambda: later)

    return tick


def decide(app, key: str, reason: str):
    app.text_input(key=f"{key}_reason").set_value(reason).run()
    app.button(key=f"{key}_begin").click().run()
    assert not app.error, app.error[0].value
    app.button(key=f"{key}_yes").click().run()
    assert not app.exception
    return app


def active(home: Home) -> set[str]:
    return {receipt.return_id for receipt in home.archive.entries().active}


def test_a_request_goes_to_the_team_and_its_answer_comes_back(home, open_screen, clock):
    def receipt():
        return open_screen(worlds.LEAD, "send", **RECEIPT)

    def returns():
        return open_screen(worlds.TEAM, "returns", look="Withdraw or reopen")

    asked = decide(receipt(), "ask_to_withdraw", "Sent for the wrong month")
    assert asked.success[0].value == "The programme team has been asked."
    assert "It stays in use until the programme team decides." in shown(receipt())
    assert "In use, withdrawal asked for" in shown(open_screen(worlds.LEAD, "needs-you"))
    assert WAITING in shown(open_screen(worlds.TEAM, "overview"))

    team = returns()
    text = shown(team)
    for words in (WAITING, SENT, "Sent for the wrong month", worlds.LEAD):
        assert words in text
    clock()
    team.selectbox(key="request_answer").select("Refuse, so that it stays in use").run()
    decide(team, "request", "It is the right month")
    assert team.success[0].value == f"The request to withdraw {SENT} has been refused."
    assert WAITING not in shown(returns())
    assert SENT in active(home)
    assert "The programme team refused at" in shown(receipt())
    assert "“It is the right month”" in shown(receipt())

    clock()
    decide(receipt(), "ask_to_withdraw", "These are figures of another ward")
    clock()
    decide(returns(), "request", "Agreed by telephone")
    assert SENT not in active(home)
    text = shown(receipt())
    assert "It was withdrawn at" in text
    assert "Agreed by telephone" not in text
    kinds = [decision.kind for decision in home.archive.decisions()]
    assert kinds == ["withdrawal_request", "request_refused", "withdrawal_request", "withdrawal"]
    assert WAITING not in shown(open_screen(worlds.TEAM, "overview"))


def test_an_answer_whose_figures_are_to_come_leaves_no_request_waiting(
    home, open_screen, clock, monkeypatch
):
    decide(open_screen(worlds.LEAD, "send", **RECEIPT), "ask_to_withdraw", "Sent by mistake")
    begin, build_here = Event(), here(home)

    def build(now):
        begin.wait(PATIENCE)
        return build_here(now)

    session.build_with(home.root, build)
    monkeypatch.setattr(last_save, "PATIENCE", 0)
    team = open_screen(worlds.TEAM, "returns", look="Withdraw or reopen")
    assert WAITING in shown(team)
    clock()
    decide(team, "request", "They asked for it")
    assert team.info[0].value.startswith("Saved. The figures don’t show this yet")
    assert WAITING not in shown(team)
    begin.set()
    session.builder().wait(1, PATIENCE)


def test_a_request_is_cancelled_where_it_was_made(home, open_screen, clock):
    app = decide(open_screen(worlds.LEAD, "send", **RECEIPT), "ask_to_withdraw", "By mistake")
    clock()
    app.button(key="ask_to_withdraw_straight_away_0").click().run()
    assert waiting(home.archive.decisions()) == {}
    app.button(key="ask_to_withdraw_straight_away_1").click().run()
    assert len(waiting(home.archive.decisions())) == 1
    decide(app, "cancel_request", "It was right after all")
    assert app.success[0].value == "The request has been cancelled."
    assert app.button(key="ask_to_withdraw_begin")
    assert WAITING not in shown(open_screen(worlds.TEAM, "returns"))
    assert [decision.kind for decision in home.archive.decisions()] == [
        "withdrawal_request",
        *["undo"] * 3,
    ]


def test_a_reason_is_needed_and_names_nobody(home, open_screen):
    app = open_screen(worlds.LEAD, "send", **RECEIPT)
    app.button(key="ask_to_withdraw_begin").click().run()
    assert "Say why" in app.error[0].value
    app.text_input(key="ask_to_withdraw_reason").set_value("Ask anna.smith@example.org").run()
    app.button(key="ask_to_withdraw_begin").click().run()
    assert "seems to include an e-mail address" in app.error[0].value
    assert home.archive.decisions() == []


def test_nobody_sees_or_asks_about_the_return_of_another_trust(home, open_screen):
    app = open_screen(worlds.LEAD, "send", **{**RECEIPT, "trust": "Z02"})
    assert "ask_to_withdraw_begin" not in [button.key for button in app.button]
