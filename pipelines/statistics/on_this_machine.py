"""What no engine can work out, such as the exact tail of a binomial, is worked out on this machine.

The one place where rows of a lazy engine are fetched: the units of a group, and not observations,
but for hints, which walk along each series.
"""

from collections.abc import Callable
from typing import Any, cast

import narwhals as nw
from narwhals.typing import IntoFrame, IntoFrameT

from pipelines.statistics.series_order import Frame

Local = nw.DataFrame[Any]


def gathered(frame: Frame) -> Local:
    """The rows of any frame on this machine; an engine's rows come in no order."""
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def locally(data: IntoFrameT, work: Callable[[Local], Local]) -> IntoFrameT:
    """Do `work` on the rows of any frame, and give what it makes back as the same kind of frame.

    A DuckDB relation comes back in DuckDB's default connection.
    """
    frame: Frame = nw.from_native(cast(IntoFrame, data))
    made: Frame = work(gathered(frame))
    if isinstance(frame, nw.LazyFrame) and isinstance(made, nw.DataFrame):
        engine: Any = frame.implementation
        made = made.lazy(engine, session=getattr(data, "sparkSession", None))
    return cast(IntoFrameT, made.to_native())
