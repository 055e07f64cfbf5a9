"""Adds headers to every response: what a page may load, who may frame it, what may be cached."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Streamlit sets its styles at run time, loads the script of a component from a blob, and Vega
# compiles the expressions in charts, hence "unsafe-inline", "blob:" and "unsafe-eval"; nothing is
# loaded from, sent to or framed by anywhere else.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self' ws: wss:",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# From the first visit on, browsers use HTTPS for a year, whatever a link says.
HTTPS_ONLY = {"strict-transport-security": "max-age=31536000"}
# These have a hash in their names and contain no figures, so browsers may cache them.
KEPT = ("/static/", "/fonts/", "/styles/")


class SecurityHeaders:
    """ASGI middleware that adds the headers and lets only static files be cached.

    If the service is reached over HTTPS, nothing may ever travel without it.
    """

    def __init__(self, app: App, https: bool = False) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        extra = HEADERS | (HTTPS_ONLY if self._https else {})
        if not scope["path"].startswith(KEPT):
            extra["cache-control"] = "no-store"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name.encode() for name in extra}
                sent = [self._cookie(pair) for pair in message.get("headers", [])]
                rest = [pair for pair in sent if pair[0].lower() not in ours]
                added = [(name.encode(), value.encode()) for name, value in extra.items()]
                message = {**message, "headers": [*rest, *added]}
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _cookie(self, pair: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        name, value = pair
        if not self._https or name.lower() != b"set-cookie" or b"; secure" in value.lower():
            return pair
        return name, value + b"; Secure"
