"""The scene of the example returns: one fictional trust with three wards, in March 2026, with a
year of returns behind it, and a second trust that is none of its business."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import polars as pl
import xlsxwriter

from pipelines.checking.check import Context, check
from pipelines.registers.register import Register, register_of
from pipelines.workbooks.baseline_template import filled_baseline
from pipelines.workbooks.template import filled
from schemas.baseline_window import BaselineWindow
from schemas.periods import Month, months
from schemas.programme import Breakdown, Pause, Programme

TRUST, MONTH, TODAY = "Z01", Month(2026, 3), date(2026, 4, 9)
WARDS = {"ALDER1": "Alder Ward", "BIRCH2": "Birch Ward", "CEDAR3": "Cedar Ward"}
OTHER_TRUST_CODE = "Z02"
ITEMS = {
    "confident_talk": "I feel confident to talk about sexual safety.",
    "confident_report": "I feel confident to report an incident.",
}

PROGRAMME = Programme(
    name="Practice collaborative",
    fictional=True,
    first_month="2024-10",
    pauses=(Pause(first="2025-01", last="2025-02", reason="A pause for winter pressures."),),
)

BY_AGE = PROGRAMME.model_copy(
    update={
        "breakdowns": (
            Breakdown(
                name="Age (placeholder)",
                categories=("Under 35 (placeholder)", "35 or over (placeholder)"),
            ),
        )
    }
)

COVER = {
    "submitted_by_role": "trust_lead",
    "contact_email": "sexual.safety@alderbrook.example",
    "incident_source": "datix",
    "category_mapping": "native",
    "includes_leave_incidents": "yes",
    "staff_on_staff_source": "both",
    "data_status": "provisional",
    "declaration": "yes",
}
BED_DAYS = {"ALDER1": 452, "BIRCH2": 431, "CEDAR3": 468}
CHARTER = {
    "stage": "displayed",
    "agreed_on": date(2025, 11, 4),
    "last_reviewed_on": date(2026, 2, 10),
    "coproduced_patients": "yes",
    "coproduced_staff": "yes",
    "coproduced_carers": "no",
    "part_commitment": "yes",
}


@cache
def register() -> Register:
    """Two trusts; Cedar Ward 9 of the first closed in 2025 and Dogwood opens in May 2026."""
    since = date(2019, 10, 21)
    trust = {"region_code": "Y60", "joined": since, "valid_from": since}
    wards = [
        ward(TRUST, code, name, open_from=since, valid_from=since) for code, name in WARDS.items()
    ]
    wards += [
        ward(TRUST, "OLDER9", "Older Ward", open_from=since, open_to=date(2025, 6, 30)),
        ward(TRUST, "DOGWD4", "Dogwood Ward", open_from=date(2026, 5, 1)),
        ward(OTHER_TRUST_CODE, "ELM5", "Elm Ward", open_from=since),
    ]
    statement = {
        "set_id": "sexual_safety_placeholder",
        "set_title": "Placeholder",
        "group_title": "Placeholder",
        "is_placeholder": True,
    }
    return register_of(
        {
            "trusts": pl.DataFrame(
                [
                    {"trust_code": TRUST, "trust_name": "Alderbrook", **trust},
                    {"trust_code": OTHER_TRUST_CODE, "trust_name": "Brackenfield", **trust},
                ]
            ),
            "wards": pl.DataFrame(wards, infer_schema_length=None),
            "standards": pl.DataFrame(
                [
                    {
                        **statement,
                        "statement_id": f"P{n}",
                        "group_id": "G1",
                        "short_text": f"Statement {n}",
                        "applies_to": "ward" if n == 1 else "trust",
                        "sort": n,
                    }
                    for n in (1, 2)
                ]
                + [
                    {
                        **statement,
                        "set_id": "framework",
                        "set_title": "Placeholder of a framework",
                        "statement_id": f"P{n}",
                        "group_id": "G1",
                        "short_text": f"Standard {n}",
                        "applies_to": "trust",
                        "sort": n,
                        "valid_from": MONTH.first_day,
                        "valid_to": date(2026, 12, 31),
                    }
                    for n in (1, 2)
                ],
                infer_schema_length=None,
            ),
            "questions": pl.DataFrame(
                [question("staff_confident", "Overall, I feel confident.")]
                + [
                    question(item, words, item_of="staff_confident")
                    for item, words in ITEMS.items()
                ]
            ),
        }
    )


def question(code: str, words: str, **changes: Any) -> dict[str, Any]:
    """A row of the register's questions."""
    row = {
        "question_id": code,
        "asked_of": "staff",
        "text": f"Placeholder: {words}",
        "answers": "Agree; Disagree",
        "counts_as_safe": "Agree",
        "is_placeholder": True,
        "item_of": None,
        "valid_from": None,
        "valid_to": None,
    }
    return row | changes


