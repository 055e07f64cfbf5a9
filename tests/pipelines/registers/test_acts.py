"""Changes to trusts, wards and people: every kind, and every way it is refused."""

from datetime import date

import polars as pl
import pytest

from pipelines.registers import people_acts, trust_acts, ward_acts
from pipelines.registers.checks import left_alone, problems_of
from pipelines.registers.effective import held, rows_of
from pipelines.registers.register import Register, RegisterError, register_of
from pipelines.registers.successors import current_trusts, current_wards
from tests import worlds

TODAY = date(2026, 3, 10)
DAY = date(2026, 4, 1)
VALUES = {
    **{k: v for k, v in worlds.ward_row("Z01", "X").items() if k not in ("ward_code", "open_from")},
    "ward_code": "fern1",
    "ward_name": "Fern Ward",
    "open_from": DAY,
}


@pytest.fixture
def register() -> Register:
    return register_of(worlds.register_frames(), version=1)


def on(register: Register, day: date, trust: str = "Z01", ward: str = "ALDER1"):
    return held(rows_of(register.wards, trust_code=trust, ward_code=ward), day)


def now_known_as(register: Register) -> dict[str, str]:
    return dict(current_wards(register).select("ward_id", "current_ward_id").iter_rows())


def refusal_of(act, *arguments) -> str:
    with pytest.raises(RegisterError) as error:
        act(*arguments)
    return str(error.value)


def test_a_ward_changes_from_a_day_on_and_not_before(register):
    after = ward_acts.change_ward(register, "Z01", "ALDER1", DAY, {"beds": 14})
    assert on(after, date(2026, 3, 31))["beds"] == 16
    assert on(after, DAY)["beds"] == 14
    assert problems_of(after) == []


def test_a_change_goes_on_through_rows_that_are_planned_and_stops_at_its_own_kind(register):
    later, latest = date(2026, 6, 1), date(2026, 9, 1)
    after = ward_acts.change_ward(register, "Z01", "ALDER1", later, {"ward_name": "New Ward"})
    after = ward_acts.change_ward(after, "Z01", "ALDER1", latest, {"beds": 20})
    after = ward_acts.change_ward(after, "Z01", "ALDER1", DAY, {"beds": 14})
    assert [on(after, day)["beds"] for day in (TODAY, DAY, later, latest)] == [16, 14, 14, 20]
    assert on(after, later)["ward_name"] == "New Ward"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"beds": 90}, "90 beds: a ward has 1 to 60"),
        ({"ward_name": "  "}, "needs a name"),
        ({"site_code": "Z1"}, "“Z1” is not a site code"),
        ({"beds": 16}, "nothing would change"),
    ],
)
def test_a_change_that_cannot_be_names_the_ward_and_the_field(register, changes, said):
    found = refusal_of(ward_acts.change_ward, register, "Z01", "ALDER1", DAY, changes)
    assert found.startswith("Alder1 Ward (Z01-ALDER1)")
    assert said in found


def test_a_change_before_the_register_knew_the_ward_is_refused(register):
    said = refusal_of(
        ward_acts.change_ward, register, "Z01", "ALDER1", date(2018, 1, 1), {"beds": 1}
    )
    assert "in the register from 1 January 2019, which does not include 1 January 2018" in said


def test_a_ward_closes_once_and_not_before_it_opened(register):
    opened = ward_acts.add_ward(register, "Z01", VALUES)
    assert "since 1 April 2026" in refusal_of(ward_acts.close_ward, opened, "Z01", "FERN1", TODAY)
    closed = ward_acts.close_ward(register, "Z01", "ALDER1", DAY)
    assert on(closed, TODAY)["open_to"] == DAY
    assert "is already closed, since 1 April 2026" in refusal_of(
        ward_acts.close_ward, closed, "Z01", "ALDER1", DAY
    )


def test_a_last_day_before_the_first_is_refused():
    wards = pl.DataFrame([worlds.ward_row("Z01", "LATER", open_from=date(2026, 5, 1))])
    known = register_of(worlds.register_frames(wards=wards))
    said = refusal_of(ward_acts.close_ward, known, "Z01", "LATER", DAY)
    assert "opened on 1 May 2026, so its last day can't be 1 April 2026" in said


def test_a_closed_ward_opens_again_and_was_closed_between(register):
    closed = ward_acts.close_ward(register, "Z01", "ALDER1", TODAY)
    assert "is open until 10 March 2026" in refusal_of(
        ward_acts.reopen_ward, closed, "Z01", "ALDER1", TODAY
    )
    again = ward_acts.reopen_ward(closed, "Z01", "ALDER1", date(2026, 6, 1))
    assert on(again, DAY)["open_to"] == TODAY
    assert on(again, date(2026, 6, 1))["open_to"] is None
    assert "is not closed" in refusal_of(ward_acts.reopen_ward, register, "Z01", "ALDER1", DAY)


