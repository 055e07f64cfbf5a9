"""A ward's charter and ratings lead to the cells of the sheets that they were sent on."""

import re

import pytest

from pipelines.releasing.build import build
from schemas.periods import Month
from tests import worlds

LAST = Month(2025, 6)
NOW = worlds.received(LAST, days=30)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    made = worlds.small_world(tmp_path_factory.mktemp("typed") / "home", last=LAST)
    build(made, NOW)
    return made


@pytest.fixture
def shown(home, at_the_door, open_screen):
    at_the_door(home.root, NOW)

    def open_at(email: str, path: str, **address: str) -> str:
        app = open_screen(email, path, **address)
        assert not app.exception
        return "\n".join(repr(element.proto) for element in app.main) + repr(app.main)

    return open_at


@pytest.mark.parametrize("email", [worlds.TEAM, worlds.LEAD])
@pytest.mark.parametrize(
    ("sheet", "asked"), [("charter", "Co-produced with patients"), ("standards", "Rating")]
)
def test_what_a_ward_says_of_itself_leads_to_its_cells(shown, email, sheet, asked):
    ward = f"Z01-{worlds.WARDS['Z01'][0]}"
    link = rf"figure\?level=ward&amp;unit={ward}&amp;sheet={sheet}&amp;month=(\d{{4}}-\d\d)"
    month = re.search(link, shown(email, "ward", ward=ward))[1]
    text = shown(email, "figure", level="ward", unit=ward, sheet=sheet, month=month)
    for part in (asked, f"{sheet}, ", f"Z01/{month}/1", "SHA-256"):
        assert part in text


def test_another_trusts_sheet_is_nowhere(shown):
    text = shown(
        worlds.LEAD,
        "figure",
        level="ward",
        unit=f"Z02-{worlds.WARDS['Z02'][0]}",
        sheet="charter",
        month=str(LAST),
    )
    assert "Choose a point on a chart" in text
    assert "SHA-256" not in text
