"""Charters as a file: exact for their own people, small counts hidden for sharing."""

import csv
from io import BytesIO, StringIO

import openpyxl
import polars as pl
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


def write(folder, **counts):
    """A release whose charters say these counts."""
    tables = tiny_release.frames()
    tables["charters"] = tables["charters"].with_columns(
        pl.lit(number).cast(pl.Int64).alias(name) for name, number in counts.items()
    )
    return tiny_release.write(folder, tables)


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
def test_for_sharing_small_counts_are_hidden_and_the_others_rounded(path, scope):
    row = next(r for r in rows(path, scope, "public") if r["Ward code"] == "Z01-ALDER1")
    assert [row[name] for name in COUNTS] == ["5", "10", "[c]", "[c]", "[c]"]


def test_whatever_is_hidden_the_file_for_sharing_is_the_same(tmp_path):
    """A reader can't tell 0 from 4, nor 5 from 7, nor how far a charter has come."""
    few = write(tmp_path / "few", patients_n=0, staff_n=5, carers_n=1, changes_n=4)
    more = write(tmp_path / "more", patients_n=4, staff_n=7, carers_n=3, changes_n=2)
    for kind in ("csv", "xlsx"):
        assert content(few, TEAM, "public", kind) == content(more, TEAM, "public", kind)
    assert rows(few) != rows(more)


def test_a_file_for_sharing_never_says_whose_charter_is_in_place(path, tmp_path):
    """That is SS-P1 of one ward, 1 of 1 or 0 of 1, which is hidden in every table for sharing."""
    tables = tiny_release.frames()
    tables["charters"] = tables["charters"].with_columns(
        stage=pl.lit("planned"),
        in_place=pl.lit(False),
        coproduced_patients=pl.lit(False),
        coproduced_carers=pl.lit(True),
        coproduced_on=pl.lit(None, pl.Date),
    )
    other = tiny_release.write(tmp_path, tables)
    for kind in ("csv", "xlsx"):
        assert content(path, TEAM, "public", kind) == content(other, TEAM, "public", kind)
    assert rows(path) != rows(other)


def test_the_spreadsheet_says_who_may_have_it(path):
    for audience, says in (("programme", "do not pass it on"), ("public", "are hidden ([c])")):
        book = openpyxl.load_workbook(BytesIO(content(path, TEAM, audience, "xlsx")))
        assert says in " ".join(str(cell.value) for cell in book["Contents"]["A"])
        assert book["Charters"].max_row == len(WARDS) + 2


def test_it_is_offered_to_those_who_may_see_the_counts_and_for_sharing():
    assert "charters" in offered("programme", "programme")
    assert "charters" in offered("trust", "own")
    assert "charters" in offered("trust", "public")
    assert "charters" not in offered("region", "own")


def test_without_charters_a_sentence_says_so(tmp_path):
    tables = tiny_release.frames()
    empty = tiny_release.write(tmp_path, tables | {"charters": tables["charters"].clear()})
    with pytest.raises(CannotMake, match="No ward here has reported on a charter yet"):
        rows(empty)
