"""The road of a return: check, keep, receipt, release."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

import polars as pl

from pipelines.checking.check import Checked, Context, check
from pipelines.history import history
from pipelines.keeping import decide
from pipelines.keeping.answered import as_answered, news
from pipelines.keeping.entries import Entries
from pipelines.keeping.exceptions import closed_months
from pipelines.keeping.home import Home
from pipelines.keeping.reasons import unfit_reasons, without_reason
from pipelines.keeping.subjects import DecisionError
from pipelines.keeping.turns import one_at_a_time
from schemas.deadlines import london_day
from schemas.periods import Month
from schemas.problems import Problem, Severity
from schemas.receipts import Query, Receipt, query_key


@dataclass(frozen=True)
class Submission:
    """What came of sending a file. Without a receipt nothing was kept.

    `already_kept` marks a file that is the active return already: its receipt is shown again, and
    `answers_kept` counts the queries of it that were answered by sending it once more.
    `lacking` holds the queries without a reason that can be kept, and `unfit` says what is wrong
    with the reasons that were given. `overtaken` means that another return came meanwhile.
    `trouble` says why a kept return is not on the dashboard yet.
    """

    checked: Checked
    receipt: Receipt | None = None
    release_id: str | None = None
    already_kept: bool = False
    answers_kept: int = 0
    lacking: tuple[Problem, ...] = ()
    unfit: tuple[str, ...] = ()
    overtaken: bool = False
    trouble: str | None = None

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The codes of the queries that still need an answer before the return is kept."""
        return tuple(sorted({problem.code for problem in self.lacking}))


def submit(
    home: Home,
    content: bytes,
    filename: str,
    by: str,
    at: datetime,
    answers: Mapping[str, str],
    allowed_trusts: frozenset[str] | None = None,
    keep_unanswered: bool = False,
    release: bool = True,
    replaces: Receipt | Literal["any"] | None = "any",
) -> Submission:
    """Check a file and, if it may be kept, keep it and build the release that shows it.

    Every query needs an answer (`answers`, see `pipelines.keeping.reasons`) unless
    `keep_unanswered`; no answer may tell who somebody is. `replaces` is the return that the sender
    knows to be in use, or None for none: where it is another one, nothing is kept.
    With `release=False` only the archive is written: for sending many files, then building once.
    """
    entries, today = home.archive.entries(), london_day(at)
    checked = check(content, filename, context_for(home, today, allowed_trusts, entries))
    if checked.cells is None or checked.trust is None or checked.month is None:
        home.archive.log_attempt(checked, by, at)
        return Submission(checked)
    with one_at_a_time(home.root, checked.trust, checked.month):
        now = home.archive.entries()
        if _seen_by(checked, now) != _seen_by(checked, entries):
            checked = check(content, filename, context_for(home, today, allowed_trusts, now))
        home.archive.log_attempt(checked, by, at)
        arrived = _kept(home, checked, content, by, at, answers, now, keep_unanswered, replaces)
    if arrived.receipt is None or not release:
        return arrived
    release_id, trouble = released(home, at)
    return replace(arrived, release_id=release_id, trouble=trouble)


def _kept(
    home: Home,
    checked: Checked,
    content: bytes,
    by: str,
    at: datetime,
    answers: Mapping[str, str],
    entries: Entries,
    keep_unanswered: bool,
    replaces: Receipt | Literal["any"] | None,
) -> Submission:
    """Keep a file that was checked, unless something still speaks against it."""
    if checked.cells is None:
        return Submission(checked)
    active = active_return(entries, checked.trust or "", str(checked.month))
    if active and active.sha256 == checked.sha256:
        return _answered_again(home, checked, active, by, at, answers, entries)
    if replaces != "any" and _named(replaces) != _named(active):
        return Submission(checked, overtaken=True)
    unfit = unfit_reasons(checked.problems, answers, entries.register, london_day(at))
    lacking = [] if keep_unanswered else without_reason(checked.problems, answers)
    if unfit or lacking:
        again = [problem for group in unfit.values() for problem in group]
        return Submission(checked, lacking=(*lacking, *again), unfit=tuple(unfit))
    return Submission(checked, home.archive.keep_return(checked, content, by, at, answers))


def _answered_again(
    home: Home,
    checked: Checked,
    active: Receipt,
    by: str,
    at: datetime,
    answers: Mapping[str, str],
    entries: Entries,
) -> Submission:
    """The same file once more: its receipt again, and any new answer kept beside it."""
    new = news(active, answers, entries.decisions)
    try:
        kept = decide.answer_queries(home, new, by, at)
    except DecisionError as refused:
        again = {key for _, key in new}
        lacking = [q for q in active.queries if query_key(q.code, q.sheet, q.cell) in again]
        return Submission(checked, lacking=tuple(map(_asked, lacking)), unfit=(str(refused),))
    shown = as_answered(active, [*entries.decisions, *kept])
    return Submission(checked, shown, already_kept=True, answers_kept=len(kept))


def _asked(query: Query) -> Problem:
    """What was asked about a kept return, as a finding that still needs a reason."""
    place = query.model_dump(exclude={"severity", "answer"})
    return Problem(Severity.QUERY, fix="Say why it is right, without names.", **place)


def _named(receipt: Receipt | None) -> str | None:
    return receipt.return_id if receipt else None


def active_return(entries: Entries, trust: str, month: str) -> Receipt | None:
    """The return in use for a trust's month."""
    wanted = trust, month
    return next((r for r in entries.active if (r.trust_code, r.month) == wanted), None)


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


def _seen_by(checked: Checked, entries: Entries) -> tuple[object, ...]:
    """What a check of this trust's return depends on."""
    own = [receipt for receipt in entries.active if receipt.trust_code == checked.trust]
    return own, entries.decisions, entries.register.version


def released(home: Home, at: datetime) -> tuple[str | None, str | None]:
    """The release that shows what was kept; or None, and why there is none yet."""
    from pipelines.releasing.build import (
        build,  # slow to import, and a rejected file builds nothing
    )
    from pipelines.releasing.release_checks import ReleaseError

    try:
        return build(home, at).stem, None
    except (ReleaseError, OSError, pl.exceptions.PolarsError) as error:
        return None, f"The return is kept, but the new release could not be made: {error}"
