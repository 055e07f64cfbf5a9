"""Weighing the reasons for a file's queries: those given now, and those of last time that stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipelines.accepting.last_time import last_time
from pipelines.checking.checked import Checked
from pipelines.keeping.carried import not_said_otherwise
from pipelines.keeping.entries import Entries
from pipelines.keeping.home import Home
from pipelines.keeping.reasons import unfit_reasons, without_reason
from schemas.problems import Problem


@dataclass(frozen=True)
class Weighed:
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


def weigh(
    home: Home, checked: Checked, given: Mapping[str, str], entries: Entries, today: date
) -> Weighed:
    """What the reasons given now come to (`pipelines.keeping.reasons`), on a day."""
    again = last_time(home, checked, entries, today)
    again = not_said_otherwise(checked.problems, given, again)
    reasons = {**given, **again}
    without = without_reason(checked.problems, reasons)
    unfit = unfit_reasons(checked.problems, reasons, entries.register, today)
    return Weighed(reasons, again, tuple(without), unfit)
