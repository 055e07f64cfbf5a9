"""The monthly return: its sheets, columns, types, vocabularies and operational definitions.

Each pandera model is one sheet and the only description of it: the template, the reader, the
parser, the checks, the archive and the data dictionary are all driven by these models. A field's
title is the label a person sees, its description is the definition at the point of entry, and its
metadata says how the cell is read (`kind`), when it must be filled in (`required`), an example,
and whether it is `restricted` to the trust itself and the programme team.

Definitions of the incident categories follow the collaborative's own, in short; question wording
is not here but in a file that the programme fills in.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandera.polars as pa
import polars as pl

from schemas import vocabularies as words

TEMPLATE_VERSION = "1.0"
WARD_CODE = r"^[A-Z0-9][A-Z0-9_-]{0,11}$"
TRUST_CODE = r"^(?:[RT][A-Z0-9]{2}|[A-Z]\d[A-Z]\d[A-Z])$"
FICTIONAL_TRUST_CODE = r"^Z(?:0[1-9]|[1-9]\d)$"  # codes that no real trust has
SITE_CODE = r"^(?:[RTZ][A-Z0-9]{4}|[A-Z]\d[A-Z]\d[A-Z])$"
TEAM_MAILBOX = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
EVERY_WARD = "ALL"

ALWAYS, WITH_DATA, UNLESS_CLOSED, OPTIONAL = "always", "with_data", "unless_closed", "optional"


def _field(
    kind: str, required: str, title: str, description: str, example: str, **rest: Any
) -> Any:
    metadata = {"kind": kind, "required": required, "example": example}
    metadata["restricted"] = rest.pop("restricted", False)
    rest.setdefault("nullable", required != ALWAYS)
    return pa.Field(title=title, description=description, metadata=metadata, **rest)


def _count(required: str, title: str, description: str, example: str, **rest: Any) -> Any:
    return _field("count", required, title, description, example, ge=0, **rest)


def _yes_no(required: str, title: str, description: str, example: str = "yes") -> Any:
    return _field("choice", required, title, description, example, isin=list(words.YES_NO))


def _choice(required: str, title: str, description: str, example: str, allowed: Any) -> Any:
    return _field("choice", required, title, description, example, isin=list(allowed))


class Cover(pa.DataFrameModel):
    """About this return: one row, entered as a list of questions and answers."""

    template_version: str = _field(
        "text", ALWAYS, "Template version", "Filled in for you.", TEMPLATE_VERSION
    )
    trust_code: str = _field("code", ALWAYS, "Trust code", "The ODS code of the trust.", "Z01")
    trust_name: str = _field("text", OPTIONAL, "Trust name", "Filled in for you.", "Alderbrook")
    period: date = _field(
        "month", ALWAYS, "Month", "The calendar month of every figure in this return.", "2026-03"
    )
    submitted_by_role: str = _choice(
        ALWAYS,
        "Your role",
        "The role of the person who sends this return. No name is needed.",
        "trust_lead",
        words.ROLE_OF_SENDER,
    )
    contact_email: str = _field(
        "text",
        OPTIONAL,
        "Team mailbox",
        "A shared mailbox for questions about this return, not a person's own address.",
        "team@trust.example",
        str_matches=TEAM_MAILBOX,
    )
    incident_source: str = _choice(
        ALWAYS,
        "Incident system",
        "The system the incidents are counted from.",
        "datix",
        words.INCIDENT_SOURCE,
    )
    category_mapping: str = _choice(
        ALWAYS,
        "How categories are recorded",
        "native: recorded in the three categories; mapped: mapped from local ones; "
        "manual: reviewed by hand.",
        "native",
        words.CATEGORY_MAPPING,
    )
    includes_leave_incidents: str = _yes_no(
        ALWAYS,
        "Incidents during leave counted",
        "Are incidents during authorised or unauthorised leave counted?",
    )
    staff_on_staff_source: str = _choice(
        OPTIONAL,
        "Source of staff-alleged incidents",
        "Where incidents in which a member of staff is alleged to be responsible are recorded.",
        "incident_system",
        words.STAFF_SOURCE,
    )
    data_status: str = _choice(
        ALWAYS,
        "Provisional or final",
        "Provisional figures may still change; final ones are your last word.",
        "provisional",
        words.DATA_STATUS,
    )
    declaration: str = _choice(
        ALWAYS,
        "Declaration",
        "yes: these figures were counted with the definitions in this workbook.",
        "yes",
        ("yes",),
    )
    notes: str = _field(
        "text",
        OPTIONAL,
        "Notes",
        "At most 500 characters. Do not describe incidents or people.",
        "",
        str_length={"max_value": 500},
    )

    class Config:
        strict = True


class Wards(pa.DataFrameModel):
    """The trust's wards as the register has them; change a row if it is out of date."""

    ward_code: str = _field(
        "code", ALWAYS, "Ward code", "Your own short code.", "ALDER1", str_matches=WARD_CODE
    )
    ward_name: str = _field(
        "text",
        ALWAYS,
        "Ward name",
        "At most 60 characters.",
        "Alder Ward",
        str_length={"max_value": 60},
    )
    site_code: str = _field(
        "code", OPTIONAL, "Site code", "The ODS code of the site.", "Z0101", str_matches=SITE_CODE
    )
    mh_class: str = _choice(
        ALWAYS,
        "Ward class",
        "The MHSDS admitted patient classification, for example 200 for acute adult.",
        "200",
        words.WARD_CLASSES,
    )
    security_level: str = _choice(
        OPTIONAL,
        "Security level",
        "0 general, 1 low secure, 2 medium secure, 3 high secure.",
        "0",
        words.SECURITY_LEVEL,
    )
    intended_sex: str = _choice(
        ALWAYS,
        "Ward intended sex",
        "The sex of the patients the ward is meant for.",
        "female",
        words.INTENDED_SEX,
    )
    age_group: str = _choice(
        OPTIONAL, "Age group", "cyp, adult or older.", "adult", words.AGE_GROUP
    )
    beds: pl.Int64 = _count(ALWAYS, "Beds", "Beds in use, 1 to 60.", "16", le=60)
    open_from: date = _field("date", ALWAYS, "Open from", "First day open.", "2019-10-21")
    open_to: date = _field("date", OPTIONAL, "Open to", "Last day open; blank if still open.", "")
    in_collaborative: str = _yes_no(
        ALWAYS, "In the collaborative", "Does this ward take part in the collaborative?"
    )

    class Config:
        strict = True
        unique = ["ward_code"]


