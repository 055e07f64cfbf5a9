"""The register: which trusts and wards there are, since when, and who may see what.

Rows are effective-dated: a change is a new row, a merger names its successor, and nothing is
deleted, so that charts of the past show the organisations of the past.
"""

from datetime import date

import pandera.polars as pa
import polars as pl

from schemas import vocabularies as words
from schemas.returns import FICTIONAL_TRUST_CODE, TRUST_CODE, WARD_CODE

ROLES = {
    "programme": "sees every trust, with exact figures",
    "trust": "sends returns for its trusts and sees their wards",
    "region": "reads its trusts' wards, sends nothing",
    "group": "reads its groups' wards for as long as they belong, sends nothing",
}
ANY_TRUST_CODE = f"{TRUST_CODE}|{FICTIONAL_TRUST_CODE}"
GROUP_CODE = r"^[A-Z][A-Z0-9]{1,11}$"
LONGEST_SOURCE = 120
MEMBER = r"^[A-Z0-9]{3,5}(-[A-Z0-9][A-Z0-9_-]{0,11})?$"


def same_email(email: str) -> str:
    """An e-mail address in the form used for comparing: trimmed, without upper case."""
    return email.strip().casefold()


class Trusts(pa.DataFrameModel):
    """One row for each trust and period for which the row is valid."""

    trust_code: str = pa.Field(str_matches=ANY_TRUST_CODE, description="ODS code.")
    trust_name: str = pa.Field(str_length={"min_value": 1, "max_value": 80})
    region_code: str = pa.Field(isin=list(words.REGIONS), description="NHS England region.")
    joined: date = pa.Field(description="First month with a return due (its first day).")
    valid_from: date
    valid_to: date = pa.Field(nullable=True, description="Last day; empty while it still exists.")
    successor_code: str = pa.Field(nullable=True, description="The trust it merged into.")

    class Config:
        strict = True
        unique = ["trust_code", "valid_from"]


class RegisterWards(pa.DataFrameModel):
    """One row for each ward and period for which the row is valid."""

    trust_code: str = pa.Field(str_matches=ANY_TRUST_CODE)
    ward_code: str = pa.Field(str_matches=WARD_CODE, description="Unique within its trust.")
    ward_name: str = pa.Field(str_length={"min_value": 1, "max_value": 60})
    site_code: str = pa.Field(nullable=True)
    mh_class: str = pa.Field(isin=list(words.WARD_CLASSES), description="MHSDS classification.")
    security_level: str = pa.Field(nullable=True, isin=list(words.SECURITY_LEVEL))
    intended_sex: str = pa.Field(isin=list(words.INTENDED_SEX))
    age_group: str = pa.Field(nullable=True, isin=list(words.AGE_GROUP))
    beds: pl.Int64 = pa.Field(ge=1, le=60)
    open_from: date
    open_to: date = pa.Field(nullable=True, description="Last day open; empty while still open.")
    in_collaborative: str = pa.Field(isin=list(words.YES_NO))
    valid_from: date
    valid_to: date = pa.Field(nullable=True)
    successor_trust_code: str = pa.Field(nullable=True, description="Where the ward moved to.")
    successor_ward_code: str = pa.Field(nullable=True)

    class Config:
        strict = True
        unique = ["trust_code", "ward_code", "valid_from"]


class Access(pa.DataFrameModel):
    """One row for each person, role and period for which the row is valid."""

    email: str = pa.Field(str_matches=r"^[^@\s]+@[^@\s]+$", description="As signed in; any case.")
    name: str
    role: str = pa.Field(isin=list(ROLES))
    trusts: str = pa.Field(
        nullable=True,
        description="Trust codes separated by spaces, for trust and region; empty means none.",
    )
    groups: str = pa.Field(
        nullable=True,
        description="Group codes separated by spaces, for group; regions count as groups.",
    )
    valid_from: date
    valid_to: date = pa.Field(nullable=True, description="Last day of access.")

    class Config:
        strict = True


class StandardsStatements(pa.DataFrameModel):
    """The statements of each standards set, as loaded by the programme."""

    set_id: str
    set_title: str
    publisher: str = pa.Field(nullable=True)
    version: str = pa.Field(nullable=True)
    group_id: str
    group_title: str
    statement_id: str
    short_text: str
    applies_to: str = pa.Field(isin=list(words.ORGANISATION_LEVEL))
    sort: pl.Int64
    is_placeholder: bool = pa.Field(description="True until the programme adds the real text.")
    valid_from: date = pa.Field(
        nullable=True, description="First day in use; empty if it always was."
    )
    valid_to: date = pa.Field(
        nullable=True, description="Last day in use; empty while it still is."
    )

    class Config:
        strict = True
        unique = ["set_id", "statement_id", "valid_from"]


