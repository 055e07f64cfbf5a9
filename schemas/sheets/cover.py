"""The cover: who sends this return, for which trust and month, and how it was counted."""

from datetime import date

import pandera.polars as pa

from schemas import vocabularies as words
from schemas.sheets.fields import (
    ALWAYS,
    OPTIONAL,
    TEAM_MAILBOX,
    TEMPLATE_VERSION,
    choice,
    field,
    text,
    yes_no,
)


class Cover(pa.DataFrameModel):
    """Details of this return: one row, entered as a list of questions and answers."""

    template_version: str = text(
        ALWAYS, "Template version", "Filled in for you.", TEMPLATE_VERSION, 20
    )
    trust_code: str = field("code", ALWAYS, "Trust code", "The ODS code of the trust.", "Z01")
    trust_name: str = text(OPTIONAL, "Trust name", "Filled in for you.", "Alderbrook", 100)
    period: date = field(
        "month",
        ALWAYS,
        "Month",
        "The month of every figure in this return; of a baseline, its first and last month.",
        "2026-03",
    )
    submitted_by_role: str = choice(
        ALWAYS,
        "Your role",
        "The role of the person who sends this return. No name is needed.",
        "trust_lead",
        words.ROLE_OF_SENDER,
    )
    contact_email: str = text(
        OPTIONAL,
        "Team mailbox",
        "A shared mailbox for questions about this return, not a person's own address.",
        "team@trust.example",
        100,
        str_matches=TEAM_MAILBOX,
    )
    incident_source: str = choice(
        ALWAYS,
        "Incident system",
        "The system the incidents are counted from.",
        "datix",
        words.INCIDENT_SOURCE,
    )
    category_mapping: str = choice(
        ALWAYS,
        "How categories are recorded",
        "Whether incidents are recorded in the three categories, mapped from local ones or "
        "reviewed by hand.",
        "native",
        words.CATEGORY_MAPPING,
    )
    includes_leave_incidents: str = yes_no(
        ALWAYS,
        "Incidents during leave counted",
        "Are incidents during authorised or unauthorised leave counted?",
    )
    staff_on_staff_source: str = choice(
        OPTIONAL,
        "Source of staff-alleged incidents",
        "Where incidents in which a member of staff is alleged to be responsible are recorded.",
        "incident_system",
        words.STAFF_SOURCE,
    )
    data_status: str = choice(
        ALWAYS,
        "Provisional or final",
        "Provisional figures may still change; final ones are your last word.",
        "provisional",
        words.DATA_STATUS,
    )
    declaration: str = choice(
        ALWAYS,
        "Declaration",
        "Yes: these figures were counted with the definitions in this workbook.",
        "yes",
        {"yes": words.YES_NO["yes"]},
    )
    notes: str = text(OPTIONAL, "Notes", "Do not describe incidents or people.", "", 500)

    class Config:
        strict = True
