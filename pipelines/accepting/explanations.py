"""Gathers a file's explanations: those given now, and those that carry over."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.accepting.context import active_return
from pipelines.checking.checked import Checked
from pipelines.keeping.carried_forward import (
    EarlierExplanations,
    carried,
    explanations_of,
    not_replaced,
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
    """Explanations that carry over, by `query_key`; those of `earlier` replace the return's."""
    if checked.cells is None:
        return {}
    sources = [earlier] if earlier else []
    if active := active_return(entries, checked.trust or "", checked.slot):
        answered = as_answered(active, entries.decisions)
        sources.insert(0, explanations_of(answered, home.archive.cells(active)))
    found: dict[str, str] = {}
    for before in sources:
        found |= carried(checked, before, entries.register, today)
    return found


@dataclass(frozen=True)
class WeighedExplanations:
    """The explanations that count for a file's queries, including those `carried` over.

    `without` are the queries that have none; `unfit` says why an explanation can't be kept, with
    the queries it was given for.
    """

    reasons: Mapping[str, str]
    carried: Mapping[str, str]
    without: tuple[Problem, ...]
    unfit: Mapping[str, list[Problem]]

    @property
    def refused(self) -> tuple[Problem, ...]:
        """The queries whose explanation can't be kept."""
        return tuple(problem for group in self.unfit.values() for problem in group)


def weigh_explanations(
    home: Home, checked: Checked, given: Mapping[str, str], entries: Entries, today: date
) -> WeighedExplanations:
    """Weigh the explanations given now (`pipelines.keeping.explanations`), as on a day."""
    again = carried_explanations(home, checked, entries, today)
    again = not_replaced(checked.problems, given, again)
    reasons = {**given, **again}
    without = without_reason(checked.problems, reasons)
    unfit = unfit_reasons(checked.problems, reasons, entries.register, today)
    return WeighedExplanations(reasons, again, tuple(without), unfit)
