"""Group: what the wards of a region, a board, a collaborative or an own group come to together."""

from datetime import date
from html import escape

import streamlit as st

from dashboard.charts import returns_grid
from dashboard.charts.figure_links import linked
from dashboard.charts.table import Column, html
from dashboard.page import filters, page, session, url_state
from dashboard.page.session import Visit
from dashboard.panels import events, side_by_side, unit_charts
from dashboard.queries.groups import groups, members, returns_of
from dashboard.queries.organisations import wards
from dashboard.words import headlines
from schemas import wording
from schemas.vocabularies import GROUP_KINDS

_ROWS, _MONTHS = 25, 12
_MEMBERS = (
    Column("name", "Trust or ward", row_header=True, markup=True),
    Column("from", "From"),
    Column("until", "Until"),
)
_COUNTED = (
    "A month counts the wards that were in the group on its last day, so that charts of the past "
    "show the group of the past."
)
_WILL_SHOW = "the wards of this group, together and side by side, and what its trusts have sent"


def show() -> None:
    """The total of one group over time, who is in it, what they sent, and its wards."""
    visit = session.admit("programme", "group")
    names = visit.keep(filters.group_names)
    if not names:
        page.open_screen(visit, "Groups", "There is no group here yet.")
        return
    notice, heading = st.container(), st.container()
    code = url_state.choose("Group", names, "group", notice=notice)
    name = visit.keep(_called, group=code)
    with heading:
        headline = visit.keep(unit_charts.headline, level="group", unit=code)
        page.open_screen(visit, name, headline)
        pack = f"take-away?what=pack&amp;group={escape(code)}"
        link = f'<p><a href="{pack}" target="_self">This group’s pack for a board</a></p>'
        page.facts(visit.keep(_facts, group=code, today=visit.today), link)
        if page.nothing_yet(visit, _WILL_SHOW):
            return
        if visit.ask(wards, group=code).is_empty():
            page.lead(_nobody(visit.facts["data_to"]))
    unit_charts.show(visit, "group", code, name, None)
    page.section("Who is in it", _COUNTED, markup=page.ready(visit, _members, group=code))
    grid = page.ready(visit, _grid, group=code, today=visit.today)
    page.section("Returns", visit.keep(_returns, group=code, today=visit.today), markup=grid)
    page.section("Its wards", "What each ward’s latest month shows. Choose one for more.")
    its = visit.ask(wards, group=code)
    shown = filters.paged(its, _ROWS, "wards")
    side_by_side.icons(visit, side_by_side.of_wards(visit, shown), f"The wards of {name} now")
    each = tuple(("ward", ward) for ward in its["ward_id"])
    events.show(visit, (*each, ("programme", "programme")))


def _called(visit: Visit, group: str) -> str:
    return str(visit.ask(groups).filter(group_code=group)["group_name"][0])


def _nobody(data_to: date) -> str:
    month = wording.month_of(data_to)
    return f"Nobody belonged to it in {month}, the newest month with figures: see “Who is in it”."


def _facts(visit: Visit, group: str, today: object) -> dict[str, object]:
    its = visit.ask(wards, group=group)
    states = visit.ask(returns_of, group=group, today=today)["state"].to_list()
    sent = sum(state in ("received", "late") for state in states)
    due = sent + states.count("missing")
    to = visit.facts["data_to"]
    when = f", {wording.month_of(to)}" if to else ""
    return {
        "Kind": GROUP_KINDS[visit.ask(groups).filter(group_code=group)["kind"][0]],
        f"Trusts{when}": f"{its['trust_code'].n_unique():,}",
        f"Wards open{when}": f"{its['open_to'].null_count():,}",
        "Returns": f"{wording.of_them(sent, due, 'return')} sent",
        "Code": group,
    }


def _members(visit: Visit, group: str) -> str:
    rows = [
        {
            "name": _member(row),
            "from": wording.month_of(row["first_month"]),
            "until": wording.month_of(row["last_month"]) if row["last_month"] else "Still in it",
        }
        for row in visit.ask(members, group=group).iter_rows(named=True)
    ]
    return html("Members of the group, by month", _MEMBERS, rows)


def _member(row: dict[str, object]) -> str:
    trust = str(row["trust_name"] or row["trust_code"])
    if row["ward_id"] is None:
        return linked(trust, escape(f"trust?trust={row['trust_code']}"))
    name = f"{row['ward_name'] or row['ward_id']}, {trust}"
    return linked(name, escape(f"ward?ward={row['ward_id']}"))


def _returns(visit: Visit, group: str, today: object) -> str:
    return headlines.returns(
        visit.ask(returns_of, group=group, today=today), visit.facts["data_to"]
    )


def _grid(visit: Visit, group: str, today: object) -> str:
    rows = returns_grid.rows(visit.ask(returns_of, group=group, today=today), last=_MONTHS)
    table = returns_grid.html("Returns of its trusts, by month", rows)
    if not visit.scope.sees_everything:
        return table
    chased = f"returns?look=Chase%20list&amp;group={escape(group)}"
    return f'{table}<p><a href="{chased}" target="_self">Its chase list</a></p>'
