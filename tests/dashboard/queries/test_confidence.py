"""How confident staff are, item by item, over the last 12 months."""

from datetime import date

import pytest

from dashboard.queries.confidence import items, items_sent
from tests.dashboard.queries.conftest import Holding

LAST, FIRST, BEFORE = date(2026, 3, 1), date(2025, 4, 1), date(2025, 3, 1)


def asked(ward: str, month: date, before=(None, None), after=(None, None), **about: object):
    """Before and after are (answered, confident)."""
    row = {"ward_id": ward, "trust_code": ward[:3], "month": month, "question_id": "q1"}
    row |= {"text": "Talk", "sort": 2, "is_placeholder": False}
    row |= {"before_answered": before[0], "before_confident": before[1]}
    return row | {"item_answered": after[0], "item_confident": after[1]} | about


@pytest.fixture(scope="module")
def connection():
    return Holding(
        release=[{"data_to": LAST}],
        confidence_items=[
            asked("Z01-A", LAST, (10, 4), (20, 15)),
            asked("Z01-B", FIRST, (10, 1), (20, 11)),
            asked("Z01-B", date(2025, 5, 1), (20, 2), (20, 11)),
            asked("Z01-B", LAST, after=(100, 99)),  # asked afterwards only
            asked("Z02-C", LAST, before=(1000, 999)),  # and before only
            asked("Z01-A", BEFORE, (9, 9), (9, 9)),  # more than twelve months ago
            asked("Z01-A", FIRST, after=(7, 6), text="Talk now", is_placeholder=True),
            asked("Z01-A", LAST, after=(5, 5), question_id="q0", sort=1),
        ],
    )


BOTH = (40, 7, 60, 37)


@pytest.mark.parametrize(
    ("which", "paired", "every", "wards"),
    [
        ({}, BOTH, (160, 136), (2, 2)),
        ({"trust": "Z01"}, BOTH, (160, 136), (2, 2)),
        ({"wards": ["Z01-A"]}, (10, 4, 20, 15), (20, 15), (1, 1)),
        ({"wards": ["Z02-C"]}, (None,) * 4, (None, None), (0, 0)),
    ],
)
def test_before_and_after_are_of_the_months_in_which_a_ward_asked_both(
    connection, which, paired, every, wards
):
    (row,) = items(connection, **which).filter(text="Talk", question_id="q1").iter_rows(named=True)
    asked_both = ("before_answered", "before_confident", "after_answered", "after_confident")
    assert tuple(row[name] for name in asked_both) == paired
    assert (row["answered"], row["confident"]) == every
    assert (row["wards"], row["wards_paired"]) == wards


def test_each_wording_has_its_row_in_the_order_of_the_questions(connection):
    found = items(connection)
    assert found.select("question_id", "text", "is_placeholder", "first", "last").rows() == [
        ("q0", "Talk", False, LAST, LAST),
        ("q1", "Talk", False, FIRST, LAST),
        ("q1", "Talk now", True, FIRST, FIRST),
    ]
    assert items(connection, trust="Z09").is_empty()
    assert items_sent(connection).height == 8
