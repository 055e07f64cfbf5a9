"""Who came to which learning forum."""

from datetime import date

import pytest

from dashboard.queries.learning import answers, attendance, forums, forums_of_trusts, reached
from tests.dashboard.queries.conftest import Holding

JUNE = date(2025, 6, 1)


def came(forum: str, trust: str, people: int | None, group="staff", ward: str | None = None):
    about = {"forum": forum, "trust_code": trust, "ward_id": ward}
    return about | {"group": group, "people": people}


@pytest.fixture(scope="module")
def connection():
    since = {"valid_from": JUNE}
    return Holding(
        forums=[
            {"forum": code, "day": date(2026, month, 1), "title": f"Forum {code}"}
            for code, month in (("B", 1), ("A", 2), ("C", 9))
        ],
        forum_attendance=[
            came("A", "Z01", 4, ward="Z01-A"),
            came("A", "Z01", 2, "lived_experience", "Z01-A"),
            came("A", "Z01", 1, ward="Z01-B"),
            came("A", "Z02", 3, "carers"),
            came("A", "Z03", 0),
            came("A", "Z04", None),
            came("B", "Z01", 5),
        ],
        forum_answers=[
            {"forum": "A", "question": 1, "place": place, "answer": answer, "people": people}
            for answer, place, people in (("No", 2, 9), ("Later", 1, 2), ("Yes", 1, 3))
        ],
        trusts=[
            {"trust_code": "Z01", "current_code": "Z01", "trust_name": "One", **since},
            {"trust_code": "Z03", "current_code": "Z03", "trust_name": "Was", **since}
            | {"valid_to": date(2025, 12, 31)},
            {"trust_code": "Z03", "current_code": "Z03", "trust_name": "Now"}
            | {"valid_from": date(2026, 1, 1)},
            {"trust_code": "Z02", "current_code": "Z01", "trust_name": "Merged", **since},
            {"trust_code": "Z05", "current_code": "Z05", "trust_name": "Closed", **since}
            | {"valid_to": date(2025, 12, 31)},
        ],
    )


def test_forums_and_answers_are_in_order(connection):
    assert forums(connection)["forum"].to_list() == ["B", "A", "C"]
    assert answers(connection)["answer"].to_list() == ["Yes", "Later", "No"]


def test_people_are_counted_by_group_for_each_trust_and_ward(connection):
    found = attendance(connection).filter(forum="A")
    counts = ("trust_code", "ward_id", "staff", "lived_experience", "carers")
    assert sorted(found.select(counts).rows(), key=str) == [
        ("Z01", "Z01-A", 4, 2, None),
        ("Z01", "Z01-B", 1, None, None),
        ("Z02", None, None, None, 3),
        ("Z03", None, 0, None, None),
        ("Z04", None, None, None, None),
    ]
    assert set(found["trust_name"]) == {"One", "Merged", "Now", None}


def test_a_forum_reached_the_trusts_of_which_somebody_came(connection):
    found = reached(connection).sort("forum")
    counts = ("forum", "trusts", "staff", "lived_experience", "carers", "recorded")
    assert found.select(counts).rows() == [
        ("A", 2, 5, 2, 3, True),
        ("B", 1, 5, None, None, True),
        ("C", 0, None, None, None, False),
    ]


def test_the_forums_of_each_trust_of_today_are_counted(connection):
    assert forums_of_trusts(connection).rows() == [("Z03", "Now", 0), ("Z01", "One", 2)]
