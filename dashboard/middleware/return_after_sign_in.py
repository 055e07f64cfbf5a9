"""Takes people to the screen they asked for: after sign-in, Streamlit always opens the first."""

from urllib.parse import quote, unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from dashboard.middleware.security_headers import App, Message, Receive, Scope, Send

_COOKIE = "feeling_safe_way_back"
_MINUTES = 10
_LOGIN, _CALLBACK = "/auth/login", "/oauth2callback"


def screen(referer: str, host: str) -> str:
    """The path of the page of ours that a request came from; `/` for any other page."""
    came_from = urlsplit(referer)
    if not host or came_from.netloc != host:
        return "/"
    path = f"/{quote(came_from.path, safe='/%').lstrip('/')}"
    return f"{path}?{came_from.query}" if came_from.query else path


class ReturnAfterSignIn:
    """ASGI middleware that remembers in a cookie where a sign-in began."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in (_LOGIN, _CALLBACK):
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        async def send_with_way(message: Message) -> None:
            if message["type"] == "http.response.start":
                change = _remember if scope["path"] == _LOGIN else _lead_back
                message = {**message, "headers": change(request, list(message["headers"]))}
            await send(message)

        await self._app(scope, receive, send_with_way)


def _remember(request: Request, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    where = screen(request.headers.get("referer", ""), request.url.netloc)
    cookie = Response()
    cookie.set_cookie(
        _COOKIE, quote(where, safe=""), max_age=_MINUTES * 60, httponly=True, samesite="lax"
    )
    return [*headers, *_cookies(cookie)]


def _lead_back(request: Request, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    where = unquote(request.cookies.get(_COOKIE, ""))
    own = where.startswith("/") and where == screen(f"//here{where}", "here")
    signed_in = any(n.lower() == b"set-cookie" and b"_streamlit_user=" in v for n, v in headers)
    if own and signed_in:
        kept = [pair for pair in headers if pair[0].lower() != b"location"]
        headers = [*kept, (b"location", where.encode("ascii", "ignore"))]
    forget = Response()
    forget.delete_cookie(_COOKIE)
    return [*headers, *_cookies(forget)]


def _cookies(response: Response) -> list[tuple[bytes, bytes]]:
    return [pair for pair in response.raw_headers if pair[0] == b"set-cookie"]
