"""Every response has the headers, and only static files may be cached."""

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard.middleware.security_headers import HEADERS, POLICY, SecurityHeaders
from tests.dashboard.asgi import answers


def _hello(_):
    return PlainTextResponse("hello", headers={"cache-control": "public", "x-frame-options": "ALL"})


def _cookies(_):
    answer = PlainTextResponse("hello")
    answer.set_cookie("plain", "1", httponly=True)
    answer.set_cookie("already", "1", secure=True)
    return answer


APP = SecurityHeaders(Starlette(routes=[Route("/x", _hello), Route("/static/a.js", _hello)]))


def headers(path: str) -> list[tuple[str, str]]:
    """The headers of the response to a GET request."""
    request = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    said = answers(APP, request)
    return [(name.decode(), value.decode()) for name, value in said[0]["headers"]]


def all_of(path: str, name: str) -> list[str]:
    return [value for known, value in headers(path) if known == name]


def test_every_answer_has_them_whatever_the_application_says():
    for path in ("/x", "/none", "/static/a.js"):
        for name, value in HEADERS.items():
            assert all_of(path, name) == [value]


def test_where_people_come_by_https_browsers_use_nothing_else():
    def sent(https: bool) -> bytes | None:
        request = {"type": "http", "method": "GET", "path": "/c", "headers": []}
        app = SecurityHeaders(Starlette(routes=[Route("/c", _cookies)]), https=https)
        return dict(answers(app, request)[0]["headers"]).get(b"strict-transport-security")

    assert sent(https=True) == b"max-age=31536000"
    assert sent(https=False) is None


def test_where_people_come_by_https_no_cookie_travels_without_it():
    def cookies(https: bool) -> list[bytes]:
        request = {"type": "http", "method": "GET", "path": "/c", "headers": []}
        app = SecurityHeaders(Starlette(routes=[Route("/c", _cookies)]), https=https)
        said = answers(app, request | {"query_string": b""})[0]["headers"]
        return [value for name, value in said if name == b"set-cookie"]

    assert [cookie.count(b"Secure") for cookie in cookies(https=True)] == [1, 1]
    assert [cookie.count(b"Secure") for cookie in cookies(https=False)] == [0, 1]


def test_only_static_files_are_kept_by_browsers():
    assert all_of("/x", "cache-control") == ["no-store"]
    assert all_of("/none", "cache-control") == ["no-store"]
    assert all_of("/static/a.js", "cache-control") == ["public"]


def test_nothing_is_loaded_from_or_framed_by_anywhere_else():
    parts = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert parts["default-src"] == parts["frame-ancestors"] == parts["object-src"] == "'none'"
    outside = [
        part for part in parts.values() if "http:" in part or "https:" in part or "*" in part
    ]
    assert outside == []
