"""Means that do not depend on the order of the rows, nor on who adds them up.

A plain floating-point average of thirty-six times 0.1 is not 0.1, so a constant series would lie
"below its mean". Each value is split into a part on a grid coarse enough for those parts to add
up without any rounding, in any order, and the rest (Rump, Ogita and Oishi's error-free vector
transformation); the quotient is then corrected by its own exact remainder.
"""

from collections.abc import Sequence

import narwhals as nw
from narwhals.typing import FrameT

SPLIT = 134217729.0  # 2**27 + 1: halves the digits of a double (Veltkamp)


def with_mean(frame: FrameT, value: nw.Expr, name: str, over: Sequence[str]) -> FrameT:
    """Add the mean of `value` in each group of `over` as a column; nulls are left out."""
    x, coarse, rest = nw.col("_x"), nw.col("_coarse"), nw.col("_rest")
    n, grid = nw.col("_n"), nw.col("_grid")
    total, quotient, half = nw.col("_total"), nw.col("_quotient"), nw.col("_half")
    count = x.count().over(*over)
    return (
        frame.with_columns(_x=value)
        .with_columns(
            _n=nw.when(count > 0).then(count.cast(nw.Float64)),
            _grid=x.abs().max().over(*over),
        )
        .with_columns(_grid=grid * n * 4.0)
        .with_columns(_coarse=(x + grid) - grid)
        .with_columns(_rest=x - coarse)
        .with_columns(_total=coarse.sum().over(*over), _rest=rest.sum().over(*over))
        .with_columns(_quotient=(total + rest) / n)
        .with_columns(_half=quotient * SPLIT - (quotient * SPLIT - quotient))
        .with_columns(
            (quotient + (((total - n * half) - n * (quotient - half)) + rest) / n).alias(name)
        )
        .drop("_x", "_n", "_grid", "_coarse", "_rest", "_total", "_quotient", "_half")
    )
