"""Tokens: shown once, never allowing more than their holder may do, and revoked for good."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.token_holders import NotRecognised, recognise
from pipelines.keeping.home import Home
from pipelines.keeping.tokens import tokens
from pipelines.releasing.build import build
from tests import worlds

NOW = worlds.received(worlds.FIRST)


@pytest.fixture
def home(tmp_path: Path, at_the_door) -> Home:
    made = worlds.small_world(tmp_path / "home", last=worlds.FIRST)
    build(made, NOW)
    at_the_door(made.root, NOW)
    return made


@pytest.fixture
def screen(home: Home, open_screen) -> AppTest:
    app = open_screen(worlds.TEAM, "register", look="Tokens")
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """Everything on the screen."""
    return "".join(repr(element.proto) for element in app.main)


def field(app: AppTest, begins: str):
    return next(text for text in app.text_input if text.label.startswith(begins))


def test_a_token_is_shown_until_it_is_put_away_and_works(screen: AppTest, home: Home) -> None:
    field(screen, "What uses it").input("Incident system export")
    press(screen, "Issue the token")
    text = screen.code[0].value
    assert recognise(home, text, NOW.date()).scope.trusts == {"Z01"}
    assert [kept.token.issued_by for kept in tokens(home)] == [worlds.TEAM]
    press(screen, "I have copied it")
    assert not screen.code
    assert text not in repr(screen.main)


def test_a_token_for_figures_is_issued_to_the_team_for_every_trust_or_to_a_lead(
    screen: AppTest, home: Home
) -> None:
    screen.selectbox(key="token_for").select("figures").run()
    for email, trusts in ((worlds.LEAD, {"Z01"}), (worlds.TEAM, set())):
        holders = screen.selectbox(key="token_holder_figures")
        screen = holders.select(email).run()
        assert [box.label for box in screen.multiselect] == (["Trusts"] if trusts else [])
        field(screen, "What uses it").input("Board dashboard")
        press(screen, "Issue the token")
        found = recognise(home, screen.code[0].value, NOW.date())
        assert (found.token.may, found.scope.trusts) == (("figures",), trusts)
        assert "it can be used to read figures for" in said(screen)
        press(screen, "I have copied it")
    assert ">every trust<" in said(screen)


def test_a_token_without_a_name_or_a_trust_is_not_issued(screen: AppTest, home: Home) -> None:
    press(screen, "Issue the token")
    assert "Give the token a name" in screen.error[0].value
    field(screen, "What uses it").input("Export")
    screen.multiselect[0].set_value([])
    press(screen, "Issue the token")
    assert "Choose at least one trust" in screen.error[0].value
    assert tokens(home) == []


def test_revoking_needs_a_tick_and_a_reason_and_is_for_good(screen: AppTest, home: Home) -> None:
    field(screen, "What uses it").input("Export")
    press(screen, "Issue the token")
    text = screen.code[0].value
    field(screen, "Why").input("Laptop lost")
    press(screen, "Revoke the token")
    assert "Tick the box first" in screen.error[0].value
    screen.checkbox[0].check()
    field(screen, "Why").input(" ")
    press(screen, "Revoke the token")
    assert "Say why" in screen.error[0].value
    field(screen, "Why").input("Laptop lost")
    press(screen, "Revoke the token")
    assert "has been revoked" in screen.success[0].value
    with pytest.raises(NotRecognised, match="revoked"):
        recognise(home, text, NOW.date())
