"""People return after sign-in to the screen they asked for, and never to anywhere else."""

from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route

from dashboard.middleware.return_after_sign_in import ReturnAfterSignIn, screen
from tests.dashboard.asgi import answers

HOST = "ward.example"


def _callback(request):
    answer = RedirectResponse("/", status_code=302)
    if "code" in request.query_params:
        answer.set_cookie("_streamlit_user", "signed")
    return answer


APP = ReturnAfterSignIn(
    Starlette(
        routes=[
            Route("/auth/login", lambda _: RedirectResponse("https://provider.example/", 302)),
            Route("/oauth2callback", _callback),
            Route("/other", lambda _: PlainTextResponse("x")),
        ]
    )
)


def ask(path: str, query: str = "", **headers: str) -> list[tuple[str, str]]:
    said = {"host": HOST, **headers}
    request = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in said.items()],
        "server": (HOST, 80),
        "scheme": "http",
    }
    return [(n.decode(), v.decode()) for n, v in answers(APP, request)[0]["headers"]]


def only(headers: list[tuple[str, str]], name: str) -> str:
    (value,) = [value for known, value in headers if known == name]
    return value


def test_the_screen_is_kept_in_a_cookie_until_the_sign_in_is_done():
    started = ask("/auth/login", referer=f"http://{HOST}/ward?ward=Z01-OAK1")
    kept = only(started, "set-cookie")
    assert only(started, "location") == "https://provider.example/"
    assert "HttpOnly" in kept
    assert "SameSite=lax" in kept
    done = ask("/oauth2callback", "code=1", cookie=kept.partition(";")[0])
    assert only(done, "location") == "/ward?ward=Z01-OAK1"
    assert any("feeling_safe_way_back" in v and "Max-Age=0" in v for n, v in done)


def test_without_a_sign_in_there_is_no_way_in():
    cookie = f"feeling_safe_way_back={quote('/ward', safe='')}"
    assert only(ask("/oauth2callback", "error=denied", cookie=cookie), "location") == "/"


@pytest.mark.parametrize(
    "where",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/ok\r\nset-cookie: a=b",
        "",
    ],
)
def test_a_cookie_that_names_anywhere_else_is_not_followed(where):
    cookie = f"feeling_safe_way_back={quote(where, safe='')}"
    assert only(ask("/oauth2callback", "code=1", cookie=cookie), "location") == "/"


@pytest.mark.parametrize(
    ("referer", "leads_to"),
    [
        (f"http://{HOST}/ward?ward=Z01-OAK1&x=1", "/ward?ward=Z01-OAK1&x=1"),
        (f"http://{HOST}/", "/"),
        (f"http://{HOST}", "/"),
        (f"http://{HOST}//evil.example/x", "/evil.example/x"),
        (f"http://{HOST}/\\evil.example", "/%5Cevil.example"),
        (f"http://{HOST}.evil.example/x", "/"),
        (f"http://{HOST}:81/x", "/"),
        ("https://evil.example/x", "/"),
        ("", "/"),
    ],
)
def test_a_way_back_is_always_a_path_of_ours(referer, leads_to):
    assert screen(referer, HOST) == leads_to


def test_everything_else_passes_unchanged():
    assert not [v for n, v in ask("/other") if n == "set-cookie"]
