"""Every trust that could take part, with how far it has come: on the list, in the register."""

from datetime import date, timedelta

import polars as pl
import pytest

from pipelines.keeping.forums import new_forum
from pipelines.registers import trust_acts
from pipelines.registers.register import register_of
from pipelines.releasing.engagement import engagement
from schemas.forums import Attendance, Forum
from schemas.release import Charters, Returns
from schemas.typed import empty, types_of
from tests import worlds

APRIL, MAY, JUNE = date(2025, 4, 1), date(2025, 5, 1), date(2025, 6, 1)


def returns(*sent: tuple[str, date, str]) -> pl.DataFrame:
    rows = [dict(zip(("trust_code", "month", "status"), each, strict=True)) for each in sent]
    return pl.DataFrame(rows, schema=types_of(Returns))


def charters(*sent: tuple[str, date, bool]) -> pl.DataFrame:
    """A charter of a ward that is Z02's today, in a return of the trust named."""
    rows = [
        {"trust_code": "Z02", "month": month, "in_place": placed, "return_id": f"{who}/x/1"}
        for who, month, placed in sent
    ]
    return pl.DataFrame(rows, schema=types_of(Charters))


def forum(day: date, **people: int):
    rows = [
        {"trust_code": code, "ward_code": None, "group": "staff", "people": number}
        for code, number in people.items()
    ]
    about = new_forum(Forum(forum="LF01", day=day, title="Safety", kind="workshop"))
    about.__dict__["attendance"] = pl.DataFrame(rows, schema=types_of(Attendance))
    return about


def made(register, sent=None, placed=None, forums=()):
    found = engagement(
        register,
        returns() if sent is None else sent,
        empty(Charters) if placed is None else placed,
        forums,
    )
    return {row["trust_code"]: row for row in found.iter_rows(named=True)}


@pytest.fixture
def register():
    return register_of(worlds.register_frames(), version=1)


def test_trusts_of_the_list_and_of_the_register_are_there_once(register):
    found = made(register)
    assert list(found) == ["Z01", "Z02", "Z08", "Z09"]
    first = worlds.FIRST.first_day
    assert [found[code]["joined"] for code in found] == [first, first, None, None]
    assert found["Z08"]["invited"] == first + timedelta(days=9)
    assert {row["region"] for row in found.values()} == {"Midlands"}
    assert all(row["listed"] for row in found.values())


def test_a_trust_that_joined_without_being_on_the_list_is_there_too(register):
    listed = register.invitations.filter(pl.col("trust_code") != "Z02")
    found = made(register_of({**worlds.register_frames(), "invitations": listed}))
    assert found["Z02"]["listed"] is False
    assert found["Z02"]["could_from"] == date(2019, 1, 1)


def test_only_returns_in_use_count_as_sent(register):
    sent = returns(("Z01", APRIL, "superseded"), ("Z01", MAY, "active"), ("Z01", JUNE, "withdrawn"))
    found = made(register, sent)
    assert (found["Z01"]["first_sent"], found["Z01"]["last_sent"]) == (MAY, MAY)
    assert found["Z02"]["first_sent"] is None


def test_a_charter_counts_for_the_trust_that_sent_it(register):
    placed = charters(("Z01", APRIL, False), ("Z01", MAY, True), ("Z02", JUNE, True))
    found = made(register, placed=placed)
    assert (found["Z01"]["first_charter"], found["Z02"]["first_charter"]) == (MAY, JUNE)


def test_nobody_came_is_not_attendance(register):
    held = [forum(date(2025, 5, 9), Z01=0, Z02=3), forum(date(2025, 7, 9), Z01=2)]
    found = made(register, forums=held)
    assert found["Z01"]["first_forum"] == date(2025, 7, 9)
    assert found["Z02"]["first_forum"] == date(2025, 5, 9)


def test_a_merged_trust_could_take_part_until_it_merged(register):
    merged = trust_acts.merge_trust(register, "Z02", "Z01", JUNE)
    assert made(merged)["Z02"]["could_to"] == date(2025, 5, 31)
    assert made(merged)["Z01"]["could_to"] is None


def test_a_trust_whose_wards_leave_has_left_and_could_come_back(register):
    found = made(trust_acts.leave(register, "Z02", JUNE))
    assert found["Z02"]["left_on"] == date(2025, 5, 31)
    assert found["Z02"]["could_to"] is None
    assert found["Z01"]["left_on"] is None
