"""Who is given access, for how long, and every way that is refused."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from pipelines.registers import people_acts, trust_acts
from pipelines.registers.checks import left_alone, problems_of
from pipelines.registers.register import RegisterError
from pipelines.registers.successors import current_trusts
from tests import worlds
from tests.pipelines.registers.acts import DAY, TODAY, now_known_as, refusal_of


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


def test_a_group_reader_is_given_groups_that_there_are(register):
    def reader(*groups):
        return {**person(role="group", trusts=[]), "groups": list(groups)}

    after = people_acts.give_access(register, reader("Y60"), DAY, None, TODAY)
    assert people_acts.people_rows(after, "new@trust.example")[0]["groups"] == "Y60"
    assert problems_of(after) == []
    for groups, told in (((), "Choose at least one group"), (("NOWHERE",), "There is no group")):
        with pytest.raises(RegisterError, match=told):
            people_acts.give_access(register, reader(*groups), DAY, None, TODAY)
    renamed = after.access.with_columns(groups=pl.col("groups").replace("Y60", "Y99"))
    assert problems_of(replace(after, access=renamed))[0].startswith("access.csv gives ")
