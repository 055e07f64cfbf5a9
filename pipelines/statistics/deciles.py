"""Works out the nine deciles of a group."""

from collections.abc import Sequence

import narwhals as nw
from narwhals.typing import FrameT, IntoFrameT

DECILES = tuple(f"p{tenth}0" for tenth in range(1, 10))


def deciles(frame: IntoFrameT, by: Sequence[str], value: str = "value") -> IntoFrameT:
    """One row for each group of `by`, with the columns `p10` to `p90`; empty values are left out.

    A decile between two values is interpolated linearly (type 7, as in R and spreadsheets), using
    whole numbers as far as possible, so that every engine gives the same double.
    """
    native: IntoFrameT = _deciles(nw.from_native(frame), by, nw.col(value)).to_native()
    return native


def _deciles(data: FrameT, by: Sequence[str], x: nw.Expr) -> FrameT:
    data = data.with_columns(
        _place=x.rank("ordinal").over(*by).cast(nw.Int64) - 1,
        _last=x.count().over(*by).cast(nw.Int64) - 1,
    )
    # With the lowest value at place 0, the k-th decile is at k tenths of the last place.
    place, last = nw.col("_place") * 10, nw.col("_last")
    around = []
    for tenth, name in enumerate(DECILES, start=1):
        around.append(nw.when(place <= last * tenth).then(x).max().alias(f"_below {name}"))
        around.append(nw.when(place >= last * tenth).then(x).min().alias(f"_above {name}"))
    data = data.group_by(*by).agg(last.max(), *around)
    between = []
    for tenth, name in enumerate(DECILES, start=1):
        low, high = nw.col(f"_below {name}"), nw.col(f"_above {name}")
        part = (last * tenth % 10).cast(nw.Float64) * 0.1
        between.append((low + (high - low) * part).alias(name))
    return data.with_columns(between).sort(*by).select(*by, *DECILES)
