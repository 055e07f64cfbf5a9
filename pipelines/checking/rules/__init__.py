"""Rules across columns, rows, sheets and months, one family in each file.

Each rule is a pure function from a typed return to problems; `RULES` gives their order.
"""

from collections.abc import Callable, Iterator

from pipelines.checking.rules import (
    against_past,
    dates,
    incidents,
    lost_figures,
    organisation,
    parts,
    plausible,
    return_status,
)
from pipelines.checking.typed_return import TypedReturn
from schemas.problems import Problem

Rule = Callable[[TypedReturn], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    *organisation.RULES,
    *return_status.RULES,
    *parts.RULES,
    *incidents.RULES,
    *dates.RULES,
    *plausible.RULES,
    *against_past.RULES,
    *lost_figures.RULES,
)
