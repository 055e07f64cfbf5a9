"""Who has access, and to what: nothing fails open."""

from datetime import date

import polars as pl
import pytest

from dashboard import access
from dashboard.access import NoAccess, Scope, demo_persons, require, resolve
from schemas.release import People
from tests.dashboard.tiny_release import PEOPLE, TODAY, frame

BEGAN = date(2025, 1, 1)


def people(*rows: tuple[str, str, str | None, date, date | None]):
    """A register of people all called A Person: email, role, trusts, from, to."""
    names = ("email", "role", "trusts", "valid_from", "valid_to")
    return frame(
        People, [dict(zip(names, row, strict=True)) | {"name": "A Person"} for row in rows]
    )


LEAD = ("lead@x.example", "trust", "Z01", BEGAN, None)


@pytest.mark.parametrize("email", ["lead@x.example", "LEAD@X.Example", "  lead@x.example "])
def test_case_and_space_around_an_address_do_not_matter(email):
    assert resolve(email, people(LEAD), TODAY) == Scope(
        "trust", frozenset({"Z01"}), "lead@x.example", "A Person"
    )


@pytest.mark.parametrize(
    ("email", "rows"),
    [
        (None, [LEAD]),
        ("", [LEAD]),
        ("   ", [LEAD]),
        ("lead", [LEAD]),
        ("lead@", [LEAD]),
        ("lead@x.example lead@x.example", [LEAD]),
        ("other@x.example", [LEAD]),
        ("\N{KELVIN SIGN}im@x.example", [("kim@x.example", *LEAD[1:])]),
        ("lead@x.example", []),
        ("lead@x.example", [("lead@x.example", "trust", "Z01", date(2026, 4, 21), None)]),
        ("lead@x.example", [("lead@x.example", "trust", "Z01", BEGAN, date(2026, 4, 19))]),
        ("lead@x.example", [("lead@x.example", "trust", None, BEGAN, None)]),
        ("lead@x.example", [("lead@x.example", "trust", "  ", BEGAN, None)]),
        ("lead@x.example", [("lead@x.example", "region", None, BEGAN, None)]),
        ("lead@x.example", [("lead@x.example", "admin", "Z01", BEGAN, None)]),
        ("lead@x.example", [("lead@x.example", "", "Z01", BEGAN, None)]),
        ("lead@x.example", [LEAD, ("Lead@x.example", "programme", None, BEGAN, None)]),
        ("lead@x.example", [LEAD, ("lead@x.example", "trust", "Z02", BEGAN, None)]),
    ],
)
def test_whoever_is_unknown_expired_empty_or_ambiguous_has_no_access(email, rows):
    assert resolve(email, people(*rows), TODAY) is None


@pytest.mark.parametrize("today", [BEGAN, date(2025, 6, 1), date(2026, 4, 20)])
def test_access_holds_from_its_first_day_to_its_last(today):
    rows = people(("lead@x.example", "trust", "Z01", BEGAN, date(2026, 4, 20)))
    assert resolve("lead@x.example", rows, today)


def test_the_same_entry_twice_is_not_ambiguous_and_an_expired_one_does_not_count():
    expired = ("lead@x.example", "programme", None, BEGAN, date(2025, 12, 31))
    scope = resolve("lead@x.example", people(LEAD, LEAD, expired), TODAY)
    assert scope
    assert scope.role == "trust"


@pytest.mark.parametrize("trusts", ["Z01 Z02", "z01,Z02", " Z02;Z01 ", "Z01\tZ02 Z01"])
def test_several_trusts_are_read_however_they_are_written(trusts):
    scope = resolve("a@x.example", people(("a@x.example", "region", trusts, BEGAN, None)), TODAY)
    assert scope
    assert scope.trusts == {"Z01", "Z02"}


def test_only_trusts_send_and_only_the_programme_sees_everything():
    scopes = {
        role: resolve("a@x.example", people(("a@x.example", role, "Z01", BEGAN, None)), TODAY)
        for role in ("programme", "trust", "region")
    }
    assert {role for role, scope in scopes.items() if scope.can_send} == {"trust"}
    assert {role for role, scope in scopes.items() if scope.sees_everything} == {"programme"}
    assert scopes["programme"].trusts == frozenset()


def test_require_lets_in_only_the_roles_asked_for():
    lead = resolve("lead@x.example", people(LEAD), TODAY)
    assert require(lead, "programme", "trust") is lead
    with pytest.raises(NoAccess, match=r"^This page is not for your role\.$"):
        require(lead, "programme")
    with pytest.raises(NoAccess, match=r"^You do not have access to this programme\.$"):
        require(None, "programme", "trust", "region")


