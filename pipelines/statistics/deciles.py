"""How a group is spread out: its nine deciles."""

from collections.abc import Sequence

import narwhals as nw
from narwhals.typing import IntoDataFrameT

DECILES = tuple(f"p{tenth}0" for tenth in range(1, 10))


def deciles(frame: IntoDataFrameT, by: Sequence[str], value: str = "value") -> IntoDataFrameT:
    """One row for each group of `by`, with the columns `p10` to `p90`.

    A decile between two values is interpolated linearly (type 7, as R and spreadsheets do).
    """
    spread = [
        nw.col(value).quantile(tenth / 10, interpolation="linear").alias(name)
        for tenth, name in enumerate(DECILES, start=1)
    ]
    data = nw.from_native(frame, eager_only=True).group_by(*by).agg(*spread)
    return data.sort(*by).to_native()
