"""Checks that a file is the right one, from the right trust and for the right month.

Nothing else is checked until it is, so that a wrong file can't replace a right one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.checking.baseline import Baseline, not_read
from pipelines.checking.context import Context
from pipelines.checking.prechecks.baseline import months_asked, right_baseline
from pipelines.checking.prechecks.cover import answer
from pipelines.checking.prechecks.left_aside import left_aside, rows_left_aside, unseen
from pipelines.checking.prechecks.month import right_month
from pipelines.checking.prechecks.shape import (
    all_columns,
    known_version,
    missing_sheets,
    some_figures,
    uneven_lines,
)
from pipelines.checking.prechecks.trust import one_trust, right_trust
from pipelines.checking.problem_at import problem_of_file
from pipelines.reading.tables import Tables
from schemas.periods import Month
from schemas.problems import Problem, Severity
from schemas.returns import REQUIRED_SHEETS


@dataclass(frozen=True)
class Looked:
    """What the pre-checks found: the file's trust, month and template, and any problems.

    Of a `baseline`, the month is its first.
    """

    trust: str | None
    month: Month | None
    template_version: str | None
    problems: tuple[Problem, ...]
    baseline: Baseline | None = None

    @property
    def stops(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def precheck(tables: Tables, sha256: str, context: Context) -> Looked:
    """Check the whole file; `stops` says that its rows need not be read."""
    missing = [name for name in REQUIRED_SHEETS if name not in tables]
    if missing:
        return Looked(None, None, None, (missing_sheets(missing, tables),))
    trust = answer(tables, "trust_code").upper() or None
    version = answer(tables, "template_version") or None
    own = context.allowed_trusts is None or trust in context.allowed_trusts
    asked, baseline = months_asked(tables), None
    if asked:
        baseline, month_problems = right_baseline(tables, asked, trust if own else None, context)
        month = baseline.window.first_month if baseline else None
    else:
        month, month_problems = right_month(tables, trust if own else None, context)
    problems = [
        *known_version(tables, version),
        *all_columns(tables),
        *uneven_lines(tables),
        *right_trust(tables, trust, None if month_problems or asked else month, context),
        *one_trust(tables, trust),
        *month_problems,
        *some_figures(tables),
        *_seen_before(sha256, context),
        *left_aside(tables, context),
        *rows_left_aside(tables),
        *unseen(tables),
        *(not_read(tables) if baseline else ()),
    ]
    return Looked(trust, month, version, tuple(problems), baseline)


def _seen_before(sha256: str, context: Context) -> Iterator[Problem]:
    if sha256 in context.known:
        yield problem_of_file(
            "F07",
            f"Exactly this file was received before, as {context.known[sha256]}.",
            "Nothing to do: the return has been received and will not be counted twice.",
            Severity.NOTE,
        )