class Monthly(pa.DataFrameModel):
    """One row for each ward: about twelve numbers."""

    period: date = _field("month", ALWAYS, "Month", "The same month as on the cover.", "2026-03")
    ward_code: str = _field("code", ALWAYS, "Ward code", "As in the register.", "ALDER1")
    return_status: str = _choice(
        ALWAYS,
        "Row status",
        "data: figures are entered. nil_incidents: nothing happened, and you confirm it. "
        "ward_closed: closed all month. not_collected: open, but nothing was collected.",
        "data",
        words.RETURN_STATUS,
    )
    occupied_bed_days: pl.Int64 = _count(
        UNLESS_CLOSED,
        "Occupied bed days",
        "Ward-stay bed days in the month: for each patient the days on this ward.",
        "452",
    )
    patients_present: pl.Int64 = _count(
        OPTIONAL, "Patients present", "Patients on the ward while the survey was open.", "17"
    )
    pt_answered: pl.Int64 = _count(
        WITH_DATA,
        "Patients who answered",
        "Patients with a valid answer to the feeling-safe question. Leave out “prefer not to say”.",
        "12",
    )
    pt_safe: pl.Int64 = _count(
        WITH_DATA,
        "Patients who feel safe",
        "Of those who answered, how many feel safe from sexual harm.",
        "10",
    )
    pt_declined: pl.Int64 = _count(
        OPTIONAL, "Patients who preferred not to say", "Asked, but preferred not to say.", "2"
    )
    staff_in_post: pl.Int64 = _count(
        OPTIONAL, "Staff in post", "Staff who work on the ward this month.", "28"
    )
    st_answered: pl.Int64 = _count(
        WITH_DATA,
        "Staff who answered",
        "Staff with a valid answer to the feeling-safe question. Leave out “prefer not to say”.",
        "15",
    )
    st_safe: pl.Int64 = _count(
        WITH_DATA,
        "Staff who feel safe",
        "Of those who answered, how many feel safe from sexual harm at work.",
        "13",
    )
    st_declined: pl.Int64 = _count(
        OPTIONAL, "Staff who preferred not to say", "Asked, but preferred not to say.", "1"
    )
    survey_mode: str = _choice(
        OPTIONAL,
        "How people were asked",
        "paper, tablet, interview or mixed.",
        "tablet",
        words.SURVEY_MODE,
    )
    inc_harassment: pl.Int64 = _count(
        WITH_DATA,
        "Sexual harassment",
        "Incidents of unwanted sexual remarks, gestures or advances, in words or not, once or "
        "going on; includes exposure and unwanted sexual content online. Type 0 if none.",
        "2",
    )
    inc_assault: pl.Int64 = _count(
        WITH_DATA,
        "Sexual assault",
        "Incidents in which a person was coerced or forced into sexual activity, or touched "
        "sexually without consent; no violence or injury is needed. Type 0 if none.",
        "0",
    )
    inc_other: pl.Int64 = _count(
        WITH_DATA,
        "Other sexual incidents",
        "Something sexual, seen or experienced, that is neither of these and left the person "
        "uncomfortable or feeling unsafe. Type 0 if none.",
        "1",
    )
    inc_affected_patient: pl.Int64 = _count(
        OPTIONAL, "Affecting patients", "Incidents with at least one patient affected.", "2"
    )
    inc_affected_staff: pl.Int64 = _count(
        OPTIONAL, "Affecting staff", "Incidents with at least one member of staff affected.", "1"
    )
    inc_affected_visitor: pl.Int64 = _count(
        OPTIONAL, "Affecting visitors", "Incidents with at least one visitor affected.", "0"
    )
    inc_alleged_patient: pl.Int64 = _count(
        OPTIONAL,
        "Patient alleged responsible",
        "Incidents in which a patient is alleged to be responsible.",
        "3",
        restricted=True,
    )
    inc_alleged_staff: pl.Int64 = _count(
        OPTIONAL,
        "Staff alleged responsible",
        "Incidents in which a member of staff is alleged to be responsible.",
        "0",
        restricted=True,
    )
    inc_alleged_visitor: pl.Int64 = _count(
        OPTIONAL,
        "Visitor alleged responsible",
        "Incidents in which a visitor is alleged to be responsible.",
        "0",
        restricted=True,
    )
    inc_alleged_unknown: pl.Int64 = _count(
        OPTIONAL,
        "Not known who is responsible",
        "Incidents in which nobody is named as alleged to be responsible.",
        "0",
        restricted=True,
    )
    days_since_assault: pl.Int64 = _count(
        OPTIONAL,
        "Days since last sexual assault",
        "At the end of the month, days since the last reported sexual assault.",
        "61",
    )
    support_offered_n: pl.Int64 = _count(
        OPTIONAL,
        "Offered support",
        "Incidents in which the person affected was offered support.",
        "3",
    )
    options_considered_n: pl.Int64 = _count(
        OPTIONAL,
        "Safeguarding and police considered",
        "Incidents with both safeguarding and police options considered and recorded.",
        "3",
    )
    admissions_audited: pl.Int64 = _count(
        OPTIONAL, "Admissions audited", "Admissions whose records were looked at.", "6"
    )
    admissions_discussed: pl.Int64 = _count(
        OPTIONAL,
        "Admissions with a discussion",
        "Of those, with sexual safety discussed within 72 hours.",
        "5",
    )
    meetings_held: pl.Int64 = _count(
        OPTIONAL, "Community meetings held", "Community meetings held on the ward.", "4"
    )
    meetings_discussed: pl.Int64 = _count(
        OPTIONAL,
        "Meetings that discussed sexual safety",
        "Of those, meetings that discussed sexual safety.",
        "3",
    )
    trained_n: pl.Int64 = _count(
        OPTIONAL, "Staff trained", "Staff in post whose sexual safety training is in date.", "24"
    )
    conf_valid: pl.Int64 = _count(
        OPTIONAL, "Confidence answers", "Staff with a valid answer to the confidence survey.", "14"
    )
    conf_positive: pl.Int64 = _count(
        OPTIONAL, "Confident staff", "Of those, how many agreed or strongly agreed.", "9"
    )
    restraint_n: pl.Int64 = _count(OPTIONAL, "Restraint", "Uses of restraint.", "3")
    seclusion_n: pl.Int64 = _count(OPTIONAL, "Seclusion", "Uses of seclusion.", "0")
    rapid_tranq_n: pl.Int64 = _count(
        OPTIONAL, "Rapid tranquillisation", "Uses of rapid tranquillisation.", "1"
    )
    explain: str = _field(
        "text",
        OPTIONAL,
        "Explanation",
        "At most 200 characters. Do not describe incidents or people.",
        "Ward half closed 10 to 20 April",
        str_length={"max_value": 200},
    )

    class Config:
        strict = True
        unique = ["period", "ward_code"]


