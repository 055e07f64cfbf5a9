"""Refuses requests and handshakes that are meant for another address or come from another page.

Streamlit compares a websocket's origin with the machine's addresses, and looks these up outside, on
the loop that serves everybody, before anybody has signed in. Nothing that isn't ours reaches it.
"""

import socket
from collections.abc import Iterable
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from dashboard.middleware.refusals import Refusal, refuse
from dashboard.middleware.security_headers import App, Receive, Scope, Send

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
_USUAL_PORTS = (":80", ":443")
_ELSEWHERE = Refusal(
    HTTPStatus.MISDIRECTED_REQUEST,
    "not-our-address",
    "Not an address of this service",
    "This service is not known under the address you used. If it should be, add its host name to "
    "FEELING_SAFE_HOSTS and start it again.",
)
_FOREIGN = Refusal(
    HTTPStatus.FORBIDDEN,
    "sent-by-another-site",
    "Sent by another site",
    "This request was sent by a page of another site, so it was refused.",
)


class OwnAddress:
    """ASGI middleware that lets through only what names this service in `Host` and `Origin`.

    `hosts` are the names people reach the service by, `listens_at` is the address it is bound to.
    A page elsewhere can't forge either header, and no name of its own ever counts: only the given
    ones, this machine's, and numeric addresses if the service listens at all of them.
    """

    def __init__(self, app: App, hosts: Iterable[str], listens_at: str) -> None:
        self._app = app
        self._public = frozenset(name.lower() for name in hosts if name)
        self._numeric = listens_at in _EVERY_ADDRESS
        local = {*_THIS_MACHINE, listens_at.lower()}
        self._local = local | {socket.gethostname().lower()} if self._numeric else local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        hosts, origins = _values(scope, b"host"), _values(scope, b"origin")
        if len(hosts) != 1 or not self._is_own(hosts[0]):
            await refuse(scope, send, _ELSEWHERE)
        elif not all(self._is_from_here(origin, hosts[0]) for origin in origins):
            await refuse(scope, send, _FOREIGN)
        else:
            await self._app(_as_seen(scope, origins), receive, send)

    def _is_own(self, host: str) -> bool:
        name = _name(host)
        return name in self._public or name in self._local or (self._numeric and _is_number(name))

    def _is_from_here(self, origin: str, host: str) -> bool:
        """Whether a page of this service sent it; a proxy may have replaced the `Host`."""
        at = _address(origin)
        return bool(at) and (at == _plain(host) or _name(at) in self._public)


def _as_seen(scope: Scope, origins: list[str]) -> Scope:
    """The request with the `Host` that the page has, so that Streamlit need not compare them."""
    if not origins:
        return scope
    seen = (b"host", urlsplit(origins[0]).netloc.encode("latin-1"))
    others = [pair for pair in scope["headers"] if pair[0].lower() != b"host"]
    return {**scope, "headers": [*others, seen]}


def _values(scope: Scope, name: bytes) -> list[str]:
    """What a header says, in each of the times that it is there."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _address(origin: str) -> str:
    """The host and port of a web page; empty for anything else, such as `null`."""
    try:
        page = urlsplit(origin)
    except ValueError:
        return ""
    is_page = page.scheme in ("http", "https") and "@" not in page.netloc
    return _plain(page.netloc) if is_page else ""


def _plain(host: str) -> str:
    """A host and port in one spelling; the port is left out where browsers leave it out."""
    host = host.strip().lower()
    return next((host.removesuffix(port) for port in _USUAL_PORTS if host.endswith(port)), host)


def _name(host: str) -> str:
    """The host without its port, and without the brackets of an IPv6 address."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
