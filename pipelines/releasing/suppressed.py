"""Finds figures that earlier versions of returns hid, and that must stay hidden.

Anyone who kept an earlier release's tables could subtract them from today's. So every version of
every return that was ever in use is counted again, and what was hidden then stays hidden. This
depends on the archive alone, not on earlier releases, so a release can be rebuilt.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import polars as pl

from pipelines.keeping.entries import Entries
from schemas.disclosure import KEY, as_if_shown, hidden_by_itself, may_be_shared, with_years
from schemas.measures import Measure
from schemas.programme import DisclosurePolicy
from schemas.receipts import Receipt
from schemas.release import Suppressed
from schemas.same_counts import counted_elsewhere, totals_over_measures
from schemas.typed import empty

_FIGURE = [*KEY, "numerator", "denominator", "state"]


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
    before: pl.DataFrame,
    measures: Sequence[Measure],
    policy: DisclosurePolicy,
    otherwise: pl.DataFrame,
) -> pl.DataFrame:
    """The figures that an earlier version hid and that are not hidden in their own right today.

    `today` are observations, `before` the months as they were (`earlier_versions.as_it_was`), and
    `otherwise` has the keys that earlier registers make it necessary to hide
    (`earlier_registers`). The result satisfies `schemas.release.Suppressed`.
    """
    now = with_years(today, measures)
    found = [*_hidden(now, before, measures, policy), otherwise.select(KEY)]
    keys = pl.concat(found).unique()
    if keys.is_empty():
        return empty(Suppressed)
    still = hidden_by_itself(now, measures, policy)
    return keys.join(still, on=KEY, how="anti").select(KEY).sort(KEY)


def _hidden(
    now: pl.DataFrame,
    before: pl.DataFrame,
    measures: Sequence[Measure],
    policy: DisclosurePolicy,
) -> Iterator[pl.DataFrame]:
    """The hidden figures of the trusts and blocks of months that differ from today's."""
    changed = before.join(now, on=_FIGURE, how="anti", nulls_equal=True)
    changed = changed.select("key", "trust_code").unique()
    if changed.is_empty():
        return
    then = before.join(changed, on="key", how="semi")
    of_all = pl.col("level") == "programme"
    hidden = then.filter("hidden")
    same_trust = hidden.filter(~of_all).join(changed, on=["key", "trust_code"], how="semi")
    yield hidden.filter(of_all).select(KEY)
    yield same_trust.select(KEY)
    yield _shown_otherwise(then.filter(~pl.col("hidden")), now, measures, policy)


def _shown_otherwise(
    shown: pl.DataFrame,
    now: pl.DataFrame,
    measures: Sequence[Measure],
    policy: DisclosurePolicy,
) -> pl.DataFrame:
    """The totals that were shown and would differ today: the difference is that of few counts.

    So is that of a share of all incidents: it says how many incidents there were. Today's are all
    looked at: that today's table by itself would hide a total doesn't mean that it will be hidden,
    as more of the others are.
    """
    totals = set(totals_over_measures(measures))
    of_totals = {one for one, other in counted_elsewhere(measures) if other in totals}
    over_kinds = pl.col("measure").is_in(list(totals | of_totals))
    total = (pl.col("level") != "ward") | (pl.col("months") == 12) | over_kinds
    percent = [m.id for m in measures if m.unit == "percent"]
    of_percent = pl.when(pl.col("measure").is_in(percent)).then(pl.struct("denominator", "value"))
    may_be = pl.col("measure").is_in([m.id for m in measures if may_be_shared(m)])
    then, today = (
        as_if_shown(frame.filter(total & may_be), percent, policy)
        .filter(pl.col("state") == "value")
        .select(*KEY, seen=pl.struct("numerator", of_percent))
        for frame in (shown, now)
    )
    both = today.join(then, on=KEY, suffix="_then")
    return both.filter(pl.col("seen").ne_missing(pl.col("seen_then"))).select(KEY)
