"""The tables about the release itself, its measures, its organisations and its people."""

from datetime import date, datetime

import pandera.polars as pa
import polars as pl

from schemas.tables.table import Table, nullable
from schemas.vocabularies import ASKED_OF, GROUP_KINDS, HIGHER_MEANS


class Release(Table):
    """This release, in one row."""

    release_id: str
    built_at: datetime
    archive_state: str = pa.Field(description="Hash of the archive's entries.")
    data_to: date = nullable(description="The last month with a return.")
    as_at: date = nullable(
        description="The release shows what was known at the end of this day; empty if current."
    )
    code_version: str
    programme: str
    fictional: bool
    first_month: date
    placeholders: bool = pa.Field(description="True while standards or questions are placeholders.")
    smallest_peer_group: pl.Int64 = pa.Field(
        description="With fewer units in a group, a member could work out what the others sent."
    )


class Measures(Table):
    """One row for each measure, from its reviewed file."""

    measure: str
    name: str
    short_name: str
    type: str
    topic: str
    who: str
    core: bool
    unit: str
    multiplier: pl.Int64
    direction: str = pa.Field(isin=["up", "down", "none"])
    target: float = nullable(description="In the unit people read: 100 for 100%.")
    chart: str
    minimum_denominator: pl.Int64
    restricted: bool
    only_where_asked: bool = pa.Field(description="Listed only where it was ever sent.")
    numerator_text: str
    denominator_text: str
    why_it_matters: str
    how_it_is_calculated: str
    author: str
    reviewed: date
    next_review: date
    status: str
    sort: pl.Int64


class ReleaseTrusts(Table):
    """One row for each trust and period for which the row is valid."""

    trust_code: str
    trust_name: str
    region_code: str
    region: str
    joined: date
    valid_from: date
    valid_to: date = nullable()
    successor_code: str = nullable()
    current_code: str = pa.Field(description="The trust it is part of today.")


class ReleaseWards(Table):
    """One row for each ward and period for which the row is valid."""

    ward_id: str = pa.Field(description="Trust and ward code, such as Z01-ALDER1.")
    trust_code: str
    ward_code: str
    ward_name: str
    site_code: str = nullable()
    mh_class: str
    peer_group: str
    peer_group_name: str
    security_level: str = nullable()
    intended_sex: str
    age_group: str = nullable()
    beds: pl.Int64
    open_from: date
    open_to: date = nullable()
    in_collaborative: str
    valid_from: date
    valid_to: date = nullable()
    current_ward_id: str = pa.Field(description="The ward it is today, after moves and mergers.")
    current_trust_code: str


class ReleaseGroups(Table):
    """Each ward in each group, and the months for which it belongs to it."""

    group_code: str
    group_name: str
    kind: str = pa.Field(isin=list(GROUP_KINDS))
    trust_code: str = pa.Field(description="The trust that sends for it in those months.")
    ward_id: str = nullable(description="Empty for what the trust sends as a whole.")
    first_month: date = pa.Field(description="The first month on whose last day it belongs.")
    last_month: date = nullable(description="Empty while it still belongs.")


class ReleaseYardsticks(Table):
    """What a survey from outside the programme says of a trust; never in what is shared."""

    trust_code: str
    source: str = pa.Field(description="The survey and its question, as the programme names them.")
    asked_of: str = pa.Field(isin=list(ASKED_OF), description="Who was asked.")
    higher_means: str = pa.Field(isin=list(HIGHER_MEANS))
    period_from: date
    period_to: date
    numerator: pl.Int64 = nullable(description="From the percentage, if only that is known.")
    denominator: pl.Int64 = nullable(description="People who answered; empty if it isn't known.")
    value: float = pa.Field(ge=0, le=1, description="The figure as a share of 1.")


class StandardsText(Table):
    """The statements of every standards set, and whether they are placeholders."""

    set_id: str
    set_title: str
    group_id: str
    group_title: str
    statement_id: str
    short_text: str
    applies_to: str
    sort: pl.Int64
    is_placeholder: bool
    valid_from: date = nullable(description="First day in use; empty if it always was.")
    valid_to: date = nullable(description="Last day in use; empty while it still is.")


class QuestionsText(Table):
    """The wording of the survey questions, and whether it is a placeholder."""

    question_id: str
    asked_of: str
    text: str
    answers: str
    counts_as_safe: str = nullable()
    is_placeholder: bool
    item_of: str = nullable(description="The question whose survey has this as an item.")
    valid_from: date = nullable(description="First day in use; empty if it always was.")
    valid_to: date = nullable(description="Last day in use; empty while it still is.")


class People(Table):
    """The access register: who may see what, and since when."""

    email: str
    name: str
    role: str
    trusts: str = nullable()
    groups: str = nullable()
    valid_from: date
    valid_to: date = nullable()
