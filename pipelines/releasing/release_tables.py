"""Builds every table of a release, stage by stage, as a pure function of its sources."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import polars as pl

from pipelines.keeping.month_locks import Calendar, last_days
from pipelines.releasing import suppressed
from pipelines.releasing.cells import NOTHING, Known, cells_of
from pipelines.releasing.charters import charters, one_for_each_ward
from pipelines.releasing.code_version import code_version
from pipelines.releasing.comparisons import comparisons, peer_bands
from pipelines.releasing.completeness import completeness, months_due
from pipelines.releasing.earlier_registers import Placed, hidden_since
from pipelines.releasing.events import events, rebases
from pipelines.releasing.foundations import foundations
from pipelines.releasing.observations import observations
from pipelines.releasing.points import Charting, charted_here, points_and_signals
from pipelines.releasing.queries import open_queries, queries
from pipelines.releasing.returns import about_active, returns
from pipelines.releasing.sources import Sources
from pipelines.releasing.standards import SORTED, standards
from pipelines.releasing.steps.expected_by_chance import signals_by_chance
from pipelines.releasing.steps.fields import field_values, fields_of
from pipelines.releasing.trusts_and_wards import as_today, trusts, wards, wards_by_month
from schemas.disclosure import BEFORE
from schemas.london_time import as_utc
from schemas.measures import Measure
from schemas.release import TABLES
from schemas.typed import typed

Tables = dict[str, pl.DataFrame]


def tables(
    sources: Sources,
    now: datetime,
    known: Known = NOTHING,
    chart: Charting = charted_here,
) -> Tables:
    """Every table of a release, a pure function of its sources; only `built_at` depends on `now`.

    Cells that are `known` are taken as they are; `chart` says where points are worked out.
    """
    entries, programme, measures = sources.entries, sources.programme, sources.measures
    register, policy = entries.register, programme.disclosure
    calendar = Calendar(programme, last_days(entries.decisions, programme), sources.day)

    # What there is: trusts and wards, and what they sent.
    units = _units(sources)
    received = _received(sources, known)

    # What it comes to: figures today, and what earlier versions of returns came to.
    basis = _basis(sources, units, received, calendar)
    today = figures(received.cells, basis)
    seen = today.observations
    earlier = [figures(cells, basis).observations for cells in _earlier(sources, received.cells)]
    placed = Placed(units.grid, today.values.select("ward_id", "trust_code", "month").unique())
    otherwise = hidden_since(sources, placed, partial(_observed, today.values, basis))

    # What that says: on charts, about who has sent what, and about the four foundations.
    happened = events(received.cells, entries, programme, units.trusts, units.wards)
    points, signals = points_and_signals(
        seen, measures, rebases(happened), programme.pauses, programme, chart
    )
    complete = completeness(units.trusts, units.due, received.returns, seen, calendar)
    progress = _progress(today, units)

    made = {
        "release": _release(sources, now),
        "measures": _measures(measures),
        "trusts": units.trusts,
        "wards": units.wards,
        "returns": received.returns,
        "cells": received.cells,
        "queries": received.queries,
        "events": happened,
        "observations": seen,
        "points": points,
        "signals": signals_by_chance(signals, measures),
        "comparisons": comparisons(seen, units.wards, complete, measures, policy),
        "peer_bands": _bands(seen, earlier, units.wards, complete, sources, otherwise.groups),
        "suppressed": suppressed.suppressed(seen, earlier, measures, policy, otherwise.figures),
        "charters": progress.charters,
        "standards": progress.standards,
        "foundations": progress.foundations,
        "completeness": complete,
        "standards_text": register.standards,
        "questions": register.questions,
        "people": register.access,
    }
    return {name: typed(made[name], model) for name, model in TABLES.items()}


@dataclass(frozen=True)
class Units:
    """Trusts and wards as they are on the day, and every ward by month.

    `grid` has the months up to the newest with a return in use, `due` those of
    `completeness.months_due`; both are made by `trusts_and_wards.wards_by_month`.
    """

    trusts: pl.DataFrame
    wards: pl.DataFrame
    grid: pl.DataFrame
    due: pl.DataFrame


def _units(sources: Sources) -> Units:
    register, programme, day = sources.entries.register, sources.programme, sources.day
    of_trusts, of_wards = trusts(register, day), wards(register, day)
    due = [month.first_day for month in months_due(programme, day)]
    return Units(
        of_trusts,
        of_wards,
        wards_by_month(of_wards, of_trusts, programme, sources.months),
        wards_by_month(of_wards, of_trusts, programme, due),
    )


@dataclass(frozen=True)
class Received:
    """Every version of every return, what was asked about it, and the cells of those in use."""

    returns: pl.DataFrame
    queries: pl.DataFrame
    cells: pl.DataFrame


def _received(sources: Sources, known: Known) -> Received:
    entries = sources.entries
    asked = queries(entries)
    sent = returns(entries, asked, sources.programme)
    return Received(sent, asked, cells_of(sources.archive, entries.active, known))


def _earlier(sources: Sources, cells: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The cells of each earlier world (`suppressed.earlier`), as far as possible from today's."""
    hashes = {receipt.return_id: receipt.sha256 for receipt in sources.entries.active}
    for world in suppressed.earlier(sources.entries):
        yield cells_of(sources.archive, world, Known(cells, hashes))


