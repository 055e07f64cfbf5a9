"""The tables of progress: charters, standards, tests of change and the four foundations."""

from datetime import date, datetime

import pandera.polars as pa
import polars as pl

from schemas.sheets.pairs import AFFECTED, ALLEGED
from schemas.tables.kinds import FOUNDATIONS
from schemas.tables.table import Table, nullable
from schemas.vocabularies import CHARTER_STAGE, OUTCOMES, RATED_BY, RATING


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
    patients_n: pl.Int64 = nullable(ge=0, description="Patients who took part so far.")
    staff_n: pl.Int64 = nullable(ge=0, description="Staff who took part so far.")
    carers_n: pl.Int64 = nullable(ge=0, description="Carers who took part so far.")
    coproduced_on: date = nullable(description="When they last worked on it together.")
    conversations_n: pl.Int64 = nullable(ge=0, description="Conversations it led to so far.")
    changes_n: pl.Int64 = nullable(ge=0, description="Changes it led to so far.")
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
    rated_by: str = nullable(isin=list(RATED_BY), description="Who rated it.")
    assessed_on: date = nullable()
    action_due: date = nullable()
    return_id: str


class ConfidenceItems(Table):
    """Staff confidence about one item of the survey, as a ward sent it for one month."""

    ward_id: str
    trust_code: str
    month: date
    question_id: str
    text: str = nullable(description="What staff were asked, in the words of that month.")
    is_placeholder: bool
    sort: pl.Int64 = pa.Field(description="The item's place in the programme's questions.")
    before_answered: pl.Int64 = nullable(ge=0, description="Answered before a session.")
    before_confident: pl.Int64 = nullable(ge=0, description="Of those, how many were confident.")
    item_answered: pl.Int64 = nullable(ge=0, description="Answered, after a session if any.")
    item_confident: pl.Int64 = nullable(ge=0, description="Of those, how many were confident.")
    return_id: str


class IncidentPairs(Table):
    """The incidents of a ward and month by who was affected and who is alleged to be responsible.

    For the trust itself and the programme team alone. An incident that affected several kinds of
    people, or in which several are alleged to be responsible, is in several rows. A ward and month
    have rows only if some figure of the table was typed, not for a nil return.
    """

    ward_id: str
    trust_code: str
    month: date
    affected: str = pa.Field(isin=list(AFFECTED))
    alleged: str = pa.Field(isin=list(ALLEGED))
    incidents: pl.Int64 = pa.Field(ge=0, description="0 where the table was sent without it.")


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


class ChangeTests(Table):
    """A test of change in a ward’s log, in the version in use."""

    test_id: str = pa.Field(unique=True, description="The id of its first version.")
    ward_id: str
    trust_code: str
    idea: str
    foundation: str = pa.Field(isin=list(FOUNDATIONS))
    prediction: str = pa.Field(description="What the ward predicts will happen.")
    measure: str = nullable(description="The measure that should show it, if one was named.")
    starts: date
    ends: date = pa.Field(description="When it ended or, without an outcome, is planned to end.")
    happened: str = nullable(description="What happened.")
    outcome: str = nullable(isin=list(OUTCOMES), description="Empty until there is one.")
    version: pl.Int64 = pa.Field(ge=1, description="How many versions are in use up to this one.")
    recorded_at: datetime = pa.Field(description="When this version was recorded.")


class Breakdowns(Table):
    """Who feels safe by group: quarters of the programme, years to March of a trust."""

    level: str = pa.Field(isin=["trust", "programme"])
    unit_id: str
    trust_code: str = nullable()
    first_month: date
    last_month: date
    known_on: date = pa.Field(description="What was sent or decided after this day isn't in it.")
    breakdown: str = pa.Field(description="As the programme calls it.")
    category: str = pa.Field(description="As the programme calls it, or everybody together.")
    sort: pl.Int64 = pa.Field(ge=0, description="The order of the categories; 0 is everybody.")
    wards: pl.Int64 = pa.Field(ge=1, description="Wards whose patients were asked.")
    answered: pl.Int64 = nullable(ge=0, description="Patients who answered; empty if hidden.")
    safe: pl.Int64 = nullable(ge=0, description="Those who feel safe; empty if hidden.")


class Engagement(Table):
    """One trust that could take part, and how far it has come; for the programme team only."""

    trust_code: str = pa.Field(unique=True)
    trust_name: str
    region: str
    listed: bool = pa.Field(description="Whether it is on the programme's list of trusts.")
    could_from: date = pa.Field(description="First day on which it could take part.")
    could_to: date = nullable(description="Last day; empty while it still could.")
    invited: date = nullable(description="Empty if it has not been, or nobody wrote down when.")
    joined: date = nullable(description="First month with a return due; empty until it joins.")
    left_on: date = nullable(description="Last day with a ward in the collaborative, once over.")
    first_sent: date = nullable(description="First month with a return in use.")
    last_sent: date = nullable(description="Newest month with a return in use.")
    first_charter: date = nullable(description="First month with a charter in place on a ward.")
    first_forum: date = nullable(description="Day of the first learning forum that it attended.")
