"""Works out what may be shared of a release: what was once hidden must stay hidden.

Earlier versions of returns and earlier registers came to other figures. Anyone who kept tables of
them could compare, so all of them are looked at again: for the months and peer groups that have
changed since the last release, as nothing else can have become unsafe.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from pipelines.releasing import earlier_measures, made_from, suppressed
from pipelines.releasing.cells import ActiveCells
from pipelines.releasing.counted import Basis, Counted, as_sent, worlds
from pipelines.releasing.earlier_registers import Placed, Placement, hidden_since
from pipelines.releasing.last_release import LastRelease
from pipelines.releasing.observations import observations
from pipelines.releasing.peer_bands import peer_bands
from pipelines.releasing.steps.peer_groups import groups_of
from schemas.disclosure import BEFORE, KEY
from schemas.measures import Measure
from schemas.release import PeerBands, Suppressed
from schemas.typed import empty, typed


@dataclass(frozen=True)
class Figures:
    """Today's figures, which those of earlier versions and registers are compared with.

    `placements` gives those of earlier registers (`earlier_placements`).
    """

    basis: Basis
    counted: Counted
    observations: pl.DataFrame
    wards: pl.DataFrame
    completeness: pl.DataFrame
    placements: Callable[[], Sequence[Placement]]


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
    groups: set[str],
) -> Sharing:
    """What stays hidden in some blocks of months, all else being as it was; bands of some groups.

    `blocks` are those of `made_from.block_of`. If nothing is to be looked at again, both are empty:
    those of the last release stay.
    """
    if last.path is not None and not blocks and not groups:
        return Sharing(empty(Suppressed), empty(PeerBands))
    basis, sources = today.basis, today.basis.sources
    measures, policy = sources.measures, sources.programme.disclosure
    block = made_from.block_of(sources)
    part = block.is_in(list(blocks))
    months = made_from.months_in(sources, blocks)
    members = groups_of(today.wards).filter(pl.col("peer_group").is_in(list(groups)))
    of_groups = basis.senders(members["trust_code"])
    earlier = list(
        worlds(
            basis,
            today.counted,
            cells,
            lambda other: other.month in months or other.trust_code in of_groups,
        )
    )

    def observed(part: pl.DataFrame) -> pl.DataFrame:
        values = as_sent(cells.of_trusts(part["trust_code"].unique()), sources).values
        return observations(part, values, basis.measures, basis.about_returns, basis.queried)

    def otherwise_counted(measures: list[Measure]) -> pl.DataFrame:
        """Today's cells of every trust under other measures, in these blocks of months."""
        other = replace(basis, sources=replace(sources, measures=measures))
        first = basis.grid.filter(part)["month"].min()  # a figure may count up to twelve months
        grid = basis.grid.filter(pl.col("month") >= pl.lit(first).dt.offset_by("-11mo"))
        values = as_sent(cells.of_trusts(other.senders(_trusts(grid))), other.sources).values
        return observations(grid, values, other.measures, other.about_returns, other.queried)

    placed = Placed(basis.grid, today.counted.sent.drop("current_trust_code"))
    otherwise = hidden_since(sources, today.placements(), placed, observed, part)
    figures = [otherwise.figures]
    if blocks:
        counted = earlier_measures.hidden_since(sources, today.observations, otherwise_counted)
        figures.append(counted)
    hidden = suppressed.suppressed(
        today.observations.filter(part),
        [
            world.observations(basis).filter(part)
            for other, world in earlier
            if any(receipt.month in months for receipt in other)
        ],
        measures,
        policy,
        pl.concat(figures).unique().filter(part),
        block,
    )
    if last.path is not None:
        before = typed(last.rows("suppressed"), Suppressed)
        hidden = pl.concat([before.filter(~part), hidden]).sort(KEY)
    units = [world.units for _, world in earlier]
    return Sharing(hidden, _bands(today, units, otherwise.groups, members["unit_id"]))


def _trusts(grid: pl.DataFrame) -> pl.Series:
    return grid["current_trust_code"].drop_nulls().unique()


def _bands(
    today: Figures, earlier: list[pl.DataFrame], regrouped: pl.DataFrame, members: pl.Series
) -> pl.DataFrame:
    """Bands of some wards; what those of earlier worlds hid, or of other wards, stays hidden."""
    sources = today.basis.sources
    measures, policy = sources.measures, sources.programme.disclosure

    def bands(observed: pl.DataFrame, before: pl.DataFrame | None = None) -> pl.DataFrame:
        of_groups = observed.filter(pl.col("unit_id").is_in(members.implode()))
        return peer_bands(of_groups, today.wards, today.completeness, measures, policy, before)

    before = [bands(world) for world in earlier]
    if regrouped.height:
        others = bands(today.counted.units)
        others = others.join(regrouped, on=["peer_group", "month"], how="semi")
        hidden = pl.coalesce("suppression_reason", pl.lit(BEFORE))
        before.append(others.with_columns(state=pl.lit("suppressed"), suppression_reason=hidden))
    return bands(today.counted.units, pl.concat(before) if before else None)
