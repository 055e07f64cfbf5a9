"""Wards that came from another trust, or went to one, and rows that are missing."""

from datetime import date

import pytest

from pipelines.checking.check import check
from pipelines.registers.register import Register
from pipelines.registers.successors import merger_of, move_of
from pipelines.registers.trust_acts import merge_trust
from pipelines.registers.ward_acts import moved
from tests.returns import scene
from tests.returns.scene import MONTH, figures, register, workbook

DAY = date(2026, 3, 1)


def fixes(after: Register, code: str) -> list[str]:
    """How to correct a row of the first trust under a code."""
    content = workbook(monthly=[figures("ALDER1"), figures(code)])
    checked = check(content, "return.xlsx", scene.context(register=after))
    return [p.fix for p in checked.problems if p.code == "E01"]


def test_the_old_code_of_a_ward_that_came_from_another_trust_leads_to_the_new_one() -> None:
    after = moved(register(), "Z02", "ELM5", "Z01", "ELM7", DAY)
    (fix,) = fixes(after, "ELM5")
    assert fix.startswith("ELM5 of Z02 became ELM7 (Elm Ward) on 1 March 2026: use that. ")
    assert "became" not in fixes(register(), "ELM5")[0]


def test_nothing_is_said_of_a_move_that_is_still_to_come() -> None:
    after = moved(register(), "Z02", "ELM5", "Z01", "ELM7", date(2026, 6, 1))
    assert "became" not in fixes(after, "ELM5")[0]


@pytest.mark.parametrize(("day", "merged"), [(date(2026, 2, 28), False), (DAY, True)])
def test_a_merger_counts_from_its_day(day: date, merged: bool) -> None:
    after = merge_trust(register(), "Z01", "Z02", DAY)
    words = "Z01 became part of Z02 on 1 March 2026" if merged else None
    assert merger_of(after, "Z01", day) == words
    assert merger_of(after, "Z02", day) is None
    moved_to = ("Z02", "ALDER1", DAY) if merged else None
    assert move_of(after, "Z01", "ALDER1", day) == moved_to


def test_wards_that_were_never_sent_for_the_month_are_a_note_only() -> None:
    checked = check(workbook(monthly=[figures("ALDER1")]), "return.xlsx", scene.context())
    assert [p.code for p in checked.problems] == ["N06"]
    assert checked.month == MONTH
