"""A trust lead's first day: what the first return is, when to send it, and who can help."""

from datetime import UTC, datetime

import pytest

from pipelines.keeping.home import create_home
from pipelines.releasing.build import build
from schemas.periods import Month
from tests import worlds
from tests.dashboard.screens.opening import shown

FIRST = Month(2025, 10)
BEFORE, AFTER = (datetime(2025, month, 5, 10, tzinfo=UTC) for month in (10, 11))
CONTACT = "the programme team, Tuesdays at ten"


@pytest.fixture
def look(tmp_path, at_the_door, open_screen):
    """What needs the lead of Z01 now, at a moment, once these trusts have sent October."""

    def opened(now: datetime, *sent: str):
        settings = worlds.programme(first_month=str(FIRST), contact=CONTACT)
        frames = worlds.register_frames()
        home = create_home(tmp_path / "home", settings, frames, worlds.TEAM, worlds.START)
        for trust in sent:
            worlds.send(home, trust, FIRST)
        build(home, now)
        at_the_door(home.root, now)
        app = open_screen(worlds.LEAD, "needs-you")
        assert not app.exception
        return app

    return opened


def test_before_the_first_month_has_ended_it_says_from_when_it_can_be_sent(look):
    text = shown(look(BEFORE))
    assert "Nothing to send yet" in text
    assert "Your first return" in text
    assert "From 1 November 2025, when the month has ended" in text
    assert "14 November 2025" in text  # ten working days
    assert "every return due has arrived" not in text


def test_once_the_month_has_ended_it_can_be_sent_now(look):
    text = shown(look(AFTER))
    assert "October 2025 to send by 14 November 2025" in text
    assert "<dd>Now</dd>" in text
    assert "Download the workbook for October 2025 to practise with" in text


def test_it_names_the_wards_in_the_register_and_who_to_ask(look):
    text = shown(look(AFTER))
    for ward in worlds.WARDS["Z01"]:
        assert worlds.ward_row("Z01", ward)["ward_name"] in text
    assert worlds.ward_row("Z02", worlds.WARDS["Z02"][0])["ward_name"] not in text
    assert CONTACT in text


def test_after_the_first_return_it_is_gone(look):
    text = shown(look(AFTER, "Z01"))
    assert "first return" not in text
    assert "What you sent last" in text


def test_the_return_of_another_trust_changes_nothing(look):
    text = shown(look(AFTER, "Z02"))
    assert "Your first return" in text
    assert "What you sent last" not in text
