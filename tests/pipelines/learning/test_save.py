"""Saving forums, attendance and evaluations: put over what is known, checked, and undone."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.keeping.decide import Decided, DecisionError
from pipelines.keeping.home import Home
from pipelines.keeping.verify import archive_problems
from pipelines.learning.save import (
    forums,
    next_code,
    save_attendance,
    save_evaluation,
    save_forums,
    undo_forum,
)
from schemas.forums import Answers, Attendance, Forum
from schemas.typed import typed
from tests import worlds

DECIDED = Decided(worlds.TEAM, datetime(2026, 3, 20, 9, tzinfo=UTC), "From the team")
FORUM = Forum(forum="LF01", day=date(2026, 3, 12), title="Safety first", kind="workshop")
COMING = FORUM.model_copy(update={"forum": "LF02", "day": date(2026, 6, 1)})


def attended(*rows):
    names = ["trust_code", "ward_code", "group", "people"]
    return typed(pl.DataFrame(rows, names, orient="row"), Attendance)


def answered(answer="Agree", people=6):
    about = {"question": 1, "text": "Useful", "scale": "agreement", "place": 4}
    return typed(pl.DataFrame([{**about, "answer": answer, "people": people}]), Answers)


@pytest.fixture(scope="module")
def made_home(tmp_path_factory) -> Home:
    home = worlds.small_world(tmp_path_factory.mktemp("save") / "home", last=worlds.FIRST)
    assert save_forums(home, [FORUM, COMING], DECIDED) == {"LF01": 1, "LF02": 1}
    return home


def known(home, code="LF01"):
    return next(forum for forum in forums(home) if forum.about.forum == code)


def test_a_forum_is_saved_once_and_changed_by_saving_it_again(home):
    moved = FORUM.model_copy(update={"day": date(2026, 3, 13)})
    assert save_forums(home, [FORUM, COMING], DECIDED) == {}
    assert save_forums(home, [moved], DECIDED) == {"LF01": 2}
    assert known(home).about == moved
    assert [receipt.version for receipt in home.archive.entries().forums] == [1, 2, 1]


def test_counts_take_the_place_of_the_same_trust_ward_and_group_only(home):
    save_attendance(
        home, "LF01", attended(("Z01", None, "staff", 3), ("Z02", None, "staff", 1)), DECIDED
    )
    assert save_attendance(home, "LF01", attended(("Z01", None, "staff", 5)), DECIDED)
    assert save_attendance(home, "LF01", attended(("Z01", "ALDER1", "staff", 2)), DECIDED)
    assert not save_attendance(home, "LF01", attended(("Z01", None, "staff", 5)), DECIDED)
    assert set(known(home).attendance.rows()) == {
        ("Z01", None, "staff", 5),
        ("Z01", "ALDER1", "staff", 2),
        ("Z02", None, "staff", 1),
    }


def test_an_evaluation_takes_the_place_of_the_one_before_and_leaves_attendance(home):
    save_attendance(home, "LF01", attended(("Z01", None, "staff", 3)), DECIDED)
    save_evaluation(home, "LF01", answered(), DECIDED)
    assert save_evaluation(home, "LF01", answered(people=7), DECIDED)
    assert known(home).answers.equals(answered(people=7))
    assert known(home).attendance.height == 1


def test_undoing_twice_brings_a_change_back(home):
    save_attendance(home, "LF01", attended(("Z01", None, "staff", 3)), DECIDED)
    undo_forum(home, "LF01", DECIDED)
    assert known(home).attendance.is_empty()
    undo_forum(home, "LF01", DECIDED)
    assert known(home).attendance.height == 1
    assert archive_problems(home.archive) == []


def test_undoing_the_first_change_removes_a_forum_until_it_is_saved_again(home):
    undo_forum(home, "LF02", DECIDED)
    assert [forum.about.forum for forum in forums(home)] == ["LF01"]
    with pytest.raises(DecisionError, match="There is no forum LF02"):
        save_attendance(home, "LF02", attended(("Z01", None, "staff", 3)), DECIDED)
    save_forums(home, [COMING], DECIDED)
    assert [forum.about.forum for forum in forums(home)] == ["LF01", "LF02"]


@pytest.mark.parametrize("save", [save_attendance, save_evaluation])
def test_nobody_has_attended_a_forum_that_is_to_come_or_unknown(home, save):
    with pytest.raises(DecisionError, match="LF02 is on 1 June 2026, so nobody can have"):
        save(home, "LF02", attended(("Z01", None, "staff", 3)), DECIDED)
    with pytest.raises(DecisionError, match="There is no forum LF09"):
        save(home, "LF09", attended(("Z01", None, "staff", 3)), DECIDED)
    with pytest.raises(DecisionError, match="There is no forum LF09"):
        undo_forum(home, "LF09", DECIDED)


def test_a_title_or_reason_that_names_someone_is_refused_and_nothing_is_saved(home):
    named = FORUM.model_copy(update={"title": "With Sarah Jones"})
    before = home.archive.state()
    with pytest.raises(DecisionError, match="The title of LF01 seems to include a person's name"):
        save_forums(home, [COMING.model_copy(update={"title": "New"}), named], DECIDED)
    for reason in ("For Sarah Jones", " "):
        with pytest.raises(DecisionError):
            undo_forum(home, "LF01", replace(DECIDED, reason=reason))
    assert home.archive.state() == before


def test_two_who_save_at_the_same_time_lose_nothing(home):
    rows = [attended((trust, None, "staff", 2)) for trust in ("Z01", "Z02")]
    both = [
        threading.Thread(target=save_attendance, args=(home, "LF01", each, DECIDED))
        for each in rows
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert known(home).attendance["trust_code"].to_list() == ["Z01", "Z02"]
    assert archive_problems(home.archive) == []


@pytest.mark.parametrize(
    ("codes", "following"), [([], "LF01"), (["LF01", "LF09"], "LF10"), (["DAY-1", "LFX"], "LF01")]
)
def test_a_code_is_suggested_for_one_more(codes, following):
    assert next_code(codes) == following
