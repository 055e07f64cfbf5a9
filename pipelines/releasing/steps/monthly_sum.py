"""The months of a rare measure as a running sum, using the release's own functions."""

import polars as pl

from pipelines.releasing.events import rebases
from pipelines.releasing.points import points_and_signals
from schemas.measures import Measure
from schemas.programme import Programme


def as_running_sum(
    observations: pl.DataFrame, events: pl.DataFrame, measure: Measure, programme: Programme
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The points and the signal of one series (`Points`, `Signals`) on a CUSUM for a doubling.

    `observations` and `events` are the release's own rows of that unit, `observations` with its
    baseline if it has one. A measure is never charted so in a release, whose points have figures as
    their values; here they are sums, in events.
    """
    summed = measure.model_copy(update={"chart": "cusum"})
    return points_and_signals(observations, [summed], rebases(events), None, programme)
