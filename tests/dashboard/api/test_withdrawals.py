"""Asking by program for a return to be withdrawn, and what became of it."""

import json

import pytest

from pipelines.keeping import withdrawal_requests
from pipelines.keeping.decide import Decided, withdraw
from tests import worlds
from tests.dashboard.api.conftest import LAST
from tests.dashboard.api.problem_details import problem

PLACE = f"/v1/returns/Z01-{LAST}-1/withdrawal-request"
WHY = {"reason": "Sent for the wrong month"}


def waiting(api) -> list[str]:
    found = withdrawal_requests.waiting(api.home.archive.decisions())
    return [request.return_id for request in found.values()]


def test_a_request_waits_as_one_made_on_the_screen_does(api, caplog):
    caplog.set_level("INFO", "feeling_safe.audit")
    asked = api.ask("POST", PLACE, json=WHY)
    assert asked.status_code == 201
    assert asked.json()["state"] == "waiting"
    assert waiting(api) == [f"Z01/{LAST}/1"]
    assert api.ask("GET", f"/v1/returns/Z01-{LAST}-1").json()["state"] == "in use"
    assert api.ask("GET", PLACE).json() == asked.json()
    (line,) = [json.loads(r.message) for r in caplog.records if "withdraw" in r.message]
    assert line["action"] == "api_ask_to_withdraw"
    assert line["target"]["version"] == f"Z01/{LAST}/1"
    assert WHY["reason"] not in caplog.text


def test_what_the_programme_decided_is_told(api):
    assert api.ask("GET", PLACE).status_code == 404
    api.ask("POST", PLACE, json=WHY)
    (request,) = withdrawal_requests.waiting(api.home.archive.decisions())
    refusal = Decided(worlds.TEAM, api.now, "The figures are right")
    withdrawal_requests.refuse(api.home, request, refusal)
    told = api.ask("GET", PLACE).json()
    assert (told["state"], told["answer"]) == ("refused", "The figures are right")
    assert api.ask("POST", PLACE, json=WHY).status_code == 201, "it may be asked again"
    withdraw(api.home, f"Z01/{LAST}/1", Decided(worlds.TEAM, api.now, "So be it"))
    assert api.ask("GET", PLACE).json()["state"] == "granted"


def test_it_is_asked_once(api):
    api.ask("POST", PLACE, json=WHY)
    problem(api.ask("POST", PLACE, json=WHY), 409, "not-asked")
    assert len(waiting(api)) == 1
    withdraw(api.home, f"Z01/{LAST}/1", Decided(worlds.TEAM, api.now, "So be it"))
    problem(api.ask("POST", PLACE, json=WHY), 409, "not-asked")


def test_nobody_asks_for_another_trust_or_without_a_token_for_sending(api):
    other = f"/v1/returns/Z02-{LAST}-1/withdrawal-request"
    problem(api.ask("POST", other, json=WHY), 404, "not-found")
    reads = api.issue(may=("read",))
    problem(api.ask("POST", PLACE, reads, json=WHY), 403, "token-may-not")
    assert waiting(api) == []


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({}, 400, "bad-request"),
        ({"reason": ""}, 400, "bad-request"),
        ({"reason": "x" * 501}, 400, "bad-request"),
        ({"reason": "   "}, 422, "answer-not-kept"),
        ({"reason": "Ring me on 07700 900123"}, 422, "answer-not-kept"),
        ({"reason": "fine", "trust": "Z02"}, 400, "bad-request"),
    ],
)
def test_a_reason_that_cannot_be_kept_asks_nothing(api, body, status, kind):
    problem(api.ask("POST", PLACE, json=body), status, kind)
    assert waiting(api) == []
