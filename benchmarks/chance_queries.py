"""How many queries chance alone raises about the returns of a trust in which nothing changes.

Run `python benchmarks/chance_queries.py`: it prints the table of “Queries on a return” in
docs/false-alarms.md, from 2,000 years of a trust with four wards, in about three minutes, and W03's
rate at other thresholds. The same seed gives the same tables.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from pipelines.checking.context import Context
from pipelines.checking.past import LONGEST_LOOK_BACK, Past
from pipelines.checking.rules import RULES, against_past
from pipelines.checking.typed_return import TypedReturn, TypedRow
from pipelines.reading.text_sheets import Cell
from pipelines.registers.register import register_of
from schemas.periods import Month
from schemas.programme import Programme
from schemas.returns import columns_of

YEARS, SEED = 2_000, 20261128
THRESHOLDS = (0.001, 0.005, 0.01, 0.02)  # for W03; each is tried with a quarter of the years
TRUST, WARDS, PROGRAMME_WARDS = "Z01", 4, 70
CODES = ("W01", "W02", "W03", "W04", "W05", "W06", "W07", "W08", "W09", "W14", "W16")
FIRST = Month(2030, 1)

# What is assumed of a ward. Every month is drawn anew from the same chances.
BEDS, OCCUPANCY, OCCUPANCY_SPREAD = 18, (0.87, 0.95), 0.02
STAFF, PATIENTS_ANSWER, STAFF_ANSWER = (26, 34), 0.75, 0.58
PATIENTS_SAFE, STAFF_SAFE = (0.70, 0.97), (0.80, 0.98)
INCIDENTS, ASSAULTS, ALLEGED_STAFF = (0.8, 4.0), 0.08, 0.02

Row = dict[str, Any]


def queries(years: int, seed: int) -> dict[str, float]:
    """Queries by code, on average in a year of one trust."""
    found: Counter[str] = Counter()
    random, context = np.random.default_rng(seed), _context()
    for _ in range(years):
        found.update(_of_a_year(random, context))
    return {code: found[code] / years for code in CODES}


def _of_a_year(random: np.random.Generator, context: Context) -> Iterator[str]:
    """The codes of the queries of one trust's thirteenth to twenty-fourth month."""
    wards = [_ward(random) for _ in range(WARDS)]
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


def _ward(random: np.random.Generator) -> Row:
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


def _context() -> Context:
    """A programme with one trust of four wards, on a day on which nothing is late."""
    since = date(2019, 1, 1)
    trust = {"trust_code": TRUST, "trust_name": "A trust", "region_code": "Y60", "joined": since}
    ward = {"mh_class": "200", "intended_sex": "mixed", "beds": 18, "in_collaborative": "yes"}
    wards = [
        {"trust_code": TRUST, "ward_code": f"W{n}", "ward_name": f"Ward {n}", **ward}
        | {"open_from": since, "valid_from": since}
        for n in range(WARDS)
    ]
    register = register_of(
        {"trusts": pl.DataFrame([trust | {"valid_from": since}]), "wards": pl.DataFrame(wards)}
    )
    programme = Programme(name="Chance", fictional=True, first_month=str(FIRST))
    return Context(programme, register, today=FIRST.first_day)


def at_thresholds(years: int, seed: int) -> dict[float, float]:
    """How many W03 queries a year each threshold would raise."""
    used, found = against_past.RARE, {}
    try:
        for threshold in THRESHOLDS:
            against_past.RARE = threshold
            found[threshold] = queries(years, seed)["W03"]
    finally:
        against_past.RARE = used
    return found


def main() -> None:
    """Print the tables."""
    print("| code | queries a year by chance, trust of four wards | a month, 70 wards |")
    print("|---|---:|---:|")
    for code, rate in queries(YEARS, SEED).items():
        print(f"| {code} | {rate:.2f} | {rate / WARDS / 12 * PROGRAMME_WARDS:.1f} |")
    for threshold, rate in at_thresholds(YEARS // 4, SEED).items():
        print(f"W03 at {threshold}: {rate:.2f}")


if __name__ == "__main__":
    main()
