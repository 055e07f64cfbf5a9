"""Adds up counts shown only over several months, as one month's could point to a person."""

import polars as pl

from pipelines.releasing.steps.fields import RANK
from pipelines.releasing.steps.in_order import in_order
from schemas.measures import Measure
from schemas.tables.keys import SERIES

_NOTHING_HAPPENED = [RANK["closed"], RANK["paused"]]


def rolled(levels: pl.DataFrame, measures: list[Measure]) -> pl.DataFrame:
    """Replace `n` with its sum over the measure's window of months, and add `is_ratio`.

    Each series has every month, in any order; the rows come back in theirs. A window with a missing
    month has no sum: its state is missing. Closed and paused months count as 0.
    """
    windows = {m.id: m.rolling_months for m in measures if m.rolling_months > 1}
    levels = levels.with_columns(
        is_ratio=pl.col("measure").is_in([m.id for m in measures if m.is_ratio])
    )
    is_rolled = pl.col("measure").is_in(list(windows))
    parts = [levels.filter(~is_rolled)]
    for measure, window in windows.items():
        series = levels.filter(pl.col("measure") == measure).sort(*SERIES, "month")
        parts.append(_rolled(series, window))
    return in_order(pl.concat(parts), *SERIES, "month")  # which all that is made of them needs


def _rolled(series: pl.DataFrame, window: int) -> pl.DataFrame:
    has_value = pl.col("rank") <= RANK["nil"]
    month = pl.when(has_value).then("n").when(pl.col("rank").is_in(_NOTHING_HAPPENED)).then(0.0)
    total = month.rolling_sum(window, min_samples=window).over(SERIES)
    rank = (
        pl.when(has_value & pl.col("n").is_null())
        .then(RANK["missing"])
        .when(has_value & (pl.col("n") > 0))
        .then(RANK["value"])
        .otherwise("rank")
        .cast(pl.Int8)
    )
    return series.with_columns(n=total).with_columns(rank=rank)
