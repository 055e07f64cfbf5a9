"""Looks up how many signals there would be if nothing had changed.

The table holds simulated stable series (see `benchmarks/simulate_chance.py`): with hundreds of
series, some signal every month by chance alone, and more do if counts are small.
"""

from typing import Any

import narwhals as nw
import numpy as np
from narwhals.typing import IntoFrame, IntoFrameT
from numpy.typing import NDArray

from pipelines.statistics.on_this_machine import gathered, locally

Floats = NDArray[np.float64]


def with_chance(series: IntoFrameT, table: IntoFrame) -> IntoFrameT:
    """Add `chance`: the probability that a stable series like this one shows a signal now.

    `series` has `unit` (`proportion` or `rate`), `months` of data, `centre` (unscaled) and `size`
    (the usual monthly denominator). `table` has `unit, months, mean` (events a month; for a
    proportion, people who did not answer yes), `size` (people asked; empty for a rate) and
    `chance`; the nearest row on a logarithmic scale is used. The sum over series is the number of
    signals to expect by chance. Empty if the unit is not in the table.
    """
    rows = gathered(nw.from_native(table))
    return locally(series, lambda data: _with_chance(data, rows))


def _with_chance(data: nw.DataFrame[Any], rows: nw.DataFrame[Any]) -> nw.DataFrame[Any]:
    units = data["unit"].to_list()
    places = _places(units, _floats(data, "months"), _floats(data, "centre"), _floats(data, "size"))
    chances: Floats = np.full(len(data), np.nan)
    for unit in ("proportion", "rate"):
        known = rows.filter(nw.col("unit") == unit)
        here = np.array([u == unit for u in units], dtype=bool) & np.isfinite(places).all(axis=1)
        if len(known) and here.any():
            at = np.column_stack(
                [np.log(_floats(known, name)) for name in ("months", "mean", "size")]
            )
            far = ((places[here][:, None, :] - np.nan_to_num(at)[None, :, :]) ** 2).sum(axis=2)
            chances[here] = _floats(known, "chance")[far.argmin(axis=1)]
    column = nw.new_series("chance", chances.tolist(), backend=data.implementation)
    column_or_empty = nw.when(~nw.col("chance").is_nan()).then(nw.col("chance")).alias("chance")
    return data.with_columns(column).with_columns(column_or_empty)


def _floats(data: nw.DataFrame[Any], name: str) -> Floats:
    column = data[name].cast(nw.Float64)
    return np.asarray(column.fill_null(float("nan")).to_numpy(), dtype=float)


def _places(units: list[str], months: Floats, centre: Floats, size: Floats) -> Floats:
    """The position of series in the table: months, mean events and size, as logarithms."""
    proportion = np.array([unit == "proportion" for unit in units], dtype=bool)
    events = np.where(proportion, 1 - centre, centre) * size
    with np.errstate(divide="ignore", invalid="ignore"):
        place = np.column_stack(
            [
                np.log(months),
                np.log(np.maximum(events, 0.01)),
                np.where(proportion, np.log(size), 0),
            ]
        )
    place[~np.isfinite(centre)] = np.nan
    return place
