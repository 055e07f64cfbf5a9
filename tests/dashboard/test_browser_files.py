"""Browsers keep the typeface and the styles: each has a name that changes with it."""

from hashlib import sha256

from starlette.applications import Starlette

from dashboard import browser_files
from pipelines import typography
from tests.dashboard.asgi import answers

APP = Starlette(routes=browser_files.routes())


def test_the_styles_of_charts_and_screens_may_be_kept_for_ever():
    address = browser_files.STYLES
    asked = {"type": "http", "method": "GET", "path": address, "query_string": b"", "headers": []}
    said = answers(APP, asked)
    told = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in said[1:])
    assert said[0]["status"] == 200
    assert told["content-type"].startswith("text/css")
    assert "immutable" in told["cache-control"]
    assert sha256(body).hexdigest()[:8] in address
    for rule in (b"--fs-text:", b".fs-table", b".fs-answer", b"@media print"):
        assert rule in body


def test_the_typeface_has_a_name_that_changes_with_it():
    assert sha256(typography.WEB.read_bytes()).hexdigest()[:8] in browser_files.FONT
