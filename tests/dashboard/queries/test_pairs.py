"""Who was affected, by whom, in the twelve months to one: of which wards, and of how many."""

from datetime import date

import pytest

from dashboard.queries.pairs import covered_by_pairs, pair_of_wards, who_by_whom
from tests.dashboard.queries.conftest import Holding

LAST, MIDDLE, FIRST = date(2026, 3, 1), date(2025, 9, 1), date(2025, 4, 1)
BEFORE, AFTER = date(2025, 3, 1), date(2026, 4, 1)
MONTHS = (BEFORE, FIRST, LAST, AFTER)  # two of them in the twelve


def pair(ward: str, month: date, incidents: int, alleged: str = "patient") -> dict[str, object]:
    about = {"ward_id": ward, "trust_code": ward[:3], "month": month, "affected": "staff"}
    return about | {"alleged": alleged, "incidents": incidents}


def counted(ward: str, month: date, numerator: int, **about: object) -> dict[str, object]:
    known = {"level": "ward", "unit_id": ward, "trust_code": ward[:3], "measure": "SS-I1"}
    return known | {"month": month, "numerator": numerator, "wards_expected": 1} | about


@pytest.fixture(scope="module")
def connection():
    pairs = [pair(w, month, 10**i) for w in ("Z01-A", "Z02-B") for i, month in enumerate(MONTHS)]
    pairs += [pair("Z01-A", LAST, 7, "unknown"), pair("Z01-C", BEFORE, 3)]
    seen = [counted(w, m, 10**i) for w in ("Z01-A", "Z01-C") for i, m in enumerate(MONTHS)]
    seen += [
        counted("Z01-A", MIDDLE, 1000),  # without that table
        counted("Z02-B", LAST, 5),
        counted("Z02-B", FIRST, 50, wards_expected=0),  # not in the programme that month
        counted("Z02-B", LAST, 500, measure="SS-I2"),
        counted("Z02-B", LAST, 5000, level="trust"),
    ]
    return Holding(incident_pairs=pairs, observations=seen)


@pytest.mark.parametrize(("trust", "wards"), [(None, 2), ("Z01", 1)])
def test_pairs_are_those_of_twelve_months_to_the_last(connection, trust, wards):
    found = who_by_whom(connection, LAST, trust).rows()
    assert found == [("staff", "patient", wards * 110), ("staff", "unknown", 7)]


@pytest.mark.parametrize(
    ("trust", "said"), [(None, (2, 1225, 115)), ("Z01", (1, 1220, 110)), ("Z03", (0, 0, 0))]
)
def test_of_all_incidents_those_are_known_whose_ward_sent_pairs_that_month(connection, trust, said):
    assert covered_by_pairs(connection, LAST, trust).rows() == [said]


def test_one_pair_is_that_of_each_ward_which_counted_it(connection):
    both = [("Z01-A", "Z01", 110), ("Z02-B", "Z02", 110)]
    assert pair_of_wards(connection, LAST, "staff", "patient").rows() == both
    assert pair_of_wards(connection, LAST, "staff", "patient", "Z02").rows() == both[1:]
    assert pair_of_wards(connection, LAST, "staff", "unknown").rows() == [("Z01-A", "Z01", 7)]
    assert pair_of_wards(connection, LAST, "patient", "patient").is_empty()
