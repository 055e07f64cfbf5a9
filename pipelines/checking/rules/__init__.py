"""Rules across columns, rows, sheets and months: each a pure function from what was sent to
problems. A file holds one family; `RULES` is their order."""

from collections.abc import Callable, Iterator

from pipelines.checking.rules import changes, dates, incidents, organisation, parts, plausible, rows
from pipelines.checking.sent import Sent
from schemas.problems import Problem

Rule = Callable[[Sent], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    *organisation.RULES,
    *rows.RULES,
    *parts.RULES,
    *incidents.RULES,
    *dates.RULES,
    *plausible.RULES,
    *changes.RULES,
)
