"""What reading one cell comes to: a value, or a finding about it."""

from dataclasses import dataclass
from typing import Any

from schemas.problems import Severity


@dataclass(frozen=True)
class WrongCell:
    """A finding about one cell, before its place is known.

    A text that nobody has looked at for names is not `repeated` with it.
    """

    severity: Severity
    code: str
    message: str
    fix: str
    repeated: bool = True


@dataclass(frozen=True)
class Parsed:
    """The value of a cell (None if blank or unreadable), and any finding about it."""

    value: Any = None
    finding: WrongCell | None = None

    @property
    def unreadable(self) -> bool:
        return self.finding is not None and self.finding.severity is Severity.ERROR


def refused(code: str, message: str, fix: str, repeated: bool = True) -> Parsed:
    """A cell that can't be read, with the error."""
    return Parsed(finding=WrongCell(Severity.ERROR, code, message, fix, repeated))
