"""Works out what may be shared of a release: what was once hidden must stay hidden.

Earlier versions of returns and earlier registers came to other figures. Anyone who kept tables of
them could compare, so all of them are looked at again: for the months and peer groups that have
changed since the last release, as nothing else can have become unsafe.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from pipelines.releasing import earlier_measures, held_back, suppressed
from pipelines.releasing.cells import ActiveCells
from pipelines.releasing.changes import Tables
from pipelines.releasing.counted import Basis, Counted, Some, as_sent
from pipelines.releasing.earlier_registers import Otherwise, Placed, hidden_since
from pipelines.releasing.earlier_versions import AS_SENT, BANDS, MONTHS, EarlierVersions, seen
from pipelines.releasing.last_release import Keys, LastRelease
from pipelines.releasing.observations import observations
from pipelines.releasing.peer_bands import peer_bands, still_hidden
from pipelines.releasing.placements import Placements
from pipelines.releasing.sharing_keys import bands_in, bands_reach, block_of
from pipelines.releasing.steps.peer_groups import groups_of
from pipelines.releasing.version_keys import VersionKeys
from schemas.disclosure import BEFORE, KEY
from schemas.measures import Measure
from schemas.periods import Month
from schemas.release import PeerBands, Suppressed
from schemas.typed import empty, typed


@dataclass(frozen=True)
class Figures:
    """Today's figures, which those of earlier versions and registers are compared with.

    `held_back` has the months that wait for a trust (`held_back.months`).
    """

    basis: Basis
    counted: Counted
    wards: pl.DataFrame
    completeness: pl.DataFrame
    placements: Placements
    held_back: Sequence[date]


@dataclass(frozen=True)
class Sharing:
    """What peers and the public may not be shown, and what they are shown of peer groups.

    `kept` has new rows of the tables that `earlier_versions` keeps, `gone` those that make way, and
    `keys` say of which versions the months are.
    """

    suppressed: pl.DataFrame
    bands: pl.DataFrame
    kept: Tables
    gone: Tables
    keys: Keys


def for_sharing(
    today: Figures,
    cells: ActiveCells,
    last: LastRelease,
    blocks: set[str],
    bands: set[str],
) -> Sharing:
    """What stays hidden in some blocks of months, all else being as it was, and some bands.

    They are those of `sharing_keys.block_of` and `sharing_keys.band_keys`. If nothing is to be
    looked at again, both are empty: those of the last release stay.
    """
    held = {part: key for part, key in last.keys_of(AS_SENT).items() if part[1] not in blocks}
    if last.path is not None and not blocks and not bands:
        return Sharing(empty(Suppressed), empty(PeerBands), {}, {}, held)
    basis, sources = today.basis, today.basis.sources
    keys = VersionKeys(basis, today.wards, today.completeness, blocks, bands_in(bands))
    versions = EarlierVersions(
        basis, today.counted, cells, last, keys, lambda *some: _bands(today, *some)
    )
    own = _bands(today, today.counted, keys.bands)
    before = versions.before(own)
    part = block_of(sources).is_in(list(blocks))
    now = seen(basis, today.counted, blocks)
    otherwise = _placed_otherwise(today, cells, part)
    waiting = held_back.totals(now, today.held_back, sources.measures)
    figures = [otherwise.figures, waiting]
    if blocks:
        figures.append(
            earlier_measures.hidden_since(
                sources, now, lambda measures: _counted_as(today, cells, measures, part)
            )
        )
    hidden = suppressed.suppressed(
        now,
        before.months.rows,
        sources.measures,
        sources.programme.disclosure,
        pl.concat(figures).unique().filter(part),
    )
    if last.path is not None:
        was = typed(last.rows("suppressed"), Suppressed)  # which may have later months
        others = was.filter(~part, pl.col("month") <= pl.lit(sources.data_to, pl.Date))
        hidden = pl.concat([others, hidden]).sort(KEY)
    return Sharing(
        hidden,
        still_hidden(own, [before.bands.rows, _of_others(own, otherwise.groups)]),
        {MONTHS: before.months.new, BANDS: before.bands.new},
        {MONTHS: before.months.gone, BANDS: before.bands.gone},
        held | versions.as_sent,
    )


def _placed_otherwise(today: Figures, cells: ActiveCells, part: pl.Expr) -> Otherwise:
    """What must be hidden as earlier registers placed trusts and wards otherwise."""
    basis, sources = today.basis, today.basis.sources

    def observed(part: pl.DataFrame) -> pl.DataFrame:
        values = as_sent(cells.of_trusts(part["trust_code"].unique()), sources).values
        return observations(part, values, basis.measures, basis.about_returns, basis.queried)

    placed = Placed(basis.grid, today.counted.rows("sent").drop("current_trust_code"))
    return hidden_since(sources, today.placements.every, placed, observed, part)


def _counted_as(
    today: Figures, cells: ActiveCells, measures: list[Measure], part: pl.Expr
) -> pl.DataFrame:
    """Today's cells of every trust under other measures, in some blocks of months."""
    basis = today.basis
    other = replace(basis, sources=replace(basis.sources, measures=measures))
    first = basis.grid.filter(part)["month"].min()
    since = pl.lit(first).dt.offset_by("-11mo")  # a figure may count up to twelve months
    grid = basis.grid.filter(pl.col("month") >= since)
    trusts = grid["current_trust_code"].drop_nulls().unique()
    values = as_sent(cells.of_trusts(other.senders(trusts)), other.sources).values
    return observations(grid, values, other.measures, other.about_returns, other.queried)


def _bands(today: Figures, counted: Counted, asked: pl.DataFrame) -> pl.DataFrame:
    """The bands of some figures, by themselves, in these groups and months."""
    if asked.is_empty():
        return empty(PeerBands)
    sources = today.basis.sources
    members = groups_of(today.wards).join(asked, on="peer_group", how="semi")["unit_id"]
    months = [Month.of(month) for month in asked["month"].unique()]
    back = range(bands_reach(sources) + 1)
    window = pl.Series([(month + -number).first_day for month in months for number in back])
    newest, classes = today.basis.grid["month"].max(), today.completeness
    if newest not in window:  # only the newest month asks how regularly wards report
        classes = classes.clear()
    rows = counted.rows("units", Some(first=window.min()))
    rows = rows.filter(
        pl.col("unit_id").is_in(members.implode()), pl.col("month").is_in(window.implode())
    )
    found = peer_bands(rows, today.wards, classes, sources.measures, sources.programme.disclosure)
    return found.join(asked, on=["peer_group", "month"], how="semi", maintain_order="left")


def _of_others(own: pl.DataFrame, regrouped: pl.DataFrame) -> pl.DataFrame:
    """The bands of groups that were once made of other wards, which are hidden."""
    others = own.join(regrouped, on=["peer_group", "month"], how="semi")
    return others.with_columns(suppression_reason=pl.coalesce("suppression_reason", pl.lit(BEFORE)))
