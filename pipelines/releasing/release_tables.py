"""Builds every table of a release as a pure function of the archive's entries."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

import polars as pl

from pipelines.keeping.archive import Archive
from pipelines.keeping.entries import Entries
from pipelines.keeping.month_locks import last_days
from pipelines.releasing import returns, suppressed, trusts_and_wards
from pipelines.releasing.cells import NOTHING, Known, cells_of
from pipelines.releasing.charters import charters, one_for_each_ward
from pipelines.releasing.code_version import code_version
from pipelines.releasing.comparisons import comparisons, peer_bands
from pipelines.releasing.completeness import completeness, months_due
from pipelines.releasing.events import events, rebases
from pipelines.releasing.foundations import foundations
from pipelines.releasing.observations import observations
from pipelines.releasing.points import Charting, charted_here, points_and_signals
from pipelines.releasing.queries import open_queries, queries
from pipelines.releasing.standards import SORTED, standards
from pipelines.releasing.steps.expected_by_chance import signals_by_chance
from pipelines.releasing.steps.fields import field_values, fields_of
from schemas.london_time import as_utc
from schemas.measures import Measure
from schemas.periods import Month, months
from schemas.programme import Programme
from schemas.release import TABLES
from schemas.typed import typed


@dataclass(frozen=True)
class Figures:
    """Charters and ratings as sent, values by ward, month and field, and observations."""

    charters: pl.DataFrame
    standards: pl.DataFrame
    values: pl.DataFrame
    observations: pl.DataFrame


def figures(
    cells: pl.DataFrame,
    statements: pl.DataFrame,
    standards_set: str,
    measures: list[Measure],
    grid: pl.DataFrame,
    about_returns: pl.DataFrame,
    queried: pl.DataFrame,
) -> Figures:
    """What the `cells` of some returns come to; the other frames are those of `observations`."""
    of_charters, of_standards = charters(cells), standards(cells, statements)
    values = field_values(cells, of_charters, of_standards, fields_of(measures), standards_set)
    in_use = [measure for measure in measures if measure.status != "archived"]
    seen = observations(grid, values, in_use, about_returns, queried)
    return Figures(of_charters, of_standards, values, seen)


Tables = dict[str, pl.DataFrame]


def tables(
    archive: Archive,
    programme: Programme,
    measures: list[Measure],
    as_at: date | None,
    now: datetime,
) -> Tables:
    """Every table of the release, a pure function of the archive's entries up to `as_at`.

    Only `built_at` depends on `now`.
    """
    return tables_of(archive, archive.entries(as_at), programme, measures, as_at, now)


def tables_of(
    archive: Archive,
    entries: Entries,
    programme: Programme,
    measures: list[Measure],
    as_at: date | None,
    now: datetime,
    known: Known = NOTHING,
    chart: Charting = charted_here,
) -> Tables:
    """The tables of entries that were read already, taking `known` cells as they are.

    `chart` says where points are worked out.
    """
    day = as_at or entries.last_day or programme.first.first_day
    asked = queries(entries)
    sent = returns.returns(entries, asked, programme)
    trusts = trusts_and_wards.trusts(entries.register, day)
    wards = trusts_and_wards.wards(entries.register, day)
    cells = cells_of(archive, entries.active, known)
    data_to = max((r.month for r in entries.active), default=None)
    grid = trusts_and_wards.wards_by_month(wards, trusts, programme, _months(programme, data_to))
    exceptions = last_days(entries.decisions, programme)
    about = returns.about_active(sent, programme, exceptions, day)
    asked_still = open_queries(asked, entries.active)

    def figures_from(cells_then: pl.DataFrame) -> Figures:
        statements, in_use = entries.register.standards, programme.standards_set
        return figures(cells_then, statements, in_use, measures, grid, about, asked_still)

    current = figures_from(cells)
    seen, values = current.observations, current.values
    hashes = {receipt.return_id: receipt.sha256 for receipt in entries.active}
    worlds = [
        figures_from(cells_of(archive, world, Known(cells, hashes))).observations
        for world in suppressed.earlier(entries)
    ]
    charters_today = one_for_each_ward(trusts_and_wards.as_today(current.charters, wards, trusts))
    values_today = trusts_and_wards.as_today(values, wards, trusts)
    happened = events(cells, entries, programme, trusts, wards)
    points, signals = points_and_signals(
        seen, measures, rebases(happened), programme.pauses, programme, chart
    )
    calendar = [month.first_day for month in months_due(programme, day)]
    expected = trusts_and_wards.wards_by_month(wards, trusts, programme, calendar)
    complete = completeness(trusts, expected, sent, seen, programme, exceptions, day)
    policy = programme.disclosure

    def bands(observed: pl.DataFrame, before: pl.DataFrame | None = None) -> pl.DataFrame:
        return peer_bands(observed, wards, complete, measures, policy, before)

    made = {
        "release": _release_row(entries, programme, measures, as_at, now, data_to),
        "measures": _measures(measures),
        "trusts": trusts,
        "wards": wards,
        "returns": sent,
        "cells": cells,
        "queries": asked,
        "events": happened,
        "observations": seen,
        "points": points,
        "signals": signals_by_chance(signals, measures),
        "comparisons": comparisons(seen, wards, complete, measures, policy),
        "peer_bands": bands(
            seen, pl.concat([bands(world) for world in worlds]) if worlds else None
        ),
        "suppressed": suppressed.suppressed(seen, worlds, measures, policy),
        "charters": charters_today,
        "standards": trusts_and_wards.as_today(current.standards, wards, trusts).sort(SORTED),
        "foundations": foundations(grid, values_today, charters_today),
        "completeness": complete,
        "standards_text": entries.register.standards,
        "questions": entries.register.questions,
        "people": entries.register.access,
    }
    return {name: typed(made[name], model) for name, model in TABLES.items()}


def release_id(
    state: str, programme: Programme, measures: list[Measure], as_at: date | None
) -> str:
    """The id of a release: the same entries, settings, measures and code give the same id."""
    definitions = [m.model_dump_json() for m in measures]
    parts = [state, programme.model_dump_json(), *definitions, code_version(), str(as_at)]
    return sha256("\n".join(parts).encode()).hexdigest()[:12]


def _release_row(
    entries: Entries,
    programme: Programme,
    measures: list[Measure],
    as_at: date | None,
    now: datetime,
    data_to: str | None,
) -> pl.DataFrame:
    texts = [entries.register.standards, entries.register.questions]
    return pl.DataFrame(
        {
            "release_id": release_id(entries.state, programme, measures, as_at),
            "built_at": as_utc(now).replace(tzinfo=None),
            "archive_state": entries.state,
            "data_to": Month.parse(data_to).first_day if data_to else None,
            "as_at": as_at,
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


def _months(programme: Programme, data_to: str | None) -> list[date]:
    if data_to is None:
        return []
    return [month.first_day for month in months(programme.first, Month.parse(data_to))]
