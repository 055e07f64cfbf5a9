"""What helps: what the list says about each link, and that a dead or unknown one is no link."""

from datetime import date

import polars as pl
import pytest

from dashboard.page import measures, session
from dashboard.panels import what_helps
from schemas.programme import Resource
from tests.dashboard import tiny_release

LINK = "https://trust.example/charter"


def resource(**about: object) -> Resource:
    usual: dict[str, object] = {
        "title": "How we <wrote> ours",
        "link": LINK,
        "foundation": "charter",
        "for_whom": "ward teams",
        "beside": ("charter",),
        "source": "the programme team",
        "state": "opened",
        "read": date(2026, 11, 1),
    }
    return Resource(**usual | about)


@pytest.mark.parametrize(
    ("about", "says", "is_link"),
    [
        ({}, "Link opened on 1 November 2026.", True),
        ({"state": "copy"}, "the link itself has not been opened", True),
        ({"state": "dead"}, "The link led nowhere on 1 November 2026.", False),
        ({"state": "unread", "read": None}, "Not verified: nobody has read it", True),
        ({"state": "unread", "read": None, "link": ""}, "Not verified", False),
    ],
)
def test_each_link_says_what_is_known_about_it(about, says, is_link):
    markup = what_helps.listed((resource(**about),))
    assert says in markup
    assert (f'<a href="{LINK}"' in markup) == is_link
    assert "How we &lt;wrote&gt; ours" in markup
    assert "For ward teams. the programme team." not in markup


TEAM, LEAD = "team@example.org", "lead1@example.org"
WARD = "Z01-ALDER1"


@pytest.fixture
def says(tmp_path, open_screen, monkeypatch):
    """All the markup of a screen over the tiny release, with some of its tables changed."""

    def words(email: str, path: str, changed: dict[str, pl.DataFrame], **address: str) -> str:
        tables = {**tiny_release.frames(), **changed}
        tiny_release.write(tmp_path, tables)
        monkeypatch.setenv("FEELING_SAFE_HOME", str(tmp_path))
        monkeypatch.setattr(session, "today", lambda: tiny_release.TODAY)
        app = open_screen(email, path, **address)
        assert not app.exception
        return " ".join(element.proto.body for element in app.get("html"))

    return words


@pytest.mark.parametrize("asked", [True, False])
def test_what_helps_stands_beside_queries_to_explain(says, asked):
    queries = tiny_release.frames()["queries"]
    found = says(LEAD, "needs-you", {"queries": queries if asked else queries.clear()})
    assert (what_helps.WHY["query"] in found) == asked


@pytest.mark.parametrize(
    ("variation", "there"), [("concern_low", True), ("common", False), ("improvement_high", False)]
)
@pytest.mark.parametrize(
    ("email", "path", "level", "unit"),
    [
        (TEAM, "ward", "ward", WARD),
        (LEAD, "trust", "trust", "Z01"),
        (TEAM, "charters", "programme", "programme"),
    ],
)
def test_what_helps_stands_beside_staff_confidence_that_fell(
    says, email, path, level, unit, variation, there
):
    signals = tiny_release.frames()["signals"]
    falls = (pl.col("measure") == measures.CONFIDENT) & (pl.col("unit_id") == unit)
    assert signals.filter(falls)["level"].to_list() == [level]
    changed = signals.with_columns(
        variation=pl.when(falls).then(pl.lit(variation)).otherwise("variation")
    )
    address = {} if level == "programme" else {level: unit}
    found = says(email, path, {"signals": changed}, **address)
    assert (what_helps.WHY["confidence"] in found) == there


@pytest.mark.parametrize(("path", "address"), [("ward", {"ward": WARD}), ("charters", {})])
@pytest.mark.parametrize("in_place", [True, False])
def test_what_helps_stands_beside_a_charter_that_is_missing(says, in_place, path, address):
    charters = tiny_release.frames()["charters"].with_columns(in_place=pl.lit(in_place))
    found = says(TEAM, path, {"charters": charters}, **address)
    assert (what_helps.WHY["charter"] in found) != in_place
