"""The entry page contains the server's address; nothing else is touched."""

import gzip

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from dashboard.middleware.entry_page import EntryPage
from tests.dashboard.asgi import answers

PAGE = f"<!doctype html><html><head><title>x</title></head><body>{'y' * 5000}</body></html>"


def _page(_):
    return HTMLResponse(PAGE, headers={"etag": "abc"})


def _what_was_known(request):
    return PlainTextResponse(request.headers.get("if-none-match", "nothing") * 9)


def _text(_):
    return PlainTextResponse("<head>")


APP = EntryPage(
    Starlette(
        routes=[
            Route("/", _page),
            Route("/ward", _page),
            Route("/text", _text),
            Route("/api/v1/figures", _what_was_known),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=10)],
    ),
    styles="/styles/page.css",
)


def get(path: str) -> tuple[dict[str, str], bytes]:
    """The headers and body of a response, asked for like a browser that can unzip."""
    headers = [(b"accept-encoding", b"gzip"), (b"if-none-match", b"abc")]
    asked = {"type": "http", "method": "GET", "path": path, "query_string": b""}
    said = answers(APP, {**asked, "headers": headers})
    told = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return told, b"".join(message.get("body", b"") for message in said[1:])


@pytest.mark.parametrize("path", ["/", "/ward"])
def test_the_page_knows_where_its_server_is(path):
    headers, body = get(path)
    assert b"<head><script>window.__streamlit={BACKEND_BASE_URL:" in body
    # After the body: its styles overrule those that Streamlit adds to the head as it goes.
    assert body.endswith(b'<link rel="stylesheet" href="/styles/page.css"></body></html>')
    assert int(headers["content-length"]) == len(body)
    assert "etag" not in headers
    assert "content-encoding" not in headers


def test_a_program_may_say_what_it_has_already_and_ask_for_less_to_send():
    headers, body = get("/api/v1/figures")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body).startswith(b"abc")


def test_what_is_no_page_is_left_alone():
    assert get("/text")[1] == b"<head>"
    assert get("/none")[1] == b"Not Found"
