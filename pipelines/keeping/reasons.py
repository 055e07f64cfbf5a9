"""The reasons a sender gives for what was queried: for one finding, for its code, or for all.

They are named by `schemas.receipts.query_key` (`W04 monthly!D5`), by code (`W04`), or `*`; the
narrowest one counts.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from pipelines.keeping.said import UnfitText, fit
from pipelines.registers.register import Register
from schemas.problems import Problem, Severity
from schemas.receipts import Query, query_key

EVERY_CODE = "*"
_KEY = re.compile(r"\s*(\w+)(?:\s+(\w+)\s*!\s*(\w+))?\s*")


def reason_for(problem: Problem | Query, reasons: Mapping[str, str]) -> str | None:
    """What was said about a query; None if nothing was."""
    keys = query_key(problem.code, problem.sheet, problem.cell), problem.code, EVERY_CODE
    return next((said for key in keys if (said := reasons.get(key, "").strip())), None)


def without_reason(problems: Iterable[Problem], reasons: Mapping[str, str]) -> list[Problem]:
    """The queries about which nothing was said."""
    return [p for p in queries_of(problems) if reason_for(p, reasons) is None]


def unfit_reasons(
    problems: Iterable[Problem], reasons: Mapping[str, str], register: Register, today: date
) -> dict[str, list[Problem]]:
    """Why a reason that was given cannot be kept, each with the queries it was given for."""
    found: dict[str, list[Problem]] = {}
    for problem in queries_of(problems):
        said = reason_for(problem, reasons)
        try:
            fit(said or "", f"Your reason for {problem.code}", register, today)
        except UnfitText as unfit:
            found.setdefault(str(unfit), []).append(problem)
    return found


def queries_of(problems: Iterable[Problem]) -> list[Problem]:
    """The findings that need a reason."""
    return [problem for problem in problems if problem.severity is Severity.QUERY]


def key_from(text: str) -> str | None:
    """A key as a person types it, in any case: `w04 Monthly!d5`; None if it is none."""
    match = _KEY.fullmatch(text)
    if match is None:
        return None
    code, sheet, cell = match.groups()
    return query_key(code.upper(), sheet and sheet.lower(), cell and cell.upper())