class Charter(pa.DataFrameModel):
    """The stage and the parts of each ward's co-produced charter."""

    ward_code: str = _field("code", ALWAYS, "Ward code", "As in the register.", "ALDER1")
    stage: str = _choice(
        ALWAYS,
        "Stage",
        "none, planned, drafting, agreed, displayed or under_review.",
        "displayed",
        words.CHARTER_STAGE,
    )
    agreed_on: date = _field(
        "date", OPTIONAL, "Agreed on", "The day the charter was agreed.", "2025-11-04"
    )
    last_reviewed_on: date = _field(
        "date", OPTIONAL, "Last reviewed on", "The day it was last reviewed.", "2026-02-10"
    )
    coproduced_patients: str = _yes_no(
        OPTIONAL, "Co-produced with patients", "Were patients equal partners in making it?"
    )
    coproduced_staff: str = _yes_no(
        OPTIONAL, "Co-produced with staff", "Were ward staff equal partners in making it?"
    )
    coproduced_carers: str = _yes_no(
        OPTIONAL, "Co-produced with carers", "Were carers equal partners in making it?", "no"
    )
    part_commitment: str = _yes_no(
        OPTIONAL, "Commitment", "Makes a clear commitment to address sexual safety."
    )
    part_context: str = _yes_no(OPTIONAL, "Context", "Says why this work is done.")
    part_expected_patients: str = _yes_no(
        OPTIONAL, "Expected of patients", "Sets out the behaviour expected of patients."
    )
    part_expected_staff: str = _yes_no(
        OPTIONAL, "Expected of staff", "Sets out the behaviour expected of staff."
    )
    part_expected_visitors: str = _yes_no(
        OPTIONAL, "Expected of visitors", "Sets out the behaviour expected of visitors."
    )
    part_explains_variation: str = _yes_no(
        OPTIONAL,
        "Explains differences",
        "Explains how behaviour on the ward might differ from what is expected.",
    )

    class Config:
        strict = True
        unique = ["ward_code"]


