"""The standards sheet: ratings against the statements the programme has loaded."""

from datetime import date

import pandera.polars as pa

from schemas import vocabularies as words
from schemas.sheets.fields import ALWAYS, OPTIONAL, choice, field


class Standards(pa.DataFrameModel):
    """Self-assessment against a set of standards that the programme has loaded."""

    set_id: str = field(
        "code", ALWAYS, "Standards set", "Which set of standards.", "sexual_safety_placeholder"
    )
    statement_id: str = field("code", ALWAYS, "Statement", "Which statement of the set.", "P1")
    org_level: str = choice(
        ALWAYS, "Level", "ward, site or trust.", "ward", words.ORGANISATION_LEVEL
    )
    org_code: str = field(
        "code", ALWAYS, "Organisation", "The code of the ward, site or trust assessed.", "ALDER1"
    )
    rating: str = choice(
        ALWAYS,
        "Rating",
        "met, partly_met, not_met, not_applicable or not_assessed.",
        "met",
        words.RATING,
    )
    evidence_type: str = choice(
        OPTIONAL,
        "Evidence",
        "The strongest evidence for the rating.",
        "record_audit",
        words.EVIDENCE,
    )
    rated_by: str = choice(
        OPTIONAL,
        "Rated by",
        "Who rated it: ward_team, with_patients, trust_team, peers or other.",
        "ward_team",
        words.RATED_BY,
    )
    assessed_on: date = field("date", OPTIONAL, "Assessed on", "Day of assessment.", "2026-03-12")
    action_due: date = field("date", OPTIONAL, "Action due", "When the action is due.", "")

    class Config:
        strict = True
        unique = ["set_id", "statement_id", "org_level", "org_code"]
