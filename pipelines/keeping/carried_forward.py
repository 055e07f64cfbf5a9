"""Explanations that carry over, because a new file raises exactly the same queries.

A query is the same only if it is about the same ward, column and value, in the same words; any
other query needs a new explanation.
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

_WHOLE_ROW = "ward_code"  # a query in this column is about every figure of its row


@dataclass(frozen=True)
class EarlierExplanations:
    """The explained queries of an earlier file for a slot, each with its explanation.

    `cells` are those of that file (`schemas.cells`).
    """

    trust: str
    slot: str
    answered: tuple[tuple[Finding, str], ...]
    cells: pl.DataFrame


def explanations_of(answered: Receipt, cells: pl.DataFrame) -> EarlierExplanations:
    """The explanations of a received return (see `explanations.as_answered`)."""
    explained = [(q, q.answer) for q in answered.queries if q.severity == "query" and q.answer]
    return EarlierExplanations(answered.trust_code, answered.slot, tuple(explained), cells)


def explanations_from(checked: Checked, reasons: Mapping[str, str]) -> EarlierExplanations | None:
    """The explanations typed for a previewed file; None for a file that can't be sent."""
    if checked.cells is None or checked.trust is None:
        return None
    asked = queries_of(checked.problems)
    explained = [(query, reason) for query in asked if (reason := reason_for(query, reasons))]
    return EarlierExplanations(checked.trust, checked.slot, tuple(explained), checked.cells)


def carried(
    checked: Checked, before: EarlierExplanations, register: Register, today: date
) -> dict[str, str]:
    """The explanations that carry over to a new file of the same trust and month, by `query_key`.

    Queries with the same key share one explanation, so all of them must have been raised before.
    An explanation that may not be kept today is left out.
    """
    cells = checked.cells
    if cells is None or (before.trust, before.slot) != (checked.trust, checked.slot):
        return {}
    queries, known = queries_of(checked.problems), _by_finding(before)
    asked = Counter(_same(query, cells) for query in queries)
    found: dict[str, set[str | None]] = {}
    for query in queries:
        same = _same(query, cells)
        reason = known.get(same) if asked[same] == 1 and query.cell else None
        found.setdefault(query_key(query.code, query.sheet, query.cell), set()).add(reason)
    again = {key: reason for key, (reason, *others) in found.items() if reason and not others}
    unfit = unfit_reasons(queries, again, register, today).values()
    gone = {query_key(p.code, p.sheet, p.cell) for group in unfit for p in group}
    return {key: reason for key, reason in again.items() if key not in gone}


def not_replaced(
    problems: Iterable[Problem], given: Mapping[str, str], again: Mapping[str, str]
) -> dict[str, str]:
    """The carried-over explanations that still count beside those given now.

    One given now for a query or its code replaces them; one for all other queries does not.
    """
    named = {key: reason for key, reason in given.items() if key != EVERY_CODE}
    open_now = [p for p in queries_of(problems) if reason_for(p, named) is None]
    keys = {query_key(p.code, p.sheet, p.cell) for p in open_now}
    return {key: reason for key, reason in again.items() if key in keys}


def _by_finding(before: EarlierExplanations) -> dict[tuple[object, ...], str]:
    """The explanations by query, without queries raised twice, which can't be told apart."""
    named = [(_same(finding, before.cells), reason) for finding, reason in before.answered]
    times = Counter(same for same, _ in named)
    return {same: reason for same, reason in named if times[same] == 1}


def _same(finding: Finding, cells: pl.DataFrame) -> tuple[object, ...]:
    """What makes a finding the same in two files; text that is not kept never matches."""
    value: object = finding.value
    if finding.code == BLOCKED:
        value = object()
    elif finding.column == _WHOLE_ROW:
        filled = pl.col("text").is_not_null()  # a file may lack a column that is blank in another
        row = cells.filter(filled, sheet=finding.sheet, row=finding.row).sort("field")
        value = tuple(row.select("field", "text", "state").rows())
    return finding.code, finding.sheet, finding.ward, finding.column, value, finding.message
