"""Builds every table of a release, stage by stage, as a pure function of its sources.

What depends on one trust's returns alone is worked out trust by trust (`counted`), and what of it
was made from the same things is taken over from the last release. The tables are the same either
way.
"""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pipelines.keeping.month_locks import Calendar, last_days
from pipelines.registers.yardsticks import shown
from pipelines.releasing import held_back, made_from, sharing_keys
from pipelines.releasing.ambitions import ambitions
from pipelines.releasing.baselines import (
    BASELINES,
    Brought,
    baselines,
    baselines_key,
    dated,
    with_baselines,
)
from pipelines.releasing.breakdowns import breakdowns, named, over
from pipelines.releasing.cells import ActiveCells
from pipelines.releasing.change_tests import LOGGED, change_tests
from pipelines.releasing.changes import (
    Changes,
    Drawn,
    Tables,
    changed_series,
    of_parts,
    only_changed,
)
from pipelines.releasing.code_version import code_version
from pipelines.releasing.comparisons import comparable, comparisons
from pipelines.releasing.completeness import completeness, months_due, reporting_today
from pipelines.releasing.counted import (
    CONTRIBUTIONS,
    SENT,
    Basis,
    Some,
    counted,
    workings,
)
from pipelines.releasing.definitions import DEFINITIONS, definitions
from pipelines.releasing.engagement import engagement
from pipelines.releasing.events import events, rebases
from pipelines.releasing.forums import forums, held_or_planned
from pipelines.releasing.groups import by_month, groups
from pipelines.releasing.last_release import NOTHING, LastRelease
from pipelines.releasing.placements import Placements
from pipelines.releasing.points import Charting, charted_here, points_and_signals
from pipelines.releasing.progress import (
    PROGRESS,
    charters_in_place,
    gone,
    progress,
    progress_keys,
    with_programme,
)
from pipelines.releasing.queries import open_queries, queries
from pipelines.releasing.returns import about_active, returns
from pipelines.releasing.sharing import Figures, for_sharing
from pipelines.releasing.sources import Sources
from pipelines.releasing.steps.expected_by_chance import signals_by_chance
from pipelines.releasing.steps.peer_groups import groups_of
from pipelines.releasing.steps.rolling_year import first_of_window
from pipelines.releasing.trusts_and_wards import as_today, trusts, wards, wards_by_month
from schemas.london_time import as_utc
from schemas.measures import Measure
from schemas.periods import Month
from schemas.release import TABLES
from schemas.typed import empty, in_words, typed


def tables(sources: Sources, now: datetime, chart: Charting = charted_here) -> Tables:
    """Every table of a release, a pure function of its sources; only `built_at` depends on `now`.

    `chart` says where points are worked out.
    """
    made = changes(sources, now, NOTHING, chart).rows
    return {name: in_words(made[name]) for name in TABLES}


