"""Limits how often uploads, sign-ins and the API may be used."""

from collections.abc import Callable
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.concurrency import run_in_threadpool

from dashboard.middleware.refusals import Refusal, refuse
from dashboard.middleware.security_headers import App, Receive, Scope, Send
from dashboard.rate_limits import RateLimits, Wait

_API = "/api/"
_UPLOAD = "/_stcore/upload_file/"
_SIGN_IN = ("/auth/login", "/oauth2callback")


class LimitRequests:
    """ASGI middleware that refuses too many requests with 429 and says when to try again.

    A token in use, as `in_use` says, has a limit of its own wherever it comes from: no guesses from
    the same address hold it up. For any other token, and without one, the stricter limit of the
    address applies, so that each guess does not get a fresh start.
    """

    def __init__(self, app: App, limits: RateLimits, in_use: Callable[[str], bool]) -> None:
        self._app = app
        self._limits = limits
        self._in_use = in_use

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if wait := await self._wait(scope):
            await _refuse(scope, send, wait)
        else:
            await self._app(scope, receive, send)

    async def _wait(self, scope: Scope) -> Wait | None:
        """How long to wait if this is one request too many."""
        path = scope["path"]
        if path.startswith(_API):
            token = _token(scope)
            if token and await run_in_threadpool(self._in_use, token):
                return self._limits.ask("api", token)
            return self._limits.ask("api_address", address(scope))
        if path.startswith(_UPLOAD) and scope["method"] == "PUT":
            return self._limits.ask("uploads_address", address(scope))
        if path in _SIGN_IN:
            return self._limits.ask("sign_ins_address", address(scope))
        return None


def address(scope: Scope) -> str:
    """The address of a request; for IPv6 its /64 network, which is one household or office."""
    host = str((scope.get("client") or ("unknown", 0))[0])
    try:
        numeric = ip_address(host)
    except ValueError:
        return host
    if isinstance(numeric, IPv6Address):
        return str(ip_network((int(numeric), 64), strict=False))
    return host


def _token(scope: Scope) -> str:
    """The token of a request; empty without one."""
    for name, value in scope["headers"]:
        scheme, _, token = value.decode("latin-1").strip().partition(" ")
        if name == b"authorization" and scheme.lower() == "bearer":
            return token.strip()
    return ""


async def _refuse(scope: Scope, send: Send, wait: Wait) -> None:
    why = Refusal(
        HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", "Too many requests", wait.sentence
    )
    await refuse(scope, send, why, (b"retry-after", str(wait.seconds).encode()))
