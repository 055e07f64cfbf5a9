"""Wards as of today, by every filter."""

import pytest

from dashboard.queries.organisations import wards
from tests.dashboard.tiny_release import WARDS


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
