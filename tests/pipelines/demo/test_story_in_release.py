"""Every element of the story can be found in the release that the demonstration built."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dashboard.queries.change_tests import afterwards
from pipelines.demo.cast import Size, Ward
from pipelines.demo.decisions import decisions
from pipelines.demo.script import script
from pipelines.demo.story import Story
from pipelines.keeping.change_tests import checked
from pipelines.keeping.decide import UnitCodes
from pipelines.keeping.home import open_home
from schemas.periods import Month
from tests.said_of_points import compared

DEMO = Size(8, 12, 15, 1)  # the size the `demo_home` fixture is made with


@pytest.fixture(scope="module")
def release(demo_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    current = (demo_home / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
    path = demo_home / "releases" / f"{current}.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def story(demo_month: Month, release: duckdb.DuckDBPyConnection) -> Story:
    ((built,),) = rows(release, "SELECT built_at FROM release")
    assert abs(demo_month - Month.of(built.date())) <= 1, "of the day it was made, not of today"
    return Story(DEMO, demo_month)


def rows(release: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[tuple]:
    return release.execute(query, list(values)).fetchall()


def told(story: Story, chapter: str) -> tuple[Ward, str]:
    """The ward of a chapter and its name in the release today."""
    ward = next(w for w in story.wards if w.chapter and w.chapter.id == chapter)
    return ward, f"{story.owner(ward, story.size.months - 1)}-{ward.code}"


@pytest.mark.parametrize(
    ("chapter", "measure", "variation"),
    [("charter_helped", "SS-O1", "improvement_high"), ("worsened", "SS-O1", "concern_low")],
)
def test_a_ward_that_changed_shows_it(
    release: duckdb.DuckDBPyConnection, story: Story, chapter: str, measure: str, variation: str
) -> None:
    _, ward = told(story, chapter)
    query = "SELECT variation FROM signals WHERE level = 'ward' AND unit_id = ? AND measure = ?"
    assert rows(release, query, ward, measure) == [(variation,)]


def test_the_charter_is_on_the_wall_in_the_month_it_helped(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    ward, unit = told(story, "charter_helped")
    query = "SELECT month, stage FROM charters WHERE ward_id = ? AND in_place ORDER BY month"
    assert rows(release, query, unit)[0] == (story.month(ward.turn).first_day, "displayed")


def test_reports_rose_where_reporting_got_easier(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    ward, unit = told(story, "reporting_rose")
    query = """SELECT sum(numerator) / sum(denominator) FROM observations
        WHERE level = 'ward' AND unit_id = ? AND measure = 'SS-I1' AND (month >= ?) = ?"""
    day = story.month(ward.turn).first_day
    (before,), (after,) = (rows(release, query, unit, day, later)[0] for later in (False, True))
    assert after > 1.5 * before
    labels = rows(release, "SELECT label FROM events WHERE unit_id = ? AND kind = 'training'", unit)
    assert (ward.chapter.label,) in labels


def test_the_silent_ward_is_a_confirmed_nil_and_not_a_missing_one(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    _, unit = told(story, "silent")
    query = """SELECT DISTINCT state, numerator FROM observations
        WHERE unit_id = ? AND measure = 'SS-I3' AND return_id IS NOT NULL"""
    assert rows(release, query, unit) == [("nil", 0.0)]


def test_the_definition_was_changed_and_new_limits_begin(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    ward, unit = told(story, "definition_changed")
    query = "SELECT count(*) FROM events WHERE unit_id = ? AND kind = ? AND month = ?"
    day = story.month(ward.turn).first_day
    assert rows(release, query, unit, "definition_change", day) == [(1,)]
    assert rows(release, query, unit, "rebase", day) == [(4,)]


def test_the_closed_ward_is_closed_and_not_late(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    ward, unit = told(story, "closed")
    query = "SELECT DISTINCT state FROM observations WHERE unit_id = ? AND month > ?"
    assert rows(release, query, unit, story.month(ward.turn).first_day) == [("closed",)]


def test_the_refurbished_ward_was_closed_for_three_months(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    _, unit = told(story, "refurbished")
    query = """SELECT count(*) FROM observations
        WHERE unit_id = ? AND measure = 'SS-O1' AND state = 'closed'"""
    assert rows(release, query, unit) == [(3,)]


def test_the_ward_that_opened_later_owes_nothing_before(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    ward, unit = told(story, "opened_later")
    query = (
        "SELECT count(*) FROM observations WHERE unit_id = ? AND month < ? AND state = 'missing'"
    )
    assert rows(release, query, unit, story.month(ward.turn).first_day) == [(0,)]


def test_the_merged_trust_lives_on_in_its_successor(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    merged = story.trusts[-1]
    query = "SELECT DISTINCT current_code FROM trusts WHERE trust_code = ?"
    assert rows(release, query, merged.code) == [("Z03",)]
    ward = next(w for w in story.wards if w.trust_code == merged.code)
    query = """SELECT min(month), max(month) FROM observations
        WHERE level = 'ward' AND unit_id = ? AND measure = 'SS-O1' AND state = 'value'"""
    first, last = rows(release, query, f"Z03-{ward.code}")[0]
    assert first < story.month(merged.merges_at).first_day <= last


@pytest.mark.parametrize("habit", ["late", "misses_a_month", "misses_many"])
def test_returns_come_late_or_not_at_all(
    release: duckdb.DuckDBPyConnection, story: Story, habit: str
) -> None:
    trust = next(trust for trust in story.trusts if habit in trust.habits)
    query = """SELECT state, count(*) FROM completeness
        WHERE scope = 'return' AND trust_code = ? AND month <= ? GROUP BY state"""
    states = dict(rows(release, query, trust.code, story.last.first_day))
    if habit == "late":
        assert states["late"] >= 3
    else:
        absent = states.get("missing", 0) + states.get("not_yet_due", 0)
        assert absent == 1 if habit == "misses_a_month" else absent > 1


def test_one_return_was_sent_again(release: duckdb.DuckDBPyConnection) -> None:
    query = (
        "SELECT trust_code, version, status FROM returns WHERE version > 1 OR status <> 'active'"
    )
    assert sorted(rows(release, query)) == [("Z02", 1, "superseded"), ("Z02", 2, "active")]


def test_one_query_has_no_answer_and_the_others_have(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    query = "SELECT trust_code, month FROM returns WHERE queries_open > 0"
    assert rows(release, query) == [("Z04", story.last.first_day)]
    assert rows(release, "SELECT count(*) FROM queries WHERE answer IS NOT NULL")[0][0] > 0


def test_the_programme_paused(release: duckdb.DuckDBPyConnection, story: Story) -> None:
    query = "SELECT DISTINCT month FROM observations WHERE level = 'programme' AND state = 'paused'"
    days = {story.month(index).first_day for index in story.pause}
    assert {day for (day,) in rows(release, query)} == days


def test_the_people_of_the_story_are_in_the_register(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    people = {row[0]: row[1:] for row in rows(release, "SELECT email, role, valid_to FROM people")}
    assert {email: said[0] for email, said in people.items()} == {
        person["email"]: person["role"] for person in script()["people"]
    }
    expired = [email for email, (_, until) in people.items() if until is not None]
    assert expired == ["left@demo.example"]
    assert people["left@demo.example"][1] < story.last.first_day


def test_every_sentence_says_what_its_chart_shows(demo_home: Path) -> None:
    """Of every series there is; `python -m tests.said_of_points` compares any other release."""
    current = (demo_home / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
    number, wrong = compared(demo_home / "releases" / f"{current}.duckdb")
    assert number > 400
    assert wrong == []


def test_the_log_of_tests_of_change_has_every_outcome_and_one_that_is_overdue(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    _, unit = told(story, "charter_helped")
    query = "SELECT outcome, starts, ends FROM change_tests ORDER BY starts"
    found = release.execute(query).fetchall()
    last = story.month(story.size.months - 1).last_day
    outcomes = [outcome for outcome, _, _ in found]
    assert {"adopt", "adapt", "abandon", None} == set(outcomes)
    assert any(outcome is None and ends <= last for outcome, _, ends in found), "overdue"
    assert any(outcome is None and ends > last for outcome, _, ends in found), "running"
    adopted = [row for row in afterwards(release).to_dicts() if row["kind"] == "improvement"]
    tests = "SELECT test_id FROM change_tests WHERE ward_id = ? AND outcome = 'adopt'"
    assert rows(release, tests, unit)[0][0] in {row["test_id"] for row in adopted}
    flags = "SELECT count(*) FROM events WHERE source = 'change_tests'"
    assert rows(release, flags) == [(len(found),)]


def test_whatever_the_story_types_into_a_log_could_be_typed_on_the_screen(
    demo_home: Path, story: Story
) -> None:
    home = open_home(demo_home)
    for taken in decisions(story):
        if taken.kind == "change_test":
            unit = UnitCodes(taken.trust_code, taken.ward_code)
            assert checked(home, unit, taken.tried, taken.decided_at) == taken.tried


def test_some_wards_ask_their_visitors_and_the_others_send_nothing_of_them(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    sent = rows(
        release,
        """SELECT DISTINCT unit_id FROM observations
        WHERE level = 'ward' AND measure = 'SS-O3' AND numerator IS NOT NULL""",
    )
    ask = {w.code for w in story.wards if "visitors" in w.collects}
    assert {unit.partition("-")[2] for (unit,) in sent} == ask
    assert 0 < len(ask) < len(story.wards)
    ((safe, answered),) = rows(
        release,
        """SELECT sum(numerator), sum(denominator) FROM observations
        WHERE level = 'programme' AND measure = 'SS-O3'""",
    )
    assert 0.6 < safe / answered < 1


def test_most_wards_say_who_was_affected_by_whom_and_it_is_mostly_patients_by_patients(
    release: duckdb.DuckDBPyConnection, story: Story
) -> None:
    found = rows(
        release,
        "SELECT affected, alleged, sum(incidents) AS n FROM incident_pairs GROUP BY ALL ORDER BY n",
    )
    assert len(found) == 12
    assert found[-1][:2] == ("patient", "patient")
    wards = len(rows(release, "SELECT DISTINCT ward_id FROM incident_pairs"))
    assert len(story.wards) / 2 < wards < len(story.wards)
