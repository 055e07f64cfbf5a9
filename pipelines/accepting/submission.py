"""A file on its way in, and what came of sending it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from pipelines.checking.checked import Checked
from schemas.london_time import london_day
from schemas.problems import Problem
from schemas.receipts import Receipt


@dataclass(frozen=True)
class Arrival:
    """A file that was sent: by whom, when, and with which reasons for its queries.

    Every query needs an answer (`answers`, see `pipelines.keeping.explanations`) unless
    `keep_unanswered`. `allowed_trusts` are those the sender may send for, or None for all of them;
    `replaces` is the return that the sender knows to be in use, or None for none.
    """

    content: bytes
    filename: str
    by: str
    at: datetime
    answers: Mapping[str, str]
    allowed_trusts: frozenset[str] | None = None
    keep_unanswered: bool = False
    replaces: Receipt | Literal["any"] | None = "any"

    @property
    def today(self) -> date:
        """The day in London on which it came."""
        return london_day(self.at)


@dataclass(frozen=True)
class Submission:
    """What came of sending a file. Without a receipt nothing was kept.

    `already_kept` marks a file that is the active return already: its receipt is shown again, and
    `answers_kept` counts the queries of it that were answered by sending it once more.
    `carried` gives the answers of last time that stand for queries of this file, by what they are
    about (`schemas.receipts.query_key`). `lacking` holds the queries without a reason that can be
    kept, and `unfit` says what is wrong with the reasons that were given. `overtaken` means that
    another return came meanwhile. `trouble` says why a kept return is not on the dashboard yet.
    """

    checked: Checked
    receipt: Receipt | None = None
    release_id: str | None = None
    already_kept: bool = False
    answers_kept: int = 0
    carried: Mapping[str, str] = field(default_factory=dict)
    lacking: tuple[Problem, ...] = ()
    unfit: tuple[str, ...] = ()
    overtaken: bool = False
    trouble: str | None = None

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The codes of the queries that still need an answer before the return is kept."""
        return tuple(sorted({problem.code for problem in self.lacking}))
