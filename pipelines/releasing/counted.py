"""Counts what returns come to, trust by trust: the part of a release that can be taken over.

Nothing that is worked out for one trust of today rests on another's returns. What the trusts add to
groups and the programme is kept beside their own figures, so that a total is a sum over trusts
however few of them are counted again.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from pipelines.releasing import suppressed
from pipelines.releasing.cells import ActiveCells, cells_of
from pipelines.releasing.charters import charters
from pipelines.releasing.last_release import KEYS, WORKINGS, Keys, LastRelease
from pipelines.releasing.made_from import senders
from pipelines.releasing.observations import CONTRIBUTIONS as SHAPE
from pipelines.releasing.observations import KEY, Observed, above, observed
from pipelines.releasing.sources import Sources
from pipelines.releasing.standards import standards
from pipelines.releasing.steps.fields import field_values, fields_of
from schemas.measures import Measure
from schemas.receipts import Receipt

CONTRIBUTIONS, SENT = f"{WORKINGS}.contributions", f"{WORKINGS}.sent"


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
class Counted:
    """What was counted, trust by trust.

    `units` and `contributions` are those of `observations.Observed`; `sent` is the part of the grid
    for which something was sent.
    """

    units: pl.DataFrame
    contributions: pl.DataFrame
    sent: pl.DataFrame

    def above(self, basis: Basis) -> pl.DataFrame:
        """The observations of all groups and the programme."""
        return above(self.contributions, basis.grid["month"].unique(), basis.measures)

    def observations(self, basis: Basis) -> pl.DataFrame:
        """All observations (`schemas.release.Observations`)."""
        return pl.concat([self.above(basis), self.units]).sort(*KEY)

    def instead(self, other: "Counted", trusts: Collection[str]) -> "Counted":
        """The same with some trusts counted otherwise."""

        def put(mine: pl.DataFrame, theirs: pl.DataFrame, trust: str) -> pl.DataFrame:
            return pl.concat([mine.filter(~pl.col(trust).is_in(list(trusts))), theirs])

        return Counted(
            put(self.units, other.units, "trust_code"),
            put(self.contributions, other.contributions, "trust_code"),
            put(self.sent, other.sent, "current_trust_code"),
        )


class TakenOver(Counted):
    """What was counted for the last release, read when it is needed."""

    def __init__(self, last: LastRelease) -> None:
        object.__setattr__(self, "_last", last)

    def observations(self, basis: Basis) -> pl.DataFrame:
        """All observations: no total above differs, as no trust does."""
        return self._last.observations.sort(*KEY)

    @cached_property
    def units(self) -> pl.DataFrame:  # type: ignore[override]
        return self._last.observations.filter(pl.col("level").is_in(["ward", "trust"]))

    @cached_property
    def contributions(self) -> pl.DataFrame:  # type: ignore[override]
        return self._last.rows(CONTRIBUTIONS).cast(dict(SHAPE))

    @cached_property
    def sent(self) -> pl.DataFrame:  # type: ignore[override]
        return self._last.rows(SENT)


def counted(basis: Basis, cells: ActiveCells, last: LastRelease, trusts: set[str]) -> Counted:
    """What today's cells come to: some trusts are counted, the others taken over."""
    held = TakenOver(last)
    if last.path is not None and not trusts:
        return held
    new = _counted(basis, cells.of_trusts(basis.senders(trusts)), trusts)
    return new if last.path is None else held.instead(new, trusts)


def worlds(
    basis: Basis, today: Counted, cells: ActiveCells, matters: Callable[[Receipt], bool]
) -> Iterator[tuple[list[Receipt], Counted]]:
    """The other versions in each earlier world (`suppressed.earlier`), and what it comes to.

    Only versions that matter are counted, and worlds without any are left out.
    """
    entries = basis.sources.entries
    active = {receipt.return_id for receipt in entries.active}
    for world in suppressed.earlier(entries):
        other = [r for r in world if r.return_id not in active and matters(r)]
        if not other:
            continue
        trusts = basis.sent_for({receipt.trust_code for receipt in other})
        months = {(receipt.trust_code, receipt.month) for receipt in other}
        same = [r.return_id for r in entries.active if (r.trust_code, r.month) not in months]
        held = cells.of_trusts(basis.senders(trusts)).filter(pl.col("return_id").is_in(same))
        then = pl.concat([held, cells_of(basis.sources.archive, other)])
        yield other, today.instead(_counted(basis, then, trusts), trusts)


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


def _counted(basis: Basis, cells: pl.DataFrame, trusts: Collection[str]) -> Counted:
    grid, values = basis.of(trusts), as_sent(cells, basis.sources).values
    found = basis.observed(grid, values)
    place = ["ward_id", "trust_code", "month"]
    sent = grid.join(values.select(place).unique(), on=place, how="semi", nulls_equal=True)
    return Counted(found.units, found.contributions, sent.select(*place, "current_trust_code"))


def workings(keys: Keys, today: Counted, trusts: set[str]) -> dict[str, pl.DataFrame]:
    """What the next release needs to take figures over: every key, and these trusts' counts."""
    named = [(stage, part, key) for (stage, part), key in sorted(keys.items())]
    columns = dict.fromkeys(("stage", "part", "key"), pl.String)
    every = pl.DataFrame(named, columns, orient="row")
    if isinstance(today, TakenOver):
        return {KEYS: every}

    def of(frame: pl.DataFrame, trust: str) -> pl.DataFrame:
        return frame.filter(pl.col(trust).is_in(list(trusts)))

    return {
        KEYS: every,
        CONTRIBUTIONS: of(today.contributions, "trust_code"),
        SENT: of(today.sent, "current_trust_code"),
    }