@dataclass(frozen=True)
class Basis:
    """What cells are counted on: the same for today's as for those of earlier versions.

    The frames are those of `observations`.
    """

    sources: Sources
    grid: pl.DataFrame
    about_returns: pl.DataFrame
    queried: pl.DataFrame


def _basis(sources: Sources, units: Units, received: Received, calendar: Calendar) -> Basis:
    about_returns = about_active(received.returns, calendar)
    queried = open_queries(received.queries, sources.entries.active)
    return Basis(sources, units.grid, about_returns, queried)


@dataclass(frozen=True)
class Figures:
    """Charters and ratings as sent, values by ward, month and field, and observations."""

    charters: pl.DataFrame
    standards: pl.DataFrame
    values: pl.DataFrame
    observations: pl.DataFrame


def figures(cells: pl.DataFrame, basis: Basis) -> Figures:
    """What the `cells` of some returns come to."""
    measures, register = basis.sources.measures, basis.sources.entries.register
    standards_set = basis.sources.programme.standards_set
    of_charters, of_standards = charters(cells), standards(cells, register.standards)
    values = field_values(cells, of_charters, of_standards, fields_of(measures), standards_set)
    return Figures(of_charters, of_standards, values, _observed(values, basis, basis.grid))


def _observed(values: pl.DataFrame, basis: Basis, grid: pl.DataFrame) -> pl.DataFrame:
    in_use = [measure for measure in basis.sources.measures if measure.status != "archived"]
    return observations(grid, values, in_use, basis.about_returns, basis.queried)


def _bands(
    seen: pl.DataFrame,
    earlier: list[pl.DataFrame],
    wards: pl.DataFrame,
    complete: pl.DataFrame,
    sources: Sources,
    regrouped: pl.DataFrame,
) -> pl.DataFrame:
    """Peer bands; what those of an earlier world hid, or made of other wards, stays hidden."""
    measures, policy = sources.measures, sources.programme.disclosure

    def bands(observed: pl.DataFrame, before: pl.DataFrame | None = None) -> pl.DataFrame:
        return peer_bands(observed, wards, complete, measures, policy, before)

    before = [bands(world) for world in earlier]
    if regrouped.height:
        today = bands(seen)
        others = today.join(regrouped, on=["peer_group", "month"], how="semi")
        hidden = pl.coalesce("suppression_reason", pl.lit(BEFORE))
        before.append(others.with_columns(state=pl.lit("suppressed"), suppression_reason=hidden))
    return bands(seen, pl.concat(before) if before else None)


@dataclass(frozen=True)
class Progress:
    """Charters, ratings and the four foundations, under the ward and trust of today."""

    charters: pl.DataFrame
    standards: pl.DataFrame
    foundations: pl.DataFrame


def _progress(today: Figures, units: Units) -> Progress:
    def placed(frame: pl.DataFrame) -> pl.DataFrame:
        return as_today(frame, units.wards, units.trusts)

    of_wards = one_for_each_ward(placed(today.charters))
    return Progress(
        of_wards,
        placed(today.standards).sort(SORTED),
        foundations(units.grid, placed(today.values), of_wards),
    )


def _release(sources: Sources, now: datetime) -> pl.DataFrame:
    register, programme = sources.entries.register, sources.programme
    texts = [register.standards, register.questions]
    return pl.DataFrame(
        {
            "release_id": sources.release_id,
            "built_at": as_utc(now).replace(tzinfo=None),
            "archive_state": sources.entries.state,
            "data_to": sources.data_to,
            "as_at": sources.as_at,
            "code_version": code_version(),
            "programme": programme.name,
            "fictional": programme.fictional,
            "first_month": programme.first.first_day,
            "placeholders": any(t.is_empty() or t["is_placeholder"].any() for t in texts),
            "smallest_peer_group": programme.disclosure.smallest_peer_group,
        }
    )


def _measures(measures: list[Measure]) -> pl.DataFrame:
    rows = [{**m.model_dump(), "measure": m.id, "multiplier": m.multiplier} for m in measures]
    return typed(pl.DataFrame(rows, infer_schema_length=None), TABLES["measures"]).sort("sort")
