"""Learning forums: what one is, who attended, and what people answered about the session."""

from datetime import date

import pandera.polars as pa
import polars as pl
from pydantic import BaseModel, ConfigDict, Field, field_validator

from schemas.programme import Link
from schemas.vocabularies import FORUM_KIND

LONGEST_TITLE = 120
LONGEST_QUESTION = 300
LONGEST_COMMENT = 4000

GROUPS = {
    "staff": "Staff",
    "lived_experience": "People with lived experience",
    "carers": "Carers",
}
# From the least to the most, as form tools write them.
SCALES = {
    "agreement": (
        "Strongly disagree",
        "Disagree",
        "Neither agree nor disagree",
        "Agree",
        "Strongly agree",
    ),
    "satisfaction": (
        "Very dissatisfied",
        "Dissatisfied",
        "Neither satisfied nor dissatisfied",
        "Satisfied",
        "Very satisfied",
    ),
    "quality": ("Very poor", "Poor", "Fair", "Good", "Very good"),
    "numbers": ("1", "2", "3", "4", "5"),
}
UPPER = 4  # the place on a scale from which answers are counted together
COMMENT = "comment"  # the scale of a question that people answer in their own words


class Forum(BaseModel):
    """One learning forum: when it is, what it is about, and where its materials are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    forum: str = Field(pattern=r"^[A-Z0-9][A-Z0-9-]{0,19}$")
    day: date
    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    kind: str
    materials: Link = ""
    recording: Link = ""
    removed: bool = False

    @field_validator("kind")
    @classmethod
    def _is_kind(cls, text: str) -> str:
        if text not in FORUM_KIND:
            raise ValueError(f"“{text}” is none of {', '.join(FORUM_KIND)}.")
        return text


class Attendance(pa.DataFrameModel):
    """How many people of one group came to a forum from a trust, and from which ward if known."""

    trust_code: str = pa.Field(str_matches=r"^[A-Z0-9]{3,5}$")
    ward_code: str = pa.Field(nullable=True)
    group: str = pa.Field(isin=list(GROUPS))
    people: pl.Int64 = pa.Field(ge=0, le=9999)

    class Config:
        strict = True
        unique = ["trust_code", "ward_code", "group"]


class Answers(pa.DataFrameModel):
    """How many people gave one answer to one question; nothing says who gave which others."""

    question: pl.Int64 = pa.Field(ge=1)
    text: str = pa.Field(str_length={"min_value": 1, "max_value": LONGEST_QUESTION})
    scale: str = pa.Field(isin=[*SCALES, COMMENT])
    place: pl.Int64 = pa.Field(nullable=True, ge=1, le=5)
    answer: str = pa.Field(str_length={"min_value": 1, "max_value": LONGEST_COMMENT})
    people: pl.Int64 = pa.Field(ge=1)

    class Config:
        strict = True
        unique = ["question", "answer"]
