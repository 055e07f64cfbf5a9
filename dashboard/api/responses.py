"""The API's responses, as the models behind its OpenAPI document."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipelines.accepting.submission import Submission
from pipelines.keeping.archive import Archive
from pipelines.keeping.decisions import withdrawn
from pipelines.keeping.explanations import as_answered
from schemas.receipts import Proof, Query, Receipt


class Finding(BaseModel):
    """One finding at one place of a return, as `check --json` prints it."""

    severity: Literal["error", "query", "note"]
    code: str
    sheet: str | None
    cell: str | None
    row: int | None
    column: str | None
    value: str | None = Field(description="What was entered.")
    message: str
    fix: str


class Carried(BaseModel):
    """The explanations that carry over, because the same queries came up again."""

    answers_carried: dict[str, str] = Field(
        default_factory=dict,
        description="Explanations that carry over from the version in use, because the same query "
        "came up about the same value. By query, such as `W04 monthly!D5`. An explanation sent now "
        "for the query or its code replaces them.",
    )


class Checked(Carried):
    """The result of a check, which saves nothing."""

    file: str
    trust: str | None
    month: str | None
    outcome: Literal["clean", "queries", "errors"]
    rows: int
    problems: list[Finding]
    answers_needed: list[str] = Field(
        description="Codes of the queries that still need an explanation before it can be saved."
    )


class GivenReceipt(BaseModel):
    """Proof that a version of a trust's month was received."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(description="Its name under /returns/.", examples=["Z01-2026-03-1"])
    trust: str
    month: str = Field(description="Of a baseline, the first month it may have.")
    baseline_to: str = Field(
        description="The last month a baseline may have; empty for the return of a month."
    )
    version: int
    state: Literal["in use", "replaced", "withdrawn"]
    received_at: datetime
    received_by: str
    filename: str
    sha256: str = Field(description="Of the file as it was sent.")
    kept_sha256: str = Field(description="Of the file as saved: without text that was removed.")
    size: int
    rows: int
    rows_by_sheet: dict[str, int]
    template_version: str
    data_status: Literal["provisional", "final"]
    queries: list[Query] = Field(description="The queries, with their explanations so far.")
    drafted_by: dict[str, str] = Field(
        description="Who typed which ward's figures on the screen, by ward code; empty for a file."
    )
    proof: Proof | None = Field(
        description="What “feeling-safe verify-receipt” checks the receipt with."
    )


class Figures(BaseModel):
    """Whether the dashboard's figures take a return into account."""

    address: str = Field(description="Where to ask again.")
    state: Literal["in use", "being worked out", "not worked out"]
    release: str | None = Field(description="The release in use, if it takes it into account.")
    trouble: str | None = Field(
        description="Why the dashboard doesn't show it. It has been received all the same."
    )


class Kept(GivenReceipt, Carried):
    """The receipt of a return that has just been received, or had been before."""

    already_kept: bool = Field(description="This file was already in use: no figure has changed.")
    answers_kept: int = Field(
        description="How many queries of a file already in use were explained by this request."
    )
    figures: Figures = Field(description="Whether the dashboard shows it yet.")


def receipt_id(receipt: Receipt) -> str:
    """A receipt's name in an address."""
    return receipt.return_id.replace("/", "-")


def given(receipt: Receipt, archive: Archive) -> GivenReceipt:
    """A receipt, and whether its return is still in use."""
    entries = archive.entries()
    state = _state(receipt, entries.in_use, withdrawn(entries.decisions))
    answered = as_answered(receipt, entries.decisions)
    return GivenReceipt(**_fields(answered, archive), state=state)


def kept(sent: Submission, receipt: Receipt, figures: Figures, archive: Archive) -> Kept:
    """The receipt in reply to a return."""
    about = {
        "already_kept": sent.already_kept,
        "answers_kept": sent.answers_kept,
        "answers_carried": sent.carried,
        "figures": figures,
    }
    return Kept(**_fields(receipt, archive), state="in use", **about)


def _fields(receipt: Receipt, archive: Archive) -> dict[str, Any]:
    return {
        **receipt.model_dump(exclude={"trust_code"}),
        "id": receipt_id(receipt),
        "trust": receipt.trust_code,
        "proof": archive.proof(receipt),
    }


def _state(receipt: Receipt, active: Iterable[Receipt], gone: frozenset[str]) -> str:
    if receipt.return_id in gone:
        return "withdrawn"
    return "in use" if receipt.return_id in {r.return_id for r in active} else "replaced"
