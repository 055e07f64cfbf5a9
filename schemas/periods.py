"""Calendar months: the period of every return, observation and point."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Self

FIRST_POSSIBLE = "2019-10"  # the collaborative was launched on 21 October 2019
_ISO = re.compile(r"^(\d{4})-(\d{2})$")


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month; in frames it is the date of its first day."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12:
            raise ValueError(f"{self.number} is not a month of the year: use 1 to 12.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-03`; raises ValueError with a sentence for anything else."""
        match = _ISO.match(text.strip())
        if not match:
            raise ValueError(f"“{text}” is not a month: write it like 2026-03.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that holds `day`."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.number, self.days)

    @property
    def days(self) -> int:
        return monthrange(self.year, self.number)[1]

    @property
    def label(self) -> str:
        """The month in words: March 2026."""
        return _label(self.year, self.number)

    @property
    def short_label(self) -> str:
        """The month as on an axis: Mar 2026."""
        return f"{self.first_day:%b} {self.year}"

    def __add__(self, months: int) -> "Month":
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, number + 1)

    def __sub__(self, other: "Month") -> int:
        """How many months `other` is before this one."""
        return (self.year - other.year) * 12 + self.number - other.number

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


@cache
def _label(year: int, number: int) -> str:
    """A month in words; asked for by every sentence, and slow to put into words."""
    return f"{date(year, number, 1):%B} {year}"


def months(first: Month, last: Month) -> Iterator[Month]:
    """Every month from `first` to `last`, both included; none if they are the wrong way round."""
    for step in range(last - first + 1):
        yield first + step