def test_a_new_ward_says_everything_that_is_wrong_at_once(register):
    wrong = {**VALUES, "ward_code": "ALDER 1", "beds": 0, "ward_name": ""}
    with pytest.raises(RegisterError) as error:
        ward_acts.add_ward(register, "Z01", wrong)
    assert len(error.value.sentences) == 3
    assert "has a ward with this code already" in refusal_of(
        ward_acts.add_ward, register, "Z01", {**VALUES, "ward_code": "ALDER1"}
    )
    after = ward_acts.add_ward(register, "Z01", VALUES)
    assert on(after, DAY, ward="FERN1")["ward_name"] == "Fern Ward"
    assert problems_of(after) == []


def test_a_ward_that_moves_is_followed_by_its_history_and_may_come_back(register):
    moved = ward_acts.move_ward(register, "Z01", "ALDER1", "Z02", "ALDER1", DAY)
    assert on(moved, DAY) is None
    assert on(moved, DAY, "Z02")["beds"] == 16
    assert now_known_as(moved)["Z01-ALDER1"] == "Z02-ALDER1"
    back = ward_acts.move_ward(moved, "Z02", "ALDER1", "Z01", "ALDER1", date(2026, 7, 1))
    assert problems_of(back) == []
    assert now_known_as(back)["Z02-ALDER1"] == "Z01-ALDER1"


def test_a_ward_never_takes_the_code_of_another(register):
    said = refusal_of(ward_acts.move_ward, register, "Z01", "ALDER1", "Z02", "ELDER1", DAY)
    assert "Z02 uses the code ELDER1 for another ward" in said
    assert ward_acts.free_code(register, "ALDER1", "Z01", "Z02") == "ALDER1"
    same = ward_acts.add_ward(register, "Z02", {**VALUES, "ward_code": "ALDER1"})
    assert ward_acts.free_code(same, "ALDER1", "Z01", "Z02") == "ALDER1-2"


def test_a_merger_moves_every_ward_keeps_history_and_gives_access_only_where_asked(register):
    after = trust_acts.merge_trust(register, "Z01", "Z02", DAY, people=[worlds.LEAD])
    assert problems_of(after) == []
    assert current_trusts(after)["Z01"] == "Z02"
    assert current_trusts(after, TODAY)["Z01"] == "Z01"
    assert {f"Z01-{ward}" for ward in worlds.WARDS["Z01"]} < set(now_known_as(after))
    assert now_known_as(after)["Z01-BIRCH1"] == "Z02-BIRCH1"
    lead = people_acts.people_rows(after, worlds.LEAD)
    assert [row["trusts"] for row in lead] == ["Z01", "Z01 Z02"]
    without = trust_acts.merge_trust(register, "Z01", "Z02", DAY)
    assert without.access.equals(register.access)


def test_a_merger_asks_for_another_code_where_the_other_trust_uses_it(register):
    same = ward_acts.add_ward(register, "Z02", {**VALUES, "ward_code": "ALDER1"})
    assert "choose another code" in refusal_of(
        trust_acts.merge_trust, same, "Z01", "Z02", date(2026, 5, 1)
    )
    after = trust_acts.merge_trust(same, "Z01", "Z02", date(2026, 5, 1), {"ALDER1": "ALDER1-2"})
    assert problems_of(after) == []
    assert now_known_as(after)["Z01-ALDER1"] == "Z02-ALDER1-2"


def test_the_past_of_an_ended_ward_never_becomes_that_of_its_namesake(register):
    frames = worlds.register_frames()
    wards = [
        worlds.ward_row("Z01", "OLD1", valid_to=date(2025, 5, 31)),
        worlds.ward_row("Z01", "ALDER1"),
        worlds.ward_row("Z02", "OLD1"),
    ]
    known = register_of({**frames, "wards": pl.DataFrame(wards, infer_schema_length=None)})
    after = trust_acts.merge_trust(known, "Z01", "Z02", DAY, {"OLD1": "OLD1-2"})
    assert problems_of(after) == []
    assert now_known_as(after)["Z01-OLD1"] == "Z02-OLD1-2"
    assert on(after, DAY, "Z02", "OLD1-2")["open_to"] == date(2025, 5, 31)


@pytest.mark.parametrize(
    ("into", "day", "said"),
    [
        ("Z01", DAY, "can't become part of itself"),
        ("Z77", DAY, "There is no trust Z77 in the register"),
        ("Z02", date(2018, 1, 1), "is in the register from 1 January 2019"),
        ("Z02", date(2019, 1, 1), "choose a later day for the merger"),
    ],
)
def test_a_merger_that_cannot_be_says_why(register, into, day, said):
    assert said in refusal_of(trust_acts.merge_trust, register, "Z01", into, day)


