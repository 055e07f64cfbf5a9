"""Applies today's rules to every return in use, to see what they would find now."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipelines.checking.check import Checked, Context, check
from pipelines.history import history
from pipelines.keeping.entries import Entries
from pipelines.keeping.home import Home
from schemas.london_time import london_day
from schemas.periods import Month
from schemas.problems import Problem, Severity
from schemas.receipts import Receipt


@dataclass(frozen=True)
class Rechecked:
    """A return, and what today's rules find in it that was not found when it was received."""

    receipt: Receipt
    checked: Checked
    new: tuple[Problem, ...]

    @property
    def refused(self) -> bool:
        """Whether it would be refused today."""
        return self.checked.cells is None


def recheck(home: Home) -> Iterator[Rechecked]:
    """Check every active return as on the day it arrived, but against today's register."""
    entries = home.archive.entries()
    past = history(home, entries, None)
    for receipt in entries.active:
        yield _rechecked(home, receipt, entries, past)


def _rechecked(home: Home, receipt: Receipt, entries: Entries, past: pl.DataFrame) -> Rechecked:
    context = Context(
        programme=home.programme,
        register=entries.register,
        today=london_day(receipt.received_at),
        history=pl.concat([past.filter(_before(receipt)), _replaced(home, receipt, entries, past)]),
    )
    content = home.archive.original(receipt).read_bytes()
    checked = check(content, receipt.filename, context)
    known = {(query.code, query.cell) for query in receipt.queries}
    new = [p for p in checked.problems if p.severity is not Severity.NOTE]
    return Rechecked(receipt, checked, tuple(p for p in new if (p.code, p.cell) not in known))


def _before(receipt: Receipt) -> pl.Expr:
    same_trust = pl.col("trust_code") == receipt.trust_code
    return same_trust & (pl.col("month").dt.strftime("%Y-%m") < receipt.month)


def _replaced(home: Home, receipt: Receipt, entries: Entries, past: pl.DataFrame) -> pl.DataFrame:
    """The cells of the version that this one replaced."""
    for older in entries.receipts:
        if older.return_id == f"{receipt.trust_code}/{receipt.month}/{receipt.version - 1}":
            cells = home.archive.cells(older).with_columns(
                trust_code=pl.lit(older.trust_code),
                month=pl.lit(Month.parse(older.month).first_day),
            )
            return cells.select(past.columns).cast(dict(past.schema))
    return past.clear()
