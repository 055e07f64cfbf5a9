"""Rules across columns, rows, sheets and months, one family in each file.

Each rule is a pure function from a typed return to problems; `RULES` gives their order. Those that
look at one monthly row alone have their conditions in `ROW_RULES`, for the workbook to say as well.
"""

from collections.abc import Callable, Iterator

from pipelines.checking.conditions import RowRule
from pipelines.checking.rules import (
    against_past,
    breakdowns,
    confidence,
    dates,
    incidents,
    lost_figures,
    organisation,
    pairs,
    parts,
    plausible,
    return_status,
    standards,
)
from pipelines.checking.typed_return import TypedReturn
from schemas.problems import Problem

Rule = Callable[[TypedReturn], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    *organisation.RULES,
    *standards.RULES,
    *return_status.RULES,
    *parts.RULES,
    *confidence.RULES,
    *breakdowns.RULES,
    *incidents.RULES,
    *pairs.RULES,
    *dates.RULES,
    *plausible.RULES,
    *against_past.RULES,
    *lost_figures.RULES,
)

ROW_RULES: tuple[RowRule, ...] = (
    *return_status.ROW_RULES,
    *parts.ROW_RULES,
    *incidents.ROW_RULES,
    *pairs.ROW_RULES,
)
