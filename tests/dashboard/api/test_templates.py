"""The workbook by program: the one the screen gives, and what is missing in a request for none."""

from io import BytesIO

import openpyxl
import pytest

from dashboard.api import templates
from tests import worlds
from tests.dashboard.api.conftest import NEXT
from tests.dashboard.api.problem_details import problem


def test_the_workbook_is_the_one_the_screen_gives(api):
    answer = api.ask("GET", f"/v1/template?trust=Z01&month={NEXT}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert f'filename="ssc_return_Z01_{NEXT}.xlsx"' in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert {"cover", "monthly"} <= set(book.sheetnames)
    said = {cell.value for row in book["monthly"].iter_rows() for cell in row}
    assert set(worlds.WARDS["Z01"]) <= said
    assert not set(worlds.WARDS["Z02"]) & said


@pytest.mark.parametrize(
    "query",
    ["", "trust=Z01", f"month={NEXT}", "trust=Z01&month=March", "trust=Z01&month=2026-13"],
)
def test_a_question_for_no_workbook_says_what_is_missing(api, query):
    said = problem(api.ask("GET", f"/v1/template?{query}"), 400, "bad-request")
    assert "trust" in said["detail"] or "month" in said["detail"]


def test_there_is_no_workbook_for_a_month_years_ahead_or_before_the_trust_was_there(api):
    said = problem(api.ask("GET", f"/v1/template?trust=Z01&month={NEXT + 60}"), 404, "not-found")
    assert "is more than a year ahead" in said["detail"]
    said = problem(api.ask("GET", "/v1/template?trust=Z01&month=2001-01"), 404, "not-found")
    assert said["detail"] == "January 2001 is before the collaborative began, in October 2019."


def test_a_workbook_for_a_month_without_a_return_is_not_even_made(api, monkeypatch):
    monkeypatch.setattr(templates, "workbook_for", None)
    problem(api.ask("GET", f"/v1/template?trust=Z01&month={NEXT + 60}"), 404, "not-found")
