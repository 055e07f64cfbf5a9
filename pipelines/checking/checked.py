"""The result of checking a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from schemas.periods import Month
from schemas.problems import Outcome, Problem
from schemas.receipts import slot_of
from schemas.wording import period

_SHOWN = ("code", "sheet", "cell", "row", "column", "value", "message", "fix")


@dataclass(frozen=True)
class Checked:
    """The result of a check; `cells` (`schemas.cells`) is only there if there are no errors.

    Of a baseline, `month` is its first month and `baseline_to` its last.
    """

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
    baseline_to: Month | None = None

    @property
    def slot(self) -> str:
        """What it is a version of: its month, or a baseline (`schemas.receipts.slot_of`)."""
        return slot_of(str(self.month), baseline=self.baseline_to is not None)

    @property
    def label(self) -> str:
        """Its month in words, or the months of a baseline; empty if the file names none."""
        if self.month is None:
            return ""
        return period(self.month.first_day, (self.baseline_to or self.month).first_day)

    def as_dict(self) -> dict[str, Any]:
        """The result as `check --json` prints it."""
        return {
            "file": self.filename,
            "trust": self.trust,
            "month": str(self.month) if self.month else None,
            **({"baseline_to": str(self.baseline_to)} if self.baseline_to else {}),
            "outcome": str(self.outcome),
            "rows": self.rows,
            "problems": [
                {"severity": str(p.severity), **{key: getattr(p, key) for key in _SHOWN}}
                for p in self.problems
            ],
        }
