"""Search: wards, trusts, groups, measures, months and receipts in scope, by name or code."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import streamlit as st

from dashboard.page import measures, page, session
from dashboard.page.session import Visit
from dashboard.queries.groups import groups
from dashboard.queries.organisations import wards
from dashboard.queries.returns import receipts, returns_grid
from dashboard.screens.returns import returns
from dashboard.words import titles
from schemas import wording

_MOST = 20  # of each kind; more words find fewer
_LONGEST = 80
_FIGURES = "a ward, a trust or a measure"
_RETURNS = "a ward, a trust, a measure, a month or a receipt"
_EVERYTHING = "a ward, a trust, a group, a measure, a month or a receipt"


@dataclass(frozen=True)
class Place:
    """Something that can be found: what it is called, where it leads, and its words and codes."""

    name: str
    address: str
    words: str


Places = tuple[Place, ...]


def show() -> None:
    """A box to type in, and links to everything whose name or code has all the words typed."""
    visit = session.admit("programme", "trust", "region", "group")
    kinds = _RETURNS if _finds_returns(visit) else _FIGURES
    kinds = _EVERYTHING if visit.scope.sees_everything else kinds
    page.open_screen(visit, "Search", f"Find {kinds} by its name or code.")
    typed = st.text_input("Search for", key="search", max_chars=_LONGEST).casefold().split()
    if not typed:
        return
    found = {
        kind: [place for place in places if all(word in place.words for word in typed)]
        for kind, places in visit.keep(_everything).items()
    }
    if not any(found.values()):
        page.html(
            '<p class="fs-empty" role="status">Nothing here has all these words in its name or '
            "code. Try fewer words, or part of one.</p>"
        )
    for kind, places in found.items():
        if places:
            page.section(kind)
            page.html(_links(places))


def _finds_returns(visit: Visit) -> bool:
    """Whether months and receipts lead anywhere: a trust lead's screen has them only for today."""
    return visit.scope.sees_everything or (visit.scope.can_send and visit.facts["as_at"] is None)


def _links(places: Sequence[Place]) -> str:
    items = "".join(
        f'<li><a href="{escape(place.address)}" target="_self">{escape(place.name)}</a></li>'
        for place in places[:_MOST]
    )
    more = len(places) - _MOST
    rest = f"<p>And {more:,} more: type another word to find fewer.</p>" if more > 0 else ""
    return f'<ul class="fs-links">{items}</ul>{rest}'


def _everything(visit: Visit) -> dict[str, Places]:
    """All that this person can find, by kind, in the order it is listed."""
    every = visit.ask(wards)
    return {
        "Wards": tuple(
            _place(f"{name}, {trust}", f"ward?ward={quote(ward)}", ward)
            for ward, name, trust in every.select("ward_id", "ward_name", "trust_name").iter_rows()
        ),
        "Trusts": tuple(
            _place(name, f"trust?trust={quote(code)}", code)
            for code, name in every.select("trust_code", "trust_name")
            .unique()
            .sort("trust_name", "trust_code")
            .iter_rows()
        ),
        "Groups": _groups(visit),
        "Measures": tuple(
            _place(str(about["name"]), f"measure?measure={code}", code, about["short_name"])
            for code, about in measures.all_of(visit).items()
            if not about["restricted"]
        ),
        "Months": _months(visit),
        "Receipts": _receipts(visit),
    }


def _place(name: str, address: str, *words: object) -> Place:
    return Place(name, address, " ".join(map(str, (name, *words))).casefold())


def _groups(visit: Visit) -> Places:
    """Every group that this person may see, by its name, kind and code."""
    return tuple(
        _place(
            titles.group(row),
            f"group?group={quote(row['group_code'])}",
            row["group_code"],
        )
        for row in visit.ask(groups).iter_rows(named=True)
    )


def _months(visit: Visit) -> Places:
    """For the programme team every month with returns; for a trust lead those still to send."""
    grid = visit.ask(returns_grid, today=visit.today)
    if visit.scope.sees_everything:
        newest_first = grid["month"].unique().sort(descending=True)
        return tuple(
            _place(
                f"{wording.month_of(month)}, returns of every trust",
                f"returns?month={month:%Y-%m}",
                f"{month:%Y-%m}",
            )
            for month in newest_first
        )
    if not _finds_returns(visit):
        return ()
    is_wanted = grid["state"].is_in(["missing", "not_yet_due"])
    to_send = grid.filter(is_wanted & ~grid["too_late"].fill_null(False))
    return tuple(
        _place(
            f"{wording.month_of(row['month'])}, to send, {row['trust_name']}",
            f"send?trust={quote(row['trust_code'])}&month={row['month']:%Y-%m}",
            f"{row['month']:%Y-%m}",
        )
        for row in to_send.sort("month", descending=True).iter_rows(named=True)
    )


def _receipts(visit: Visit) -> Places:
    """Every version of every return that was received, the newest first."""
    if not _finds_returns(visit):
        return ()
    return tuple(
        _place(
            f"{row['return_id']}, {_period(row)}, {row['trust_name']}: "
            f"{returns.STATUS[row['status']].lower()}",
            _receipt(visit, position, str(row["return_id"])),
        )
        for position, row in enumerate(visit.ask(receipts).iter_rows(named=True))
    )


def _period(row: dict[str, object]) -> str:
    return wording.period(row["month"], row["baseline_to"] or row["month"])


def _receipt(visit: Visit, position: int, return_id: str) -> str:
    if visit.scope.sees_everything:
        return f"returns?look=Receipts&receipts={position // returns.SHOWN + 1}"
    trust, month, version = return_id.split("/")
    return f"send?trust={quote(trust)}&month={month}&version={version}"
