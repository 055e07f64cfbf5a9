"""What can be wrong with a return, in words that help the sender correct it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How serious a finding is: errors stop a return, queries need explaining, notes inform."""

    ERROR = "error"
    QUERY = "query"
    NOTE = "note"


class Outcome(StrEnum):
    """The result of a check."""

    CLEAN = "clean"
    QUERIES = "queries"
    ERRORS = "errors"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Problem:
    """One finding at one place of a return.

    `row` counts from 1 as in a spreadsheet, `column` is the header's name, `cell` is in A1 style;
    all three are empty for a finding about the whole file. `value` is what was entered, as text.
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
        """The finding as a dictionary of its fields."""
        return asdict(self)


def outcome_of(problems: Iterable[Problem]) -> Outcome:
    """The outcome of a readable file: that of its worst finding."""
    counts = Counter(problem.severity for problem in problems)
    if counts[Severity.ERROR]:
        return Outcome.ERRORS
    return Outcome.QUERIES if counts[Severity.QUERY] else Outcome.CLEAN
