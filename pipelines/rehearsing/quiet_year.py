"""A year of returns of a trust in which nothing changes, put to the rules of the check."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from pipelines.checking.context import Context
from pipelines.checking.past import LONGEST_LOOK_BACK, Past
from pipelines.checking.rules import RULES
from pipelines.checking.typed_return import TypedReturn, TypedRow
from pipelines.reading.text_sheets import Cell
from pipelines.registers.register import register_of
from schemas.periods import Month
from schemas.programme import Programme
from schemas.returns import columns_of

TRUST = "Z01"
FIRST = Month(2030, 1)

# What is assumed of a ward. Every month is drawn again from the same chances.
BEDS, OCCUPANCY, OCCUPANCY_SPREAD = 18, (0.87, 0.95), 0.02
STAFF, PATIENTS_ANSWER, STAFF_ANSWER = (26, 34), 0.75, 0.58
PATIENTS_SAFE, STAFF_SAFE = (0.70, 0.97), (0.80, 0.98)
INCIDENTS, ASSAULTS, ALLEGED_STAFF = (0.8, 4.0), 0.08, 0.02

Row = dict[str, Any]


def of_a_year(random: np.random.Generator, context: Context, wards: Sequence[Row]) -> Iterator[str]:
    """The codes of the queries of one trust's thirteenth to twenty-fourth month."""
    past: dict[date, dict[tuple[str, str | None, str], Any]] = {}
    for number in range(2 * LONGEST_LOOK_BACK):
        month = FIRST + number
        rows = [_month(random, f"W{n}", ward, month) for n, ward in enumerate(wards)]
        if number >= LONGEST_LOOK_BACK:
            sent = _return(rows, month, Past(month, past), context)
            yield from (problem.code for rule in RULES for problem in rule(sent))
        past[month.first_day] = {
            ("monthly", row["ward_code"], field): value
            for row in rows
            for field, value in row.items()
        } | {("cover", None, field): said for field, said in _COVER.items()}


def usual_ward(random: np.random.Generator) -> Row:
    """A ward as assumed here: beds, how full it is, its staff, how safe they feel, incidents."""
    return {
        "beds": BEDS,
        "occupancy": random.uniform(*OCCUPANCY),
        "staff": random.integers(*STAFF, endpoint=True),
        "patients_safe": random.uniform(*PATIENTS_SAFE),
        "staff_safe": random.uniform(*STAFF_SAFE),
        "incidents": random.uniform(*INCIDENTS),
    }


def _month(random: np.random.Generator, code: str, ward: Row, month: Month) -> Row:
    """A month of a ward, as a trust that counts without a slip would send it."""
    full = min(0.99, max(0.75, ward["occupancy"] + random.normal(0, OCCUPANCY_SPREAD)))
    present = round(ward["beds"] * full)
    patients, staff = (
        int(random.binomial(of, share))
        for of, share in ((present, PATIENTS_ANSWER), (ward["staff"], STAFF_ANSWER))
    )
    total = int(random.poisson(ward["incidents"]))
    assaults = int(random.binomial(total, ASSAULTS))
    other = int(random.binomial(total - assaults, 0.3))
    on_patients = int(random.binomial(total, 0.7))
    by_staff = int(random.binomial(total, ALLEGED_STAFF))
    return {
        "period": month.first_day,
        "ward_code": code,
        "return_status": "data",
        "occupied_bed_days": round(ward["beds"] * month.days * full),
        "patients_present": present,
        "pt_answered": patients,
        "pt_safe": int(random.binomial(patients, ward["patients_safe"])),
        "staff_in_post": int(ward["staff"]),
        "st_answered": staff,
        "st_safe": int(random.binomial(staff, ward["staff_safe"])),
        "inc_harassment": total - assaults - other,
        "inc_assault": assaults,
        "inc_other": other,
        "inc_affected_patient": on_patients,
        "inc_affected_staff": total - on_patients,
        "inc_alleged_patient": total - by_staff,
        "inc_alleged_staff": by_staff,
    }


_COVER = {
    "data_status": "provisional",
    "staff_on_staff_source": "incident_system",
    "category_mapping": "native",
    "includes_leave_incidents": "yes",
}


def _return(rows: list[Row], month: Month, past: Past, context: Context) -> TypedReturn:
    entries = {
        "cover": (_entry("cover", 1, _COVER),),
        "monthly": tuple(_entry("monthly", number, row) for number, row in enumerate(rows, 2)),
    }
    return TypedReturn(TRUST, month, entries, past, context)


def _entry(sheet: str, number: int, values: Row) -> TypedRow:
    fields = columns_of(sheet)
    cells = {
        field: Cell(number, place, str(values.get(field, "")))
        for place, field in enumerate(fields, 1)
    }
    return TypedRow(sheet, number, cells, values, frozenset())


def quiet(beds: Sequence[int]) -> Context:
    """A programme with one trust, whose wards have so many beds, on a day when nothing is late."""
    since = date(2019, 1, 1)
    trust = {"trust_code": TRUST, "trust_name": "A trust", "region_code": "Y60", "joined": since}
    ward = {"mh_class": "200", "intended_sex": "mixed", "in_collaborative": "yes"}
    wards = [
        {"trust_code": TRUST, "ward_code": f"W{n}", "ward_name": f"Ward {n}", **ward}
        | {"beds": number, "open_from": since, "valid_from": since}
        for n, number in enumerate(beds)
    ]
    register = register_of(
        {"trusts": pl.DataFrame([trust | {"valid_from": since}]), "wards": pl.DataFrame(wards)}
    )
    programme = Programme(name="Chance", fictional=True, first_month=str(FIRST))
    return Context(programme, register, today=FIRST.first_day)
