"""The tables of progress: charters, standards and the four foundations."""

from datetime import date

import pandera.polars as pa
import polars as pl

from schemas.tables.kinds import FOUNDATIONS
from schemas.tables.table import Table, nullable
from schemas.vocabularies import CHARTER_STAGE, RATING


class Charters(Table):
    """A ward's charter in one month."""

    ward_id: str
    trust_code: str
    month: date
    stage: str = pa.Field(isin=list(CHARTER_STAGE))
    agreed_on: date = nullable()
    last_reviewed_on: date = nullable()
    coproduced_patients: bool = nullable()
    coproduced_staff: bool = nullable()
    coproduced_carers: bool = nullable()
    part_commitment: bool = nullable()
    part_context: bool = nullable()
    part_expected_patients: bool = nullable()
    part_expected_staff: bool = nullable()
    part_expected_visitors: bool = nullable()
    part_explains_variation: bool = nullable()
    in_place: bool
    current: bool = pa.Field(description="In place, and agreed or reviewed within 12 months.")
    return_id: str


class ReleaseStandards(Table):
    """The rating of a statement for an organisation in each month in which it was sent."""

    set_id: str
    statement_id: str
    group_id: str = nullable()
    group_title: str = nullable()
    short_text: str = nullable()
    is_placeholder: bool
    level: str
    org_code: str
    ward_id: str = nullable()
    trust_code: str
    month: date
    rating: str = pa.Field(isin=list(RATING))
    evidence_type: str = nullable()
    assessed_on: date = nullable()
    action_due: date = nullable()
    return_id: str


class Foundations(Table):
    """Progress on the four foundations for good practice, by trust and for the programme."""

    level: str = pa.Field(isin=["trust", "programme"])
    unit_id: str
    trust_code: str = nullable()
    month: date
    foundation: str = pa.Field(isin=list(FOUNDATIONS))
    wards: pl.Int64 = pa.Field(description="Wards expected.")
    wards_with: pl.Int64 = nullable(description="Wards with it in place; empty if not measured.")
    what: str = pa.Field(description="What is counted, in words.")
