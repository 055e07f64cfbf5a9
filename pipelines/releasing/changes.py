"""Finds what differs from the last release, so that only that is worked out and written.

Every table of a release is either replaced in part, by the rows of what changed, or made again as a
whole. One that is the same as before is left as it is.
"""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from pipelines.releasing import made_from
from pipelines.releasing.counted import Basis, Counted, Some, TakenOver
from pipelines.releasing.events import rebases
from pipelines.releasing.last_release import CHAIN, Keys, LastRelease
from schemas.receipts import Head
from schemas.release import Baselines, Observations
from schemas.tables.keys import SERIES
from schemas.typed import empty, typed

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Changes:
    """What makes a release of the last one, or of nothing.

    `rows` has the new rows of every table, and of those in `last_release.WORKINGS`. They take the
    place of all the others or, where `gone` has the table, of those that its columns name.
    """

    rows: Tables
    gone: Tables

    def and_head(self, head: Head | None) -> "Changes":
        """With the head of the archive's chain, when that is known, in a table of its own."""
        if head is None:
            return self
        return Changes(self.rows | {CHAIN: pl.DataFrame([head.model_dump()])}, self.gone)


@dataclass(frozen=True)
class Drawn:
    """What charts are drawn from today: what was `counted`, baselines, and what `happened`."""

    basis: Basis
    counted: Counted
    baselines: pl.DataFrame
    happened: pl.DataFrame


@dataclass(frozen=True)
class Series:
    """The series of which any `rows` are others, and among them those to draw again (`charts`).

    Both have level, unit_id and measure, and name those that are no more too.
    """

    rows: pl.DataFrame
    charts: pl.DataFrame

    def drawn(self, observed: pl.DataFrame) -> pl.DataFrame:
        """The observations of the series to draw again, of those of all that have other rows."""
        if self.charts is self.rows:
            return observed
        return observed.join(self.charts, on=SERIES, how="semi")


def changed_series(
    last: LastRelease,
    now: Drawn,
    keys: Keys,
    trusts: set[str],
) -> Series:
    """The series that differ from those of the last release.

    A chart is made from its own observations, baseline and rebases, and from the settings; but it
    is the same whichever version of a return its figures are from. Of today's observations, those
    of all trusts but `trusts` are taken over.
    """
    if last.path is None:
        return _with_charts(_series(now.counted))
    before = TakenOver(last)
    if last.changed(keys, made_from.SETTINGS):
        return _with_charts(pl.concat([_series(before), _series(now.counted)]).unique())
    decided = _different(rebases(last.rows("events")), rebases(now.happened))
    brought = _different(typed(last.rows("baselines"), Baselines), now.baselines)
    otherwise = _counted_otherwise(before, now, trusts)
    found = [brought.select(SERIES), otherwise.charts]
    if decided.height:
        series = pl.concat([_series(before), _series(now.counted)]).unique()
        of_units = decided.filter(pl.col("measure").is_null())
        found.append(series.join(decided, on=SERIES, how="semi"))
        found.append(series.join(of_units, on=SERIES[:2], how="semi"))
    charts = pl.concat(found).unique()
    return Series(pl.concat([otherwise.rows, charts]).unique(), charts)


def _with_charts(rows: pl.DataFrame) -> Series:
    """Series that are all to be drawn again."""
    return Series(rows, rows)


def _series(counted: Counted) -> pl.DataFrame:
    """Every series that there is."""
    frames = ("contributions", "units")
    return pl.concat(counted.rows(frame).select(SERIES) for frame in frames).unique()


def _counted_otherwise(before: TakenOver, now: Drawn, trusts: set[str]) -> Series:
    """The series that differ as these trusts were counted again.

    Above them, those are among the series to which one of them adds something else than before.
    """
    if not trusts:
        return _with_charts(empty(Observations).select(SERIES))
    mine = Some(trusts)
    of_trusts, added = (
        _different(before.rows(frame, mine), now.counted.rows(frame, mine))
        for frame in ("units", "contributions")
    )
    may_differ = added.select(SERIES).unique()
    held = before.last.rows("observations", among=may_differ)
    totals = now.counted.of_series(now.basis, may_differ)
    differ = _different(typed(held, Observations), totals)
    figures = of_trusts.drop("return_id")
    rows, charts = (
        pl.concat([of_units.select(SERIES), differ.select(SERIES)]).unique()
        for of_units in (of_trusts, figures.filter(~figures.is_duplicated()))
    )
    return Series(rows, charts)


def only_changed(last: LastRelease, tables: Tables, gone: Tables, keys: Keys) -> Changes:
    """The changes without the rows of whole tables that are the same as in the last release.

    `keys` are those of `made_from.table_keys`.
    """
    if last.path is None:
        return Changes(tables, {})
    named = {part for stage, part in keys if stage == made_from.TABLE}
    same = named - last.changed(keys, made_from.TABLE)
    none = {name: tables[name].clear() for name in same}
    return Changes(tables | none, gone | none)


def of_parts(parts: Collection[str], column: str) -> pl.DataFrame:
    """The rows of some parts, as `Changes.gone` names them."""
    return pl.DataFrame({column: sorted(parts)}, {column: pl.String})


def _different(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """The rows that are in one of two frames only."""
    both = pl.concat([before.unique(), now.select(before.columns).unique()])
    return both.filter(~both.is_duplicated())
