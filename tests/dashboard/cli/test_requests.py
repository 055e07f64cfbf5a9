"""feeling-safe requests, as it is typed."""

import json
from datetime import UTC, datetime
from pathlib import Path

from dashboard.cli.errors import Exit
from pipelines.keeping import withdrawal_requests
from pipelines.keeping.decide import Decided
from pipelines.keeping.home import open_home
from tests.dashboard.cli.typed import run


def test_requests_are_listed_and_one_is_refused_with_a_reason(home: Path) -> None:
    programme = open_home(home)
    receipt = programme.archive.receipts()[0]
    nothing = run("requests", "--home", home)
    assert "No request to withdraw a return is waiting." in nothing.output
    lead = Decided("lead@trust.example", datetime.now(UTC), "Sent for the wrong month")
    trusts = frozenset({receipt.trust_code})
    asked = withdrawal_requests.ask(programme, receipt.return_id, lead, trusts)
    (listed,) = json.loads(run("requests", "--home", home, "--json").stdout)
    assert (listed["id"], listed["return_id"]) == (asked.id, receipt.return_id)
    assert "“Sent for the wrong month”" in run("requests", "--home", home).output
    refused = run("requests", asked.id, "--refuse", "It is right", "--home", home)
    assert refused.exit_code == Exit.DONE, refused.output
    assert f"Refused: {receipt.return_id} stays in use" in refused.output
    (request,) = withdrawal_requests.requests(programme.archive.decisions())
    assert request.ended is not None
    assert request.ended.reason == "It is right"
    again = run("requests", asked.id, "--refuse", "It is right", "--home", home)
    assert again.exit_code == Exit.WRONG_USE
    assert "it may have been answered already. “feeling-safe requests” lists" in again.stderr