def ward(trust: str, code: str, name: str, **changes: Any) -> dict[str, Any]:
    """A row of the register's wards."""
    row = {
        "trust_code": trust,
        "ward_code": code,
        "ward_name": name,
        "site_code": f"{trust}01",
        "mh_class": "200",
        "security_level": "0",
        "intended_sex": "female",
        "age_group": "adult",
        "beds": 16,
        "open_from": date(2019, 10, 21),
        "open_to": None,
        "in_collaborative": "yes",
        "valid_from": date(2019, 10, 21),
    }
    return row | changes


def figures(code: str, month: Month = MONTH, **changes: Any) -> dict[str, Any]:
    """A monthly row without any findings."""
    step = list(WARDS).index(code) + month.number % 3 if code in WARDS else 0
    row = {
        "period": str(month),
        "ward_code": code,
        "return_status": "data",
        "occupied_bed_days": BED_DAYS.get(code, 450) - month.number % 5,
        "patients_present": 17,
        "pt_answered": 12 + step % 3,
        "pt_safe": 10 + step % 2,
        "st_answered": 15 + step % 4,
        "st_safe": 13,
        "inc_harassment": 1 + step % 2,
        "inc_assault": 0,
        "inc_other": 1,
        "conf_valid": 14,
        "conf_positive": 9,
    }
    return row | changes


def values(month: Month = MONTH, **rows: Any) -> dict[str, list[dict[str, Any]]]:
    """A whole good return; sheets given by name replace its own."""
    good = {
        "cover": [COVER],
        "monthly": [figures(code, month) for code in WARDS],
        "charter": [{"ward_code": code, **CHARTER} for code in WARDS],
        "events": [
            {
                "ward_code": "ALDER1",
                "date": date(2026, 3, 16),
                "kind": "test_of_change",
                "label": "New welcome conversation",
            }
        ],
    }
    if month < MONTH:
        good.pop("events")
        good.pop("charter")
    return good | rows


def workbook(month: Month = MONTH, programme: Programme = PROGRAMME, **rows: Any) -> bytes:
    """A workbook as the template writes it, with these rows in it."""
    return filled(programme, register(), TRUST, month, values(month, **rows))


BASELINE = BaselineWindow(
    trust=TRUST, first="2025-07", last="2025-12", until=date(2026, 6, 30), wards=("CEDAR3",)
)


def with_baseline(**changes: Any) -> dict[str, Any]:
    """A context in which Cedar Ward joined in January 2026 and may bring the half year before."""
    window = BASELINE.model_copy(update=changes)
    day = date(2026, 1, 1)
    wards = register().wards
    cedar = wards.filter(ward_code="CEDAR3")
    before = cedar.with_columns(
        in_collaborative=pl.lit("no"), valid_to=pl.lit(day - timedelta(days=1))
    )
    after = cedar.with_columns(valid_from=pl.lit(day))
    joining = pl.concat([wards.filter(pl.col("ward_code") != "CEDAR3"), before, after])
    return {
        "programme": PROGRAMME.model_copy(update={"baselines": (window,)}),
        "register": replace(register(), wards=joining),
    }


def baseline_workbook(period: str = "2025-07 to 2025-12", **rows: Any) -> bytes:
    """The workbook of that baseline, filled in, with these sheets in place of its own."""
    world = with_baseline()
    span = months(BASELINE.first_month, BASELINE.last_month)
    good = {"cover": [COVER], "monthly": [figures("CEDAR3", month) for month in span]} | rows
    window = BASELINE
    if period != "2025-07 to 2025-12":
        first, _, last = period.partition(" to ")
        window = BASELINE.model_copy(update={"first": first, "last": last})
    return filled_baseline(world["programme"], world["register"], window, good)


def with_figures(**changes: Any) -> bytes:
    """A workbook that is good except for some figures of its first ward."""
    first, *others = [figures(code) for code in WARDS]
    return workbook(monthly=[first | changes, *others])


@cache
def history() -> pl.DataFrame:
    """The cells of the twelve months before."""
    frames = []
    for ago in range(12, 0, -1):
        month = MONTH + -ago
        checked = check(workbook(month), "past.xlsx", Context(PROGRAMME, register(), TODAY))
        assert checked.cells is not None, checked.as_dict()
        trust, first = pl.lit(TRUST), pl.lit(month.first_day)
        frames.append(checked.cells.with_columns(trust_code=trust, month=first))
    return pl.concat(frames)


def context(**changes: Any) -> Context:
    """What the example returns are checked against."""
    usual = {
        "programme": PROGRAMME,
        "register": register(),
        "today": TODAY,
        "allowed_trusts": frozenset({TRUST}),
    }
    if "history" not in changes:  # it takes a second to make
        usual["history"] = history()
    return Context(**(usual | changes))


def plain_workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """A workbook with just these rows of cells, as someone without the template would make."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()
