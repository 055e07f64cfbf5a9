"""Workbooks and receipts by program, and addresses that are none."""

from io import BytesIO

import openpyxl
import pytest

from pipelines.keeping.decide import withdraw
from pipelines.keeping.decisions import Decided
from tests import worlds
from tests.dashboard.api.conftest import LAST, NEXT
from tests.dashboard.api.test_send import problem


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


def test_there_is_no_workbook_for_a_month_before_the_trust_was_there(api):
    said = problem(api.ask("GET", "/v1/template?trust=Z01&month=2001-01"), 404, "not-found")
    assert "not on the register in January 2001" in said["detail"]


def test_a_receipt_tells_what_has_become_of_its_return(api):
    def states() -> list[str]:
        places = (f"/v1/returns/Z01-{LAST}-{version}" for version in (1, 2))
        return [api.ask("GET", place).json().get("state") for place in places]

    assert states() == ["in use", None]
    worlds.send(api.home, "Z01", LAST, monthly=[worlds.monthly_row("ALDER1", LAST)])
    assert states() == ["replaced", "in use"]
    withdraw(api.home, f"Z01/{LAST}/2", Decided(worlds.TEAM, api.now, "By mistake"))
    assert states() == ["in use", "withdrawn"]


@pytest.mark.parametrize(
    "name",
    [
        *("Z01-2025-03", "Z01-2025-13-1", "Z01-2025-00-1", "Z01-0000-01-1", "z01-2025-03-1"),
        *("..", "%00", "Z01-2025-03-0", f"Z01-2025-03-{'9' * 40}", "Z01-2025-03-１"),
    ],
)
def test_what_is_no_receipt_is_not_found(api, name):
    problem(api.ask("GET", f"/v1/returns/{name}"), 404, "not-found")


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v2/returns", "/v1/docs", "/docs", "/redoc"])
def test_an_address_that_is_none_is_answered_as_a_program_expects(api, path):
    problem(api.ask("GET", path), 404, "not-found")


def test_a_method_that_is_none_says_which_there_is(api):
    answer = api.ask("DELETE", "/v1/returns/Z01-2025-03-1")
    problem(answer, 405, "wrong-method")
    assert answer.headers["allow"] == "GET"
