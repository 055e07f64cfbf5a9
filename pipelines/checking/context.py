"""What a return is checked against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pipelines.registers.register import Register
from schemas.periods import Month
from schemas.programme import Programme


@dataclass(frozen=True)
class Context:
    """The programme, its register and its past, on the day of the check.

    `allowed_trusts` are those the sender may send for (None: any). `known` maps the hash of a file
    of theirs to its return. `history` holds the cells of active returns (`schemas.cells` with
    `trust_code` and `month`, the date of its first day), `baselines` those of baselines in use.
    """

    programme: Programme
    register: Register
    today: date
    allowed_trusts: frozenset[str] | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    history: pl.DataFrame | None = None
    closed_months: frozenset[tuple[str, Month]] = frozenset()
    baselines: pl.DataFrame | None = None
