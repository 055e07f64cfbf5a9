"""What can be wrong with a return, said so that the person who sent it can mend it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a problem matters: errors stop, queries ask, notes tell."""

    ERROR = "error"
    QUERY = "query"
    NOTE = "note"


class Outcome(StrEnum):
    """What a check came to."""

    CLEAN = "clean"
    QUERIES = "queries"
    ERRORS = "errors"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Problem:
    """One finding at one place of a return.

    `row` counts from 1 as spreadsheets do, `column` is the header's name, `cell` is in A1 style;
    all three are empty for a problem of the whole file. `value` is what was entered, as text.
    """

    severity: Severity
    code: str
    message: str
    fix: str
    sheet: str | None = None
    cell: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    ward: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The problem as `check --json` prints it."""
        return asdict(self)


def outcome_of(problems: Iterable[Problem]) -> Outcome:
    """The worst that the problems of a readable file come to."""
    counts = Counter(problem.severity for problem in problems)
    if counts[Severity.ERROR]:
        return Outcome.ERRORS
    return Outcome.QUERIES if counts[Severity.QUERY] else Outcome.CLEAN
