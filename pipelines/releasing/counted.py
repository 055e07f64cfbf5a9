"""Counts what returns come to, trust by trust: the part of a release that can be taken over.

Nothing that is worked out for one trust of today rests on another's returns. What the trusts add to
groups and the programme is kept beside their own figures, so that a total is a sum over trusts
however few of them are counted again.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from pipelines.releasing.cells import ActiveCells, cells_of
from pipelines.releasing.charters import charters
from pipelines.releasing.last_release import KEYS, WORKINGS, Keys, LastRelease
from pipelines.releasing.made_from import TRUST, senders
from pipelines.releasing.observations import CONTRIBUTIONS as SHAPE
from pipelines.releasing.observations import PROGRAMME, Observed, above, observed
from pipelines.releasing.sources import Sources
from pipelines.releasing.standards import standards
from pipelines.releasing.steps.fields import field_values, fields_of
from pipelines.releasing.steps.in_order import in_order
from schemas.measures import Measure
from schemas.periods import Month
from schemas.receipts import Receipt
from schemas.release import Observations
from schemas.tables.keys import OBSERVATION, SERIES
from schemas.typed import empty, types_of

CONTRIBUTIONS, SENT = f"{WORKINGS}.contributions", f"{WORKINGS}.sent"
TOGETHER = 20_000  # months of wards counted at once: their cells take several times as much then
_UNITS = ("ward", "trust")
_TABLES = {"units": "observations", "contributions": CONTRIBUTIONS, "sent": SENT}
_TRUST = {"units": "trust_code", "contributions": "trust_code", "sent": "current_trust_code"}
_TYPES: dict[str, dict[str, Any]] = {
    "units": types_of(Observations),
    "contributions": SHAPE,
    "sent": {"month": pl.Date},
}


@dataclass(frozen=True)
class Basis:
    """What cells are counted on: the same for today's as for those of earlier versions.

    The frames are those of `observations.observed`.
    """

    sources: Sources
    grid: pl.DataFrame
    about_returns: pl.DataFrame
    queried: pl.DataFrame
    members: pl.DataFrame

    @property
    def measures(self) -> list[Measure]:
        """The measures in use."""
        return [measure for measure in self.sources.measures if measure.status != "archived"]

    def of(self, trusts: Collection[str]) -> pl.DataFrame:
        """The grid of some trusts of today."""
        return self.grid.filter(pl.col("current_trust_code").is_in(list(trusts)))

    def senders(self, trusts: Collection[str]) -> set[str]:
        """The trusts whose returns have, or had, wards of these trusts of today."""
        return set(self._senders.filter(pl.col("part").is_in(list(trusts)))["trust_code"])

    def sent_for(self, trusts: Collection[str]) -> set[str]:
        """The trusts of today whose wards are, or were, in the returns of these."""
        return set(self._senders.filter(pl.col("trust_code").is_in(list(trusts)))["part"])

    @cached_property
    def _senders(self) -> pl.DataFrame:
        return senders(self.grid)

    def observed(self, grid: pl.DataFrame, values: pl.DataFrame) -> Observed:
        """What the values come to on a grid."""
        return observed(grid, values, self.measures, self.about_returns, self.queried, self.members)


@dataclass(frozen=True)
class Some:
    """Some rows of what was counted: of certain trusts of today, series, months or one level."""

    trusts: Collection[str] | None = None
    series: pl.DataFrame | None = None
    first: date | None = None
    level: str | None = None


ALL = Some()


class Counted(ABC):
    """What was counted, trust by trust; of it, only what is asked for is put together.

    The `units` and `contributions` are those of `observations.Observed`; `sent` is the part of the
    grid for which something was sent.
    """

    @abstractmethod
    def rows(self, frame: str, some: Some = ALL) -> pl.DataFrame:
        """The rows of one of these frames; those of `sent` are of no series."""

    def of_series(self, basis: Basis, series: pl.DataFrame) -> pl.DataFrame:
        """The observations (`schemas.release.Observations`) of some series (`SERIES`)."""
        some, is_unit = Some(series=series.select(SERIES)), series["level"].is_in(_UNITS)
        return self._put_together(basis, some, ~is_unit.all(), is_unit.any())

    def of_all(self, basis: Basis) -> pl.DataFrame:
        """All observations; those of wards and trusts are in memory once, if they are in order."""
        return self._put_together(basis, ALL)

    def _put_together(
        self, basis: Basis, some: Some, totals: bool = True, units: bool = True
    ) -> pl.DataFrame:
        months, found = basis.grid["month"].unique(), [empty(Observations)]
        if totals:
            added = above(self.rows("contributions", some), months, basis.measures)
            found.append(in_order(added, *OBSERVATION))
        if units:  # whose levels come after the others
            found.append(self.rows("units", some))
        return in_order(pl.concat(found), *OBSERVATION)

    def since(self, basis: Basis, first: date) -> pl.DataFrame:
        """The observations of wards, trusts and the programme from a month on."""
        reach = max((measure.rolling_months for measure in basis.measures), default=1) - 1
        before, months = (Month.of(first) + -reach).first_day, basis.grid["month"].unique()
        programme = self.rows("contributions", Some(first=before, level=PROGRAMME))
        totals = above(programme, months.filter(months >= before), basis.measures)
        totals = in_order(totals.filter(pl.col("month") >= first), *OBSERVATION)
        return in_order(pl.concat([totals, self.rows("units", Some(first=first))]), *OBSERVATION)


@dataclass(frozen=True)
class Now(Counted):
    """What has just been counted."""

    frames: dict[str, pl.DataFrame]

    def rows(self, frame: str, some: Some = ALL) -> pl.DataFrame:
        """The rows of one of the frames."""
        found = self.frames[frame]
        if some.trusts is not None:
            found = found.filter(_of(frame, some.trusts))
        if some.first is not None and some.first > self._first(frame):
            found = found.filter(pl.col("month") >= some.first)
        if some.level is not None:
            found = found.filter(level=some.level)
        return found if some.series is None else found.join(some.series, on=SERIES, how="semi")

    def _first(self, frame: str) -> date:
        return self.frames[frame]["month"].min() or date.min


@dataclass(frozen=True)
class TakenOver(Counted):
    """What was counted for the last release, read when it is needed."""

    last: LastRelease
    _read: dict[tuple[object, ...], pl.DataFrame] = field(default_factory=dict)

    def rows(self, frame: str, some: Some = ALL) -> pl.DataFrame:
        """The rows of one of the frames.

        Those of all trusts and series from a month on are kept: earlier versions need them too.
        """
        if some.first is None or some.trusts is not None or some.series is not None:
            return self._rows(frame, some)
        asked = frame, some.first, some.level
        if asked not in self._read:
            self._read[asked] = self._rows(frame, some)
        return self._read[asked]

    def _rows(self, frame: str, some: Some) -> pl.DataFrame:
        table, given = _TABLES[frame], dict[str, object]()
        where = [f"level IN {_UNITS}"] if frame == "units" else []
        if some.trusts is not None:
            where.append(f"list_contains($trusts, {_TRUST[frame]})")
            given["trusts"] = sorted(some.trusts)
        if some.first is not None:
            where.append("month >= $first")
            given["first"] = some.first
        if some.level is not None:
            where.append("level = $level")
            given["level"] = some.level
        condition = " AND ".join(where) or "true"
        return self.last.rows(table, condition, among=some.series, **given).cast(_TYPES[frame])


@dataclass(frozen=True)
class Instead(Counted):
    """What was counted, with some trusts counted otherwise."""

    held: Counted
    other: Counted
    trusts: Collection[str]

    def rows(self, frame: str, some: Some = ALL) -> pl.DataFrame:
        """The rows of one of the frames."""
        other = self.other.rows(frame, some)
        if some.trusts is not None and set(some.trusts) <= set(self.trusts):
            return other
        return pl.concat([self.held.rows(frame, some).filter(~_of(frame, self.trusts)), other])


def _of(frame: str, trusts: Collection[str]) -> pl.Expr:
    return pl.col(_TRUST[frame]).is_in(list(trusts))


def counted(basis: Basis, cells: ActiveCells, last: LastRelease, trusts: set[str]) -> Counted:
    """What today's cells come to: some trusts are counted, the others taken over."""
    held = TakenOver(last)
    if last.path is not None and not trusts:
        return held
    new = _some_at_a_time(basis, cells, trusts)
    others = {trust for _, trust in last.keys_of(TRUST)} - trusts
    return Instead(held, new, trusts) if others else new


