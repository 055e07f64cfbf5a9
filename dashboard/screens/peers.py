"""Us and our peers: how a person's wards compare with similar ones, which stay unnamed."""

import streamlit as st

from dashboard import numbers
from dashboard.charts.figure_links import linked, traced
from dashboard.charts.table import Column, html
from dashboard.page import measures, page, session
from dashboard.page.session import Visit
from dashboard.panels import peer_spread
from dashboard.queries.organisations import wards
from dashboard.queries.peers import comparisons
from dashboard.screens import ward
from dashboard.words import headlines
from schemas import wording
from schemas.periods import Month

_COLUMNS = (
    Column("ward_name", "Ward", row_header=True),
    Column("peers", "Compared with"),
    Column("read", "Value", number=True, markup=True),
    Column("based_on", "Based on", number=True),
    Column("expected", "Expected by chance"),
    Column("category", "Compared with similar wards"),
)
CATEGORY = {
    "higher": "Higher than chance explains",
    "within": "Within the range expected by chance",
    "lower": "Lower than chance explains",
    "too_few": "Too little data or too few similar wards",
}


_NOTE = (
    "The range expected by chance depends on how many answers or bed days a ward has: if similar "
    "wards differed by chance alone, 998 in 1,000 wards of its size would be in it. Wards care for "
    "different people, and not all of those differences are taken into account."
)
ONLY_TODAY = (
    "Peers are shown only in today’s figures: comparing one day with another could reveal what "
    "others sent. Go back to today’s figures to see them."
)


def show() -> None:
    """One ward in the spread of its peer group, and a table of all wards against theirs."""
    visit = session.admit("trust", "region", "group")
    own = visit.scope.can_send
    title = "Us and our peers" if own else "Wards and their peers"
    if visit.facts["as_at"] is not None:
        page.open_screen(visit, title, ONLY_TODAY)
        return
    if visit.ask(wards).is_empty():
        page.open_screen(visit, title, "There is no ward here yet.")
        return
    heading = st.container()
    measure = measures.choose(visit)
    if measure is None:
        with heading:
            page.open_screen(visit, title, headlines.NOTHING_TO_COMPARE)
        return
    code = str(measure["measure"])
    with heading:
        page.open_screen(visit, title, visit.keep(headline, measure=code))
    if page.nothing_yet(visit, "each ward within the spread of similar wards, which are not named"):
        return
    chosen = ward.choose(visit)
    peer_spread.draw(visit, measure, chosen["peer_group"], chosen["peer_group_name"], chosen)
    page.section(f"{'Each of your wards' if own else 'Every ward'} over twelve months")
    page.cached(visit, _table, measure=code)
    st.html(f'<p class="fs-note">{_NOTE}</p>')


def headline(visit: Visit, measure: str) -> str:
    """How many of a person's wards differ from similar ones by more than chance."""
    found, own = visit.ask(comparisons, measure=measure), visit.scope.can_send
    if found.height == 1:  # nothing to count for a single ward
        (only,) = found["category"]
        return f"{'Your ward' if own else 'The ward'}: {CATEGORY[only].lower()}."
    return headlines.compared(found, "your " if own else "")


def _table(visit: Visit, measure: str) -> str:
    about, found = measures.all_of(visit)[measure], visit.ask(comparisons, measure=measure)
    ours = {row["ward_id"]: row for row in visit.ask(wards).iter_rows(named=True)}
    unit, times = str(about["unit"]), about["multiplier"]
    rows = [
        {
            "ward_name": _name(visit, ours[row["unit_id"]]),
            "peers": ours[row["unit_id"]]["peer_group_name"],
            "read": _read(row, unit, times),
            "based_on": numbers.out_of(row["n"], row["d"], unit),
            "expected": _expected(row, unit, times),
            "category": CATEGORY[row["category"]],
        }
        for row in found.iter_rows(named=True)
        if row["unit_id"] in ours
    ]
    window = (
        wording.period(found["first_month"].min(), found["last_month"].max())
        if found.height
        else "no months yet"
    )
    return html(f"{about['name']}, {window}", _COLUMNS, rows)


def _name(visit: Visit, ward: dict[str, object]) -> str:
    several = visit.scope.has_several
    return f"{ward['ward_name']}, {ward['trust_name']}" if several else str(ward["ward_name"])


def _read(row: dict[str, object], unit: str, times: int) -> str:
    words = numbers.with_unit(numbers.scaled(row["value"], times), unit)
    first, last = (Month.of(row[name]) for name in ("first_month", "last_month"))
    link = traced("ward", str(row["unit_id"]), str(row["measure"]), f"{first}", last - first + 1)
    return linked(words, link)


def _expected(row: dict[str, object], unit: str, times: int) -> str:
    if row["lower998"] is None or row["upper998"] is None:
        return "Not shown"
    low, high = (
        numbers.reading(numbers.drawn(row[name], times, unit), unit)
        for name in ("lower998", "upper998")
    )
    return f"{low} to {high}"
