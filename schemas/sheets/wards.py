"""The wards sheet: details from the register, for the trust to correct."""

from datetime import date

import pandera.polars as pa
import polars as pl

from schemas import vocabularies as words
from schemas.sheets.fields import (
    ALWAYS,
    OPTIONAL,
    SITE_CODE,
    WARD_CODE,
    choice,
    count,
    field,
    text,
    yes_no,
)


class Wards(pa.DataFrameModel):
    """The trust's wards as in the register; correct a row if it is out of date."""

    ward_code: str = field(
        "code", ALWAYS, "Ward code", "Your own short code.", "ALDER1", str_matches=WARD_CODE
    )
    ward_name: str = text(ALWAYS, "Ward name", "The name people use.", "Alder Ward", 60)
    site_code: str = field(
        "code", OPTIONAL, "Site code", "The ODS code of the site.", "Z0101", str_matches=SITE_CODE
    )
    mh_class: str = choice(
        ALWAYS,
        "Ward class",
        "The MHSDS admitted patient classification, for example 200 for acute adult.",
        "200",
        words.CLASS_CHOICES,
    )
    security_level: str = choice(
        OPTIONAL,
        "Security level",
        "How secure the ward is.",
        "0",
        words.SECURITY_LEVEL,
    )
    intended_sex: str = choice(
        ALWAYS,
        "Ward intended sex",
        "The sex of the patients the ward is meant for.",
        "female",
        words.INTENDED_SEX,
    )
    age_group: str = choice(
        OPTIONAL,
        "Age group",
        "The age of the patients the ward is meant for.",
        "adult",
        words.AGE_GROUP,
    )
    beds: pl.Int64 = count(ALWAYS, "Beds", "Beds in use, 1 to 60.", "16", le=60)
    open_from: date = field("date", ALWAYS, "Open from", "First day open.", "2019-10-21")
    open_to: date = field("date", OPTIONAL, "Open to", "Last day open; blank if still open.", "")
    in_collaborative: str = yes_no(
        ALWAYS, "In the collaborative", "Does this ward take part in the collaborative?"
    )

    class Config:
        strict = True
        unique = ["ward_code"]
