"""Receipts by program: what has become of a return, and names that are none."""

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
