"""A ward's charter and its ratings against the standards."""

from dashboard.charts.table import Column, html
from dashboard.queries.charters_now import charters_now
from dashboard.queries.ratings import ratings
from dashboard.views import page
from dashboard.views.door import Visit
from dashboard.words import phrases
from schemas.vocabularies import CHARTER_STAGE, RATING

PARTS = {
    "part_commitment": "A commitment to address sexual safety",
    "part_context": "Context for the work",
    "part_expected_patients": "What patients can expect",
    "part_expected_staff": "What staff can expect",
    "part_expected_visitors": "What visitors can expect",
    "part_explains_variation": "How behaviour on the ward might differ",
}
TOGETHER = {
    "coproduced_patients": "patients",
    "coproduced_staff": "staff",
    "coproduced_carers": "carers",
}
SAID = {True: "Yes", False: "No", None: "Not answered"}


def show(visit: Visit, ward: dict[str, object]) -> None:
    """The charter's stage and parts, and the ward's ratings, as tables."""
    found = visit.ask(charters_now, wards=(str(ward["ward_id"]),))
    if found.is_empty():
        page.section("Charter", "The ward has not told us about its charter yet.")
    else:
        _charter(found.row(0, named=True))
    _ratings(visit, ward)


def _charter(charter: dict[str, object]) -> None:
    wrote = [word for field, word in TOGETHER.items() if charter[field]]
    place = "in place" if charter["in_place"] else "not yet in place"
    page.section(
        "Charter",
        f"{CHARTER_STAGE[str(charter['stage'])]} in {phrases.month(charter['month'])}: {place}. "
        f"Written together with {phrases.listed(wrote, nothing='nobody we know of')}.",
    )
    rows = [{"part": words, "there": SAID[charter[field]]} for field, words in PARTS.items()]
    for field, words in (("agreed_on", "Agreed on"), ("last_reviewed_on", "Last reviewed on")):
        day = charter[field]
        rows.append({"part": words, "there": phrases.day(day) if day else "No date"})
    page.html(html("What the charter holds", _PARTS, rows))


def _ratings(visit: Visit, ward: dict[str, object]) -> None:
    rated = visit.ask(ratings, wards=(str(ward["ward_id"]),))
    if rated.is_empty():
        page.section("Standards", "The ward has not rated itself against the standards yet.")
        return
    met = sum(row["rating"] == "met" for row in rated.iter_rows(named=True))
    counted = {"met", "partly_met", "not_met"}
    all_rated = sum(row["rating"] in counted for row in rated.iter_rows(named=True))
    others = rated.height - all_rated
    page.section(
        "Standards",
        f"{phrases.of_them(met, all_rated, 'rated statement')} met"
        + (f"; {others} not applicable or not assessed." if others else "."),
    )
    rows = [
        {**row, "rating": RATING[row["rating"]], "month": phrases.month(row["month"])}
        for row in rated.iter_rows(named=True)
    ]
    page.html(html("The ward’s own ratings", _RATINGS, rows))


_PARTS = (Column("part", "Part", row_header=True), Column("there", "There"))
_RATINGS = (
    Column("group_title", "Foundation"),
    Column("short_text", "Statement", row_header=True),
    Column("rating", "Rating"),
    Column("month", "Assessed for"),
)
