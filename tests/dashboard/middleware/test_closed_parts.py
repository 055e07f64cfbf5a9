"""What reaches the web framework: the parts in use, expected files, and messages."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from dashboard.middleware.closed_parts import ClosedParts
from dashboard.server import _is_message
from dashboard.uploads_expected import MOST_FILES, UploadsExpected
from tests.dashboard.asgi import answers, run


def rerun() -> bytes:
    message = BackMsg()
    message.rerun_script.query_string = ""
    return message.SerializeToString()


def ask(path: str, method: str = "GET", expected: UploadsExpected | None = None) -> int:
    """The status of the answer; an application that is reached answers 204."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})

    part = ClosedParts(app, (expected or UploadsExpected()).take, _is_message)
    request = {"type": "http", "method": method, "path": path, "headers": []}
    return answers(part, request)[0]["status"]


@pytest.mark.parametrize(
    "path", ["/", "/ward", "/healthz", "/_stcore/health", "/_stcore/host-config", "/static/a.js"]
)
def test_what_the_dashboard_uses_is_open(path):
    assert ask(path) == 204


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/metrics/",
        "//_stcore/metrics",
        "/ward/_stcore/metrics",
        "/_stcore/",
        "/_stcore",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/interact",
        "/_stcore/script-health-check",
        "/_stcore/healthy",
    ],
)
def test_every_other_part_of_the_framework_is_closed(path):
    assert ask(path) == 404


def test_a_file_is_taken_only_from_a_tab_that_shows_somebody_a_field_for_it():
    expected, upload = UploadsExpected(), "/_stcore/upload_file/tab/file"
    assert ask(upload, "PUT", expected) == 403
    expected.expect("tab")
    assert [ask(upload, "PUT", expected) for _ in range(MOST_FILES)] == [204] * MOST_FILES
    assert ask(upload, "PUT", expected) == 403
    expected.expect("another")
    assert ask(upload, "PUT", expected) == 403
    assert ask("/_stcore/upload_file/another/file", "DELETE", expected) == 204


def test_a_file_nobody_expects_is_refused_before_any_of_it_is_read():
    async def receive():
        raise AssertionError("the body was read")

    async def send(message):
        said.append(message)

    said = []
    part = ClosedParts(None, UploadsExpected().take, _is_message)
    scope = {"type": "http", "method": "PUT", "path": "/_stcore/upload_file/a/b", "headers": []}
    run(part(scope, receive, send))
    assert said[0]["status"] == 403


def through_a_websocket(*frames: dict[str, object]) -> tuple[list[object], list[object]]:
    """What of these frames the framework gets, and what is sent to the browser."""
    waiting, got, sent = list(frames), [], []

    async def receive():
        return {"type": "websocket.receive", **waiting.pop(0)}

    async def send(message):
        sent.append((message["type"], message.get("code")))

    async def app(scope, receive, send):
        while (message := await receive())["type"] == "websocket.receive":
            got.append(message["bytes"])

    part = ClosedParts(app, UploadsExpected().take, _is_message)
    run(part({"type": "websocket", "path": "/_stcore/stream"}, receive, send))
    return got, sent


@pytest.mark.parametrize(
    "frame",
    [
        {"text": "hello"},
        {"text": ""},
        {"bytes": b""},
        {"bytes": b"\xff" * 100},
        {"bytes": b"\x0a\xff\xff\xff\xff\x0f"},
        {"bytes": None, "text": "{}"},
    ],
)
def test_the_first_frame_that_is_no_message_ends_a_websocket(frame):
    got, sent = through_a_websocket({"bytes": rerun()}, frame, {"bytes": rerun()})
    assert (got, sent) == ([rerun()], [("websocket.close", 1002)])
