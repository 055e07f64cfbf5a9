"""Uploads, sign-ins and the API have limits; nothing else does."""

import json
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard.middleware.rate_limits import LimitRequests, address
from dashboard.rate_limits import RateLimits
from dashboard.shared import Shared
from tests.dashboard.asgi import answers

GOOD = "fs_good"
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)  # a busy machine takes minutes over a second's work


def _api(request):
    known = request.headers.get("authorization") == f"Bearer {GOOD}"
    return PlainTextResponse("taken" if known else "who?", status_code=200 if known else 401)


def _page(_):
    return PlainTextResponse("a page")


@pytest.fixture
def app() -> LimitRequests:
    limits = {
        "api": "4 per minute",
        "api_address": "2 per minute",
        "uploads_address": "2 per minute",
        "sign_ins_address": "2 per minute",
    }
    routes = [
        Route("/api/v1/returns", _api),
        Route("/api/v1/openapi.json", _page),
        Route("/{rest:path}", _page, methods=["GET", "PUT", "DELETE"]),
    ]
    counted = RateLimits(limits, lambda: NOW, Shared())
    return LimitRequests(Starlette(routes=routes), counted, lambda token: token == GOOD)


def ask(app, path="/api/v1/returns", token=None, client="192.0.2.1", method="GET"):
    """The response to one request: its status, headers and body."""
    headers = [(b"authorization", token.encode())] if token else []
    request = {"type": "http", "method": method, "path": path, "headers": headers}
    request |= {"query_string": b"", "client": (client, 50_000)}
    start, *rest = answers(app, request)
    named = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], named, b"".join(part.get("body", b"") for part in rest)


def test_too_often_is_a_problem_that_says_when_to_try_again(app):
    assert [ask(app)[0] for _ in range(3)] == [401, 401, 429]
    status, headers, body = ask(app)
    problem = json.loads(body)
    assert headers["content-type"] == "application/problem+json"
    assert int(headers["retry-after"]) == 60
    assert (problem["status"], problem["title"]) == (status, "Too many requests")
    assert "Try again in" in problem["detail"]
    assert ask(app, client="192.0.2.2")[0] == 401


def test_a_token_that_was_taken_has_a_measure_of_its_own_wherever_it_comes_from(app):
    assert ask(app, token=f"Bearer {GOOD}")[0] == 200
    assert [ask(app)[0] for _ in range(3)] == [401, 401, 429]
    places = ["192.0.2.1", "192.0.2.7", "192.0.2.8", "192.0.2.9", "192.0.2.9"]
    said = [ask(app, token=f"Bearer {GOOD}", client=place)[0] for place in places]
    assert said == [200, 200, 200, 429, 429]


def test_guessing_tokens_gets_no_fresh_start_with_each(app):
    said = [ask(app, token=f"Bearer fs_guess{number}")[0] for number in range(5)]
    assert said == [401, 401, 429, 429, 429]


def test_an_address_that_asks_for_no_token_takes_none(app):
    said = [ask(app, "/api/v1/openapi.json", token="Bearer fs_guess")[0] for _ in range(3)]  # noqa: S106 - made up
    assert said == [200, 200, 429]


def test_guesses_never_hold_up_a_token_in_use_from_the_same_address(app):
    said = [ask(app, token=f"Bearer fs_guess{number}")[0] for number in range(5)]
    assert said == [401, 401, 429, 429, 429]
    assert ask(app, token=f"bearer  {GOOD}")[0] == 401  # counted as the good one, however written
    assert ask(app, token=f"Bearer {GOOD}")[0] == 200


def test_a_token_that_is_no_longer_in_use_counts_for_its_address_again(app, monkeypatch):
    assert ask(app, token=f"Bearer {GOOD}")[0] == 200
    monkeypatch.setattr("tests.dashboard.middleware.test_rate_limits.GOOD", "another")
    said = [ask(app, token="Bearer fs_good")[0] for _ in range(4)]  # noqa: S106 - made up
    assert said == [401, 401, 429, 429]


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/_stcore/upload_file/session/file", "PUT"),
        ("/auth/login", "GET"),
        ("/oauth2callback", "GET"),
    ],
)
def test_uploads_and_sign_ins_are_counted_by_address(app, path, method):
    assert [ask(app, path, method=method)[0] for _ in range(3)] == [200, 200, 429]
    assert ask(app, path, client="192.0.2.2", method=method)[0] == 200


@pytest.mark.parametrize("path", ["/", "/send", "/healthz", "/static/a.js", "/auth/logout"])
def test_reading_and_leaving_are_never_held_up(app, path):
    assert {ask(app, path)[0] for _ in range(9)} == {200}


def test_taking_an_upload_back_is_never_held_up(app):
    path = "/_stcore/upload_file/session/file"
    assert {ask(app, path, method="DELETE")[0] for _ in range(9)} == {200}


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        (("192.0.2.1", 1), "192.0.2.1"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("testclient", 1), "testclient"),
        (None, "unknown"),
    ],
)
def test_an_office_of_ipv6_is_one_address(client, counted):
    assert address({"client": client}) == counted
