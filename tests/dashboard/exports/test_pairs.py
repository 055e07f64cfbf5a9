"""Who was affected, by whom, as a file: what the screen shows, exact, and never for sharing."""

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
from tests.dashboard.tiny_release import NUMBER

TEAM = Scope("programme", frozenset(), "team@example.org", "Team")
LEAD = Scope("trust", frozenset({"Z01"}), "lead1@example.org", "Lead")
READER = Scope("region", frozenset({"Z01", "Z03"}), "region@example.org", "Region")
SETTINGS = Programme(name="Tiny", fictional=True, first_month="2025-01")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tiny_release.write(tmp_path_factory.mktemp("home"))


def content(path, scope, kind="csv", audience="own", **about):
    return make(source_of(path, scope, SETTINGS), Order("pairs", audience, kind, **about)).content


def test_each_trust_has_its_twelve_figures_of_twelve_months(path):
    every = list(csv.DictReader(StringIO(content(path, TEAM).decode())))
    mine = [row for row in every if row["Trust code"] == "Z01"]
    assert list(csv.DictReader(StringIO(content(path, LEAD).decode()))) == mine
    assert len(every) == 3 * len(mine) == 3 * 12
    largest = max(mine, key=lambda row: int(row["Incidents"]))
    assert (largest["Affected"], largest["Alleged to be responsible"]) == (
        "Patients",
        "A patient alleged responsible",
    )
    assert largest["Incidents"] == str(2 * (NUMBER["Z01"] + 41)), "of its two wards"
    assert (largest["Twelve months to"], largest["Wards that counted them"]) == ("2026-03", "2")
    assert not any(name.startswith("Ward ") for name in largest), "not ward by ward"


def test_nobody_else_gets_it_and_a_spreadsheet_says_so(path):
    book = openpyxl.load_workbook(BytesIO(content(path, LEAD, "xlsx")))
    told = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    assert "Fictional" in told
    assert "take care who you share it with" in told
    for role, audience in (("programme", "public"), ("region", "own"), ("group", "own")):
        assert "pairs" not in offered(role, audience)
    for scope, about in ((TEAM, {"audience": "public"}), (READER, {}), (LEAD, {"trust": "Z02"})):
        with pytest.raises(CannotMake):
            content(path, scope, **about)
