"""What may help: the programme's resources beside a missing charter, lost confidence or a query."""

from collections.abc import Sequence
from html import escape

from dashboard.page import page, session
from pipelines.reference import resources
from schemas import wording
from schemas.programme import Resource
from schemas.tables.kinds import FOUNDATIONS

WHY = {
    "charter": "What may help with a charter",
    "confidence": "What may help staff to feel confident",
    "query": "What may help with recording and explaining figures",
}


def show(beside: str) -> None:
    """The resources for one such place under a short heading; nothing if there are none."""
    found = resources(session.programme(), beside)
    if found:
        _show(WHY[beside], found)


def show_all() -> None:
    """Every resource, foundation by foundation."""
    every = resources(session.programme())
    for foundation, name in FOUNDATIONS.items():
        if found := [each for each in every if each.foundation == foundation]:
            _show(name, found)


def _show(heading: str, found: Sequence[Resource]) -> None:
    page.html(f'<h3 class="fs-takeaway">{escape(heading)}</h3>{listed(found)}')


def listed(found: Sequence[Resource]) -> str:
    """Resources as a list in markup: title, whom it is for, where it comes from, what is known."""
    items = "".join(f"<li>{_item(each)}</li>" for each in found)
    return f'<ul class="fs-resources">{items}</ul>'


def _item(resource: Resource) -> str:
    title = escape(resource.title)
    if resource.link and resource.state != "dead":
        link = escape(resource.link)
        title = f'<a href="{link}" target="_blank" rel="noopener noreferrer">{title}</a>'
    source = wording.starting(resource.source)
    about = f"For {resource.for_whom}. {source}. {_known(resource)}"
    return f'{title}<br><span class="fs-note">{escape(about)}</span>'


def _known(resource: Resource) -> str:
    """What is known about a link, as a sentence."""
    if resource.read is None:
        return "Not verified: nobody has read it for this list yet."
    day = wording.day_of(resource.read)
    return {
        "opened": f"Link opened on {day}.",
        "copy": f"A stored copy was read on {day}; the link itself has not been opened.",
        "dead": f"The link led nowhere on {day}.",
    }[resource.state]