class Questions(pa.DataFrameModel):
    """The wording of the survey questions and of their items, as loaded by the programme.

    A question whose words change has a row for each wording: months keep the words of their time.
    """

    question_id: str
    asked_of: str
    text: str
    answers: str = pa.Field(description="The answers offered, separated by semicolons.")
    counts_as_safe: str = pa.Field(nullable=True, description="The answers counted as positive.")
    is_placeholder: bool
    item_of: str = pa.Field(
        nullable=True, description="The question whose survey has this as an item, if any."
    )
    valid_from: date = pa.Field(
        nullable=True, description="First day in use; empty if it always was."
    )
    valid_to: date = pa.Field(
        nullable=True, description="Last day in use; empty while it still is."
    )

    class Config:
        strict = True
        unique = ["question_id", "valid_from"]


class Invitations(pa.DataFrameModel):
    """One row for each trust that could take part, whether or not it has joined."""

    trust_code: str = pa.Field(str_matches=ANY_TRUST_CODE, description="ODS code.")
    trust_name: str = pa.Field(str_length={"min_value": 1, "max_value": 80})
    region_code: str = pa.Field(isin=list(words.REGIONS), description="NHS England region.")
    valid_from: date = pa.Field(description="First day on which it could take part.")
    valid_to: date = pa.Field(nullable=True, description="Last day; empty while it still could.")
    invited: date = pa.Field(nullable=True, description="Day it was invited; empty until then.")

    class Config:
        strict = True
        unique = ["trust_code"]


class Groups(pa.DataFrameModel):
    """One row for each trust or ward in a group, and period for which it belongs to it.

    Regions are not among them: each trust's region is in trusts.csv.
    """

    group_code: str = pa.Field(
        str_matches=GROUP_CODE, description="Up to 12 capital letters and digits; never a region's."
    )
    group_name: str = pa.Field(str_length={"min_value": 1, "max_value": 80})
    kind: str = pa.Field(isin=list(words.OWN_GROUPS))
    member: str = pa.Field(
        str_matches=MEMBER,
        description="A trust, such as Z01, with all its wards; or one ward, such as Z01-ALDER1.",
    )
    valid_from: date = pa.Field(description="First day on which it belongs to the group.")
    valid_to: date = pa.Field(nullable=True, description="Last day; empty while it still does.")

    class Config:
        strict = True
        unique = ["group_code", "member", "valid_from"]


class Yardsticks(pa.DataFrameModel):
    """What a survey from outside the programme says of a trust, to read its own figures beside.

    A row has a numerator and a denominator, a percentage and a denominator, or a percentage alone.
    """

    trust_code: str = pa.Field(str_matches=ANY_TRUST_CODE, description="ODS code.")
    source: str = pa.Field(
        str_length={"min_value": 1, "max_value": LONGEST_SOURCE},
        description="The survey and its question, as the programme names them.",
    )
    asked_of: str = pa.Field(isin=list(words.ASKED_OF), description="Who was asked.")
    higher_means: str = pa.Field(
        isin=list(words.HIGHER_MEANS),
        description="`harm` if a higher figure means more of it, `safe` if it means more safety.",
    )
    period_from: date = pa.Field(description="First day of the time that the figure is about.")
    period_to: date = pa.Field(description="Last day of it.")
    numerator: pl.Int64 = pa.Field(nullable=True, ge=0, description="People who said so.")
    denominator: pl.Int64 = pa.Field(nullable=True, ge=1, description="People who answered.")
    percent: float = pa.Field(
        nullable=True, ge=0, le=100, description="Where there is no numerator; without a % sign."
    )

    class Config:
        strict = True
        unique = ["trust_code", "source", "period_from"]


REGISTER_FILES: dict[str, type[pa.DataFrameModel]] = {
    "trusts": Trusts,
    "wards": RegisterWards,
    "access": Access,
    "standards": StandardsStatements,
    "questions": Questions,
    "invitations": Invitations,
    "groups": Groups,
    "yardsticks": Yardsticks,
}

# Columns that files of earlier versions lack; a file in which they are empty is kept without them.
MAY_LACK = {
    "access": ("groups",),
    "standards": ("valid_from", "valid_to"),
    "questions": ("item_of", "valid_from", "valid_to"),
}
