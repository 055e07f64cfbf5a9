"""Reporting culture: every figure leads to its source, and 1,500 wards are read page by page."""

import re
from pathlib import Path

import dashboard
from dashboard.screens.incidents import reporting_culture
from tests.dashboard.screens.opening import LEAD1, REGION, TEAM, shown
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
    assert all(
        "all wards over twelve months, with 95% ranges. 5 wards" in shown(page) for page in pages
    )


def test_estimates_rest_on_everybody_so_only_the_team_sees_them_and_no_file_has_them(visit):
    assert "are 95% ranges" in shown(visit(TEAM, PATH))
    for other in (LEAD1, REGION):
        assert "95% range" not in shown(visit(other, PATH))
    folder = Path(dashboard.__file__).parent
    uses = {
        str(file.relative_to(folder))
        for file in folder.rglob("*.py")
        if re.search(r"import.*(reporting_culture|shrunk)", file.read_text(encoding="utf-8"))
        or "statistics.shrunk" in file.read_text(encoding="utf-8")
    }
    assert uses == {
        "screens/incidents/incidents.py",
        "screens/incidents/reporting_culture.py",
        "words/reporting_culture.py",
    }
