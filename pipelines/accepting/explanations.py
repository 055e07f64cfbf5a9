"""Explanations of a file’s queries: given now, or for the version in use and still applying."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.accepting.context import active_return
from pipelines.checking.checked import Checked
from pipelines.keeping.carried_forward import (
    EarlierExplanations,
    carried,
    explanations_of,
    not_said_otherwise,
)
from pipelines.keeping.entries import Entries
from pipelines.keeping.explanations import as_answered, unfit_reasons, without_reason
from pipelines.keeping.home import Home
from schemas.problems import Problem


def carried_explanations(
    home: Home,
    checked: Checked,
    entries: Entries,
    today: date,
    earlier: EarlierExplanations | None = None,
) -> dict[str, str]:
    """The answers by `query_key`: of the return in use, and before them those of `earlier`."""
    if checked.cells is None:
        return {}
    sources = [earlier] if earlier else []
    if active := active_return(entries, checked.trust or "", str(checked.month)):
        answered = as_answered(active, entries.decisions)
        sources.insert(0, explanations_of(answered, home.archive.cells(active)))
    found: dict[str, str] = {}
    for before in sources:
        found |= carried(checked, before, entries.register, today)
    return found


@dataclass(frozen=True)
class WeighedExplanations:
    """The reasons that count for a file's queries, those of last time (`carried`) among them.

    `without` are the queries that have none; `unfit` says why a reason can't be kept, each with the
    queries it was given for.
    """

    reasons: Mapping[str, str]
    carried: Mapping[str, str]
    without: tuple[Problem, ...]
    unfit: Mapping[str, list[Problem]]

    @property
    def refused(self) -> tuple[Problem, ...]:
        """The queries whose reason can't be kept."""
        return tuple(problem for group in self.unfit.values() for problem in group)


def weigh_explanations(
    home: Home, checked: Checked, given: Mapping[str, str], entries: Entries, today: date
) -> WeighedExplanations:
    """What the reasons given now come to (`pipelines.keeping.explanations`), on a day."""
    again = carried_explanations(home, checked, entries, today)
    again = not_said_otherwise(checked.problems, given, again)
    reasons = {**given, **again}
    without = without_reason(checked.problems, reasons)
    unfit = unfit_reasons(checked.problems, reasons, entries.register, today)
    return WeighedExplanations(reasons, again, tuple(without), unfit)
