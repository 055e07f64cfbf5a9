"""The log of tests of change as a file: exact, in scope, never for sharing."""

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
REGION = Scope("region", frozenset({"Z01", "Z03"}), "region@example.org", "Region")
SETTINGS = Programme(name="Tiny", fictional=True, first_month="2025-01")
MINE = {ward for ward in WARDS if ward.startswith("Z01")}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tiny_release.write(tmp_path_factory.mktemp("home"))


def order(audience="programme", kind="csv", **about):
    return Order("tests-of-change", audience, kind, **about)


def rows(path, scope, **about):
    content = make(source_of(path, scope, SETTINGS), order(**about)).content
    return list(csv.DictReader(StringIO(content.decode())))


def test_a_row_says_what_was_tried_where_and_what_the_charts_did(path):
    row = next(r for r in rows(path, TEAM) if r["Ward code"] == "Z01-ALDER1")
    name = WARDS["Z01-ALDER1"][0]
    assert (row["Idea"], row["Ward"], row["Outcome"]) == (f"Huddle at {name}", name, "Adopted")
    assert row["Foundation"] == "Raising awareness and increasing staff confidence"
    assert (row["Start"], row["End, planned or actual"]) == ("2025-09-08", "2025-11-30")
    assert row["What the charts did"].startswith("Patients feel safe: ")


def test_a_trust_has_its_own_rows_and_the_team_those_it_asks_for(path):
    assert {row["Ward code"] for row in rows(path, TEAM)} == set(WARDS)
    assert {row["Ward code"] for row in rows(path, TEAM, trust="Z01")} == MINE
    assert {row["Ward code"] for row in rows(path, TEAM, ward="Z01-ALDER1")} == {"Z01-ALDER1"}
    assert {row["Ward code"] for row in rows(path, LEAD, audience="own")} == MINE
    with pytest.raises(CannotMake, match="No test of change has been recorded here yet"):
        rows(path, LEAD, audience="own", trust="Z02")


def test_the_spreadsheet_says_that_it_is_no_proof_and_not_for_sharing(path):
    made = make(source_of(path, TEAM, SETTINGS), order(kind="xlsx"))
    assert made.name.endswith("_exact-do-not-share.xlsx")
    contents, table = openpyxl.load_workbook(BytesIO(made.content)).worksheets
    said = " ".join(str(cell.value) for cell in contents["A"])
    assert "This is not proof." in said
    assert "Do not share." in said
    assert table.max_row == len(WARDS) + 2
    again = make(source_of(path, TEAM, SETTINGS), order(kind="xlsx"))
    assert again.content == made.content


def test_it_is_never_for_sharing_and_not_for_regions(path):
    with pytest.raises(CannotMake, match="never for sharing"):
        rows(path, TEAM, audience="public")
    with pytest.raises(CannotMake, match="No test of change"):
        rows(path, REGION, audience="own")
    assert "tests-of-change" in offered("trust", "own")
    assert "tests-of-change" in offered("programme", "programme")
    assert "tests-of-change" not in offered("region", "own")
    assert "tests-of-change" not in offered("programme", "public")
