"""Our wards: every ward of one's trusts, side by side on one scale."""

from dashboard.queries.signals import signals
from dashboard.queries.wards import wards
from dashboard.views import door, filters, measures, page, staff_alleged
from dashboard.views.comparing import side_by_side
from dashboard.views.deciding import happened
from dashboard.words import answers

_ROWS = 24


def show() -> None:
    """Small charts of one measure, then every core measure as icons with words."""
    visit = door.admit("trust", "region")
    ours = visit.ask(wards)
    safe = measures.all_of(visit)[measures.PATIENTS]
    now = visit.ask(signals, level="ward", measures=(measures.PATIENTS,))
    own = visit.scope.can_send
    title = "Our wards" if own else "Wards"
    page.opening(visit, title, answers.changed(now, safe))
    several = len(visit.scope.trusts) > 1
    shown = filters.paged(ours, _ROWS, "wards")
    names = tuple(
        (
            row["ward_id"],
            f"{row['ward_name']}, {row['trust_name']}" if several else row["ward_name"],
        )
        for row in shown.iter_rows(named=True)
    )
    side_by_side.small_charts(visit, names, measures.choose(visit))
    page.section("Every core measure", "What each ward’s latest month says. Choose one for more.")
    side_by_side.icons(visit, names, "Your wards now" if own else "The wards now")
    if visit.facts["data_to"] is not None:
        staff_alleged.of_trust(visit, visit.facts["data_to"])
    trusts = [("trust", code) for code in sorted(visit.scope.trusts)]
    each = [("ward", ward) for ward in ours["ward_id"]]
    happened.show(visit, [*trusts, *each, ("programme", "programme")])
