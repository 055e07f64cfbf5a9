"""Learning: what each role sees of the forums, and that nobody sees another trust's people."""

from datetime import UTC, datetime

import polars as pl
import pytest

from tests.dashboard import tiny_release
from tests.dashboard.screens.opening import LEAD1, LEAD2, REGION, TEAM, shown

pytestmark = pytest.mark.slow

NOW = datetime(2026, 4, 20, 9, tzinfo=UTC)


def test_the_programme_sees_who_was_reached_and_what_people_said(visit):
    text = shown(visit(TEAM, "learning"))
    assert "The next learning set is on 9 June 2026: “What we learnt, LF02”." in text
    assert "3 of 3 trusts came to the one forum held so far." in text
    assert "Every trust has come to at least one forum." in text
    assert "39,900" in text  # of the staff of all trusts
    assert "80% answered “4” or “5”" in text
    assert "What did you learn?" in text


@pytest.mark.parametrize(("email", "own"), [(LEAD1, "14,200"), (LEAD2, "16,400")])
def test_a_trust_lead_sees_the_next_forum_and_their_own_people_only(visit, email, own):
    text = shown(visit(email, "learning"))
    assert "The next learning set is on 9 June 2026" in text
    assert "Your trust came to the one forum held so far." in text
    assert own in text
    assert "https://example.org/LF01" in text
    for others in ("39,900", "What did you learn?", "It was useful", "What people said"):
        assert others not in text


def test_a_region_has_no_such_screen(visit):
    assert visit(REGION, "learning").title[0].value == "Wards"


def test_a_trust_that_never_came_is_named(tmp_path, at_the_door, open_screen):
    tables = tiny_release.frames()
    tables["forum_attendance"] = tables["forum_attendance"].with_columns(
        people=pl.when(trust_code="Z02").then(0).otherwise("people").cast(pl.Int64)
    )
    tiny_release.write(tmp_path, tables)
    at_the_door(tmp_path, NOW)
    text = shown(open_screen(TEAM, "learning"))
    assert "2 of 3 trusts came to the one forum held so far." in text
    assert "1 trust never came: Mossgarth Trust." in text
    assert "Your trust did not come to the one forum" in shown(open_screen(LEAD2, "learning"))


def test_answers_of_too_few_people_are_not_shown(tmp_path, at_the_door, open_screen):
    tables = tiny_release.frames()
    hidden = {name: None for name in ("place", "answer", "people")}
    few = tables["forum_answers"].with_columns(
        *(
            pl.lit(value, tables["forum_answers"][name].dtype).alias(name)
            for name, value in hidden.items()
        ),
        answered=pl.lit(3, pl.Int64),
    )
    tables["forum_answers"] = few.unique()
    tiny_release.write(tmp_path, tables)
    at_the_door(tmp_path, NOW)
    app = open_screen(TEAM, "learning")
    assert not app.exception
    text = shown(app)
    assert "Too few people answered to show their answers" in text
    assert "Mossgarth Trust and Tarnhowe" not in text


def test_before_the_first_forum_the_screen_says_what_will_be_there(
    tmp_path, at_the_door, open_screen
):
    tables = tiny_release.frames()
    for name in ("forums", "forum_attendance", "forum_answers"):
        tables[name] = tables[name].clear()
    tiny_release.write(tmp_path, tables)
    at_the_door(tmp_path, NOW)
    for email in (TEAM, LEAD1):
        app = open_screen(email, "learning")
        assert not app.exception
        assert "No learning forum has been added yet." in shown(app)
    assert "Learning forums" not in shown(open_screen(TEAM, "overview"))


def test_the_overview_names_the_next_forum(visit):
    assert "The next learning set is on 9 June 2026" in shown(visit(TEAM, "overview"))
