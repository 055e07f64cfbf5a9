"""The monthly sheet: about twelve numbers for each ward.

Definitions of the incident categories are short forms of the collaborative's own. The wording of
the questions is not here but in a file that the programme fills in.
"""

from datetime import date

import pandera.polars as pa
import polars as pl

from schemas import vocabularies as words
from schemas.sheets.fields import (
    ALWAYS,
    OPTIONAL,
    UNLESS_CLOSED,
    WITH_DATA,
    choice,
    count,
    field,
    text,
)
from schemas.sheets.pairs import pair

_VISITORS = "Visitors’ answers"


class Monthly(pa.DataFrameModel):
    """One row for each ward: about twelve numbers."""

    period: date = field("month", ALWAYS, "Month", "The same month as on the cover.", "2026-03")
    ward_code: str = field("code", ALWAYS, "Ward code", "As in the register.", "ALDER1")
    return_status: str = choice(
        ALWAYS,
        "Row status",
        "Whether figures are entered; or there were no incidents, and you confirm it; or the ward "
        "was closed all month; or it was open, but nothing was collected.",
        "data",
        words.RETURN_STATUS,
    )
    occupied_bed_days: pl.Int64 = count(
        UNLESS_CLOSED,
        "Occupied bed days",
        "Ward-stay bed days in the month: for each patient the days on this ward.",
        "452",
    )
    patients_present: pl.Int64 = count(
        OPTIONAL, "Patients present", "Patients on the ward while the survey was open.", "17"
    )
    pt_answered: pl.Int64 = count(
        WITH_DATA,
        "Patients who answered",
        "Patients with a valid answer to the feeling-safe question. Leave out “prefer not to say”.",
        "12",
    )
    pt_safe: pl.Int64 = count(
        WITH_DATA,
        "Patients who feel safe",
        "Of those who answered, how many feel safe from sexual harm.",
        "10",
    )
    pt_declined: pl.Int64 = count(
        OPTIONAL, "Patients who preferred not to say", "Asked, but preferred not to say.", "2"
    )
    staff_in_post: pl.Int64 = count(
        OPTIONAL, "Staff in post", "Staff who work on the ward this month.", "28"
    )
    st_answered: pl.Int64 = count(
        WITH_DATA,
        "Staff who answered",
        "Staff with a valid answer to the feeling-safe question. Leave out “prefer not to say”.",
        "15",
    )
    st_safe: pl.Int64 = count(
        WITH_DATA,
        "Staff who feel safe",
        "Of those who answered, how many feel safe from sexual harm at work.",
        "13",
    )
    st_declined: pl.Int64 = count(
        OPTIONAL, "Staff who preferred not to say", "Asked, but preferred not to say.", "1"
    )
    survey_mode: str = choice(
        OPTIONAL,
        "How people were asked",
        "On paper, on a tablet, in an interview or in several ways.",
        "tablet",
        words.SURVEY_MODE,
    )
    vs_answered: pl.Int64 = count(
        OPTIONAL,
        "Visitors who answered",
        "Only if the ward asks visitors: those with a valid answer to the feeling-safe question. "
        "Leave out “prefer not to say”.",
        "8",
        together=_VISITORS,
    )
    vs_safe: pl.Int64 = count(
        OPTIONAL,
        "Visitors who feel safe",
        "Of those who answered, how many feel safe from sexual harm when they visit.",
        "7",
        together=_VISITORS,
    )
    vs_declined: pl.Int64 = count(
        OPTIONAL,
        "Visitors who preferred not to say",
        "Asked, but preferred not to say.",
        "1",
        together=_VISITORS,
    )
    inc_harassment: pl.Int64 = count(
        WITH_DATA,
        "Sexual harassment",
        "Incidents of unwanted sexual remarks, gestures or advances, in words or not, once or "
        "going on; includes exposure and unwanted sexual content online. Type 0 if none.",
        "2",
    )
    inc_assault: pl.Int64 = count(
        WITH_DATA,
        "Sexual assault",
        "Incidents in which a person was coerced or forced into sexual activity, or touched "
        "sexually without consent; no violence or injury is needed. Type 0 if none.",
        "0",
    )
    inc_other: pl.Int64 = count(
        WITH_DATA,
        "Other sexual incidents",
        "Something sexual, seen or experienced, that is neither of these and left the person "
        "uncomfortable or feeling unsafe. Type 0 if none.",
        "1",
    )
    inc_affected_patient: pl.Int64 = count(
        OPTIONAL, "Affecting patients", "Incidents with at least one patient affected.", "2"
    )
    inc_affected_staff: pl.Int64 = count(
        OPTIONAL, "Affecting staff", "Incidents with at least one member of staff affected.", "1"
    )
    inc_affected_visitor: pl.Int64 = count(
        OPTIONAL, "Affecting visitors", "Incidents with at least one visitor affected.", "0"
    )
    inc_alleged_patient: pl.Int64 = count(
        OPTIONAL,
        "Patient alleged responsible",
        "Incidents in which a patient is alleged to be responsible.",
        "3",
        restricted=True,
    )
    inc_alleged_staff: pl.Int64 = count(
        OPTIONAL,
        "Staff alleged responsible",
        "Incidents in which a member of staff is alleged to be responsible.",
        "0",
        restricted=True,
    )
    inc_alleged_visitor: pl.Int64 = count(
        OPTIONAL,
        "Visitor alleged responsible",
        "Incidents in which a visitor is alleged to be responsible.",
        "0",
        restricted=True,
    )
    inc_alleged_unknown: pl.Int64 = count(
        OPTIONAL,
        "Not known who is responsible",
        "Incidents in which nobody is named as alleged to be responsible.",
        "0",
        restricted=True,
    )
    inc_patient_by_patient: pl.Int64 = pair("patient", "patient", "2")
    inc_patient_by_staff: pl.Int64 = pair("patient", "staff")
    inc_patient_by_visitor: pl.Int64 = pair("patient", "visitor")
    inc_patient_by_unknown: pl.Int64 = pair("patient", "unknown")
    inc_staff_by_patient: pl.Int64 = pair("staff", "patient")
    inc_staff_by_staff: pl.Int64 = pair("staff", "staff")
    inc_staff_by_visitor: pl.Int64 = pair("staff", "visitor")
    inc_staff_by_unknown: pl.Int64 = pair("staff", "unknown")
    inc_visitor_by_patient: pl.Int64 = pair("visitor", "patient")
    inc_visitor_by_staff: pl.Int64 = pair("visitor", "staff")
    inc_visitor_by_visitor: pl.Int64 = pair("visitor", "visitor")
    inc_visitor_by_unknown: pl.Int64 = pair("visitor", "unknown")
    days_since_assault: pl.Int64 = count(
        OPTIONAL,
        "Days since last sexual assault",
        "At the end of the month, days since the last reported sexual assault.",
        "61",
    )
    support_offered_n: pl.Int64 = count(
        OPTIONAL,
        "Offered support",
        "Incidents in which the person affected was offered support.",
        "3",
    )
    options_considered_n: pl.Int64 = count(
        OPTIONAL,
        "Safeguarding and police considered",
        "Incidents with both safeguarding and police options considered and recorded.",
        "3",
    )
    admissions_audited: pl.Int64 = count(
        OPTIONAL, "Admissions audited", "Admissions whose records were looked at.", "6"
    )
    admissions_discussed: pl.Int64 = count(
        OPTIONAL,
        "Admissions with a discussion",
        "Of those, with sexual safety discussed within 72 hours.",
        "5",
    )
    meetings_held: pl.Int64 = count(
        OPTIONAL, "Community meetings held", "Community meetings held on the ward.", "4"
    )
    meetings_discussed: pl.Int64 = count(
        OPTIONAL,
        "Meetings that discussed sexual safety",
        "Of those, meetings that discussed sexual safety.",
        "3",
    )
    trained_n: pl.Int64 = count(
        OPTIONAL, "Staff trained", "Staff in post whose sexual safety training is in date.", "24"
    )
    conf_valid: pl.Int64 = count(
        OPTIONAL, "Confidence answers", "Staff with a valid answer to the confidence survey.", "14"
    )
    conf_positive: pl.Int64 = count(
        OPTIONAL, "Confident staff", "Of those, how many agreed or strongly agreed.", "9"
    )
    ti_trained_n: pl.Int64 = count(
        OPTIONAL,
        "Staff trained in trauma-informed care",
        "Staff in post trained in trauma-informed care. Placeholder: the programme says what "
        "training counts.",
        "17",
    )
    ti_supervised_n: pl.Int64 = count(
        OPTIONAL,
        "Staff who had supervision",
        "Staff in post who had reflective supervision this month. Placeholder: the programme says "
        "what supervision counts.",
        "11",
    )
    rounds_held: pl.Int64 = count(
        OPTIONAL, "Ward rounds held", "Ward rounds held on the ward this month.", "8"
    )
    rounds_informed: pl.Int64 = count(
        OPTIONAL,
        "Trauma-informed ward rounds",
        "Of those, ward rounds that used trauma-informed care. Placeholder: the programme says "
        "what that means.",
        "5",
    )
    restraint_n: pl.Int64 = count(OPTIONAL, "Restraint", "Uses of restraint.", "3")
    seclusion_n: pl.Int64 = count(OPTIONAL, "Seclusion", "Uses of seclusion.", "0")
    rapid_tranq_n: pl.Int64 = count(
        OPTIONAL, "Rapid tranquillisation", "Uses of rapid tranquillisation.", "1"
    )
    explain: str = text(
        OPTIONAL,
        "Explanation",
        "Do not describe incidents or people.",
        "Ward half closed 10 to 20 April",
        200,
    )

    class Config:
        strict = True
        unique = ["period", "ward_code"]
