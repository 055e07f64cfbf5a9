"""The explanations of a return's queries, given when it was sent or since.

An explanation may be for a single finding, for its code, or for all queries of the return.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from pipelines.keeping.decisions import in_force
from pipelines.keeping.free_text import UnfitText, fit
from pipelines.registers.register import Register
from schemas.problems import Problem, Severity
from schemas.receipts import Decision, Query, Receipt, query_key

EVERY_CODE = "*"
_KEY = re.compile(r"\s*(\w+)(?:\s+(\w+)\s*!\s*(\w+))?\s*")


def reason_for(problem: Problem | Query, reasons: Mapping[str, str]) -> str | None:
    """The explanation of a query; None if there is none."""
    keys = query_key(problem.code, problem.sheet, problem.cell), problem.code, EVERY_CODE
    return next((text for key in keys if (text := reasons.get(key, "").strip())), None)


def without_reason(problems: Iterable[Problem], reasons: Mapping[str, str]) -> list[Problem]:
    """The queries that have no explanation."""
    return [p for p in queries_of(problems) if reason_for(p, reasons) is None]


def unfit_reasons(
    problems: Iterable[Problem], reasons: Mapping[str, str], register: Register, today: date
) -> dict[str, list[Problem]]:
    """Why explanations can't be kept, each with the queries it was given for."""
    found: dict[str, list[Problem]] = {}
    for problem in queries_of(problems):
        reason = reason_for(problem, reasons)
        try:
            fit(reason or "", f"Your explanation of {problem.code}", register, today)
        except UnfitText as unfit:
            found.setdefault(str(unfit), []).append(problem)
    return found


def queries_of(problems: Iterable[Problem]) -> list[Problem]:
    """The findings that need an explanation."""
    return [problem for problem in problems if problem.severity is Severity.QUERY]


def key_from(text: str) -> str | None:
    """The key that a person typed, in any case: `w04 Monthly!d5`; None if it isn't one."""
    match = _KEY.fullmatch(text)
    if match is None:
        return None
    code, sheet, cell = match.groups()
    return query_key(code.upper(), sheet and sheet.lower(), cell and cell.upper())


Later = Mapping[tuple[str, str], Decision]


def given_later(decisions: Iterable[Decision]) -> Later:
    """The newest explanation in force, by return and query."""
    return {
        (d.return_id, d.query): d
        for d in in_force(decisions)
        if d.kind == "query_answer" and d.return_id and d.query
    }


def decided(return_id: str, query: Query, later: Later) -> Decision | None:
    """The explanation given after the return was received; one for the cell comes first."""
    return later.get((return_id, _key(query))) or later.get((return_id, query.code))


def as_answered(receipt: Receipt, decisions: Iterable[Decision]) -> Receipt:
    """A receipt with today's explanations in place of those given when it was sent."""
    later = given_later(decisions)
    queries = [_as_answered(receipt, query, later) for query in receipt.queries]
    return receipt.model_copy(update={"queries": tuple(queries)})


def news(
    receipt: Receipt, reasons: Mapping[str, str], decisions: Iterable[Decision]
) -> dict[tuple[str, str], str]:
    """The new explanations sent with a file that is already in use, for `answer_queries`.

    An explanation given before is not saved twice, so a file can be sent any number of times; one
    for all others only applies to queries that nobody has explained.
    """
    taken = [d for d in in_force(decisions) if d.return_id == receipt.return_id]
    named = {key: reason for key, reason in reasons.items() if key != EVERY_CODE}
    found = {}
    for query in as_answered(receipt, taken).queries:
        if query.severity != "query":
            continue
        reason = reason_for(query, reasons if query.answer is None else named)
        about = {query.code, _key(query)}
        before = {
            query.answer,
            *(d.reason for d in taken if d.query in about),
            *_sent(receipt, query),
        }
        if reason is not None and reason not in before:
            found[receipt.return_id, _key(query)] = reason
    return found


def _sent(receipt: Receipt, query: Query) -> set[str | None]:
    """The explanations of the query that came with the return."""
    return {sent.answer for sent in receipt.queries if _key(sent) == _key(query)}


def _as_answered(receipt: Receipt, query: Query, later: Later) -> Query:
    since = decided(receipt.return_id, query, later) if query.severity == "query" else None
    return query.model_copy(update={"answer": since.reason}) if since else query


def _key(query: Query) -> str:
    return query_key(query.code, query.sheet, query.cell)
