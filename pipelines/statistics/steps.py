"""Adds columns to a frame step by step; what a step asks for is put together once, not every time.

narwhals turns each expression into the engine's own whenever it is used. For a chart that takes
longer than polars then needs for all the months of a ward, a trust or a whole programme. So a step
is a function of settings alone, and its expressions remember what polars calls them.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
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


def worded(frame: FrameT, number: str, name: str, words: Sequence[str | None]) -> FrameT:
    """Add the word of each number (see `word_number`) by `name`, the first being that of 0.

    In an eager frame the words are an enumeration: a byte for each row, where text takes sixteen.
    """
    if isinstance(frame, nw.DataFrame):
        known = _known(tuple(words), frame.implementation)
        return frame.with_columns(known[frame[number]].alias(name))
    word: nw.Expr = nw.lit(None).cast(nw.String)
    for of, each in enumerate(words):
        if each is not None:
            word = nw.when(nw.col(number) == of).then(nw.lit(each)).otherwise(word)
    return frame.with_columns(word.alias(name))


def word_number(eager: bool, number: int) -> nw.Expr:
    """The number of a word for all rows.

    An eager engine looks up by numbers without a sign faster than by any others, as none of them
    may count from the end; Spark has none of a byte.
    """
    return nw.lit(number).cast(nw.UInt8 if eager else nw.Int8)


@cache
def _known(words: tuple[str | None, ...], engine: Any) -> nw.Series[Any]:
    one_of = nw.Enum(list(dict.fromkeys(word for word in words if word is not None)))
    return nw.new_series("word", words, one_of, backend=engine)


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
