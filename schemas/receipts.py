"""What the archive stores beside a return, and people's decisions about returns."""

from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.change_tests import ChangeTest
from schemas.wording import period


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Query(_Record):
    """A query or note on an accepted return, with the explanation of a query if it has one."""

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
    """How a decision refers to a query: `W04 monthly!D5` for one cell, `W04` for all with it."""
    return f"{code} {sheet}!{cell}" if sheet and cell else code


_BASELINE = "-baseline"


def slot_of(month: str, *, baseline: bool) -> str:
    """What a return is one version of: `2026-03`, or `2025-04-baseline`."""
    return f"{month}{_BASELINE}" if baseline else month


def is_baseline(slot: str) -> bool:
    """Whether a slot is that of a baseline, and not that of a month."""
    return slot.endswith(_BASELINE)


class Receipt(_Record):
    """Proof that one version of a trust's month was received."""

    trust_code: str
    month: str
    version: int = Field(ge=1)
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
    queries: tuple[Query, ...] = ()
    drafted_by: dict[str, str] = Field(
        default={}, description="Who typed which ward's figures on the screen, by ward code."
    )
    baseline_to: str = Field(
        default="", description="Of a baseline: its last month; `month` is the first."
    )

    @property
    def label(self) -> str:
        """Its month in words, or the months of a baseline."""
        first, last = (
            date.fromisoformat(f"{m}-01") for m in (self.month, self.baseline_to or self.month)
        )
        return period(first, last)

    @property
    def slot(self) -> str:
        """What its versions are versions of: a month, or a baseline from a month."""
        return slot_of(self.month, baseline=bool(self.baseline_to))

    @property
    def return_id(self) -> str:
        """The id of this version: trust, month and version, such as `Z01/2026-03/2`.

        Of a baseline: `Z01/2025-04-baseline/1`, after its first month.
        """
        return f"{self.trust_code}/{self.slot}/{self.version}"


LinkKind = Literal["register", "measures", "forum", "return", "decision", "attempt", "start"]


class Link(_Record):
    """One line of the chain: an entry of the archive, and the digest of the line before it.

    A line of kind `start` stands for no entry. Those before it are the entries of an earlier
    version, kept up to the moment it names: from there on the chain counts.
    """

    sequence: int = Field(ge=1)
    kind: LinkKind
    entry: str = Field(description="Where the entry is below the archive's folder.")
    digest: str = Field(description="SHA-256 of the entry (`pipelines.keeping.digests`).")
    previous: str = Field(description="SHA-256 of the line before; zeros on the first line.")

    @property
    def line(self) -> bytes:
        """The line as it is in the chain, without its end."""
        return self.model_dump_json().encode()

    @property
    def sha256(self) -> str:
        """What the next line names as `previous`."""
        return sha256(self.line).hexdigest()


class Proof(_Record):
    """What lets anyone check a receipt by themselves: its line of the chain, and what that covers.

    The line names the digest of `files`, which name the digest of the receipt as it is `kept`.
    """

    link: Link
    files: dict[str, str] = Field(description="SHA-256 of each file that is kept of the return.")
    kept: str = Field(description="The receipt as it is kept, word for word.")


class Head(_Record):
    """The last line of the chain that counts: its number, its digest, and where it ends."""

    sequence: int = Field(ge=0)
    digest: str
    size: int = Field(ge=0, description="Bytes of the chain up to the end of this line.")


class PublishedHead(_Record):
    """The head of the chain as it is published for a month.

    `root` is the Merkle tree hash (RFC 9162, section 2.1.1) of the first `size` lines of the chain.
    """

    programme: str
    month: str
    size: int = Field(ge=1)
    root: str


class Inclusion(_Record):
    """A line's place in a published tree, counted from 0, and its path to the root (RFC 9162)."""

    index: int = Field(ge=0)
    path: tuple[Annotated[str, Field(pattern="^[0-9a-f]{64}$")], ...]


class TrustHead(_Record):
    """A published head with the path of each of one trust's returns, by the id of the return."""

    head: PublishedHead
    trust: str
    returns: dict[str, Inclusion]


class VersionReceipt(_Record):
    """Proof that one version of what the programme team looks after was saved."""

    version: int = Field(ge=1)
    received_at: datetime
    received_by: str
    reason: str
    sha256: str


# A register without one of these files has none of its rows; those kept before 2026-11-29 are.
MAY_BE_MISSING = ("invitations", "groups", "yardsticks")


class RegisterReceipt(VersionReceipt):
    """Proof that one version of the register was saved; `sha256` is of its files in their order."""


class MeasuresReceipt(VersionReceipt):
    """Proof that one version of the programme's own measures was saved.

    `sha256` is the digest of its files (`pipelines.keeping.digests.of_content`).
    """


class ForumReceipt(VersionReceipt):
    """Proof that one version of a learning forum was saved; `sha256` is as for measures."""

    forum: str


DecisionKind = Literal[
    "rebase",
    "annotation",
    "change_test",
    "query_answer",
    "withdrawal",
    "withdrawal_request",
    "request_refused",
    "reopened_month",
    "lock_exception",
    "undo",
]


class Decision(_Record):
    """One person's decision, kept for ever; an undo is itself a decision."""

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
    owner: str | None = None  # who is responsible for an exception; the oldest decisions lack it
    request: str | None = None  # the request that is refused
    tried: ChangeTest | None = None  # a version of an entry in a ward's log of tests of change
    replaces: str | None = None  # the decision with the version before it
