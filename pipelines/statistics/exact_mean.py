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
    """Add the mean of `value` in each group of `over` as a column; nulls are left out.

    `value` looks at its own row only.
    """
    coarse, rest, n = nw.col("_coarse"), nw.col("_rest"), nw.col("_n")
    count, grid = value.count().over(*over), nw.col("_grid") * nw.col("_n") * 4.0
    frame = frame.with_columns(
        _n=nw.when(count > 0).then(count.cast(nw.Float64)), _grid=value.abs().max().over(*over)
    )
    frame = frame.with_columns(_coarse=(value + grid) - grid)
    frame = frame.with_columns(
        _coarse=coarse.sum().over(*over), _rest=(value - coarse).sum().over(*over)
    )
    quotient = (coarse + rest) / n
    half = quotient * SPLIT - (quotient * SPLIT - quotient)
    remainder = ((coarse - n * half) - n * (quotient - half)) + rest
    return frame.with_columns((quotient + remainder / n).alias(name))
