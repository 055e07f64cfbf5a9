"""Works out what may be shared of a release: what was once hidden must stay hidden.

Earlier versions of returns and earlier registers came to other figures. Anyone who kept tables of
them could compare, so all of them are looked at again: for the months and peer groups that have
changed since the last release, as nothing else can have become unsafe.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from pipelines.releasing import earlier_measures, held_back, sharing_keys, suppressed
from pipelines.releasing.cells import ActiveCells
from pipelines.releasing.counted import Basis, Counted, Some, as_sent, worlds
from pipelines.releasing.earlier_registers import Placed, hidden_since
from pipelines.releasing.last_release import LastRelease
from pipelines.releasing.observations import observations
from pipelines.releasing.peer_bands import peer_bands
from pipelines.releasing.placements import Placements
from pipelines.releasing.sources import Sources
from pipelines.releasing.steps.peer_groups import groups_of
from schemas.disclosure import BEFORE, KEY
from schemas.measures import Measure
from schemas.periods import Month
from schemas.release import Observations, PeerBands, Suppressed
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
    """What peers and the public may not be shown, and what they are shown of peer groups."""

    suppressed: pl.DataFrame
    bands: pl.DataFrame


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
    if last.path is not None and not blocks and not bands:
        return Sharing(empty(Suppressed), empty(PeerBands))
    basis, sources = today.basis, today.basis.sources
    measures, policy = sources.measures, sources.programme.disclosure
    block = sharing_keys.block_of(sources)
    part = block.is_in(list(blocks))
    first = basis.grid.filter(part)["month"].min()
    months = sharing_keys.months_in(sources, blocks)
    asked = sharing_keys.bands_in(bands)
    members = groups_of(today.wards).join(asked, on="peer_group", how="semi")
    of_groups, years = basis.senders(members["trust_code"]), _years(asked, sources)
    earlier = list(
        worlds(
            basis,
            today.counted,
            cells,
            lambda other: (
                other.month in months or (other.month in years and other.trust_code in of_groups)
            ),
        )
    )

    def seen(counted: Counted) -> pl.DataFrame:
        """The observations of these blocks of months."""
        return counted.since(basis, first).filter(part) if first else empty(Observations)

    def observed(part: pl.DataFrame) -> pl.DataFrame:
        values = as_sent(cells.of_trusts(part["trust_code"].unique()), sources).values
        return observations(part, values, basis.measures, basis.about_returns, basis.queried)

    def otherwise_counted(measures: list[Measure]) -> pl.DataFrame:
        """Today's cells of every trust under other measures, in these blocks of months."""
        other = replace(basis, sources=replace(sources, measures=measures))
        since = pl.lit(first).dt.offset_by("-11mo")  # a figure may count up to twelve months
        grid = basis.grid.filter(pl.col("month") >= since)
        values = as_sent(cells.of_trusts(other.senders(_trusts(grid))), other.sources).values
        return observations(grid, values, other.measures, other.about_returns, other.queried)

    placed = Placed(basis.grid, today.counted.rows("sent").drop("current_trust_code"))
    otherwise = hidden_since(sources, today.placements.every, placed, observed, part)
    now = seen(today.counted)
    figures = [otherwise.figures, held_back.totals(now, today.held_back, measures)]
    if blocks:
        counted = earlier_measures.hidden_since(sources, now, otherwise_counted)
        figures.append(counted)
    hidden = suppressed.suppressed(
        now,
        [
            seen(world)
            for other, world in earlier
            if any(receipt.month in months for receipt in other)
        ],
        measures,
        policy,
        pl.concat(figures).unique().filter(part),
        block,
    )
    if last.path is not None:
        before = typed(last.rows("suppressed"), Suppressed)  # which may have later months
        kept = before.filter(~part, pl.col("month") <= pl.lit(sources.data_to, pl.Date))
        hidden = pl.concat([kept, hidden]).sort(KEY)
    earlier_worlds = [world for _, world in earlier]
    return Sharing(hidden, _bands(today, earlier_worlds, otherwise.groups, asked))


def _years(asked: pl.DataFrame, sources: Sources) -> set[str]:
    """The months that some bands are made of, such as 2026-03."""
    back = range(sharing_keys.bands_reach(sources) + 1)
    months = [Month.of(month) for month in asked["month"].unique()]
    return {str(month + -number) for month in months for number in back}


def _trusts(grid: pl.DataFrame) -> pl.Series:
    return grid["current_trust_code"].drop_nulls().unique()


def _bands(
    today: Figures, earlier: list[Counted], regrouped: pl.DataFrame, asked: pl.DataFrame
) -> pl.DataFrame:
    """The bands asked for; what those of earlier worlds hid, or of other wards, stays hidden."""
    if asked.is_empty():
        return empty(PeerBands)
    sources = today.basis.sources
    measures, policy = sources.measures, sources.programme.disclosure
    members = groups_of(today.wards).join(asked, on="peer_group", how="semi")["unit_id"]
    months = pl.Series([Month.parse(month).first_day for month in _years(asked, sources)])
    newest, classes = today.basis.grid["month"].max(), today.completeness
    if newest not in months:  # only the newest month asks how regularly wards report
        classes = classes.clear()

    def bands(counted: Counted, before: pl.DataFrame | None = None) -> pl.DataFrame:
        rows = counted.rows("units", Some(first=months.min()))
        rows = rows.filter(
            pl.col("unit_id").is_in(members.implode()), pl.col("month").is_in(months.implode())
        )
        found = peer_bands(rows, today.wards, classes, measures, policy, before)
        return found.join(asked, on=["peer_group", "month"], how="semi", maintain_order="left")

    before = [bands(world) for world in earlier]
    if regrouped.height:
        others = bands(today.counted)
        others = others.join(regrouped, on=["peer_group", "month"], how="semi")
        hidden = pl.coalesce("suppression_reason", pl.lit(BEFORE))
        before.append(others.with_columns(state=pl.lit("suppressed"), suppression_reason=hidden))
    return bands(today.counted, pl.concat(before) if before else None)
