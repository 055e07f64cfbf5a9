"""Our wards: every ward of a person's trusts, side by side on one scale."""

from dashboard.page import filters, measures, page, session
from dashboard.page.session import Visit
from dashboard.panels import events, side_by_side, staff_alleged, who_by_whom
from dashboard.panels.chart_decisions import Unit
from dashboard.queries.organisations import wards
from dashboard.queries.series import signals
from dashboard.words import headlines

_ROWS = 24
_WILL_SHOW = (
    "each ward’s figures as a small chart, all on one scale, and then every core measure with what "
    "its latest month shows"
)


def show() -> None:
    """Small charts of one measure, then every core measure as icons with words."""
    visit = session.admit("trust", "region", "group")
    own = visit.scope.can_send
    page.open_screen(visit, "Our wards" if own else "Wards", visit.keep(_headline))
    if page.nothing_yet(visit, _WILL_SHOW):
        return
    if not own:
        page.html(f"<p>{page.FILES}</p>")
    shown = filters.places(visit.ask(wards).height, _ROWS, "wards")
    names = visit.keep(_names, shown=shown)
    measure = measures.choose(visit)
    if measure is not None:
        side_by_side.small_charts(visit, names, measure)
    page.section("Every core measure", "What each ward’s latest month shows. Choose one for more.")
    side_by_side.icons(visit, names, "Your wards now" if own else "The wards now")
    whose = "your trust" if own else "a trust"
    page.html(f'<p><a href="trust" target="_self">Charts of the wards of {whose} together</a></p>')
    if visit.facts["data_to"] is not None:
        for trust in sorted(visit.scope.trusts):
            who_by_whom.of_trust(visit, visit.facts["data_to"], trust)
        staff_alleged.of_trust(visit, visit.facts["data_to"])
    events.show(visit, visit.keep(_units))


def _units(visit: Visit) -> tuple[Unit, ...]:
    """The units whose events are shown: the person's trusts, their wards and the programme."""
    trusts = [("trust", code) for code in sorted(visit.scope.trusts)]
    each = [("ward", ward) for ward in visit.ask(wards)["ward_id"]]
    return (*trusts, *each, ("programme", "programme"))


def _headline(visit: Visit) -> str:
    for measure in measures.feeling_safe(visit):
        now = visit.ask(signals, level="ward", measures=(measure["measure"],), open_only=True)
        return headlines.changed(now, measure)
    return headlines.NOT_ASKED


def _names(visit: Visit, shown: range) -> side_by_side.Names:
    """The wards of one page and their names."""
    return side_by_side.of_wards(visit, visit.ask(wards).slice(shown.start, len(shown)))
