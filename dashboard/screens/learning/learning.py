"""Learning: the forums, who was reached, who never came, and what people said."""

from html import escape

import polars as pl
import streamlit as st

from dashboard.charts.table import Column, html
from dashboard.page import page, session, url_state
from dashboard.page.session import Visit
from dashboard.queries.learning import attendance, forums, forums_of_trusts, reached
from dashboard.screens.learning import entry, evaluation
from dashboard.words import learning as words
from schemas import wording
from schemas.forums import GROUPS
from schemas.vocabularies import FORUM_KIND

_COUNTS = tuple(Column(group, title, number=True) for group, title in GROUPS.items())
_WHEN = (
    Column("when", "When", row_header=True),
    Column("title", "Forum"),
)
_LINKS = (Column("links", "To read or watch", markup=True),)
_REACHED = (*_WHEN, Column("trusts", "Trusts that came", number=True), *_COUNTS, *_LINKS)
_OWN = (*_WHEN, *_COUNTS, *_LINKS)
_WHO = (Column("name", "Trust or ward", row_header=True), *_COUNTS)
_COUNTED = (
    "People counted by those who ran the forum. “Not counted” is not the same as 0: nobody wrote "
    "a number down. Where some trusts have a number and others don’t, the total is theirs."
)
_NO_WARD = "ward not known"


def show() -> None:
    """The programme's forums; for a trust, the next one and what its own people attended."""
    visit = session.admit("programme", "trust")
    page.open_screen(visit, "Learning", visit.keep(_headline, today=visit.today))
    if visit.ask(forums).is_empty():
        st.info(
            "There is nothing to show until the programme adds its first learning forum. This "
            "screen will then show when the next one is, who came, and where the materials are."
        )
    elif visit.scope.sees_everything:
        _programme(visit)
    else:
        _trust(visit)
    if visit.scope.sees_everything and visit.facts["as_at"] is None:
        entry.show(visit)


def _headline(visit: Visit, today: object) -> str:
    every = visit.ask(forums)
    if every.is_empty():
        return "No learning forum has been added yet."
    coming = words.next_forum(every, visit.today)
    if visit.scope.sees_everything:
        return f"{coming} {words.reached(every, visit.ask(forums_of_trusts), visit.today)}"
    return f"{coming} {' '.join(_came(visit))}"


def _came(visit: Visit) -> list[str]:
    """To how many forums each of a person's trusts has come."""
    past = visit.ask(forums).filter(pl.col("day") < visit.today).height
    if not past:
        return ["No forum has been held yet."]
    return [
        words.own(
            row["forums"], past, row["trust_name"] if visit.scope.has_several else "Your trust"
        )
        for row in visit.ask(forums_of_trusts).iter_rows(named=True)
    ]


def _programme(visit: Visit) -> None:
    page.section("Who was reached", _COUNTED)
    page.cached(visit, _reached, today=visit.today)
    page.section("Who never came")
    page.lead(visit.keep(_never))
    past = visit.keep(_past, today=visit.today)
    if not past:
        return
    page.section("A forum in detail")
    chosen = url_state.choose("Forum", past, "forum")
    page.cached(visit, _who_came, forum=chosen)
    evaluation.of_forum(visit, chosen)
    evaluation.over_time(visit)


def _trust(visit: Visit) -> None:
    page.section("The forums, and what your trust attended", _COUNTED)
    page.cached(visit, _own, today=visit.today)
    if not visit.ask(attendance).is_empty():
        page.section("Who came, forum by forum")
        for forum, title in visit.keep(_past, today=visit.today).items():
            if not visit.ask(attendance).filter(forum=forum).is_empty():
                with st.expander(title):
                    page.cached(visit, _who_came, forum=forum)


def _reached(visit: Visit, today: object) -> str:
    counts = {row["forum"]: row for row in visit.ask(reached).iter_rows(named=True)}
    whole = visit.ask(forums_of_trusts).height
    rows = []
    for row in visit.ask(forums).sort("day", "forum", descending=True).iter_rows(named=True):
        found, coming = counts[row["forum"]], row["day"] >= visit.today
        trusts = f"{found['trusts']:,} of {whole:,}" if found["recorded"] else words.NOT_COUNTED
        if coming:
            trusts = "to come"
        rows.append(_about(row) | {"trusts": trusts} | _counts(found, coming=coming))
    return html("Learning forums, newest first", _REACHED, rows)


def _own(visit: Visit, today: object) -> str:
    counts = {row["forum"]: row for row in visit.ask(reached).iter_rows(named=True)}
    rows = [
        _about(row) | _counts(counts[row["forum"]], coming=row["day"] >= visit.today)
        for row in visit.ask(forums).sort("day", "forum", descending=True).iter_rows(named=True)
    ]
    return html("Learning forums, newest first, with the people from your trust", _OWN, rows)


def _about(row: dict[str, object]) -> dict[str, object]:
    links = [("Materials", row["materials"]), ("Recording", row["recording"])]
    found = [
        f'<a class="fs-stacked" href="{escape(str(link))}" target="_blank" '
        f'rel="noopener noreferrer">{name}</a>'
        for name, link in links
        if link
    ]
    return {
        "when": wording.day_of(row["day"]),
        "title": f"{row['title']} ({FORUM_KIND[str(row['kind'])].lower()})",
        "links": "<br>".join(found) or "nothing yet",
    }


def _counts(row: dict[str, object], *, coming: bool = False) -> dict[str, object]:
    return {group: "to come" if coming else words.people(row[group]) for group in GROUPS}


def _never(visit: Visit) -> str:
    trusts = visit.ask(forums_of_trusts).filter(pl.col("forums") == 0)
    return words.never_came(trusts["trust_name"].to_list())


def _past(visit: Visit, today: object) -> dict[str, str]:
    """The forums held so far, the newest first, by code."""
    past = visit.ask(forums).filter(pl.col("day") < visit.today)
    return {
        row["forum"]: f"{wording.day_of(row['day'])}: {row['title']}"
        for row in past.sort("day", "forum", descending=True).iter_rows(named=True)
    }


def _who_came(visit: Visit, forum: str) -> str:
    found = visit.ask(attendance).filter(forum=forum)
    rows = [
        {"name": f"{row['trust_name']}, {row['ward_name'] or _NO_WARD}"} | _counts(row)
        for row in found.iter_rows(named=True)
    ]
    return html("People who came, by trust and ward", _WHO, rows)
