"""Which wards changed: concerns first, narrowed down by choice, and each with its line."""

import re
from datetime import UTC, datetime
from html import unescape

import polars as pl
import pytest

from dashboard.charts import process, sparkline
from dashboard.panels import changed_wards
from tests.dashboard import tiny_release

TEAM = "team@example.org"
NOW = datetime(2026, 4, 20, 9, tzinfo=UTC)


@pytest.fixture
def look(tmp_path, monkeypatch, at_the_door, open_screen):
    """The overview of a programme in which one ward improved and all others got worse."""
    tables = tiny_release.frames()
    now = tables["signals"]
    common = (pl.col("level") == "ward") & (pl.col("variation") == "common")
    tables["signals"] = now.with_columns(
        variation=pl.when(common).then(pl.lit("concern_low")).otherwise("variation")
    )
    tiny_release.write(tmp_path, tables)
    at_the_door(tmp_path, NOW)
    monkeypatch.setattr(changed_wards, "_NARROWED_FROM", 2)
    monkeypatch.setattr(changed_wards, "_ROWS", 1000)
    return lambda **about: open_screen(TEAM, "overview", **about)


def rows(app) -> list[str]:
    (table,) = [
        found
        for element in app.get("html")
        for found in re.findall(r"<table.*?</table>", element.proto.body, re.DOTALL)
        if "latest month stands out" in found
    ]
    return [unescape(row) for row in table.split("<tr")[2:]]


def test_every_concern_comes_before_any_improvement(look):
    said = ["Concern" in row for row in rows(look())]
    assert True in said
    assert False in said
    assert said == sorted(said, reverse=True)


def test_each_row_has_its_line_and_leads_to_its_chart(look):
    for row in rows(look()):
        (ward, measure) = re.search(r'href="ward\?ward=([\w-]+)&measure=([\w-]+)"', row).groups()
        assert f"unit={ward}&measure={measure}" in row
        (line,) = re.findall(r'<img class="fs-line" alt="" [^>]*>', row)
        assert "polyline" in line


def test_a_choice_of_measure_group_or_trust_leaves_the_others_out(look):
    every = rows(look())
    for key, chosen, among in (
        ("changed_measure", "SS-O1", "measure=SS-O1"),
        ("changed_trust", "Z02", "ward=Z02-"),
    ):
        narrowed = rows(look(**{key: chosen}))
        assert 0 < len(narrowed) < len(every)
        assert all(among in row for row in narrowed)
        assert len(narrowed) == sum(among in row for row in every)
    known = tiny_release.frames()["wards"]
    group = known.filter(ward_id="Z02-FERN1")["peer_group"][0]
    of_group = set(known.filter(peer_group=group)["ward_id"])
    narrowed = rows(look(changed_group=group))
    assert {re.search(r"\?ward=([\w-]+)", row)[1] for row in narrowed} == of_group


def test_a_search_finds_a_ward_by_part_of_its_name_in_any_case(look):
    app = look()
    every = rows(app)
    app.text_input(key="changed_search").set_value("ALDER").run()
    found = rows(app)
    assert 0 < len(found) < len(every)
    assert all("alder" in row.lower() for row in found)
    app.text_input(key="changed_search").set_value("(no such ward").run()
    assert not app.exception
    assert any("No change matches" in info.value for info in app.info)


def test_a_short_list_is_shown_as_it_is(look, monkeypatch):
    monkeypatch.setattr(changed_wards, "_NARROWED_FROM", 1000)
    app = look()
    assert rows(app)
    assert not app.text_input


def test_a_line_breaks_where_a_month_is_missing_and_ends_with_its_mark(series, safe):
    drawn = sparkline.line(process.rows(series((0.9, 0.8, None, 0.7)), safe), "up")
    before, alone, average = re.findall(r'points="([^"]+)" fill="none"', drawn)
    assert len(before.split()) == len(average.split()) == len(alone.split()) == 2
    assert drawn.count("<circle") == 1
    assert sparkline.line(process.rows(series((None, None)), safe), "up") == ""
