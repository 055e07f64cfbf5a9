"""A trust's own total: charts of all its wards together, and its wards side by side."""

import pytest

from tests.dashboard.screens.opening import LEAD1, LEAD2, REGION, TEAM, shown
from tests.dashboard.tiny_release import NAMES


@pytest.mark.parametrize("email", [TEAM, LEAD1])
def test_the_wards_of_a_trust_together_have_charts(visit, email):
    app = visit(email, "trust", trust="Z01")
    assert not app.exception
    assert app.title[0].value == NAMES["Z01"]
    text = shown(app)
    assert "level=trust&amp;unit=Z01" in text  # each figure leads to the wards that it adds up
    assert "ward?ward=Z01-OAK1" in text
    assert "Start new limits…" in [fold.label for fold in app.expander]


def test_a_region_reads_a_trust_and_decides_nothing(visit):
    app = visit(REGION, "trust", trust="Z01")
    assert not app.exception
    assert "Start new limits…" not in [fold.label for fold in app.expander]


def test_the_address_of_another_trust_shows_ones_own(visit):
    app = visit(LEAD2, "trust", trust="Z01")
    assert app.title[0].value == NAMES["Z02"]