def changes(
    sources: Sources,
    now: datetime,
    last: LastRelease = NOTHING,
    chart: Charting = charted_here,
) -> Changes:
    """What to change in the last release so that it has the `tables` of these sources.

    Raises UnreadableRelease if the last release can't be read.
    """
    entries, programme, measures = sources.entries, sources.programme, sources.measures
    register = entries.register
    calendar = Calendar(programme, last_days(entries.decisions, programme), sources.day)

    # What there is: trusts and wards, and what they sent.
    units = _units(sources)
    received = _received(sources, last)
    basis = _basis(sources, units, received, calendar)
    tried = change_tests(entries)
    sent = received.cells.of_events()
    happened = events(sent, entries, programme, units.trusts, units.wards, tried)

    # What it comes to: trust by trust, and above.
    keys = made_from.settings_key(sources)
    keys |= made_from.month_keys(
        sources, basis.grid, basis.about_returns, basis.queried, basis.members
    )
    keys |= made_from.trust_keys(sources, keys)
    recounted = last.changed(keys, made_from.TRUST)
    of_trusts = counted(basis, received.cells, last, recounted)

    # What that says: on charts, about who has sent what, and about the four foundations.
    of_baselines = Brought(basis, received.cells, units.wards, received.queries)
    keys |= baselines_key(of_baselines, keys)
    brought = baselines(of_baselines, of_trusts, last if last.holds(keys, BASELINES) else NOTHING)
    changed = changed_series(last, Drawn(basis, of_trusts, brought, happened), keys, recounted)
    observed = of_trusts.of_series(basis, changed.rows) if last.path else of_trusts.of_all(basis)
    drawn = changed.drawn(observed)
    charted, decided = with_baselines(drawn, brought), rebases(happened)
    points, signals = points_and_signals(charted, measures, decided, None, programme, chart)
    classes = reporting_today(of_trusts, last, recounted)
    complete = completeness(
        units.trusts, units.due, received.returns, classes, calendar, entries.lost
    )
    keys |= progress_keys(basis, keys)
    acted = last.changed(keys, PROGRESS)
    done = progress(basis, received.cells, acted, units.wards, units.trusts)
    in_place = charters_in_place(done, last, acted)
    learning = held_or_planned(sources)

    # How wards compare, and what may be shared: what was hidden once stays hidden.
    groups = groups_of(units.wards)
    placements = Placements(sources, units.grid, last)
    keys |= placements.keys
    keys |= sharing_keys.band_keys(sources, units.grid, groups, keys)
    waiting = held_back.months(complete, received.returns, sources.day, placements.every)
    keys |= sharing_keys.block_keys(sources, units.grid, keys, waiting)
    rebanded = last.changed(keys, sharing_keys.BAND)
    figures = Figures(basis, of_trusts, units.wards, complete, placements, waiting)
    blocks = last.changed(keys, sharing_keys.BLOCK)
    sharing = for_sharing(figures, received.cells, last, blocks, rebanded)
    keys |= sharing.keys
    keys |= made_from.compared_key(sources, units.wards, complete, keys)
    if last.holds(keys, made_from.COMPARED):
        keys |= last.keys_of(made_from.COMPARISON)
        again, judged = set(), pl.DataFrame()
    else:
        first = sources.data_to and first_of_window(Month.of(sources.data_to)).first_day
        year = of_trusts.rows("units", Some(first=first))
        compared = comparable(year, units.wards, complete, measures, programme.disclosure)
        keys |= made_from.comparison_keys(sources, compared)
        again = last.changed(keys, made_from.COMPARISON)
        judged = compared.filter(made_from.comparison().is_in(list(again)))
    by_group = over(sources)
    keys |= made_from.window_keys(sources, by_group)
    reread = last.changed(keys, made_from.WINDOW)

    made = {
        "release": _release(sources, now),
        "measures": _measures(measures),
        "trusts": units.trusts,
        "wards": units.wards,
        "groups": units.groups,
        "returns": received.returns,
        "cells": received.cells.new,
        "queries": received.queries,
        "events": happened,
        "observations": observed,
        "baselines": brought,
        "points": points,
        "signals": signals_by_chance(signals, measures),
        "ambitions": ambitions(drawn, measures, programme),
        "comparisons": comparisons(judged, programme.disclosure),
        "peer_bands": sharing.bands,
        "suppressed": sharing.suppressed,
        "change_tests": as_today(tried, units.wards, units.trusts).sort(LOGGED),
        **with_programme(done, last, acted),
        "breakdowns": breakdowns(
            sources, {w: sent for w, sent in by_group.items() if w.part in reread}
        ),
        "completeness": complete,
        **forums(learning, programme.disclosure, units.trusts, units.wards),
        "engagement": engagement(register, received.returns, in_place, learning),
        "yardsticks": shown(register.yardsticks, programme.disclosure),
        "standards_text": register.standards,
        "questions": register.questions,
        "people": register.access,
    }
    held = {"baselines"} if last.holds(keys, BASELINES) else set()
    held |= {"suppressed"} if last.path and not blocks and not rebanded else set()
    made |= {name: empty(TABLES[name]) for name in held}
    rows = {name: typed(made[name], model) for name, model in TABLES.items()}
    replaced = {
        "cells": received.cells.gone,
        "observations": changed.rows,
        **dict.fromkeys(("points", "signals", "ambitions"), changed.charts),
        "comparisons": made_from.compared_in(again),
        "breakdowns": named(reread),
        "peer_bands": sharing_keys.bands_in(rebanded),
        **gone(acted),
        **sharing.gone,
        CONTRIBUTIONS: of_parts(recounted, "trust_code"),
        SENT: of_parts(recounted, "current_trust_code"),
    }
    whole = [name for name in made if name not in replaced and name not in held]
    keys |= made_from.table_keys({name: rows[name] for name in whole})
    keys |= last.keys_of(made_from.TABLE, held)
    beside = workings(keys, of_trusts, recounted) | {DEFINITIONS: definitions(measures)}
    beside |= placements.workings | sharing.kept
    return only_changed(last, rows | beside, replaced, keys)


@dataclass(frozen=True)
class Units:
    """Trusts, wards and groups as they are on the day, and every ward by month.

    `grid` has the months up to the newest with a return in use, `due` those of
    `completeness.months_due`; both are made by `trusts_and_wards.wards_by_month`.
    """

    trusts: pl.DataFrame
    wards: pl.DataFrame
    groups: pl.DataFrame
    grid: pl.DataFrame
    due: pl.DataFrame


def _units(sources: Sources) -> Units:
    register, programme, day = sources.entries.register, sources.programme, sources.day
    of_trusts, of_wards = trusts(register, day), wards(register, day)
    due = [month.first_day for month in months_due(programme, day)]
    return Units(
        of_trusts,
        of_wards,
        groups(register),
        wards_by_month(of_wards, of_trusts, programme, sources.months),
        wards_by_month(of_wards, of_trusts, programme, due),
    )


@dataclass(frozen=True)
class Received:
    """Every version of every return, what was asked about it, and the cells of those in use."""

    returns: pl.DataFrame
    queries: pl.DataFrame
    cells: ActiveCells


def _received(sources: Sources, last: LastRelease) -> Received:
    entries = sources.entries
    asked = queries(entries)
    sent = returns(entries, asked, sources.programme)
    cells = ActiveCells(sources.archive, entries.in_use, last)
    of_baselines = [receipt.return_id for receipt in entries.baselines_in_use]
    if asked["return_id"].is_in(of_baselines).any():
        asked = dated(asked, cells.of_baselines())
    return Received(sent, asked, cells)


def _basis(sources: Sources, units: Units, received: Received, calendar: Calendar) -> Basis:
    about_returns = about_active(received.returns, calendar)
    queried = open_queries(received.queries, sources.entries.active)
    members = by_month(units.groups, units.grid)
    return Basis(sources, units.grid, about_returns, queried, members)


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
    of_each = typed(pl.DataFrame(rows, infer_schema_length=None), TABLES["measures"])
    return of_each.sort("sort", "measure")
