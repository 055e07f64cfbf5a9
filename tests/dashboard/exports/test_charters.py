"""Charters as a file: exact for their own people, and never for sharing."""

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
from tests.dashboard.tiny_release import WARDS

TEAM = Scope("programme", frozenset(), "team@example.org", "Team")
LEAD = Scope("trust", frozenset({"Z01"}), "lead1@example.org", "Lead")
SETTINGS = Programme(name="Tiny", fictional=True, first_month="2025-01")
MINE = {ward for ward in WARDS if ward.startswith("Z01")}
PEOPLE = ("Patients who took part", "Staff who took part", "Carers who took part")
COUNTS = (*PEOPLE, "Conversations it led to so far", "Changes it led to so far")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tiny_release.write(tmp_path_factory.mktemp("home"))


def content(path, scope, audience, kind="csv", **about):
    return make(
        source_of(path, scope, SETTINGS), Order("charters", audience, kind, **about)
    ).content


def rows(path, scope=TEAM, audience="programme", **about):
    return list(csv.DictReader(StringIO(content(path, scope, audience, **about).decode())))


def test_the_team_and_a_trust_see_exact_counts_of_their_own_wards(path):
    row = next(row for row in rows(path) if row["Ward code"] == "Z01-ALDER1")
    assert [row[name] for name in COUNTS] == ["7", "12", "0", "3", "2"]
    assert (row["Stage"], row["In place"], row["With carers"]) == ("Displayed", "yes", "no")
    assert row["Last worked on together"] == "2025-06-03"
    assert {row["Ward code"] for row in rows(path)} == set(WARDS)
    assert {row["Ward code"] for row in rows(path, LEAD, "own")} == MINE
    assert {row["Ward code"] for row in rows(path, trust="Z01")} == MINE
    not_yet = next(row for row in rows(path) if row["Ward code"] == "Z02-FERN1")
    assert not_yet["Changes it led to so far"] == "not counted"


@pytest.mark.parametrize("scope", [TEAM, LEAD])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_there_is_none_for_sharing_as_counts_say_whose_charter_is_in_place(path, scope, kind):
    """That is SS-P1 of one ward, 1 of 1 or 0 of 1, which is hidden in every table for sharing."""
    with pytest.raises(CannotMake, match="there is no file of them for sharing"):
        content(path, scope, "public", kind)


def test_the_spreadsheet_says_who_may_have_it(path):
    book = openpyxl.load_workbook(BytesIO(content(path, TEAM, "programme", "xlsx")))
    assert "do not pass it on" in " ".join(str(cell.value) for cell in book["Contents"]["A"])
    assert book["Charters"].max_row == len(WARDS) + 2


def test_it_is_offered_to_those_who_may_see_the_counts_alone():
    assert "charters" in offered("programme", "programme")
    assert "charters" in offered("trust", "own")
    assert "charters" not in offered("trust", "public")
    assert "charters" not in offered("programme", "public")
    assert "charters" not in offered("region", "own")


def test_without_charters_a_sentence_says_so(tmp_path):
    tables = tiny_release.frames()
    empty = tiny_release.write(tmp_path, tables | {"charters": tables["charters"].clear()})
    with pytest.raises(CannotMake, match="No ward here has reported on a charter yet"):
        rows(empty)
