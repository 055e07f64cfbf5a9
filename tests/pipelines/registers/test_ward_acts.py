"""What a programme does with wards: every act, and every way it is refused."""

from datetime import date

import polars as pl
import pytest

from pipelines.registers import ward_acts
from pipelines.registers.checks import problems_of
from pipelines.registers.register import RegisterError, register_of
from tests import worlds
from tests.pipelines.registers.acts import DAY, TODAY, VALUES, now_known_as, on, refusal_of


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
    assert "in the register from 1 April 2026" in refusal_of(
        ward_acts.close_ward, opened, "Z01", "FERN1", TODAY
    )
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