def with_versions(
    basis: Basis, today: Counted, cells: ActiveCells, other: Collection[Receipt]
) -> Counted:
    """What was counted, with other versions of some returns instead of those in use."""
    trusts = basis.sent_for({receipt.trust_code for receipt in other})
    months = {(receipt.trust_code, receipt.month) for receipt in other}
    active = basis.sources.entries.active
    same = [r.return_id for r in active if (r.trust_code, r.month) not in months]
    held = cells.of_trusts(basis.senders(trusts)).filter(pl.col("return_id").is_in(same))
    then = pl.concat([held, cells_of(basis.sources.archive, other)])
    return Instead(today, _counted(basis, then, trusts), trusts)


def _some_at_a_time(basis: Basis, cells: ActiveCells, trusts: set[str]) -> Now:
    """What some trusts' cells come to, in order: those of a few trusts after the other."""
    made = [
        _counted(basis, cells.of_trusts(basis.senders(few)), few) for few in _few(basis, trusts)
    ]
    frames = {name: pl.concat(each.frames[name] for each in made) for name in _TABLES}
    return Now(frames | {"units": in_order(frames["units"], *OBSERVATION)})


def _few(basis: Basis, trusts: set[str]) -> list[list[str]]:
    """The trusts, those together that have few enough months of wards to be counted at once."""
    months = basis.of(trusts).group_by("current_trust_code").len().sort("current_trust_code")
    share = pl.col("len").cum_sum() // TOGETHER
    parts = months.group_by(share, maintain_order=True).agg("current_trust_code")
    found = parts["current_trust_code"].to_list()
    return found or [sorted(trusts)]


