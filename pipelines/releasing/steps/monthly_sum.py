"""The months of rare measures as running sums, using the release's own functions."""

from collections.abc import Sequence

import polars as pl

from pipelines.releasing.events import rebases
from pipelines.releasing.points import points_and_signals
from schemas.measures import Measure
from schemas.programme import Programme


def as_running_sums(
    observations: pl.DataFrame,
    events: pl.DataFrame,
    measures: Sequence[Measure],
    programme: Programme,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The points and the signal of each series (`Points`, `Signals`) on a CUSUM for a doubling.

    `observations` and `events` are the release's own rows of the units, `observations` with their
    baselines. A measure is never charted so in a release, whose points have figures as
    their values; here they are sums, in events.
    """
    summed = [measure.model_copy(update={"chart": "cusum"}) for measure in measures]
    return points_and_signals(observations, summed, rebases(events), None, programme)
