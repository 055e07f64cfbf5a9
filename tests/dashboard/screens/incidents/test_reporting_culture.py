"""Reporting culture: every figure leads to its source, and 1,500 wards are read page by page."""

import re

from dashboard.screens.incidents import reporting_culture
from tests.dashboard.screens.opening import TEAM, shown
from tests.dashboard.tiny_release import WARDS

PATH = "incidents"
LINK = (
    r"figure\?level=ward&amp;unit=(Z0\d-\w+)&amp;measure=(SS-\w\d)&amp;month=2025-04&amp;months=12"
)


def links(text: str) -> set[tuple[str, str]]:
    """The ward and measure of every figure that leads to twelve months of cells."""
    return set(re.findall(LINK, text))


def test_both_figures_of_every_ward_lead_to_where_they_came_from(visit):
    assert links(shown(visit(TEAM, PATH))) == {
        (ward, measure) for ward in WARDS for measure in ("SS-O1", "SS-I1")
    }


def test_a_long_table_is_read_page_by_page_and_the_chart_stays_whole(visit, monkeypatch):
    monkeypatch.setattr(reporting_culture, "_WARDS", 2)
    pages = [visit(TEAM, PATH, culture=str(number)) for number in (1, 2, 3)]
    wards = [sorted({ward for ward, _ in links(shown(page))}) for page in pages]
    assert wards == [sorted(WARDS)[:2], sorted(WARDS)[2:4], sorted(WARDS)[4:]]
    assert pages[0].selectbox(key="culture").options == [f"Page {n} of 3" for n in (1, 2, 3)]
    assert all("all wards over twelve months. 5 wards" in shown(page) for page in pages)
