"""Receipts by program: what has become of a return, and names that are none."""

from hashlib import sha256

import pytest

from pipelines.keeping.decide import withdraw
from pipelines.keeping.decisions import Decided
from tests import worlds
from tests.dashboard.api.conftest import LAST
from tests.dashboard.api.problem_details import problem


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


def test_the_file_of_a_receipt_is_exactly_what_was_sent(api, caplog):
    caplog.set_level("INFO", "feeling_safe.audit")
    receipt = api.ask("GET", f"/v1/returns/Z01-{LAST}-1").json()
    given = api.ask("GET", f"/v1/returns/Z01-{LAST}-1/file")
    assert sha256(given.content).hexdigest() == receipt["sha256"]
    assert given.headers["content-disposition"].endswith(receipt["filename"])
    assert '"api_file"' in caplog.text


def test_nobody_gets_the_file_of_another_trust(api):
    problem(api.ask("GET", f"/v1/returns/Z02-{LAST}-1/file"), 404, "not-found")


def test_a_replaced_version_can_still_be_fetched(api):
    before = api.ask("GET", f"/v1/returns/Z01-{LAST}-1/file").content
    worlds.send(api.home, "Z01", LAST, monthly=[worlds.monthly_row("ALDER1", LAST)])
    assert api.ask("GET", f"/v1/returns/Z01-{LAST}-1/file").content == before
