"""Comparisons and peer bands are those that were asked for."""

from datetime import date

import pytest

from dashboard.queries.peers import comparisons, peer_bands
from tests.dashboard.queries.conftest import Holding

EVERY = [
    {"level": level, "measure": measure, "peer_group": group, "unit_id": unit}
    for level, unit, group in (
        ("ward", "Z01-A", "acute"),
        ("ward", "Z02-B", "acute"),
        ("ward", "Z02-C", "older"),
        ("trust", "Z01", "acute"),
    )
    for measure in ("SS-I1", "SS-O1")
]


@pytest.mark.parametrize(
    ("asked", "units"),
    [
        ({"measure": "SS-O1"}, ["Z01-A", "Z02-B", "Z02-C"]),
        ({"measure": "SS-O1", "peer_group": "acute"}, ["Z01-A", "Z02-B"]),
        ({"measure": "SS-O1", "units": ("Z02-C", "Z01-A")}, ["Z01-A", "Z02-C"]),
        ({"measure": "SS-O1", "level": "trust"}, ["Z01"]),
        ({"units": ("Z02-C",)}, ["Z02-C"] * 2),
    ],
)
def test_comparisons_are_of_the_measure_group_and_units_asked_for(asked, units):
    found = comparisons(Holding(comparisons=EVERY), **asked)
    assert found["unit_id"].to_list() == units


def test_bands_are_of_one_measure_and_group_in_the_order_of_months():
    months = [date(2026, month, 1) for month in (3, 1, 2)]
    bands = [
        {"measure": measure, "peer_group": group, "month": month}
        for measure in ("SS-I1", "SS-O1")
        for group in ("acute", "older")
        for month in months
    ]
    found = peer_bands(Holding(peer_bands=bands), "SS-O1", "acute")
    assert found.select("measure", "peer_group", "month").rows() == [
        ("SS-O1", "acute", month) for month in sorted(months)
    ]
