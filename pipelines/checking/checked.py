"""The result of checking a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from schemas.periods import Month
from schemas.problems import Outcome, Problem

_SHOWN = ("code", "sheet", "cell", "row", "column", "value", "message", "fix")


@dataclass(frozen=True)
class Checked:
    """The result of a check; `cells` (`schemas.cells`) is only there if there are no errors."""

    filename: str
    sha256: str
    outcome: Outcome
    problems: tuple[Problem, ...]
    trust: str | None = None
    month: Month | None = None
    rows: int = 0
    rows_by_sheet: Mapping[str, int] = field(default_factory=dict)
    cells: pl.DataFrame | None = None
    data_status: str | None = None
    template_version: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The result as `check --json` prints it."""
        return {
            "file": self.filename,
            "trust": self.trust,
            "month": str(self.month) if self.month else None,
            "outcome": str(self.outcome),
            "rows": self.rows,
            "problems": [
                {"severity": str(p.severity), **{key: getattr(p, key) for key in _SHOWN}}
                for p in self.problems
            ],
        }
