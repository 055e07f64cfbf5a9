"""What a programme does with trusts: every act, and every way it is refused."""

from datetime import date

import polars as pl
import pytest

from pipelines.registers import trust_acts, ward_acts
from pipelines.registers.checks import problems_of
from pipelines.registers.effective import rows_of
from pipelines.registers.register import register_of
from tests import worlds
from tests.pipelines.registers.acts import DAY, TODAY, VALUES, now_known_as, on, refusal_of


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
