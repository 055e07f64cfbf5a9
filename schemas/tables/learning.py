"""The tables of learning forums: which there are, who came, and what people said."""

from datetime import date

import pandera.polars as pa
import polars as pl

from schemas.forums import COMMENT, GROUPS, SCALES
from schemas.tables.table import Table, nullable
from schemas.vocabularies import FORUM_KIND


class Forums(Table):
    """One learning forum, past or to come."""

    forum: str = pa.Field(unique=True, description="The code the programme gave it, such as LF07.")
    day: date
    title: str
    kind: str = pa.Field(isin=list(FORUM_KIND))
    materials: str = nullable(description="Where its materials are.")
    recording: str = nullable(description="Where its recording is.")


class ForumAttendance(Table):
    """How many people of one group came to a forum, from one trust or ward as it is today."""

    forum: str
    trust_code: str
    ward_id: str = nullable(description="Empty for people whose ward isn't known.")
    group: str = pa.Field(isin=list(GROUPS))
    people: pl.Int64 = pa.Field(ge=0)


class ForumAnswers(Table):
    """How many people gave one answer about a session; for the programme team only."""

    forum: str
    question: pl.Int64 = pa.Field(description="Its place among the questions of that session.")
    text: str = pa.Field(description="The question, as the form had it.")
    scale: str = pa.Field(
        isin=[*SCALES, COMMENT], description="The answers it offered, or `comment` for own words."
    )
    place: pl.Int64 = nullable(description="Of the answer on its scale, 1 the least.")
    answer: str = nullable(description="Empty where too few people answered.")
    people: pl.Int64 = nullable(description="Empty where too few people answered.")
    answered: pl.Int64 = pa.Field(description="How many people answered the question.")
