"""The confidence sheet: staff confidence item by item, in the programme's own words."""

import pandera.polars as pa
import polars as pl

from schemas.sheets.fields import ALWAYS, LONGEST_WORDING, OPTIONAL, count, field

QUESTION = "staff_confident"  # the survey whose items these are; its total is on the monthly sheet
NOW, BEFORE = ("item_answered", "item_confident"), ("before_answered", "before_confident")


class Confidence(pa.DataFrameModel):
    """Answers to each item of the confidence survey; a ward may leave it out."""

    ward_code: str = field("code", ALWAYS, "Ward code", "As in the register.", "ALDER1")
    question_id: str = field(
        "code",
        ALWAYS,
        "Item",
        "What staff were asked, in the programme's words. Filled in for you.",
        "I feel confident to recognise a sexual safety incident.",
        str_length={"max_value": LONGEST_WORDING},
    )
    before_answered: pl.Int64 = count(
        OPTIONAL,
        "Answered before",
        "Staff with a valid answer to this item before training or a session. Leave blank if "
        "nobody was asked before one.",
        "11",
    )
    before_confident: pl.Int64 = count(
        OPTIONAL, "Confident before", "Of those, how many agreed or strongly agreed.", "5"
    )
    item_answered: pl.Int64 = count(
        OPTIONAL,
        "Answered",
        "Of the staff under “Confidence answers” on the sheet “monthly”, how many gave a valid "
        "answer to this item; after training or a session, if there was one.",
        "14",
    )
    item_confident: pl.Int64 = count(
        OPTIONAL, "Confident", "Of those, how many agreed or strongly agreed.", "9"
    )

    class Config:
        strict = True
        unique = ["ward_code", "question_id"]
