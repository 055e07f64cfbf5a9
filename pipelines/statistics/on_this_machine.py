"""Fetches rows from an engine, works on them in Python, and hands the result back to the engine.

No engine can work out an exact binomial tail, a sentence, or a sum that starts again after passing
a threshold. Nothing else in `statistics` fetches rows, and mostly they are few: one for each unit
of a funnel, or the latest point of a series and those with a cause. Only CUSUMs and suggested
rebases, which go through a series point by point, need every row.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

import narwhals as nw
from narwhals.typing import IntoFrame, IntoFrameT

from pipelines.statistics.series_order import Frame

Local = nw.DataFrame[Any]


def gathered(frame: Frame) -> Local:
    """The rows of any frame, fetched if it is lazy; those from an engine are in no set order."""
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def by_row(frame: IntoFrame | Local, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """These columns of an eager frame, row by row; column by column they are fetched faster."""
    local: Local = nw.from_native(frame, eager_only=True, pass_through=False)
    lists = [local[name].to_list() for name in columns]
    return (dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True))


def locally(data: IntoFrameT, work: Callable[[Local], Local]) -> IntoFrameT:
    """Fetch the rows of any frame, do `work` on them, and return its result as that kind of frame.

    The result for a DuckDB relation is in DuckDB's default connection.
    """
    frame: Frame = nw.from_native(cast(IntoFrame, data))
    made: Frame = work(gathered(frame))
    if isinstance(frame, nw.LazyFrame) and isinstance(made, nw.DataFrame):
        engine: Any = frame.implementation
        made = made.lazy(engine, session=getattr(data, "sparkSession", None))
    return cast(IntoFrameT, made.to_native())
