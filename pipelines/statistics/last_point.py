"""Carries forward the last point that counts, so that those between two of them are bridged."""

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.series_order import along
from pipelines.statistics.steps import added


def with_last(frame: FrameT, counts: str, value: str, name: str) -> FrameT:
    """Add, by `name`, the value at the last earlier point that counts, and its stretch as `_of`."""
    for step in (_carried, _handed_on):
        frame = added(frame, step, counts, value, name)
    return frame


def _carried(eager: bool, counts: str, value: str, name: str) -> dict[str, nw.Expr]:
    point = nw.when(nw.col(counts))
    kept = {name: point.then(nw.col(value)), "_of": point.then(nw.col("stretch"))}
    return {key: along(eager, one.fill_null(strategy="forward")) for key, one in kept.items()}


def _handed_on(eager: bool, _counts: str, _value: str, name: str) -> dict[str, nw.Expr]:
    return {key: along(eager, nw.col(key).shift(1)) for key in (name, "_of")}
