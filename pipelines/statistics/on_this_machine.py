"""Works out on this machine what no engine can, such as the exact tail of a binomial.

This is the only place that fetches the rows of a lazy engine: the units of a group, and the latest
point of each series with those that stand out, for the words about it. Only suggested rebases,
which go through each series in order, fetch every point.
"""

from collections.abc import Callable
from typing import Any, cast

import narwhals as nw
from narwhals.typing import IntoFrame, IntoFrameT

from pipelines.statistics.series_order import Frame

Local = nw.DataFrame[Any]


def gathered(frame: Frame) -> Local:
    """The rows of any frame on this machine; rows from an engine are in no particular order."""
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def locally(data: IntoFrameT, work: Callable[[Local], Local]) -> IntoFrameT:
    """Do `work` on the rows of any frame, and return the result as the same kind of frame.

    The result for a DuckDB relation is in DuckDB's default connection.
    """
    frame: Frame = nw.from_native(cast(IntoFrame, data))
    made: Frame = work(gathered(frame))
    if isinstance(frame, nw.LazyFrame) and isinstance(made, nw.DataFrame):
        engine: Any = frame.implementation
        made = made.lazy(engine, session=getattr(data, "sparkSession", None))
    return cast(IntoFrameT, made.to_native())
