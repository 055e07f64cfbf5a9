"""Only what names this service in `Host` and `Origin` is passed on, whoever asks."""

import json

import pytest

from dashboard.middleware.own_address import OwnAddress
from tests.dashboard.asgi import answers

PUBLIC = "safety.example.org"
PROXY = "127.0.0.1:8501"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared, not bound


def ask(
    *headers: tuple[str, str], kind: str = "http", listens_at: str = "127.0.0.1"
) -> tuple[object, list[tuple[str, str]]]:
    """The answer's status, and the headers that reached the application, if it was reached."""
    reached = []

    async def app(scope, receive, send):
        reached.extend((name.decode(), value.decode()) for name, value in scope["headers"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    request = {
        "type": kind,
        "method": "GET",
        "path": "/",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "query_string": b"",
    }
    first = answers(OwnAddress(app, [PUBLIC, ""], listens_at), request)[0]
    return first.get("status", first["type"]), reached


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("host", "origin"),
    [
        (PUBLIC, f"https://{PUBLIC}"),
        ("Safety.Example.org:443", f"https://{PUBLIC}"),
        (PROXY, f"https://{PUBLIC}"),  # behind a proxy that puts its own name
        (PROXY, f"http://{PROXY}"),
        ("localhost:8501", "http://localhost:8501"),
        ("[::1]:8501", "http://[::1]:8501"),
        ("localhost", "http://localhost:80"),
    ],
)
def test_a_page_of_ours_is_let_through_under_the_address_it_has(kind, host, origin):
    status, reached = ask(("host", host), ("origin", origin), kind=kind)
    assert status == 200
    assert [value for name, value in reached if name == "host"] == [origin.partition("://")[2]]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("host", "origin"),
    [
        (PUBLIC, "https://elsewhere.example"),
        (PUBLIC, f"https://{PUBLIC}.elsewhere.example"),
        (PUBLIC, f"https://elsewhere.example/{PUBLIC}"),
        (PUBLIC, f"https://{PUBLIC}@elsewhere.example"),
        (PUBLIC, f"https://elsewhere.example@{PUBLIC}"),
        (PUBLIC, "http://localhost:8501"),
        (PUBLIC, "null"),
        (PUBLIC, ""),
        (PUBLIC, f"file://{PUBLIC}"),
        (PUBLIC, "http://[::1"),
        (PROXY, "http://127.0.0.1:3000"),
        (PROXY, "http://localhost:8501"),
        (PROXY, "http://10.0.0.7:8501"),
    ],
)
def test_a_page_of_anybody_else_is_not(kind, host, origin):
    status, reached = ask(("host", host), ("origin", origin), kind=kind)
    assert (status, reached) == (403 if kind == "http" else "websocket.close", [])


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    "headers",
    [
        [("host", "elsewhere.example")],
        [("host", "elsewhere.example"), ("origin", "http://elsewhere.example")],
        [("host", "10.0.0.7:8501")],
        [("host", f"{PUBLIC}.elsewhere.example")],
        [("host", "")],
        [("host", "[::1")],
        [("host", PUBLIC), ("host", "elsewhere.example")],
        [],
    ],
)
def test_an_address_that_is_not_ours_is_turned_away(kind, headers):
    status, reached = ask(*headers, kind=kind)
    assert (status, reached) == (421 if kind == "http" else "websocket.close", [])


def test_what_sends_no_origin_is_judged_by_its_address_alone():
    assert ask(("host", PUBLIC)) == (200, [("host", PUBLIC)])


def test_a_service_for_the_whole_network_is_reached_by_number_and_never_by_a_foreign_name():
    assert ask(("host", "10.0.0.7:8501"), listens_at=EVERYWHERE)[0] == 200
    assert ask(("host", "[fe80::7]:8501"), listens_at="::")[0] == 200
    assert ask(("host", "elsewhere.example"), listens_at=EVERYWHERE)[0] == 421
    foreign = [("host", "10.0.0.7:8501"), ("origin", "http://10.0.0.8:8501")]
    assert ask(*foreign, listens_at=EVERYWHERE)[0] == 403


def test_a_refusal_says_what_to_do_and_repeats_nothing_of_the_request():
    request = {"type": "http", "headers": [(b"host", b"<elsewhere>")]}
    start, body = answers(OwnAddress(None, [PUBLIC], "127.0.0.1"), request)
    assert (b"content-type", b"application/problem+json") in start["headers"]
    assert "FEELING_SAFE_HOSTS" in json.loads(body["body"])["detail"]
    assert b"elsewhere" not in body["body"]