@dataclass(frozen=True)
class AsSent:
    """Charters and ratings as sent, and values by ward, month and field (`fields`)."""

    charters: pl.DataFrame
    standards: pl.DataFrame
    values: pl.DataFrame


def as_sent(cells: pl.DataFrame, sources: Sources) -> AsSent:
    """What some cells say."""
    standards_set, fields = sources.programme.standards_set, fields_of(sources.measures)
    of_charters = charters(cells)
    of_standards = standards(cells, sources.entries.register.standards)
    values = field_values(cells, of_charters, of_standards, fields, standards_set)
    return AsSent(of_charters, of_standards, values)


def _counted(basis: Basis, cells: pl.DataFrame, trusts: Collection[str]) -> Now:
    grid, values = basis.of(trusts), as_sent(cells, basis.sources).values
    found = basis.observed(grid, values)
    place = ["ward_id", "trust_code", "month"]
    sent = grid.join(values.select(place).unique(), on=place, how="semi", nulls_equal=True)
    sent = sent.select(*place, "current_trust_code")
    return Now({"units": found.units, "contributions": found.contributions, "sent": sent})


def workings(keys: Keys, today: Counted, trusts: set[str]) -> dict[str, pl.DataFrame]:
    """What the next release needs to take figures over: every key, and these trusts' counts."""
    named = [(stage, part, key) for (stage, part), key in sorted(keys.items())]
    columns = dict.fromkeys(("stage", "part", "key"), pl.String)
    every = pl.DataFrame(named, columns, orient="row")
    if isinstance(today, TakenOver):
        return {KEYS: every}
    mine = Some(trusts)
    counts = {CONTRIBUTIONS: today.rows("contributions", mine), SENT: today.rows("sent", mine)}
    return {KEYS: every, **counts}
