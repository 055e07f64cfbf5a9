"""Returns that hypothesis may draw: any valid values for the example trust."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from schemas.returns import columns_of
from schemas.sheets.pairs import AFFECTED, ALLEGED, cell
from tests.returns.scene import COVER, ITEMS, MONTH, WARDS

COUNT = st.integers(0, 60)


def choice(sheet: str, field: str) -> st.SearchStrategy[str]:
    return st.sampled_from(columns_of(sheet)[field].allowed)


@st.composite
def part_of(draw: Any, whole: int | None) -> int | None:
    """A part of a whole, or nothing if there is no whole."""
    return None if whole is None else draw(st.none() | st.integers(0, whole))


@st.composite
def monthly_row(draw: Any, code: str) -> dict[str, Any]:
    """A row of any status, filled in as the template asks."""
    status = draw(choice("monthly", "return_status"))
    row: dict[str, Any] = {"period": str(MONTH), "ward_code": code, "return_status": status}
    if status in ("ward_closed", "not_collected"):
        return row
    incidents = [draw(st.integers(0, 20)) for _ in range(3)] if status == "data" else [0, 0, 0]
    harassment, assault, other = incidents
    row |= {
        "occupied_bed_days": draw(st.integers(1, 700)),
        "survey_mode": draw(st.none() | choice("monthly", "survey_mode")),
    }
    if status == "data":
        row |= {"inc_harassment": harassment, "inc_assault": assault, "inc_other": other}
    for safe, answered in (("pt_safe", "pt_answered"), ("st_safe", "st_answered")):
        row[answered] = draw(COUNT)
        row[safe] = draw(st.integers(0, row[answered]))
    for part, whole in (
        ("admissions_discussed", "admissions_audited"),
        ("meetings_discussed", "meetings_held"),
        ("trained_n", "staff_in_post"),
        ("conf_positive", "conf_valid"),
        ("rounds_informed", "rounds_held"),
    ):
        row[whole] = draw(st.none() | COUNT)
        row[part] = draw(part_of(row[whole]))
    for field in ("support_offered_n", "options_considered_n"):
        row[field] = draw(part_of(sum(incidents)))
    for field in ("pt_declined", "restraint_n", "seclusion_n", "patients_present"):
        row[field] = draw(st.none() | COUNT)
    days = st.integers(0, MONTH.days - 1) if assault else st.integers(MONTH.days, 4000)
    row["days_since_assault"] = draw(st.none() | days)
    if 0 < sum(incidents) <= 6 and draw(st.booleans()):
        row |= draw(pairs(sum(incidents)))
    elif sum(incidents):
        row["inc_alleged_patient"] = draw(st.none() | st.integers(1, 30))
    return row


@st.composite
def item_row(draw: Any, row: dict[str, Any], item: str) -> dict[str, Any]:
    """What a ward's staff answered to an item, never by more than answered the survey."""
    answered = draw(part_of(row.get("conf_valid")))
    before = draw(st.none() | COUNT)
    return {
        "ward_code": row["ward_code"],
        "question_id": item,
        "item_answered": answered,
        "item_confident": None if answered is None else draw(st.integers(0, answered)),
        "before_answered": before,
        "before_confident": None if before is None else draw(st.integers(0, before)),
    }


@st.composite
def pairs(draw: Any, incidents: int) -> dict[str, int]:
    """Who was affected in each of some incidents, by whom, counted as the return asks."""
    some = [
        (
            draw(st.sets(st.sampled_from(list(AFFECTED)), min_size=1)),
            draw(st.sets(st.sampled_from(list(ALLEGED)), min_size=1)),
        )
        for _ in range(incidents)
    ]
    margins = {f"inc_affected_{who}": sum(who in a for a, _ in some) for who in AFFECTED}
    margins |= {f"inc_alleged_{who}": sum(who in b for _, b in some) for who in ALLEGED}
    kept = {field: number for field, number in margins.items() if draw(st.booleans())}
    both = {(a, b): sum(a in x and b in y for x, y in some) for a in AFFECTED for b in ALLEGED}
    return kept | {cell(*pair): number for pair, number in both.items() if number}


@st.composite
def charter_row(draw: Any, code: str) -> dict[str, Any]:
    """A charter at any stage, with dates in their order."""
    agreed = draw(st.dates(date(2020, 1, 1), date(2026, 3, 1)))
    return {
        "ward_code": code,
        "stage": draw(choice("charter", "stage")),
        "agreed_on": agreed,
        "last_reviewed_on": draw(st.none() | st.dates(agreed, date(2026, 4, 9))),
        "coproduced_patients": draw(st.none() | choice("charter", "coproduced_patients")),
        "part_context": draw(st.none() | choice("charter", "part_context")),
    }


@st.composite
def valid_values(draw: Any) -> dict[str, list[dict[str, Any]]]:
    """What the example trust might send, whole and without an error."""
    rows = [draw(monthly_row(code)) for code in WARDS]
    cover = {
        field: draw(choice("cover", field)) for field in COVER if columns_of("cover")[field].allowed
    }
    return {
        "cover": [cover],
        "monthly": rows,
        "charter": [
            draw(charter_row(code)) for code in draw(st.sets(st.sampled_from(list(WARDS))))
        ],
        "confidence": [
            draw(item_row(row, item))
            for row in rows
            for item in draw(st.sets(st.sampled_from(list(ITEMS))))
        ],
        "trust_standards": [
            {"set_id": "framework", "statement_id": statement, "rating": draw(rating)}
            for statement in draw(st.sets(st.sampled_from(["P1", "P2"])))
            for rating in [choice("trust_standards", "rating")]
        ],
        "events": draw(
            st.lists(
                st.fixed_dictionaries(
                    {
                        "ward_code": st.sampled_from(["ALL", *WARDS]),
                        "date": st.dates(date(2026, 3, 1), date(2026, 3, 31)),
                        "kind": choice("events", "kind"),
                        "label": st.sampled_from(["Safety huddle", "New poster", "Team day"]),
                    }
                ),
                max_size=4,
            )
        ),
    }
