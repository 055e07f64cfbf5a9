"""Groups in the register: how they are made and changed, and what is refused."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from dashboard.words import register as words
from pipelines.keeping.edited_register import write_register
from pipelines.registers import bundle, group_acts
from pipelines.registers.checks import problems_of
from pipelines.registers.differences import between
from pipelines.registers.files import kept_files, read_register
from pipelines.registers.register import Register, RegisterError, register_of
from tests import worlds

DAY = date(2026, 4, 1)
NORTH = {"code": "north1", "name": " North board ", "kind": "icb"}


@pytest.fixture
def register() -> Register:
    return register_of(worlds.register_frames(), version=3)


def said(before: Register, after: Register) -> list[str]:
    return [words.sentence(one) for one in between(before, after)]


def refused(act, *arguments, **named) -> list[str]:
    with pytest.raises(RegisterError) as told:
        act(*arguments, **named)
    return told.value.sentences


def of(*rows: dict[str, object]) -> Register:
    return register_of({**worlds.register_frames(), "groups": pl.DataFrame(rows)})


def test_a_group_is_made_joined_left_and_renamed_and_each_is_told_with_its_day(register):
    made = group_acts.add_group(register, **NORTH, members=["Z02-ELDER1", "Z01"], day=DAY)
    assert problems_of(made) == []
    assert said(register, made) == [
        "North board (NORTH1) includes Z01 from 1 April 2026.",
        "North board (NORTH1) includes Z02-ELDER1 from 1 April 2026.",
    ]
    joined = group_acts.join(made, "NORTH1", ["Z02"], date(2026, 5, 1))
    assert said(made, joined) == ["North board (NORTH1) includes Z02 from 1 May 2026."]
    left = group_acts.leave(joined, "NORTH1", "Z01", date(2026, 6, 30))
    assert said(joined, left) == [
        "North board (NORTH1) no longer includes Z01, last day 30 June 2026."
    ]
    again = group_acts.join(left, "NORTH1", ["Z01"], date(2026, 9, 1))
    assert problems_of(again) == []
    assert again.groups.filter(member="Z01")["valid_to"].to_list() == [date(2026, 6, 30), None]
    named = group_acts.rename(again, "NORTH1", "Northern board")
    assert said(again, named) == ["North board (NORTH1): name North board → Northern board."]
    assert named.groups["group_name"].unique().to_list() == ["Northern board"]


def test_everything_that_is_wrong_with_a_new_group_is_told_at_once(register):
    told = refused(group_acts.add_group, register, "1", "", "region", [], DAY)
    assert [sentence[:24] for sentence in told] == [
        "“1” is not a group code:",
        "A group needs a name of ",
        "A group needs a kind: ch",
        "A group needs at least o",
    ]
    region = refused(group_acts.add_group, register, "Y60", "Mids", "icb", ["Z01"], DAY)
    assert region == ["Y60 is the code of a region: use another."]
    made = group_acts.add_group(register, **NORTH, members=["Z01"], day=DAY)
    there = "North board (NORTH1)"
    assert refused(group_acts.add_group, made, **NORTH, members=["Z01"], day=DAY) == [
        f"{there} is in the register already."
    ]
    assert refused(group_acts.join, made, "NORTH1", ["Z01"], DAY) == [
        f"Z01 is in {there} on 1 April 2026 or later already."
    ]
    assert refused(group_acts.leave, made, "NORTH1", "Z02", DAY) == [
        f"Z02 is not in {there} on 1 April 2026."
    ]
    ended = group_acts.leave(made, "NORTH1", "Z01", DAY)
    assert refused(group_acts.leave, ended, "NORTH1", "Z01", DAY) == [
        f"Z01 leaves {there} on 1 April 2026 already."
    ]
    assert refused(group_acts.rename, made, "NORTH1", "North board") == [
        f"{there} already has this name: nothing would change."
    ]
    assert refused(group_acts.join, made, "SOUTH", ["Z01"], DAY) == [
        "There is no group SOUTH in the register."
    ]


def test_what_is_wrong_with_a_file_of_groups_is_told():
    row = worlds.group_row
    assert problems_of(of(row("N1", "Z01", kind="region")))[0].startswith(
        "groups.csv row 2, kind: “region” is not allowed. Use one of icb, collaborative, programme"
    )
    assert problems_of(of(row("N1", "Z09"), row("N1", "Z01-NONE1"))) == [
        "groups.csv puts Z01-NONE1 into N1, which is neither in trusts.csv nor in wards.csv.",
        "groups.csv puts Z09 into N1, which is neither in trusts.csv nor in wards.csv.",
    ]
    assert problems_of(of(row("N1", "Z01"), row("N1", "Z02", group_name="Other"))) == [
        "groups.csv gives N1 two names or kinds: use the same in each of its rows."
    ]
    assert problems_of(of(row("Y60", "Z01"))) == [
        "groups.csv has a group Y60, but that is a region: give each trust its region in "
        "trusts.csv."
    ]
    assert problems_of(of(row("N1", "Z01"), row("N1", "Z01", valid_from=DAY))) == [
        "groups.csv: N1-Z01 has two rows for 1 April 2026. End the first (valid_to) before the "
        "second begins."
    ]
    assert problems_of(of(row("N1", "Z01", valid_to=date(2018, 1, 1)))) == [
        "groups.csv row 2: valid_to is before valid_from."
    ]


def test_a_register_without_groups_is_kept_as_earlier_versions_kept_it(register, tmp_path):
    assert "groups.csv" not in kept_files(register)
    made = group_acts.add_group(register, **NORTH, members=["Z01"], day=DAY)
    assert "groups.csv" in kept_files(made)
    write_register(tmp_path, made)
    assert read_register(tmp_path).groups.equals(made.groups)
    (tmp_path / "groups.csv").unlink()
    assert read_register(tmp_path, otherwise=made).groups.equals(made.groups)
    assert read_register(tmp_path).groups.is_empty()
    edited, version = bundle.taken_in({"register.zip": bundle.as_zip(made)}, register)
    assert (edited.groups.equals(made.groups), version) == (True, 3)
    gone = replace(made, groups=made.groups.clear())
    assert said(made, gone) == ["North board (NORTH1) never included Z01."]
