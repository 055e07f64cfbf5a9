"""A file that is being sent, and the result of sending it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from pipelines.checking.checked import Checked
from schemas.london_time import london_day
from schemas.problems import Problem
from schemas.receipts import Receipt, query_key


@dataclass(frozen=True)
class Arrival:
    """A file that is being sent, with the sender, the time and the explanations of its queries.

    Every query needs an explanation (`answers`, see `pipelines.keeping.explanations`) unless
    `keep_unanswered`. `allowed_trusts` are those the sender may send for, or None for all of them;
    `replaces` is the return that the sender believes is in use, or None for none. `drafted_by` says
    who typed which ward's figures on the screen, by ward code.
    """

    content: bytes
    filename: str
    by: str
    at: datetime
    answers: Mapping[str, str]
    allowed_trusts: frozenset[str] | None = None
    keep_unanswered: bool = False
    replaces: Receipt | Literal["any"] | None = "any"
    drafted_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day in London on which it arrived."""
        return london_day(self.at)


@dataclass(frozen=True)
class Submission:
    """The result of sending a file; without a receipt, nothing was saved.

    `already_kept` marks a file that is already the active return: its receipt is shown again, and
    `answers_kept` counts the queries explained by sending it again. `carried` holds the
    explanations that carry over to this file, by query (`schemas.receipts.query_key`). `lacking`
    holds the queries without an explanation that can be kept, and `unfit` says what is wrong with
    those that were given. `overtaken` means that another return arrived in the meantime.
    """

    checked: Checked
    receipt: Receipt | None = None
    already_kept: bool = False
    answers_kept: int = 0
    carried: Mapping[str, str] = field(default_factory=dict)
    lacking: tuple[Problem, ...] = ()
    unfit: tuple[str, ...] = ()
    overtaken: bool = False

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The codes of the queries that still need an explanation before the return is saved."""
        return tuple(sorted({problem.code for problem in self.lacking}))

    @property
    def to_explain(self) -> tuple[str, ...]:
        """What still needs an explanation, as one is given: by code, or cell by cell.

        By cell if others of that code are explained already: an explanation of the code would
        replace theirs.
        """
        partly = {key.partition(" ")[0] for key in self.carried}
        cells = [query_key(p.code, p.sheet, p.cell) for p in self.lacking if p.code in partly]
        codes = [code for code in self.unanswered if code not in partly]
        return (*codes, *dict.fromkeys(cells))