class Standards(pa.DataFrameModel):
    """Self-assessment against a set of standards that the programme has loaded."""

    set_id: str = _field(
        "code", ALWAYS, "Standards set", "Which set of standards.", "sexual_safety_placeholder"
    )
    statement_id: str = _field("code", ALWAYS, "Statement", "Which statement of the set.", "P1")
    org_level: str = _choice(
        ALWAYS, "Level", "ward, site or trust.", "ward", words.ORGANISATION_LEVEL
    )
    org_code: str = _field(
        "code", ALWAYS, "Organisation", "The code of the ward, site or trust assessed.", "ALDER1"
    )
    rating: str = _choice(
        ALWAYS,
        "Rating",
        "met, partly_met, not_met, not_applicable or not_assessed.",
        "met",
        words.RATING,
    )
    evidence_type: str = _choice(
        OPTIONAL,
        "Evidence",
        "The strongest evidence for the rating.",
        "record_audit",
        words.EVIDENCE,
    )
    assessed_on: date = _field("date", OPTIONAL, "Assessed on", "Day of assessment.", "2026-03-12")
    action_due: date = _field("date", OPTIONAL, "Action due", "When the action is due.", "")

    class Config:
        strict = True
        unique = ["set_id", "statement_id", "org_level", "org_code"]


class Events(pa.DataFrameModel):
    """What happened that a chart should show: tests of change, training, building work."""

    ward_code: str = _field(
        "code", ALWAYS, "Ward code", "As in the register, or ALL for every ward.", "ALDER1"
    )
    date: date = _field("date", ALWAYS, "Date", "The day it happened or began.", "2026-03-16")
    kind: str = _choice(ALWAYS, "Kind", "What kind of event.", "test_of_change", words.EVENT_KIND)
    label: str = _field(
        "text",
        ALWAYS,
        "Label",
        "At most 60 characters. Do not describe incidents or people.",
        "New welcome conversation",
        str_length={"max_value": 60},
    )

    class Config:
        strict = True


SHEETS: dict[str, type[pa.DataFrameModel]] = {
    "cover": Cover,
    "wards": Wards,
    "monthly": Monthly,
    "charter": Charter,
    "standards": Standards,
    "events": Events,
}
REQUIRED_SHEETS = ("cover", "monthly")
INCIDENT_COUNTS = ("inc_harassment", "inc_assault", "inc_other")


@dataclass(frozen=True)
class Column:
    """One column of a sheet, as its pandera model describes it."""

    name: str
    title: str
    description: str
    kind: str
    required: str
    example: str
    restricted: bool
    allowed: tuple[str, ...]


def columns_of(sheet: str) -> dict[str, Column]:
    """The columns of a sheet in template order, by name."""
    described = SHEETS[sheet].to_schema().columns.items()
    return {name: _column(name, column) for name, column in described}


def _column(name: str, column: Any) -> Column:
    allowed = [c.statistics["allowed_values"] for c in column.checks if c.name == "isin"]
    return Column(
        name=name,
        title=column.title,
        description=column.description,
        kind=column.metadata["kind"],
        required=column.metadata["required"],
        example=column.metadata["example"],
        restricted=column.metadata["restricted"],
        allowed=tuple(allowed[0]) if allowed else (),
    )
