"""Wards as of today, by every filter."""

from datetime import date

import pytest

from dashboard.queries.organisations import wards
from tests.dashboard.queries.conftest import Holding
from tests.dashboard.tiny_release import WARDS

BEFORE, SINCE = date(2025, 1, 1), date(2026, 1, 1)


def test_wards_are_those_of_today_once_each(connection):
    found = wards(connection)
    assert set(found["ward_id"]) == set(WARDS)
    assert found.height == len(WARDS)


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"trust": "Z02"}, {"Z02-BIRCH1", "Z02-FERN1"}),
        ({"peer_group": "acute-female"}, {"Z01-ALDER1", "Z02-BIRCH1", "Z03-ELM1"}),
        ({"sex": "mixed"}, {"Z02-FERN1"}),
        ({"stage": "drafting"}, {"Z02-FERN1"}),
        ({"group": "London", "sex": "male"}, {"Z01-OAK1"}),
        ({"group": "Y56", "sex": "mixed"}, {"Z02-FERN1"}),
        ({"group": "Nowhere"}, set()),
        ({"trust": "Z02' OR '1'='1"}, set()),
    ],
)
def test_wards_are_filtered_by_every_parameter_at_once(connection, about, expected):
    assert set(wards(connection, **about)["ward_id"]) == expected


def test_a_trust_and_a_ward_are_called_what_they_are_called_last():
    def named(name: str, region: str, since: date) -> dict[str, object]:
        return {"trust_code": "Z01", "trust_name": name, "region": region, "valid_from": since}

    def ward(
        name: str, trust: str, since: date, code: str = "Z01-A", **until: object
    ) -> dict[str, object]:
        about = {"ward_id": code, "current_ward_id": code, "ward_name": name}
        return {**about, "current_trust_code": trust, "valid_from": since, **until}

    connection = Holding(
        trusts=[named("Now", "London", SINCE), named("Once", "Midlands", BEFORE)],
        wards=[
            ward("Elm", "Z01", SINCE),
            ward("Ash", "Z09", BEFORE, open_to=BEFORE),  # and it was to close then
            ward("Oak", "Z02", BEFORE, "Z02-B"),  # of a trust whose name isn't known here
        ],
        release=[{"data_to": SINCE}],
    )
    assert connection.sql("FROM open_wards ORDER BY 1").fetchall() == [("Z01-A",), ("Z02-B",)]
    assert connection.sql("FROM latest_trusts").fetchall() == [("Z01", "Now", "London")]
    assert connection.sql("FROM latest_wards ORDER BY ward_id").fetchall() == [
        ("Z01-A", "Elm", "Z01", "Now"),
        ("Z02-B", "Oak", "Z02", None),
    ]
