"""A ward's charter and its ratings against the standards."""

from dashboard.charts.figure_links import linked, sheet_of
from dashboard.charts.table import Column, html
from dashboard.page import page
from dashboard.page.session import Visit
from dashboard.panels import standards, what_helps
from dashboard.queries.charters import charters_now
from dashboard.words.charters import led_to, took_part
from schemas import wording
from schemas.vocabularies import CHARTER_STAGE

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
ANSWERS = {True: "Yes", False: "No", None: "Not answered"}


def show(visit: Visit, ward: dict[str, object]) -> None:
    """The charter's stage and parts, and the ward's ratings, as tables."""
    unit = str(ward["ward_id"])
    charter = visit.keep(_charter, unit=unit)
    if charter is None:
        page.section("Charter", "This ward has not reported on its charter yet.")
    else:
        contents = page.ready(visit, _contents, unit=unit)
        page.section("Charter", visit.keep(_stage, unit=unit), markup=contents)
    if charter is None or not charter["in_place"]:
        what_helps.show("charter")
    standards.of_ward(visit, unit)


def _charter(visit: Visit, unit: str) -> dict[str, object] | None:
    found = visit.ask(charters_now, wards=(unit,))
    return None if found.is_empty() else found.row(0, named=True)


def _stage(visit: Visit, unit: str) -> str:
    charter = visit.keep(_charter, unit=unit)
    wrote = [word for field, word in TOGETHER.items() if charter[field]]
    place = "in place" if charter["in_place"] else "not yet in place"
    stage = (
        f"{CHARTER_STAGE[str(charter['stage'])]} in {wording.month_of(charter['month'])}: {place}. "
        f"Written together with {wording.listed(wrote, nothing='nobody, as far as we know')}."
    )
    return " ".join(filter(None, (stage, took_part(charter), led_to(charter))))


def _contents(visit: Visit, unit: str) -> str:
    charter = visit.keep(_charter, unit=unit)
    rows = [{"part": words, "answer": ANSWERS[charter[field]]} for field, words in PARTS.items()]
    for field, words in (("agreed_on", "Agreed on"), ("last_reviewed_on", "Last reviewed on")):
        day = charter[field]
        rows.append({"part": words, "answer": wording.day_of(day) if day else "No date"})
    source = sheet_of(unit, "charter", f"{charter['month']:%Y-%m}")
    table = html("What the charter contains", _PARTS, rows)
    return f"{table}<p>{linked('Where this came from', source)}</p>"


_PARTS = (Column("part", "Part", row_header=True), Column("answer", "Answer"))
