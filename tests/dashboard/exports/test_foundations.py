"""Ratings and staff confidence by item as files: exact, in words, and never for sharing."""

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest

from dashboard.access import Scope
from dashboard.exports.make import make
from dashboard.exports.order import CannotMake, Order, offered
from schemas.programme import Programme
from tests.dashboard import tiny_release
from tests.dashboard.exports.sources import source_of

TEAM = Scope("programme", frozenset(), "team@example.org", "Team")
LEAD = Scope("trust", frozenset({"Z01"}), "lead1@example.org", "Lead")
SETTINGS = Programme(name="Tiny", fictional=True, first_month="2025-01")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tiny_release.write(tmp_path_factory.mktemp("home"))


def content(path, scope, what, kind="csv", audience="own", **about):
    source = source_of(path, scope, SETTINGS)
    return make(source, Order(what, audience, kind, **about)).content


def rows(path, scope, what, **about):
    return list(csv.DictReader(StringIO(content(path, scope, what, **about).decode())))


def test_items_are_in_their_words_with_what_was_counted(path):
    mine = rows(path, LEAD, "confidence", ward="Z01-ALDER1")
    assert {row["Ward code"] for row in rows(path, LEAD, "confidence")} >= {"Z01-ALDER1"}
    assert {row["Trust code"] for row in rows(path, LEAD, "confidence")} == {"Z01"}
    assert [row["Answered before"] for row in mine] == ["not asked", "not asked", "10", "10"]
    assert mine[-1]["What staff were asked"] == "Placeholder: I feel confident to report."
    assert (mine[-1]["Answered"], mine[-1]["Confident"]) == ("12", "7")


def test_ratings_are_in_words_whoever_was_rated(path):
    found = rows(path, TEAM, "ratings", audience="programme")
    ward = next(row for row in found if row["Ward code"] == "Z01-ALDER1")
    assert (ward["Rating"], ward["Rated on"]) == ("Not met", "2025-08-31")
    assert {row["Rated as"] for row in found} >= {"Ward", "Trust"}
    assert {row["Trust code"] for row in rows(path, LEAD, "ratings")} == {"Z01"}


@pytest.mark.parametrize("what", ["ratings", "confidence"])
def test_a_spreadsheet_says_what_it_is_and_nothing_is_made_for_sharing(path, what):
    book = openpyxl.load_workbook(BytesIO(content(path, LEAD, what, "xlsx")))
    told = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    assert "Fictional" in told
    assert "placeholders" in told
    assert what not in offered("programme", "public")
    with pytest.raises(CannotMake, match="no file of them for sharing"):
        content(path, TEAM, what, audience="public")
    with pytest.raises(CannotMake, match="sent here yet"):
        content(path, LEAD, what, trust="Z09")


def test_a_region_reads_ratings_and_no_counts_of_staff():
    assert "ratings" in offered("region", "own")
    assert "confidence" not in offered("region", "own")