def group_reader(groups: str, trusts: str | None = None) -> pl.DataFrame:
    row = ("group@x.example", "group", trusts, BEGAN, None)
    return people(row).with_columns(groups=pl.lit(groups))


def test_a_group_reader_sees_their_groups_and_no_trust_that_their_entry_names():
    scope = resolve("group@x.example", group_reader("north; south", trusts="Z01"), TODAY)
    assert scope
    assert (scope.groups, scope.trusts) == ({"NORTH", "SOUTH"}, frozenset())
    assert access.describe(scope) == "group reader for NORTH, SOUTH"
    assert not scope.can_send
    assert resolve("group@x.example", group_reader(" ", trusts="Z01"), TODAY) is None


def test_a_file_about_a_group_is_made_as_for_its_readers_no_matter_who_asks():
    reader = resolve("group@x.example", group_reader("north south"), TODAY)
    team = resolve("a@x.example", people(("a@x.example", "programme", None, BEGAN, None)), TODAY)
    lead = resolve("lead@x.example", people(LEAD), TODAY)
    assert reader
    assert team
    assert lead
    for scope in (reader, team):
        about = access.reading(scope, "NORTH")
        assert (about.role, about.groups, about.trusts) == ("group", {"NORTH"}, frozenset())
        assert about.email == scope.email
        assert access.reading(scope, None) is scope
    for scope, group in ((reader, "EAST"), (lead, "NORTH")):
        with pytest.raises(NoAccess, match=r"^This group is not one of yours\.$"):
            access.reading(scope, group)


@pytest.mark.parametrize(
    ("scope", "several", "everything", "reads"),
    [
        (Scope("programme", frozenset(), "", ""), True, True, False),
        (Scope("trust", frozenset({"Z01"}), "", ""), False, False, False),
        (Scope("trust", frozenset({"Z01", "Z02"}), "", ""), True, False, False),
        (Scope("region", frozenset({"Z01"}), "", ""), False, False, True),
        (Scope("group", frozenset(), "", "", frozenset({"NORTH"})), True, False, True),
    ],
)
def test_how_much_a_person_sees(scope, several, everything, reads):
    assert (scope.has_several, scope.sees_everything, scope.only_reads) == (
        several,
        everything,
        reads,
    )


def test_access_is_given_on_the_first_day_of_the_latest_entry_that_holds_today():
    again, ended = date(2025, 9, 1), date(2025, 12, 31)
    rows = people(
        LEAD,
        ("lead@x.example", "trust", "Z01", again, None),
        ("lead@x.example", "trust", "Z01", date(2025, 10, 1), ended),
        ("other@x.example", "trust", "Z01", date(2026, 1, 1), None),
    )
    assert access.given_on(" Lead@x.example", rows, TODAY) == again
    assert access.given_on("nobody@x.example", rows, TODAY) == date.min


def test_a_person_is_called_by_the_name_in_their_first_entry():
    named = people(LEAD, LEAD).with_columns(name=pl.Series(["First Name", "Other Name"]))
    scope = resolve("lead@x.example", named, TODAY)
    assert scope
    assert scope.name == "First Name"


def test_what_is_worked_out_for_a_scope_is_found_again_under_any_name_of_the_person():
    one, other = (Scope("trust", frozenset({"Z01"}), "a@x.example", name) for name in "AB")
    assert {one} == {other}


@pytest.mark.parametrize("name", [None, "", "  "])
def test_a_person_without_a_name_is_called_by_their_address(name):
    unnamed = people(LEAD).with_columns(name=pl.lit(name, pl.String))
    scope = resolve("Lead@x.example", unnamed, TODAY)
    assert scope
    assert scope.name == "lead@x.example"


def test_demo_persons_are_everyone_with_access_by_role_and_address_and_someone_without():
    rows = [
        {
            "email": email,
            "name": name,
            "role": role,
            "trusts": trusts,
            "valid_from": BEGAN,
            "valid_to": ends,
        }
        for email, (name, role, trusts, ends) in PEOPLE.items()
    ]
    offered = demo_persons(frame(People, rows).reverse(), TODAY)
    by_role = {
        "team@example.org": "Nomvula Team, national programme team",
        "region@example.org": "Rosa Region, region reader for Z01, Z03",
        "lead1@example.org": "Lena Lead, trust lead for Z01",
        "lead2@example.org": "Liam Lead, trust lead for Z02",
        access.UNKNOWN_PERSON: "Someone who is not in the register",
    }
    assert list(offered.items()) == list(by_role.items())
