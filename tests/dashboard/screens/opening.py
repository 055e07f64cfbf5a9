"""The demo persons of the tiny release, and every word on a screen that one of them opened."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlsplit

from streamlit.testing.v1 import AppTest

from tests.dashboard.tiny_release import NAMES

TEAM, LEAD1, LEAD2 = "team@example.org", "lead1@example.org", "lead2@example.org"
REGION = "region@example.org"
GROUP = "group@example.org"
ROLES = {TEAM: "programme", LEAD1: "trust", LEAD2: "trust", REGION: "region", GROUP: "group"}
OWN = {
    TEAM: set(NAMES),
    LEAD1: {"Z01"},
    LEAD2: {"Z02"},
    REGION: {"Z01", "Z03"},
    GROUP: {"Z02", "Z03"},
}
_LINK = re.compile(r'href=\\?"([^"\\]+)\\?"')
Visit = Callable[..., AppTest]


def headings(app) -> list[str]:
    """The headings of a screen's sections."""
    markup = " ".join(element.proto.body for element in app.get("html"))
    others = [unescape(heading) for heading in re.findall(r"<h2>(.*?)</h2>", markup)]
    return [heading.value for heading in app.header] + others


def shown(app: AppTest) -> str:
    """Every word on a screen: text, tables, alternative texts, specs, options, and chart rows."""
    return "\n".join(repr(element.proto) for element in app.main) + repr(app.main)


def links(words: str) -> set[str]:
    """The addresses inside the dashboard that a screen leads to."""
    found = {unescape(address) for address in _LINK.findall(words)}
    return {a for a in found if not urlsplit(a).scheme and not a.startswith(("be", "#"))}
