"""Addresses and methods that are none."""

import errno

import pytest

from pipelines.keeping.staging import NotKept
from tests.dashboard.api.problem_details import problem


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v2/returns", "/v1/docs", "/docs", "/redoc"])
def test_an_address_that_is_none_is_answered_as_a_program_expects(api, path):
    problem(api.ask("GET", path), 404, "not-found")


def test_a_method_that_is_none_says_which_there_is(api):
    answer = api.ask("DELETE", "/v1/returns/Z01-2025-03-1")
    problem(answer, 405, "wrong-method")
    assert answer.headers["allow"] == "GET"


def test_a_full_disk_is_said_in_a_sentence_and_nothing_is_kept(api, good, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise NotKept(errno.ENOSPC, "No space left on device", "/srv/secret/place")

    before = api.versions()
    monkeypatch.setattr("pipelines.submit.accept", full)
    refused = api.send(good, answers='{"*": "Checked with the ward"}')
    assert (refused.status_code, api.versions()) == (507, before)
    assert refused.json()["type"] == "urn:problem-type:feeling-safe:no-room"
    assert "disk is full" in refused.json()["detail"]
    assert "/srv/secret" not in refused.text
