"""Works out peer bands, which show how a peer group's wards are spread without naming any.

A decile of a few wards is nearly one ward's figure. So a band covers twelve months, uses counts
that are already coarse (`schemas.disclosure.coarse`), is rounded, and is suppressed if the group is
narrow: nothing in it can tell a 1 from a 4, whatever else someone knows.
"""

from collections.abc import Sequence

import polars as pl

from pipelines.releasing.steps.peer_groups import (
    LEFT_OUT,
    grouped,
    may_be_compared,
    rules_of,
    with_class,
)
from pipelines.releasing.steps.rolling_year import reports_enough, rolling_year
from pipelines.statistics.deciles import DECILES, deciles
from schemas.disclosure import coarse, too_narrow
from schemas.measures import Measure
from schemas.programme import DisclosurePolicy
from schemas.release import PeerBands
from schemas.typed import empty, types_of

_KEYS = ["peer_group", "measure", "month"]
_COLUMNS = list(types_of(PeerBands))


def peer_bands(
    observations: pl.DataFrame,
    wards: pl.DataFrame,
    completeness: pl.DataFrame,
    measures: list[Measure],
    policy: DisclosurePolicy,
) -> pl.DataFrame:
    """The deciles of each peer group's wards, over the twelve months up to each month.

    Frames are those of the release; the result satisfies `schemas.release.PeerBands`.
    """
    compared = [measure for measure in measures if may_be_compared(measure)]
    wards_only = observations.filter(
        pl.col("level") == "ward", pl.col("measure").is_in([m.id for m in compared])
    )
    if wards_only.is_empty():
        return empty(PeerBands)
    year = grouped(rolling_year(wards_only), wards).filter(pl.col("expected") > 0)
    year = with_class(year, completeness).join(rules_of(compared, policy), on="measure")
    now = pl.col("month") == observations["month"].max()
    part = (
        reports_enough()
        & (pl.col("d") >= pl.col("smallest"))
        & ~(now & pl.col("class").is_in(LEFT_OUT).fill_null(False))
    )
    return _shown(_described(year.with_columns(part=part), policy))


def still_hidden(bands: pl.DataFrame, before: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Bands, of which those that were hidden before stay hidden, for the first reason there was."""
    columns = [*_KEYS, pl.col("suppression_reason").alias("before")]
    hidden = pl.concat(frame.select(columns) for frame in before)
    first = hidden.unique(_KEYS, keep="first", maintain_order=True)
    bands = bands.join(first, on=_KEYS, how="left")
    return _shown(
        bands.with_columns(suppression_reason=pl.coalesce("suppression_reason", "before"))
    )


def _described(year: pl.DataFrame, policy: DisclosurePolicy) -> pl.DataFrame:
    """Each group and month with its deciles, its number of wards, and any reason to hide it."""
    safe, unsafe = coarse(pl.col("n"), policy), coarse(pl.col("d") - pl.col("n"), policy)
    part = year.filter("part").with_columns(
        value=pl.when("percent").then(safe / (safe + unsafe)).otherwise(safe / pl.col("d"))
    )
    groups = year.group_by(_KEYS).agg(
        pl.col("peer_group_name", "percent").first(),
        pl.col("part").sum().cast(pl.Int64).alias("wards"),
        (~pl.col("part")).sum().cast(pl.Int64).alias("left_out"),
        too_narrow(policy, where=pl.col("part")).alias("suppression_reason"),
    )
    spread = deciles(part, _KEYS).join(groups.select(*_KEYS, "percent"), on=_KEYS)
    whole = [
        pl.when("percent").then(pl.col(name).round(2)).otherwise(pl.col(name).round(4)).alias(name)
        for name in DECILES
    ]
    return groups.join(spread.select(*_KEYS, *whole), on=_KEYS, how="left")


def _shown(bands: pl.DataFrame) -> pl.DataFrame:
    """The bands without anything that may not be shown."""
    shown = pl.col("suppression_reason").is_null()
    return (
        bands.with_columns(
            pl.when(shown).then(pl.col(name)).alias(name)
            for name in ("wards", "left_out", *DECILES)
        )
        .with_columns(state=pl.when(shown).then(pl.lit("value")).otherwise(pl.lit("suppressed")))
        .select(_COLUMNS)
        .sort(_KEYS)
    )
