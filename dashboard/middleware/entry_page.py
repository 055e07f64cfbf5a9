"""Tells the entry page where the server is, so that a link to any screen need not guess.

Without it, Streamlit's page tries `/ward/_stcore/…` before `/_stcore/…`, and a browser reports each
attempt as an error. It also names the menu's button on a phone, which would be “Expand sidebar”,
and brings the styles of every screen, which no run then has to send.
"""

from dashboard.middleware.security_headers import App, Message, Receive, Scope, Send

_SCRIPT = (
    b'<script>window.__streamlit={BACKEND_BASE_URL:window.location.origin+"/"};'
    b"new MutationObserver(()=>{for(const b of document.querySelectorAll("
    b"'[data-testid=stExpandSidebarButton]'))if(b.ariaLabel!='Menu')b.ariaLabel='Menu'})"
    b".observe(document,{childList:true,subtree:true})</script>"
)
_AFTER = b"<head>"
_BEFORE = b"</body>"  # after the styles that Streamlit adds to the head, which ours overrule
_NO_PAGES = ("/static/", "/fonts/", "/styles/", "/_stcore/", "/media/", "/component/", "/api/")


class EntryPage:
    """ASGI middleware that adds a script and the styles at an address to the entry page."""

    def __init__(self, app: App, styles: str) -> None:
        self._app = app
        self._styles = f'<link rel="stylesheet" href="{styles}">'.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_NO_PAGES):
            await self._app(scope, receive, send)
            return
        readable = [pair for pair in scope["headers"] if pair[0] not in _LEFT_OUT]
        start: list[Message] = []
        body = bytearray()

        async def send_with_address(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                start.append(message)
            elif start and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    page = bytes(body).replace(_AFTER, _AFTER + _SCRIPT, 1)
                    page = page.replace(_BEFORE, self._styles + _BEFORE, 1)
                    await _send_page(start[0], page, send)
            else:
                await send(message)

        await self._app({**scope, "headers": readable}, receive, send_with_address)


# Without these headers, the page is sent in full and not compressed.
_LEFT_OUT = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")


def _is_page(message: Message) -> bool:
    about = {name.lower(): value for name, value in message.get("headers", [])}
    return message["status"] == 200 and about.get(b"content-type", b"").startswith(b"text/html")


async def _send_page(start: Message, page: bytes, send: Send) -> None:
    kept = [p for p in start["headers"] if p[0].lower() not in (b"content-length", b"etag")]
    length = (b"content-length", str(len(page)).encode())
    await send({**start, "headers": [*kept, length]})
    await send({"type": "http.response.body", "body": page, "more_body": False})
