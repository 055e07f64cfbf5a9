"""Which groups there are, who is in them, and whose returns are a group's."""

from datetime import date

from dashboard.queries.groups import groups, members, returns_of
from tests.dashboard.queries.conftest import Holding

JANUARY, MARCH, APRIL, MAY = (date(2026, month, 1) for month in (1, 3, 4, 5))
TODAY = date(2026, 6, 1)


def member(ward: str | None, trust: str, first: date, last: date | None = None, group="NORTH"):
    kind = {"NORTH": "programme", "ICB1": "icb", "Y56": "region"}[group]
    about = {"group_code": group, "group_name": group.title(), "kind": kind}
    return about | {"trust_code": trust, "ward_id": ward, "first_month": first, "last_month": last}


GROUPS = [
    member(None, "Z01", JANUARY),
    member("Z01-A", "Z01", JANUARY),  # in it with the whole trust
    member("Z02-B", "Z02", JANUARY, MARCH),
    member(None, "Z03", JANUARY, MARCH),
    member("Z03-C", "Z03", JANUARY, MARCH),  # with the whole trust
    member("Z03-C", "Z03", APRIL),  # and by itself since
    member(None, "Z04", JANUARY, group="ICB1"),
    member("Z02-B", "Z02", JANUARY, group="Y56"),
]
DUE = [
    {"scope": scope, "trust_code": trust, "month": month, "state": "missing"}
    for trust in ("Z01", "Z02", "Z04")
    for scope, month in (("return", MARCH), ("return", APRIL), ("reporting", MAY))
]


def test_regions_come_first_and_each_group_once():
    found = groups(Holding(groups=GROUPS))
    assert found["group_code"].to_list() == ["Y56", "ICB1", "NORTH"]


def test_a_ward_is_named_by_itself_only_where_its_whole_trust_is_no_member():
    found = members(Holding(groups=GROUPS), "NORTH").select("trust_code", "ward_id", "first_month")
    assert found.rows() == [
        ("Z01", None, JANUARY),
        ("Z02", "Z02-B", JANUARY),
        ("Z03", "Z03-C", APRIL),
        ("Z03", None, JANUARY),
    ]


def test_the_returns_of_a_group_are_of_the_months_in_which_a_trust_is_in_it():
    found = returns_of(Holding(groups=GROUPS, completeness=DUE), "NORTH", TODAY)
    assert found.select("trust_code", "month").rows() == [
        ("Z01", MARCH),
        ("Z01", APRIL),
        ("Z02", MARCH),
    ]
