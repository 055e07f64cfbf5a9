"""Adds columns to a frame step by step; what a step asks for is put together once, not every time.

narwhals turns each expression into the engine's own whenever it is used. For a chart that takes
longer than polars then needs for all the months of a ward, a trust or a whole programme. So a step
is a function of settings alone, and its expressions remember what polars calls them.
"""

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.series_order import Frame

Step = Callable[..., Mapping[str, nw.Expr]]


def added(frame: FrameT, step: Step, *settings: Hashable) -> FrameT:
    """Add the columns of a step, by name.

    `step` takes whether the frame is eager (see `series_order`), and the settings. None of its
    columns may use another one of them.
    """
    return frame.with_columns(columns(frame, step, *settings))


def columns(frame: Frame, step: Step, *settings: Hashable) -> list[nw.Expr]:
    """The columns of a step, for a frame of this kind."""
    return _made(step, isinstance(frame, nw.DataFrame), frame.implementation, settings)


@cache
def _made(
    step: Step, eager: bool, engine: nw.Implementation, settings: tuple[Hashable, ...]
) -> list[nw.Expr]:
    made = [expr.alias(name) for name, expr in step(eager, *settings).items()]
    keep = eager and engine is nw.Implementation.POLARS
    return [_Kept(expr) for expr in made] if keep else made


class _Kept(nw.Expr):
    """An expression that is translated for polars the first time only.

    It overrides the method of narwhals that translates, and is otherwise the expression it is made
    from. Should a later narwhals call another method, expressions are translated each time again.
    """

    def __init__(self, expr: nw.Expr) -> None:
        self._expr = expr
        self._made: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._expr, name)

    def _to_compliant_expr(self, ns: Any) -> Any:
        if self._made is None:
            self._made = self._expr._to_compliant_expr(ns)
        return self._made
