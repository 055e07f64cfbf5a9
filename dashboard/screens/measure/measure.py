"""Measure: one measure at every level that a person may see, each one click away."""

from html import escape

import streamlit as st

from dashboard.page import coverage, filters, measures, page, session, url_state
from dashboard.page.session import Visit
from dashboard.panels import changed_wards, figure_source, funnel, process_chart, side_by_side
from dashboard.panels.process_chart import NamedUnit
from dashboard.queries.groups import groups
from dashboard.queries.organisations import wards
from dashboard.queries.peers import comparisons
from dashboard.queries.series import signals
from dashboard.screens import peers
from dashboard.screens.measure import two_periods
from dashboard.words import headlines

_ROWS = 24
_LEVELS = {
    "peer_group": "Peer groups",
    "group": "Regions and other groups",
    "trust": "Trusts",
    "ward": "Wards",
}
_WILL_SHOW = (
    "one measure over time, its trusts and wards side by side, and how wards compare with similar "
    "ones"
)


def show() -> None:
    """One measure: its total over time, two periods, every unit, similar wards, and its files."""
    visit = session.admit("programme", "trust", "region", "group")
    heading = st.container()
    about = measures.choose(visit)
    if about is None:
        with heading:
            page.open_screen(visit, "Measure", headlines.NOTHING_TO_COMPARE)
        return
    code, whole = str(about["measure"]), visit.keep(_whole)
    with heading:
        headline = visit.keep(_headline, measure=code)
        page.open_screen(visit, str(about["name"]), headline)
    if page.nothing_yet(visit, _WILL_SHOW):
        return
    if whole is not None:
        process_chart.alone(visit, about, whole)
    elif not visit.scope.has_several:
        page.html(f'<p class="fs-empty">{escape(headlines.NO_TOTAL)}</p>')
    of = two_periods.show(visit, about, whole)
    page.section("Which wards changed", visit.keep(_changed, measure=code) if whole else "")
    changed_wards.table(visit, (code,))
    _side_by_side(visit, about, of)
    _similar(visit, about)
    page.section("What it counts", str(about["why_it_matters"]))
    page.html(figure_source.meaning(about))
    page.section("Downloads", "Choose on the next screen who a file is for.")
    page.html(_files(code))


def _whole(visit: Visit) -> NamedUnit | None:
    """The total that this person sees: of the programme, or of their one trust."""
    if visit.scope.sees_everything:
        return process_chart.PROGRAMME
    named = visit.ask(wards).select("trust_code", "trust_name").unique()
    if named.height != 1:
        return None
    code, name = named.row(0)
    has_total = visit.ask(signals, level="trust", units=(code,)).height
    return NamedUnit("trust", code, name, code) if has_total else None


def _headline(visit: Visit, measure: str) -> str:
    about, whole = measures.all_of(visit)[measure], visit.keep(_whole)
    if whole is None:
        return visit.keep(_changed, measure=measure)
    counted = coverage.counts(visit, whole.level).get((whole.code, measure))
    signal = process_chart.now(visit, whole.level, whole.code, measure)
    return headlines.now(signal, about, whole.name, counted)


def _changed(visit: Visit, measure: str) -> str:
    now = visit.ask(signals, level="ward", measures=(measure,), open_only=True)
    return headlines.changed(now, measures.all_of(visit)[measure])


def _side_by_side(visit: Visit, about: dict[str, object], of: two_periods.Periods | None) -> None:
    """Units of one level: small charts on one scale, then a table of the same."""
    offered = visit.keep(_offered)
    page.section("Side by side")
    level = offered[0]
    if len(offered) > 1:
        level = url_state.choose("Show", {one: _LEVELS[one] for one in offered}, "level")
    every = visit.keep(_names, level=level)
    shown = filters.places(len(every), _ROWS, _LEVELS[level].lower(), "units")
    names = every[shown.start : shown.stop]
    side_by_side.small_charts(visit, names, about, level)
    label = "Show as a table, with two periods" if of else "Show as a table"
    expander = st.expander(label, page.EXPANDED, key="side_by_side", on_change="rerun")
    if expander.open:
        with expander:
            two_periods.table(visit, names, str(about["measure"]), level, of)


def _offered(visit: Visit) -> tuple[str, ...]:
    """The levels that a person may look at, the largest units first."""
    if visit.scope.sees_everything:
        return tuple(_LEVELS)
    if visit.scope.groups:
        return ("trust", "group", "ward")
    return ("trust", "ward") if visit.scope.has_several else ("ward",)


def _names(visit: Visit, level: str) -> side_by_side.Names:
    """Every unit of a level and its name, in order of name."""
    every = visit.ask(wards)
    if level == "ward":
        return side_by_side.of_wards(visit, every)
    if level == "group":
        return tuple(visit.ask(groups).select("group_code", "group_name").iter_rows())
    code, name = {
        "trust": ("trust_code", "trust_name"),
        "peer_group": ("peer_group", "peer_group_name"),
    }[level]
    return tuple(every.select(code, name).drop_nulls().unique().sort(name, code).iter_rows())


def _similar(visit: Visit, about: dict[str, object]) -> None:
    """Wards beside similar ones: a funnel, or for a trust or region what its own wards show."""
    page.section("Compared with similar wards")
    if visit.facts["as_at"] is not None and not visit.scope.sees_everything:
        page.lead(peers.ONLY_TODAY)
        return
    if visit.ask(comparisons, measure=about["measure"]).is_empty():
        page.lead("Wards are not compared on this measure.")
        return
    if visit.scope.sees_everything:
        funnel.show(visit, about, visit.ask(wards))
        return
    page.lead(visit.keep(peers.headline, measure=about["measure"]))
    address = escape(f"peers?measure={about['measure']}")
    words = "Your wards and their peers" if visit.scope.can_send else "Wards and their peers"
    page.html(f'<p><a href="{address}" target="_self">{words}</a></p>')


def _files(measure: str) -> str:
    """Links to the downloads of a measure, which are masked and logged there."""
    files = {
        "chart": "Its chart as a picture",
        "figures": "Its figures as a table, every ward and month",
        "tidy": "Its figures as a tidy table, for analysts",
    }
    links = (
        f'<li><a href="take-away?what={what}&amp;measure={measure}" target="_self">{words}</a></li>'
        for what, words in files.items()
    )
    return f'<ul class="fs-links">{"".join(links)}</ul>'
