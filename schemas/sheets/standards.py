"""The sheets of ratings against the statements the programme has loaded: of wards, of the trust."""

from datetime import date
from typing import Any

import pandera.polars as pa

from schemas import vocabularies as words
from schemas.sheets.fields import ALWAYS, LONGEST_WORDING, OPTIONAL, choice, field


def _code(title: str, description: str, example: str) -> Any:
    return field(
        "code",
        ALWAYS,
        title,
        description,
        example,
        str_length={"max_value": LONGEST_WORDING},
    )


def _set_id() -> Any:
    return _code("Standards set", "Which set of standards.", "sexual_safety_placeholder")


def _statement_id() -> Any:
    return _code("Statement", "Which statement of the set.", "P1")


def _rating() -> Any:
    return choice(
        ALWAYS,
        "Rating",
        "How far the statement is met.",
        "met",
        words.RATING,
    )


def _evidence() -> Any:
    return choice(
        OPTIONAL,
        "Evidence",
        "The strongest evidence for the rating.",
        "record_audit",
        words.EVIDENCE,
    )


def _rated_by() -> Any:
    return choice(
        OPTIONAL,
        "Rated by",
        "Who rated it.",
        "ward_team",
        words.RATED_BY,
    )


def _assessed_on() -> Any:
    return field("date", OPTIONAL, "Assessed on", "Day of assessment.", "2026-03-12")


def _action_due() -> Any:
    return field("date", OPTIONAL, "Action due", "When the action is due.", "")


class Standards(pa.DataFrameModel):
    """Self-assessment against a set of standards that the programme has loaded."""

    set_id: str = _set_id()
    statement_id: str = _statement_id()
    org_level: str = choice(
        ALWAYS,
        "Level",
        "Whether a ward, a site or the trust is rated.",
        "ward",
        words.ORGANISATION_LEVEL,
    )
    org_code: str = field(
        "code", ALWAYS, "Organisation", "The code of the ward, site or trust assessed.", "ALDER1"
    )
    rating: str = _rating()
    evidence_type: str = _evidence()
    rated_by: str = _rated_by()
    assessed_on: date = _assessed_on()
    action_due: date = _action_due()

    class Config:
        strict = True
        unique = ["set_id", "statement_id", "org_level", "org_code"]


class TrustStandards(pa.DataFrameModel):
    """The trust's own self-assessment as a whole, against the sets that are for trusts."""

    set_id: str = _set_id()
    statement_id: str = _statement_id()
    rating: str = _rating()
    evidence_type: str = _evidence()
    rated_by: str = _rated_by()
    assessed_on: date = _assessed_on()
    action_due: date = _action_due()

    class Config:
        strict = True
        unique = ["set_id", "statement_id"]
