"""Answers of last time that stand again, because the very same is asked about a new file.

Only what was asked about the same ward and column, with the same value, in the same words, counts:
a query about any other figure is asked afresh.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.checking.checked import Checked
from pipelines.keeping.explanations import EVERY_CODE, queries_of, reason_for, unfit_reasons
from pipelines.keeping.redaction import BLOCKED
from pipelines.registers.register import Register
from schemas.problems import Problem
from schemas.receipts import Query, Receipt, query_key

Finding = Problem | Query

_WHOLE_ROW = "ward_code"  # a query that stands there is about every figure of its row


@dataclass(frozen=True)
class EarlierExplanations:
    """The queries of an earlier file of a trust's month that were answered, each with its answer.

    `cells` are those of that file (`schemas.cells`).
    """

    trust: str
    month: str
    answered: tuple[tuple[Finding, str], ...]
    cells: pl.DataFrame


def explanations_of(answered: Receipt, cells: pl.DataFrame) -> EarlierExplanations:
    """What was said of a kept return, with the answers as they stand (`answered.as_answered`)."""
    said = [(q, q.answer) for q in answered.queries if q.severity == "query" and q.answer]
    return EarlierExplanations(answered.trust_code, answered.month, tuple(said), cells)


def explanations_from(checked: Checked, reasons: Mapping[str, str]) -> EarlierExplanations | None:
    """What was said of a file that was looked at; None for one that can't be sent."""
    if checked.cells is None or checked.trust is None:
        return None
    asked = queries_of(checked.problems)
    said = [(query, reason) for query in asked if (reason := reason_for(query, reasons))]
    return EarlierExplanations(checked.trust, str(checked.month), tuple(said), checked.cells)


def carried(
    checked: Checked, before: EarlierExplanations, register: Register, today: date
) -> dict[str, str]:
    """The answers that stand again for another file of the same trust and month, by `query_key`.

    What was asked about one cell shares its answer, so all of it must have been asked before. An
    answer that may not be kept today is left out.
    """
    cells = checked.cells
    if cells is None or (before.trust, before.month) != (checked.trust, str(checked.month)):
        return {}
    queries, known = queries_of(checked.problems), _by_finding(before)
    asked = Counter(_same(query, cells) for query in queries)
    found: dict[str, set[str | None]] = {}
    for query in queries:
        same = _same(query, cells)
        said = known.get(same) if asked[same] == 1 and query.cell else None
        found.setdefault(query_key(query.code, query.sheet, query.cell), set()).add(said)
    again = {key: said for key, (said, *others) in found.items() if said and not others}
    unfit = unfit_reasons(queries, again, register, today).values()
    gone = {query_key(p.code, p.sheet, p.cell) for group in unfit for p in group}
    return {key: said for key, said in again.items() if key not in gone}


def not_said_otherwise(
    problems: Iterable[Problem], given: Mapping[str, str], again: Mapping[str, str]
) -> dict[str, str]:
    """The answers of last time that count beside those given now.

    A reason given now for a finding or for its code goes before them; one for all others does not.
    """
    named = {key: said for key, said in given.items() if key != EVERY_CODE}
    open_now = [p for p in queries_of(problems) if reason_for(p, named) is None]
    keys = {query_key(p.code, p.sheet, p.cell) for p in open_now}
    return {key: said for key, said in again.items() if key in keys}


def _by_finding(before: EarlierExplanations) -> dict[tuple[object, ...], str]:
    """What was said, by what was asked; what was asked twice alike can't be told apart."""
    named = [(_same(finding, before.cells), said) for finding, said in before.answered]
    times = Counter(same for same, _ in named)
    return {same: said for same, said in named if times[same] == 1}


def _same(finding: Finding, cells: pl.DataFrame) -> tuple[object, ...]:
    """What makes a finding the same one in two files; text that is not kept is never the same."""
    value: object = finding.value
    if finding.code == BLOCKED:
        value = object()
    elif finding.column == _WHOLE_ROW:
        row = cells.filter(sheet=finding.sheet, row=finding.row).sort("field")
        value = tuple(row.select("field", "text", "state").rows())
    return finding.code, finding.sheet, finding.ward, finding.column, value, finding.message
