"""Previews a series with new limits from a month, using the release's own functions."""

import polars as pl

from pipelines.releasing.events import rebases
from pipelines.releasing.points import points_and_signals
from schemas.measures import Measure
from schemas.periods import Month
from schemas.programme import Programme
from schemas.release import Points, Signals
from schemas.typed import typed


def with_new_limits(
    observations: pl.DataFrame,
    events: pl.DataFrame,
    measure: Measure,
    month: Month,
    programme: Programme,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The points and the signal of one series (`Points`, `Signals`) with new limits from a month.

    `observations` and `events` are the release's own rows of that unit. The next release will
    have the same result if the decision is made and nothing else is sent.
    """
    unit = observations.row(0, named=True)
    new = pl.DataFrame(
        {
            "level": unit["level"],
            "unit_id": unit["unit_id"],
            "measure": measure.id,
            "month": month.first_day,
        }
    )
    decided = pl.concat([rebases(events), new], how="vertical_relaxed").unique()
    points, signals = points_and_signals(observations, [measure], decided, None, programme)
    return typed(points, Points), typed(signals, Signals)


def points_by_phase(points: pl.DataFrame) -> dict[int, int]:
    """How many points each phase of a chart is based on."""
    valued = points.filter(pl.col("value").is_not_null())
    return dict(valued.group_by("phase").len().sort("phase").rows())
