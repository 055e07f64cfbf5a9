"""Limits how often uploads, sign-ins and the API may be used."""

from collections import OrderedDict
from hashlib import sha256
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network

from dashboard.middleware.refusals import Refusal, refuse
from dashboard.middleware.security_headers import App, Receive, Scope, Send
from dashboard.rate_limits import RateLimits, Wait

_API = "/api/"
_UPLOAD = "/_stcore/upload_file/"
_SIGN_IN = ("/auth/login", "/oauth2callback")
_MOST_TOKENS = 10_000
TAKEN = "token_taken"  # the API sets this in a request's state when it accepts its token


class LimitRequests:
    """ASGI middleware that refuses too many requests with 429 and says when to try again.

    A token that the API has accepted has a limit of its own. Until then, and without a token, the
    stricter limit of the caller's address applies, so that each guessed token does not get a fresh
    start.
    """

    def __init__(self, app: App, limits: RateLimits) -> None:
        self._app = app
        self._limits = limits
        self._taken: OrderedDict[bytes, None] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path.startswith(_API):
            await self._api(scope, receive, send)
            return
        wait = None
        if path.startswith(_UPLOAD) and scope["method"] == "PUT":
            wait = self._limits.ask("uploads_address", address(scope))
        elif path in _SIGN_IN:
            wait = self._limits.ask("sign_ins_address", address(scope))
        if wait:
            await _refuse(scope, send, wait)
        else:
            await self._app(scope, receive, send)

    async def _api(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _token(scope)
        if token in self._taken:
            wait = self._limits.ask("api", token.hex())
        else:
            wait = self._limits.ask("api_address", address(scope))
        if wait:
            await _refuse(scope, send, wait)
            return

        state: dict[str, object] = scope.setdefault("state", {})
        await self._app(scope, receive, send)
        self._note(token, bool(state.get(TAKEN)))

    def _note(self, token: bytes, taken: bool) -> None:
        if not taken:
            self._taken.pop(token, None)
            return
        self._taken[token] = None
        self._taken.move_to_end(token)
        while len(self._taken) > _MOST_TOKENS:
            self._taken.popitem(last=False)


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


def _token(scope: Scope) -> bytes:
    """The fingerprint of a request's token; empty without one."""
    for name, value in scope["headers"]:
        if name == b"authorization" and value.strip():
            return sha256(value.strip()).digest()
    return b""


async def _refuse(scope: Scope, send: Send, wait: Wait) -> None:
    why = Refusal(
        HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", "Too many requests", wait.sentence
    )
    await refuse(scope, send, why, (b"retry-after", str(wait.seconds).encode()))
