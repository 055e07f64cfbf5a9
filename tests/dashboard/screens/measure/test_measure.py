"""One measure at every level that a person may see, and nothing of anyone else."""

import re
from html import unescape

import pytest

from dashboard.page import page
from dashboard.screens import menu
from pipelines import measures as measure_files
from tests.dashboard.screens.opening import LEAD1, LEAD2, OWN, REGION, ROLES, TEAM, headings, shown
from tests.dashboard.tiny_release import NAMES, WARDS

EACH = [about.id for about in measure_files.load() if not about.restricted]


def charts(app) -> list[str]:
    """The keys of the process charts of a screen."""
    keys = [chart.proto.id for chart in app.get("vega_lite_chart")]
    return [key for key in keys if "chart_funnel" not in key]


def told(app) -> str:
    """The sentences of a screen, without markup."""
    return unescape(re.sub(r"<[^>]+>", "", " ".join(e.proto.body for e in app.get("html"))))


@pytest.mark.parametrize("measure", EACH)
def test_any_measure_has_its_programme_chart_and_files(visit, measure):
    app = visit(TEAM, "measure", measure=measure)
    assert not app.exception
    about = next(m for m in measure_files.load() if m.id == measure)
    assert app.title[0].value == about.name
    (key,) = charts(app)
    assert f"chart_programme_programme_{measure}" in key
    for what in ("chart", "figures"):
        assert f"take-away?what={what}&amp;measure={measure}" in shown(app)


def test_every_measure_on_the_overview_leads_there(visit):
    text = shown(visit(TEAM, "overview"))
    assert {f"measure?measure={measure}" in text for measure in EACH} == {True}
    assert "measure?measure=SS-I8" not in text


def test_a_trust_lead_sees_the_total_of_their_trust_and_its_wards(visit):
    app = visit(LEAD1, "measure", measure="SS-O1")
    (key,) = charts(app)
    assert "chart_trust_Z01_SS-O1" in key
    text = shown(app)
    assert "level=programme" not in text
    own = {name for ward, (name, *_) in WARDS.items() if ward.startswith("Z01")}
    assert all(name in text for name in own)
    assert "Show" not in [box.label for box in app.selectbox]
    assert "peers?measure=SS-O1" in text


def test_a_region_sees_its_trusts_side_by_side_and_no_total(visit):
    app = visit(REGION, "measure", measure="SS-O1")
    assert not app.exception
    assert charts(app) == []
    text = shown(app)
    assert all(NAMES[code] in text for code in OWN[REGION])
    assert NAMES["Z02"] not in text
    wards = shown(visit(REGION, "measure", measure="SS-O1", level="ward"))
    assert "ward?ward=Z03-ELM1" in wards
    assert "ward?ward=Z02" not in wards


@pytest.mark.parametrize(
    ("level", "link"),
    [
        ("ward", "ward?ward=Z02-BIRCH1&amp;measure=SS-I1"),
        ("trust", "trust?trust=Z02&amp;measure=SS-I1"),
        ("peer_group", "compare?look=Funnel&amp;group=acute-female&amp;measure=SS-I1"),
    ],
)
def test_the_team_sees_wards_trusts_and_groups_each_leading_on(visit, level, link):
    app = visit(TEAM, "measure", measure="SS-I1", level=level)
    assert not app.exception
    assert link in shown(app)


def test_both_periods_are_sums_of_the_months_and_other_periods_can_be_chosen(visit):
    # 15 months: seven and the seven before; each month's figure is its number and 7103 or so.
    app = visit(LEAD1, "measure", measure="SS-O1")
    assert "The last 7 months and the 7 before" in headings(app)
    month = [7100 + number + len("Z01") for number in (*range(1, 13), 1, 2, 3)]
    two = [sum(month[1:8]), sum(month[8:15])]
    answered = [7160 * 7] * 2
    for numerator, denominator in zip(two, answered, strict=True):
        assert f"({numerator:,} of {denominator:,})" in told(app)
    chosen = {"before-from": "2025-01", "before-to": "2025-02", "after-from": "2026-03"}
    app = visit(
        LEAD1, "measure", measure="SS-O1", **{k.replace("_", "-"): v for k, v in chosen.items()}
    )
    title = "January 2025 to February 2025 and March 2026"
    assert title in headings(app)
    assert f"({month[0] + month[1]:,} of {7160 * 2:,})" in told(app)
    assert f"March 2026: 99% ({month[14]:,} of 7,160)" in told(app)


def test_periods_that_overlap_are_refused_with_a_sentence(visit):
    app = visit(TEAM, "measure", **{"before-to": "2026-02", "after-from": "2026-02"})
    assert not app.exception
    assert "ends before the later one begins" in app.warning[0].value
    assert "went from" not in told(app)


def test_days_are_not_added_up(visit):
    app = visit(LEAD2, "measure", measure="SS-I7")
    assert "can’t be added up" in told(app)
    assert "Choose other periods…" not in [fold.label for fold in app.expander]


def test_the_screen_is_reached_by_links_and_not_in_the_menu():
    assert "measure" in menu.LINKED
    for role in ROLES.values():
        assert "measure" in [path for _, _, path in menu.SCREENS[role]]


@pytest.mark.parametrize("level", ["ward", "trust", "peer_group"])
def test_the_table_has_what_each_unit_shows_now_and_both_periods(visit, monkeypatch, level):
    monkeypatch.setattr(page, "EXPANDED", True)
    app = visit(TEAM, "measure", measure="SS-O1", level=level)
    (table,) = [
        found
        for element in app.get("html")
        for found in re.findall(r"<table.*?</table>", element.proto.body, re.DOTALL)
        if "Difference" in found
    ]
    assert "February 2025 to August 2025" in table
    assert "September 2025 to March 2026" in table
    units = {"ward": len(WARDS), "trust": len(NAMES), "peer_group": 3}[level]
    assert table.count("<tr>") == units + 1
    assert "As usual now" in table
    assert "No difference" in table
