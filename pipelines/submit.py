"""The road of a return: check, keep, receipt, release."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from pipelines.checking.check import Checked, Context, check
from pipelines.history import history
from pipelines.keeping.archive import EVERY_CODE
from pipelines.keeping.decisions import closed_months
from pipelines.keeping.entries import Entries
from pipelines.keeping.home import Home
from schemas.deadlines import london_day
from schemas.periods import Month
from schemas.problems import Outcome, Severity
from schemas.receipts import Receipt


@dataclass(frozen=True)
class Submission:
    """What came of sending a file. Without a receipt nothing was kept.

    `already_kept` marks a file that is the active return already: its receipt is shown again.
    `trouble` says why a kept return is not on the dashboard yet.
    """

    checked: Checked
    receipt: Receipt | None = None
    release_id: str | None = None
    already_kept: bool = False
    trouble: str | None = None

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The codes of the queries that still need an answer before the return is kept."""
        if self.receipt or self.checked.outcome != Outcome.QUERIES:
            return ()
        queries = [p for p in self.checked.problems if p.severity == Severity.QUERY]
        return tuple(sorted({problem.code for problem in queries}))


def submit(
    home: Home,
    content: bytes,
    filename: str,
    by: str,
    at: datetime,
    answers: Mapping[str, str],
    allowed_trusts: frozenset[str] | None = None,
    keep_unanswered: bool = False,
    context: Context | None = None,
    release: bool = True,
) -> Submission:
    """Check a file and, if it may be kept, keep it and build the release that shows it.

    Every query needs an answer (`answers`, by code; `*` for all) unless `keep_unanswered`.
    With `release=False` only the archive is written: for sending many files, then building once.
    """
    entries = home.archive.entries()
    context = context or context_for(home, london_day(at), allowed_trusts, entries)
    checked = check(content, filename, context)
    home.archive.log_attempt(checked, by, at)
    if checked.cells is None:
        return Submission(checked)
    same = _active_with(entries, checked.sha256)
    if same is None and not keep_unanswered and _lacks_answer(checked, answers):
        return Submission(checked)
    receipt = same or home.archive.keep_return(checked, content, by, at, answers)
    release_id, trouble = _released(home, at) if release else (None, None)
    return Submission(checked, receipt, release_id, same is not None, trouble)


def context_for(
    home: Home,
    today: date,
    allowed_trusts: frozenset[str] | None = None,
    entries: Entries | None = None,
) -> Context:
    """What a return is checked against on a day: register, past figures, what is open."""
    entries = entries or home.archive.entries()
    return Context(
        programme=home.programme,
        register=entries.register,
        today=today,
        allowed_trusts=allowed_trusts,
        known={receipt.sha256: receipt.return_id for receipt in entries.active},
        history=history(home, entries, allowed_trusts),
        closed_months=_closed(home, entries, today),
    )


def _closed(home: Home, entries: Entries, today: date) -> frozenset[tuple[str, Month]]:
    trusts = entries.register.trusts["trust_code"].unique()
    return closed_months(trusts, entries.decisions, home.programme, today)


def _active_with(entries: Entries, sha256: str) -> Receipt | None:
    return next((receipt for receipt in entries.active if receipt.sha256 == sha256), None)


def _lacks_answer(checked: Checked, answers: Mapping[str, str]) -> bool:
    return any(
        problem.severity == Severity.QUERY
        and not answers.get(problem.code, answers.get(EVERY_CODE, "")).strip()
        for problem in checked.problems
    )


def _released(home: Home, at: datetime) -> tuple[str | None, str | None]:
    from pipelines.releasing.build import (
        build,  # slow to import, and a rejected file builds nothing
    )
    from pipelines.releasing.release_checks import ReleaseError

    try:
        return build(home, at).stem, None
    except (ReleaseError, OSError, pl.exceptions.PolarsError) as error:
        return None, f"The return is kept, but the new release could not be made: {error}"
