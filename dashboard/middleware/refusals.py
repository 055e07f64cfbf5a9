"""What middleware answers when it lets something through to nobody: problem details (RFC 9457)."""

import json
from dataclasses import dataclass
from http import HTTPStatus

from prometheus_client import Counter

from dashboard.middleware.security_headers import Scope, Send

_TYPE = "urn:problem-type:feeling-safe:"
_POLICY_VIOLATION = 1008
REFUSED = Counter(
    "feeling_safe_requests_refused",
    "Requests and handshakes let through to nobody, by this process since it started.",
    ["why"],
    registry=None,
)


@dataclass(frozen=True)
class Refusal:
    """Why something is refused: its kind, a title, and a sentence that says what to do."""

    status: HTTPStatus
    kind: str
    title: str
    detail: str


async def refuse(scope: Scope, send: Send, why: Refusal, *headers: tuple[bytes, bytes]) -> None:
    """Answer a request with a refusal, or turn a websocket's handshake away; it is counted."""
    REFUSED.labels(why.kind).inc()
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": why.title})
        return
    body = json.dumps(
        {
            "type": _TYPE + why.kind,
            "title": why.title,
            "status": why.status,
            "detail": why.detail,
        }
    ).encode()
    start = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        *headers,
    ]
    await send({"type": "http.response.start", "status": why.status, "headers": start})
    await send({"type": "http.response.body", "body": body})
