"""What helps: what the list says about each link, and that a dead or unknown one is no link."""

from datetime import date

import pytest

from dashboard.panels import what_helps
from schemas.programme import Resource

LINK = "https://trust.example/charter"


def resource(**about: object) -> Resource:
    usual: dict[str, object] = {
        "title": "How we <wrote> ours",
        "link": LINK,
        "foundation": "charter",
        "for_whom": "ward teams",
        "beside": ("charter",),
        "source": "the programme team",
        "state": "opened",
        "read": date(2026, 11, 1),
    }
    return Resource(**usual | about)


@pytest.mark.parametrize(
    ("about", "says", "is_link"),
    [
        ({}, "Link opened on 1 November 2026.", True),
        ({"state": "copy"}, "the link itself has not been opened", True),
        ({"state": "dead"}, "The link led nowhere on 1 November 2026.", False),
        ({"state": "unread", "read": None}, "Not verified: nobody has read it", True),
        ({"state": "unread", "read": None, "link": ""}, "Not verified", False),
    ],
)
def test_each_link_says_what_is_known_about_it(about, says, is_link):
    markup = what_helps.listed((resource(**about),))
    assert says in markup
    assert (f'<a href="{LINK}"' in markup) == is_link
    assert "How we &lt;wrote&gt; ours" in markup
    assert "For ward teams. the programme team." not in markup
