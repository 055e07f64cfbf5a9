"""Tokens, with which a program sends a trust's returns on behalf of a person in the register."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Ability = Literal["send", "read"]
ABILITIES: dict[Ability, str] = {
    "send": "checks and sends returns, and sees their receipts",
    "read": "downloads workbooks to fill in, and sees receipts",
}


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Token(_Record):
    """What is stored of a token: enough to recognise it, but not to recreate it."""

    id: str = Field(pattern=r"^[0-9a-f]{12}$", description="Part of the token; not secret.")
    sha256: str = Field(description="Of the whole token.")
    name: str = Field(description="What uses it, such as “Incident system export”.")
    holder: str = Field(description="The e-mail address of a trust's person in the register.")
    trusts: tuple[str, ...]
    may: tuple[Ability, ...]
    issued_at: datetime
    issued_by: str
    expires: date = Field(description="Last day on which it is accepted.")


class Revocation(_Record):
    """The end of a token before it expires."""

    id: str
    revoked_at: datetime
    revoked_by: str
    reason: str = Field(min_length=1)
