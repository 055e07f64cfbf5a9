"""The charter sheet: how far each ward's co-produced charter has come."""

from datetime import date

import pandera.polars as pa
import polars as pl

from schemas import vocabularies as words
from schemas.sheets.fields import ALWAYS, OPTIONAL, choice, count, field, yes_no

# How many people of each group took part, by the field that says whether any did.
PARTNERS = {
    "coproduced_patients": "patients_n",
    "coproduced_staff": "staff_n",
    "coproduced_carers": "carers_n",
}
LED_TO = ("conversations_n", "changes_n")
MAY_STAY_SHUT = (*PARTNERS.values(), "coproduced_on", *LED_TO)  # in the workbook


class Charter(pa.DataFrameModel):
    """The stage and the parts of each ward's co-produced charter."""

    ward_code: str = field("code", ALWAYS, "Ward code", "As in the register.", "ALDER1")
    stage: str = choice(
        ALWAYS,
        "Stage",
        "How far the charter has come.",
        "displayed",
        words.CHARTER_STAGE,
    )
    agreed_on: date = field(
        "date", OPTIONAL, "Agreed on", "The day the charter was agreed.", "2025-11-04"
    )
    last_reviewed_on: date = field(
        "date", OPTIONAL, "Last reviewed on", "The day it was last reviewed.", "2026-02-10"
    )
    coproduced_patients: str = yes_no(
        OPTIONAL, "Co-produced with patients", "Were patients equal partners in making it?"
    )
    coproduced_staff: str = yes_no(
        OPTIONAL, "Co-produced with staff", "Were ward staff equal partners in making it?"
    )
    coproduced_carers: str = yes_no(
        OPTIONAL, "Co-produced with carers", "Were carers equal partners in making it?", "no"
    )
    patients_n: pl.Int64 = count(
        OPTIONAL, "Patients who took part", "Patients who have worked on the charter so far.", "6"
    )
    staff_n: pl.Int64 = count(
        OPTIONAL, "Staff who took part", "Staff who have worked on the charter so far.", "9"
    )
    carers_n: pl.Int64 = count(
        OPTIONAL, "Carers who took part", "Carers who have worked on the charter so far.", "2"
    )
    coproduced_on: date = field(
        "date",
        OPTIONAL,
        "Last worked on together",
        "The last day on which they worked on it together.",
        "2025-10-21",
    )
    conversations_n: pl.Int64 = count(
        OPTIONAL,
        "Conversations held",
        "Conversations about sexual safety that the charter has led to so far. Placeholder: the "
        "programme says which count.",
        "14",
    )
    changes_n: pl.Int64 = count(
        OPTIONAL,
        "Changes made",
        "Changes on the ward that the charter has led to so far. Placeholder: the programme says "
        "which count.",
        "3",
    )
    part_commitment: str = yes_no(
        OPTIONAL, "Commitment", "Makes a clear commitment to address sexual safety."
    )
    part_context: str = yes_no(OPTIONAL, "Context", "Says why this work is done.")
    part_expected_patients: str = yes_no(
        OPTIONAL, "Expected of patients", "Sets out the behaviour expected of patients."
    )
    part_expected_staff: str = yes_no(
        OPTIONAL, "Expected of staff", "Sets out the behaviour expected of staff."
    )
    part_expected_visitors: str = yes_no(
        OPTIONAL, "Expected of visitors", "Sets out the behaviour expected of visitors."
    )
    part_explains_variation: str = yes_no(
        OPTIONAL,
        "Explains differences",
        "Explains how behaviour on the ward might differ from what is expected.",
    )

    class Config:
        strict = True
        unique = ["ward_code"]
