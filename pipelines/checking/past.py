"""A trust's earlier figures, which a month is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from schemas.periods import Month

LONGEST_LOOK_BACK = 12


@dataclass(frozen=True)
class Past:
    """The active returns of one trust for this month and the twelve before it.

    `in_use` holds the cells (`schemas.cells`) of this month's version in use, if there is one.
    """

    month: Month
    returns: Mapping[date, Mapping[tuple[str, str | None, str], Any]]
    in_use: pl.DataFrame | None = None

    def value(self, months_ago: int, sheet: str, ward: str | None, field: str) -> Any:
        """A count as int or a word as text; None if nothing was sent.

        0 months ago is this month, as it was before this file.
        """
        then = (self.month + -months_ago).first_day
        return self.returns.get(then, {}).get((sheet, ward, field))

    def has(self, months_ago: int) -> bool:
        """True if there is a return for that month."""
        return (self.month + -months_ago).first_day in self.returns

    def counts(self, ward: str, *fields: str) -> list[tuple[int, ...]]:
        """Past months' counts for a ward, newest first, without months that lack any of them."""
        rows = (
            tuple(self.value(ago, "monthly", ward, field) for field in fields)
            for ago in range(1, LONGEST_LOOK_BACK + 1)
        )
        return [row for row in rows if None not in row]

    def last(self, sheet: str, ward: str | None, field: str) -> Any:
        """The newest value before this month."""
        ago = range(1, LONGEST_LOOK_BACK + 1)
        values = (self.value(n, sheet, ward, field) for n in ago)
        return next((value for value in values if value is not None), None)

    def last_said(self, sheet: str, ward: str | None, field: str) -> str | None:
        """What the newest return before this month that had the cell said, as text; "" if blank."""
        for ago in range(1, LONGEST_LOOK_BACK + 1):
            then = self.returns.get((self.month + -ago).first_day, {})
            if (sheet, ward, field) in then:
                said = then[sheet, ward, field]
                return "" if said is None else str(said)
        return None


def past_of(history: pl.DataFrame | None, trust: str, month: Month) -> Past:
    """The part of the history (`schemas.cells`, trust_code, month) to compare a return with."""
    if history is None:
        return Past(month, {})
    recent = pl.col("month").is_between((month + -LONGEST_LOOK_BACK).first_day, month.first_day)
    own = history.filter(pl.col("trust_code") == trust, recent)
    returns: dict[date, dict[tuple[str, str | None, str], Any]] = {}
    for part in own.partition_by("month", maintain_order=True):
        sheets, wards, fields = (part[name].to_list() for name in ("sheet", "ward_code", "field"))
        numbers, texts = part["number"].cast(pl.Int64).to_list(), part["text"].to_list()
        values = (
            text if number is None else number for number, text in zip(numbers, texts, strict=True)
        )
        named = zip(sheets, wards, fields, strict=True)
        returns[part["month"][0]] = dict(zip(named, values, strict=True))
    in_use = own.filter(month=month.first_day)
    return Past(month, returns, None if in_use.is_empty() else in_use)
