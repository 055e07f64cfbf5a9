"""Finds figures that earlier versions of returns hid, and that must stay hidden.

Anyone who kept an earlier release's tables could subtract them from today's. So every version of
every return that was ever in use is counted again, and what was hidden then stays hidden. This
depends on the archive alone, not on earlier releases, so a release can be rebuilt.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import polars as pl

from pipelines.keeping.entries import Entries
from schemas.disclosure import KEY, as_if_shown, hidden_by_itself, mask, suppressed_keys, with_years
from schemas.measures import Measure
from schemas.programme import DisclosurePolicy
from schemas.receipts import Receipt
from schemas.release import Suppressed
from schemas.same_counts import counted_elsewhere, totals_over_measures
from schemas.tables.keys import OBSERVATION
from schemas.typed import empty

_FIGURE = [*OBSERVATION, "numerator", "denominator", "state"]


def earlier(entries: Entries) -> Iterator[tuple[Receipt, ...]]:
    """The returns of each earlier world: every first version, every second version, and so on.

    A trust's month with fewer versions is included with its last one. Withdrawn versions are
    included too, because they were in use until someone withdrew them.
    """
    versions = [
        tuple(of_month)
        for _, of_month in groupby(entries.receipts, key=lambda r: (r.trust_code, r.month))
    ]
    today = {receipt.return_id for receipt in entries.active}
    for number in range(max(map(len, versions), default=0)):
        world = tuple(held[min(number, len(held) - 1)] for held in versions)
        if {receipt.return_id for receipt in world} != today:
            yield world


def suppressed(
    today: pl.DataFrame,
    worlds: Iterable[pl.DataFrame],
    measures: Sequence[Measure],
    policy: DisclosurePolicy,
    otherwise: pl.DataFrame,
    block: pl.Expr,
) -> pl.DataFrame:
    """The figures that an earlier world hid and that are not hidden in their own right today.

    Frames are observations; `otherwise` has the keys that earlier registers make it necessary to
    hide (`earlier_registers`), and `block` names the block of months that each row is in
    (`sharing_keys.block_of`). The result satisfies `schemas.release.Suppressed`.
    """
    found = [keys for world in worlds for keys in _hidden(today, world, measures, policy, block)]
    found += [otherwise.select(KEY)] if otherwise.height else []
    if not found:
        return empty(Suppressed)
    still = hidden_by_itself(with_years(today, measures), measures, policy)
    keys = pl.concat(found).unique().join(still, on=KEY, how="anti")
    return keys.select(KEY).sort(KEY)


def _hidden(
    today: pl.DataFrame,
    world: pl.DataFrame,
    measures: Sequence[Measure],
    policy: DisclosurePolicy,
    block: pl.Expr,
) -> Iterator[pl.DataFrame]:
    """The hidden figures of the trusts and blocks of months that differ from today's."""
    changed = world.join(today, on=_FIGURE, how="anti", nulls_equal=True)
    if changed.is_empty():
        return
    changed = changed.select("trust_code", block=block).unique()
    here = block.is_in(changed["block"].unique().implode())
    then, now = (with_years(frame.filter(here), measures) for frame in (world, today))
    masked = mask(then, measures, policy, "public")
    of_trusts = pl.col("level").is_in(["ward", "trust"])
    same_trust = masked.filter(of_trusts).with_columns(block=block)
    same_trust = same_trust.join(changed, on=["trust_code", "block"], how="semi")
    yield suppressed_keys(masked.filter(~of_trusts))
    yield suppressed_keys(same_trust)
    yield _shown_otherwise(masked, now, measures, policy)


def _shown_otherwise(
    before: pl.DataFrame,
    now: pl.DataFrame,
    measures: Sequence[Measure],
    policy: DisclosurePolicy,
) -> pl.DataFrame:
    """The totals that were shown and would differ today: the difference is that of few counts.

    So is that of a share of all incidents: it says how many incidents there were. `before` is
    masked and `now` exact: that today's table by itself would hide a total doesn't mean that it
    will be hidden, as more of the others are.
    """
    totals = set(totals_over_measures(measures))
    of_totals = {one for one, other in counted_elsewhere(measures) if other in totals}
    over_kinds = pl.col("measure").is_in(list(totals | of_totals))
    total = (pl.col("level") != "ward") | (pl.col("months") == 12) | over_kinds
    percent = [m.id for m in measures if m.unit == "percent"]
    of_percent = pl.when(pl.col("measure").is_in(percent)).then(pl.struct("denominator", "value"))
    then, today = (
        frame.filter(total, pl.col("state") == "value").select(
            *KEY, seen=pl.struct("numerator", of_percent)
        )
        for frame in (before, as_if_shown(now, percent, policy))
    )
    both = today.join(then, on=KEY, suffix="_then")
    return both.filter(pl.col("seen").ne_missing(pl.col("seen_then"))).select(KEY)