def test_an_ended_trust_takes_no_ward_and_no_trust(register):
    merged = trust_acts.merge_trust(register, "Z02", "Z01", DAY)
    later = date(2026, 5, 1)
    for act in (
        lambda: trust_acts.merge_trust(merged, "Z01", "Z02", later),
        lambda: trust_acts.change_trust(merged, "Z02", later, "Again", "Y60"),
    ):
        assert "ended on 31 March 2026 and became part of Z01" in refusal_of(act)
    said = refusal_of(ward_acts.move_ward, merged, "Z01", "ALDER1", "Z02", "ALDER1", later)
    assert "not in the register on 1 May 2026" in said


def test_a_trust_is_added_renamed_and_leaves(register):
    after = trust_acts.add_trust(register, "z03", "Third trust", "Y56", date(2026, 4, 17))
    assert rows_of(after.trusts, trust_code="Z03")[0]["joined"] == DAY
    assert "already" in refusal_of(trust_acts.add_trust, after, "Z03", "Again", "Y56", DAY)
    assert "needs a region" in refusal_of(trust_acts.add_trust, register, "Z03", "X", "", DAY)
    assert "is not a trust code" in refusal_of(
        trust_acts.add_trust, register, "Q", "No", "Y56", DAY
    )
    renamed = trust_acts.change_trust(register, "Z01", DAY, "Renamed", "Y60")
    names = [row["trust_name"] for row in rows_of(renamed.trusts, trust_code="Z01")]
    assert names == ["Tiny trust Z01", "Renamed"]
    left = trust_acts.leave(register, "Z01", DAY)
    assert on(left, DAY)["in_collaborative"] == "no"
    assert on(left, TODAY)["in_collaborative"] == "yes"
    assert "no wards in the collaborative" in refusal_of(trust_acts.leave, left, "Z01", DAY)


def person(**changes):
    return {"email": "new@trust.example", "name": "New", "role": "trust", "trusts": ["Z02"]} | (
        changes
    )


def test_access_is_given_changed_and_ended(register):
    after = people_acts.give_access(register, person(), TODAY, None, TODAY)
    after = people_acts.change_access(
        after, "NEW@trust.example", person(role="region", trusts=["Z02", "Z01"]), DAY, None, TODAY
    )
    after = people_acts.end_access(after, "new@trust.example", date(2026, 5, 31), TODAY)
    rows = people_acts.people_rows(after, "new@trust.example")
    assert [(r["role"], r["trusts"], r["valid_from"], r["valid_to"]) for r in rows] == [
        ("trust", "Z02", TODAY, date(2026, 3, 31)),
        ("region", "Z01 Z02", DAY, date(2026, 5, 31)),
    ]
    assert problems_of(after) == []


@pytest.mark.parametrize(
    ("changes", "day", "until", "said"),
    [
        ({"email": "no address"}, TODAY, None, "is not an e-mail address"),
        ({"email": " Lead@Trust.example"}, TODAY, None, "is in the register already"),
        ({"name": " "}, TODAY, None, "Give the person’s name"),
        ({"trusts": []}, TODAY, None, "Choose at least one trust"),
        ({"trusts": ["Z77"]}, TODAY, None, "There is no trust Z77 in the register"),
        ({"role": "owner"}, TODAY, None, "Choose a role"),
        ({}, date(2026, 3, 9), None, "9 March 2026 has passed"),
        ({}, DAY, TODAY, "The last day, 10 March 2026, is before the first"),
    ],
)
def test_access_that_cannot_be_given_says_why(register, changes, day, until, said):
    assert said in refusal_of(
        people_acts.give_access, register, person(**changes), day, until, TODAY
    )


def test_access_that_was_there_cannot_be_unsaid(register):
    said = refusal_of(people_acts.end_access, register, worlds.LEAD, date(2026, 3, 8), TODAY)
    assert "8 March 2026 has passed: the last day can be yesterday" in said
    ended = people_acts.end_access(register, worlds.LEAD, date(2026, 3, 9), TODAY)
    assert "no access to end" in refusal_of(
        people_acts.end_access, ended, worlds.LEAD, TODAY, TODAY
    )


def test_the_last_of_the_programme_team_cannot_go(register):
    gone = people_acts.end_access(register, worlds.TEAM, DAY, TODAY)
    (said,) = left_alone(gone, register, TODAY)
    assert said.startswith("From 2 April 2026 nobody on the programme team would have access.")
    second = people_acts.give_access(
        register, person(role="programme", trusts=[]), DAY, None, TODAY
    )
    assert left_alone(people_acts.end_access(second, worlds.TEAM, DAY, TODAY), second, TODAY) == []
    too_soon = people_acts.end_access(second, worlds.TEAM, date(2026, 3, 20), TODAY)
    assert "From 21 March 2026" in left_alone(too_soon, second, TODAY)[0]


def test_two_rows_for_one_day_are_a_problem():
    twice = [worlds.ward_row("Z01", "A1"), worlds.ward_row("Z01", "A1", valid_from=TODAY)]
    known = register_of(worlds.register_frames(wards=pl.DataFrame(twice)))
    assert problems_of(known) == [
        "wards.csv: Z01-A1 has two rows for 10 March 2026. End the first (valid_to) before the "
        "second begins."
    ]
