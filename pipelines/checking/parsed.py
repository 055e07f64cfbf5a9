"""What reading one cell comes to: a value, or what to say about it."""

from dataclasses import dataclass
from typing import Any

from schemas.problems import Severity


@dataclass(frozen=True)
class WrongCell:
    """What there is to say about one cell."""

    severity: Severity
    code: str
    message: str
    fix: str


@dataclass(frozen=True)
class Parsed:
    """The value of a cell, None where it is blank or unreadable, and what to say about it."""

    value: Any = None
    said: WrongCell | None = None

    @property
    def unreadable(self) -> bool:
        return self.said is not None and self.said.severity is Severity.ERROR


def refused(code: str, message: str, fix: str) -> Parsed:
    """A cell that can't be read, and what to say about it."""
    return Parsed(said=WrongCell(Severity.ERROR, code, message, fix))
