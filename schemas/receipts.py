"""What the archive writes beside a return, and the decisions people take about returns."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Query(_Record):
    """A finding that was confirmed or explained when the return was sent."""

    code: str
    sheet: str | None
    cell: str | None
    row: int | None
    column: str | None
    ward: str | None
    value: str | None
    message: str
    severity: Literal["query", "note"]
    answer: str | None = None


def query_key(code: str, sheet: str | None, cell: str | None) -> str:
    """How a decision names one finding of a return: `W04 monthly!D5`; `W04` alone means all."""
    return f"{code} {sheet}!{cell}" if sheet and cell else code


class Receipt(_Record):
    """Proof that one version of one trust's month is kept."""

    trust_code: str
    month: str
    version: int = Field(ge=1)
    received_at: datetime
    received_by: str
    filename: str
    sha256: str = Field(description="Of the file as it was sent.")
    kept_sha256: str = Field(description="Of the file as kept: without text that was blocked.")
    size: int
    rows: int
    rows_by_sheet: dict[str, int]
    template_version: str
    data_status: Literal["provisional", "final"]
    queries: tuple[Query, ...] = ()

    @property
    def return_id(self) -> str:
        """As `Z01/2026-03/2`: trust, month, version."""
        return f"{self.trust_code}/{self.month}/{self.version}"


class RegisterReceipt(_Record):
    """Proof that one version of the register is kept."""

    version: int = Field(ge=1)
    received_at: datetime
    received_by: str
    reason: str
    sha256: str


DecisionKind = Literal[
    "rebase", "annotation", "query_answer", "withdrawal", "reopened_month", "lock_exception", "undo"
]


class Decision(_Record):
    """One decision of a person, kept for ever; an undo is a decision of its own."""

    id: str
    kind: DecisionKind
    decided_at: datetime
    decided_by: str
    reason: str = Field(min_length=1)
    trust_code: str | None = None
    ward_code: str | None = None
    measure: str | None = None
    month: str | None = None
    return_id: str | None = None
    query: str | None = None
    label: str | None = None
    event_kind: str | None = None
    expires: str | None = None
    undoes: str | None = None
    owner: str | None = None  # who answers for an exception; the oldest decisions lack it
