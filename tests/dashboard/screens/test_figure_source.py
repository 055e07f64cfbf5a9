"""Where any figure came from: wards, cells, returns and its meaning, within scope."""

import re

import pytest

from dashboard.page import session
from pipelines.measures import load
from pipelines.releasing.definitions import DEFINITIONS, definitions
from tests.dashboard import tiny_release
from tests.dashboard.screens.opening import LEAD1, REGION, TEAM, shown
from tests.dashboard.tiny_release import NAMES, NUMBER

PATH = "figure"


def test_a_wards_figure_names_cell_return_file_and_sender(visit):
    app = visit(TEAM, PATH, level="ward", unit="Z02-BIRCH1", measure="SS-O1", month="2026-03")
    text = shown(app)
    for part in ("monthly, F4", "Z02/2026-03/1", "sender.z02@example.org", "SHA-256", "Counted"):
        assert part in text


def test_a_figure_is_traced_as_the_measures_of_its_release_count_it(
    open_screen, tmp_path, monkeypatch
):
    # Whatever the measures in use have become since: here, one that counts a field no cell has.
    changed = {"name": "As it was then", "numerator": ("trained_n",), "denominator": ()}
    then = [
        about.model_copy(update=changed | {"unit": "count"}) if about.id == "SS-O1" else about
        for about in load()
    ]
    tiny_release.write(tmp_path, tiny_release.frames() | {DEFINITIONS: definitions(then)})
    monkeypatch.setenv("FEELING_SAFE_HOME", str(tmp_path))
    monkeypatch.setattr(session, "today", lambda: tiny_release.TODAY)
    about = {"level": "ward", "unit": "Z02-BIRCH1", "measure": "SS-O1", "month": "2026-03"}
    text = shown(open_screen(TEAM, PATH, **about))
    assert "As it was then, Birchmoss" in text
    assert "monthly, F4" not in text


@pytest.mark.parametrize(("level", "unit"), [("programme", "programme"), ("trust", "Z02")])
def test_a_total_names_its_wards_with_the_way_to_their_cells(visit, level, unit):
    text = shown(visit(TEAM, PATH, level=level, unit=unit, measure="SS-O1", month="2026-03"))
    assert "level=ward&amp;unit=Z02-BIRCH1" in text
    assert ("Oakquill" in text) == (level == "programme")


def test_a_pair_of_people_is_traced_to_wards_and_their_cells_by_those_who_see_the_table(visit):
    field, at = "inc_patient_by_patient", {"month": "2026-03"}
    begins = "Incidents in which a patient was affected and a patient is alleged to be responsible"
    for email, level, unit in ((TEAM, "programme", "programme"), (LEAD1, "trust", "Z01")):
        text = shown(visit(email, PATH, level=level, unit=unit, pair=field, **at))
        assert f"{begins}, " in text
        assert f"level=ward&amp;unit=Z01-OAK1&amp;pair={field}&amp;month=2026-03" in text
        assert f"{NUMBER['Z01'] + 41:,}" in text
        assert (NAMES["Z02"] in text) == (email == TEAM)
    ward = shown(visit(LEAD1, PATH, level="ward", unit="Z01-OAK1", pair=field, **at))
    assert f"Oakquill, April 2025 to March 2026: {NUMBER['Z01'] + 41:,} reported incidents" in ward
    refused = [
        (REGION, "trust", "Z01", field),
        (TEAM, "group", "acute-female", field),
        (LEAD1, "trust", "Z02", field),
        (TEAM, "trust", "Z01", "inc_assault"),
    ]
    for email, level, unit, pair in refused:
        text = shown(visit(email, PATH, level=level, unit=unit, pair=pair, **at))
        assert "names no figure" in text
        assert begins not in text


def test_a_year_shows_every_month_of_it(visit):
    about = {"level": "ward", "unit": "Z02-BIRCH1", "measure": "SS-O1", "month": "2025-04"}
    text = shown(visit(TEAM, PATH, **about, months="12"))
    assert "April 2025 to March 2026" in text
    assert "Z02/2025-04/1" in text
    assert "Z02/2026-03/1" in text


@pytest.mark.parametrize(
    "about",
    [
        {"level": "ward", "unit": "Z02-BIRCH1"},
        {"level": "trust", "unit": "Z02"},
        {"level": "programme", "unit": "programme"},
        {"level": "peer_group", "unit": "acute-female"},
        {"level": "ward", "unit": "Z01-OAK1' OR '1'='1"},
    ],
)
def test_the_address_of_somebody_elses_figure_finds_nothing(visit, about):
    app = visit(LEAD1, PATH, **about, measure="SS-O1", month="2026-03")
    assert not app.exception
    text = shown(app)
    assert "Choose a point on a chart" in text
    assert not {code for code in set(NAMES) - {"Z01"} if NAMES[code] in text}


def test_a_region_sees_wards_and_no_cell(visit):
    app = visit(REGION, PATH, level="ward", unit="Z03-ELM1", measure="SS-O1", month="2026-03")
    text = shown(app)
    assert "Readers of regions and groups see figures, but not the cells they came from." in text
    assert "sender.z03@example.org" not in text


@pytest.mark.parametrize("month", ["", "March", "1999-01", "2026-3"])
def test_a_month_that_is_none_is_no_error(visit, month):
    about = {"level": "ward", "unit": "Z02-BIRCH1", "measure": "SS-O1", "month": month}
    assert not visit(TEAM, PATH, **about).exception


def test_every_figure_in_a_charts_table_leads_to_its_trace(visit):
    text = shown(visit(TEAM, "ward", ward="Z02-BIRCH1"))
    found = set(
        re.findall(r"figure\?level=ward&amp;unit=Z02-BIRCH1&amp;measure=SS-O1[^\"\\]*", text)
    )
    assert len(found) >= 12


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("incidents", r"unit=programme&amp;measure=SS-I2&amp;month=2026-03\""),
        ("incidents", r"unit=programme&amp;measure=SS-I5&amp;month=2025-04&amp;months=12"),
        ("incidents", r"unit=programme&amp;measure=SS-I9&amp;month=2025-04&amp;months=12"),
        ("charters", r"unit=programme&amp;measure=SS-P1&amp;month=2026-03\""),
        (
            "charters",
            r"level=ward&amp;unit=Z0\d-\w+&amp;measure=SS-O1&amp;month=\d{4}-\d\d&amp;months",
        ),
    ],
)
def test_figures_in_the_tables_under_charts_lead_to_their_source(visit, path, leads_to):
    assert re.search(leads_to, shown(visit(TEAM, path)).replace("\\", ""))
