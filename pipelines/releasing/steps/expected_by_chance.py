"""Works out how many of a release's signals to expect by chance alone."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import polars as pl

from pipelines.statistics.expected_by_chance import with_chance
from schemas.measures import Measure

TABLE = Path(__file__).parents[3] / "data" / "chance" / "false_signals.csv"
_UNITS = {"percent": "proportion", "per_1000_bed_days": "rate"}


@cache
def table() -> pl.DataFrame:
    """The simulated share of stable series with a signal, by kind, length and size."""
    return pl.read_csv(TABLE)


def signals_by_chance(signals: pl.DataFrame, measures: Iterable[Measure]) -> pl.DataFrame:
    """`schemas.release.Signals` with `chance`: the probability of a signal if nothing had changed.

    Its sum over the series on a screen is the number of signals to expect there by chance. It is
    empty for series not judged yet, and for those that were not simulated (counts and days).
    """
    units = {measure.id: _UNITS.get(measure.unit) for measure in measures}
    unit = pl.col("measure").replace_strict(units, default=None, return_dtype=pl.String)
    # A quarter's percentage counts as one point, but a quarter's rate as three months of events.
    merged = pl.when(unit == "proportion").then(1).otherwise("months")
    asked = signals.select(
        unit=unit,
        months=pl.col("n") * merged,
        centre="centre",
        size=pl.col("denominator") / merged,
    )
    judged = pl.when(pl.col("variation").is_not_null())
    return signals.with_columns(with_chance(asked, table())["chance"]).with_columns(
        chance=judged.then("chance")
    )
