"""Works out who feels safe by group, with what is too small already hidden.

A quarter of the programme and a year of a trust are worked out as things stood at the end of the
day on which their last month was locked. Nothing sent or decided later changes them, so two
releases can't be compared to see what one return added.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipelines.keeping.decisions import withdrawn
from pipelines.keeping.entries import Entries
from pipelines.releasing.cells import cells_of
from pipelines.releasing.charters import rows_of
from pipelines.releasing.sources import Sources
from schemas.breakdowns import Part, hidden, may_be_shown
from schemas.deadlines import dates_for
from schemas.london_time import london_day
from schemas.periods import Month
from schemas.programme import ALL, NOT_KNOWN, Breakdown
from schemas.receipts import Receipt, is_baseline
from schemas.release import Breakdowns
from schemas.sums import YEAR_ENDS_IN
from schemas.typed import empty, typed

MONTHS = {"programme": 3, "trust": 12}  # of the windows of each level; none overlaps another
_FIELDS = ["breakdown", "category", "answered", "safe"]


@dataclass(frozen=True)
class Window:
    """A quarter of the programme or a year of trusts, and the day after which it never changes."""

    level: str
    first: Month
    last: Month
    known_on: date

    @property
    def part(self) -> str:
        """Its name among the parts of a release."""
        return f"{self.level} {self.first}"

    def returns(self, entries: Entries) -> list[Receipt]:
        """The returns that were in use at the end of that day and ask for breakdowns."""
        then = [d for d in entries.decisions if london_day(d.decided_at) <= self.known_on]
        gone = withdrawn(then)
        newest = {
            (receipt.trust_code, receipt.month): receipt
            for receipt in entries.receipts
            if self.first <= Month.parse(receipt.month) <= self.last
            and london_day(receipt.received_at) <= self.known_on
            and receipt.return_id not in gone
        }
        return [receipt for receipt in newest.values() if "breakdowns" in receipt.rows_by_sheet]

    def lacks(self, entries: Entries) -> bool:
        """Whether a return of these months is damaged: its figures would come and go with it."""
        about = [each.trust_month for each in entries.damaged if each.trust_month]
        months = [Month.parse(slot) for _, slot in about if not is_baseline(slot)]
        return any(self.first <= month <= self.last for month in months)


Over = Mapping[Window, Sequence[Receipt]]


def over(sources: Sources) -> Over:
    """Each window that is over, unless a return of it is damaged, with its returns."""
    if not sources.programme.breakdowns:
        return {}
    entries = sources.entries
    return {each: each.returns(entries) for each in windows(sources) if not each.lacks(entries)}


def breakdowns(sources: Sources, over: Over) -> pl.DataFrame:
    """One row for each category of each of these windows (`schemas.release.Breakdowns`)."""
    asked = sources.programme.breakdowns
    sent = {receipt.return_id: receipt for returns in over.values() for receipt in returns}
    if not sent:
        return empty(Breakdowns)
    cells = cells_of(sources.archive, list(sent.values()))  # read once: most are in two windows
    given = rows_of(cells, "breakdowns", _FIELDS)
    rows = [
        row
        for window, returns in over.items()
        for of_window in [given.filter(pl.col("return_id").is_in([r.return_id for r in returns]))]
        for breakdown in asked
        for row in _of_window(window, breakdown, of_window, sources)
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None) if rows else empty(Breakdowns)
    return typed(frame, Breakdowns).sort("level", "unit_id", "first_month", "breakdown", "sort")


def named(parts: Collection[str]) -> pl.DataFrame:
    """The level and first month of some windows, by their parts."""
    rows = [part.split(" ") for part in sorted(parts)]
    frame = pl.DataFrame(rows, dict.fromkeys(("level", "first_month"), pl.String), orient="row")
    return frame.with_columns(pl.format("{}-01", "first_month").str.to_date().alias("first_month"))


def windows(sources: Sources) -> Iterator[Window]:
    """The quarters and years whose last month is locked, oldest first, for each level."""
    programme = sources.programme
    if sources.data_to is None:
        return
    for level, length in MONTHS.items():
        first = programme.first
        last = first + (YEAR_ENDS_IN - first.number) % length
        while last <= Month.of(sources.day):
            locked = dates_for(last, programme.deadlines).locked
            if locked < sources.day:
                yield Window(level, max(first, last + 1 + -length), last, locked)
            last += length


def _of_window(
    window: Window, breakdown: Breakdown, rows: pl.DataFrame, sources: Sources
) -> Iterator[dict[str, Any]]:
    found = rows.filter(pl.col("breakdown") == breakdown.name).drop_nulls(_FIELDS)
    of_part = "trust_code" if window.level == "programme" else "ward_id"
    unit = pl.lit("programme") if window.level == "programme" else pl.col("trust_code")
    by_unit = found.with_columns(unit_id=unit).group_by("unit_id", maintain_order=True)
    for (unit_id,), of_unit in by_unit:
        counted = of_unit.group_by(of_part, "category").agg(
            pl.col("answered", "safe").cast(pl.Int64).sum()
        )
        parts: dict[str, Part] = {}
        for part, category, answered, safe in counted.sort(of_part, "category").iter_rows():
            parts[part] = {**parts.get(part, {}), category: (answered, safe)}
        about = {
            "level": window.level,
            "unit_id": unit_id,
            "trust_code": None if window.level == "programme" else unit_id,
            "first_month": window.first.first_day,
            "last_month": window.last.first_day,
            "known_on": window.known_on,
            "breakdown": breakdown.name,
            "wards": of_unit["ward_id"].n_unique(),
        }
        for row in _categories(list(parts.values()), breakdown, sources):
            yield about | row


def _categories(
    parts: list[Part], breakdown: Breakdown, sources: Sources
) -> Iterator[dict[str, Any]]:
    """Everybody, then each category that was sent: today's in their order, then any others."""
    policy = sources.programme.disclosure
    sent = {category for part in parts for category in part}
    order = [c for c in breakdown.categories if c in sent]
    order += [*sorted(sent - {*order, NOT_KNOWN}), *sent & {NOT_KNOWN}]
    too_small = hidden(parts, policy)
    whole = {ALL: tuple(sum(part[c][n] for part in parts for c in part) for n in (0, 1))}
    if not may_be_shown(parts, policy):
        too_small |= {ALL}
    for sort, category in enumerate([ALL, *order]):
        answered, safe = whole.get(category) or tuple(
            sum(part.get(category, (0, 0))[n] for part in parts) for n in (0, 1)
        )
        shown = category not in too_small
        yield {
            "category": category,
            "sort": sort,
            "answered": answered if shown else None,
            "safe": safe if shown else None,
        }
