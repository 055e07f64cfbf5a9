"""Tokens, with which a program sends returns or reads figures on behalf of a registered person."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Ability = Literal["send", "read", "figures"]
ABILITIES: dict[Ability, str] = {
    "send": "checks and sends returns, and sees their receipts",
    "read": "downloads workbooks to fill in, and sees receipts",
    "figures": "reads the figures that its holder sees, and does nothing else",
}
SENDING: tuple[Ability, ...] = ("send", "read")  # what a token may do unless something else is said


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Token(_Record):
    """What is stored of a token: enough to recognise it, but not to recreate it."""

    id: str = Field(pattern=r"^[0-9a-f]{12}$", description="Part of the token; not secret.")
    sha256: str = Field(description="Of the whole token.")
    name: str = Field(description="What uses it, such as “Incident system export”.")
    holder: str = Field(description="The e-mail address of a person in the register.")
    trusts: tuple[str, ...] = Field(description="Empty for every trust of the programme.")
    may: tuple[Ability, ...]
    issued_at: datetime
    issued_by: str
    expires: date = Field(description="Last day on which it is accepted.")

    @property
    def reads_figures(self) -> bool:
        """Whether it reads figures, and so does nothing else."""
        return "figures" in self.may

    @property
    def may_in_words(self) -> str:
        """What it may do, such as “send and read”."""
        return "read figures" if self.reads_figures else " and ".join(self.may)

    @property
    def covers(self) -> tuple[str, ...]:
        """The trusts that it is for, in words."""
        return self.trusts or ("every trust",)


class Revocation(_Record):
    """The end of a token before it expires."""

    id: str
    revoked_at: datetime
    revoked_by: str
    reason: str = Field(min_length=1)
