"""Closes the parts of the web framework that nobody here needs, and uploads nobody expects."""

from collections.abc import Callable
from http import HTTPStatus

from dashboard.middleware.refusals import Refusal, refuse
from dashboard.middleware.security_headers import App, Message, Receive, Scope, Send

_FRAMEWORK = "/_stcore/"
_UPLOAD = f"{_FRAMEWORK}upload_file/"
_OPEN = tuple(_FRAMEWORK + name for name in ("health", "host-config", "stream"))
_NOTHING = Refusal(
    HTTPStatus.NOT_FOUND, "not-found", "There is nothing here", "Nothing is served at this address."
)
_UNEXPECTED = Refusal(
    HTTPStatus.FORBIDDEN,
    "file-not-expected",
    "This file is not expected",
    "Sign in, open the screen again and choose the file there.",
)
_PROTOCOL_ERROR = 1002


class ClosedParts:
    """ASGI middleware that passes on to the framework only what the dashboard uses of it.

    `is_expected` says whether a browser tab may send a file, before the file is read. `is_message`
    says whether the bytes of a websocket's frame are a message; the framework writes a traceback to
    the log for any that aren't, and never gets one.
    """

    def __init__(
        self, app: App, is_expected: Callable[[str], bool], is_message: Callable[[bytes], bool]
    ) -> None:
        self._app, self._is_expected, self._is_message = app, is_expected, is_message

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._app(scope, self._messages(receive, send), send)
        elif why := self._closed(scope):
            await refuse(scope, send, why)
        else:
            await self._app(scope, receive, send)

    def _closed(self, scope: Scope) -> Refusal | None:
        path = str(scope.get("path", ""))
        if path.startswith(_UPLOAD):
            tab = path.removeprefix(_UPLOAD).partition("/")[0]
            return _UNEXPECTED if scope["method"] == "PUT" and not self._is_expected(tab) else None
        return _NOTHING if _FRAMEWORK in f"{path}/" and path not in _OPEN else None

    def _messages(self, receive: Receive, send: Send) -> Receive:
        """What comes through a websocket, which ends at the first frame that is no message."""

        async def message() -> Message:
            received = await receive()
            if received["type"] != "websocket.receive":
                return received
            content = received.get("bytes")
            if content is not None and self._is_message(content):
                return received
            await send({"type": "websocket.close", "code": _PROTOCOL_ERROR})
            return {"type": "websocket.disconnect", "code": _PROTOCOL_ERROR}

        return message
