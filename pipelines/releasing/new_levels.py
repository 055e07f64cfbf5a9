"""Where a series seems to have settled at a new level: a proposal for new limits, never applied."""

from collections.abc import Sequence

import polars as pl

from pipelines.releasing.sentences import settled
from pipelines.statistics.hint import hints
from schemas.measures import Measure

SEARCHES = {"run": "run", "xmr": "xmr", "pp": "xmr", "u": "xmr", "up": "xmr"}
LEVELS = ("ward", "trust", "programme")  # nobody decides for a peer group


def with_new_levels(
    now: pl.DataFrame, points: pl.DataFrame, measures: Sequence[Measure]
) -> pl.DataFrame:
    """Add `hint_month`, the first month of the latest new level, and `hint_sentence`.

    `now` has a row for each series, `points` the charted points of all. Both columns are empty
    where nothing is proposed, which is so wherever there are neither limits nor a run chart.
    """
    by_id = {m.id: m for m in measures}
    measure_of = dict(now.select("series", "measure").iter_rows())
    proposed = {}
    for chart, search in SEARCHES.items():
        here = now.filter(pl.col("chart") == chart, pl.col("level").is_in(LEVELS)).select("series")
        of_chart = points.join(here, on="series", how="semi")
        proposed |= {hint.series: hint for hint in hints(of_chart, search)}
    found = pl.DataFrame(
        [(s, h.date, settled(h, by_id[measure_of[s]])) for s, h in proposed.items()],
        schema={"series": pl.Int64, "hint_month": pl.Date, "hint_sentence": pl.String},
        orient="row",
    )
    return now.join(found, on="series", how="left", maintain_order="left")
