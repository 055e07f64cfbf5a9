"""Means that don't depend on the order of the rows or on the engine that adds them up.

The plain floating-point mean of thirty-six values of 0.1 is not 0.1, so a constant series would be
"below its mean". Each value is split into a part on a grid coarse enough for those parts to add up
without any rounding, in any order, and the rest (Rump, Ogita and Oishi's error-free vector
transformation); the quotient is then corrected by its own exact remainder.
"""

from collections.abc import Iterator, Mapping, Sequence

import narwhals as nw
from narwhals.typing import FrameT

SPLIT = 134217729.0  # 2**27 + 1: halves the digits of a double (Veltkamp)


def with_means(frame: FrameT, values: Mapping[str, nw.Expr], over: Sequence[str]) -> FrameT:
    """Add the mean of each of `values` in each group of `over`, by name; nulls are left out.

    Several means together take as many steps as one. Each value may only use its own row.
    """
    for step in (_counted, _split, _summed, _divided, _halved, _corrected):
        frame = frame.with_columns(
            made for name, value in values.items() for made in step(name, value, over)
        )
    return frame


def _counted(name: str, value: nw.Expr, over: Sequence[str]) -> Iterator[nw.Expr]:
    count = value.count().over(*over)
    yield nw.when(count > 0).then(count.cast(nw.Float64)).alias(f"_n {name}")
    yield value.abs().max().over(*over).alias(f"_most {name}")


def _split(name: str, value: nw.Expr, _: Sequence[str]) -> Iterator[nw.Expr]:
    grid = nw.col(f"_most {name}") * nw.col(f"_n {name}") * 4.0
    yield ((value + grid) - grid).alias(f"_coarse {name}")


def _summed(name: str, value: nw.Expr, over: Sequence[str]) -> Iterator[nw.Expr]:
    coarse = nw.col(f"_coarse {name}")
    yield coarse.sum().over(*over).alias(f"_coarse {name}")
    yield (value - coarse).sum().over(*over).alias(f"_rest {name}")


def _divided(name: str, *_: object) -> Iterator[nw.Expr]:
    total = nw.col(f"_coarse {name}") + nw.col(f"_rest {name}")
    yield (total / nw.col(f"_n {name}")).alias(name)


def _halved(name: str, *_: object) -> Iterator[nw.Expr]:
    quotient = nw.col(name)
    yield (quotient * SPLIT - (quotient * SPLIT - quotient)).alias(f"_half {name}")


def _corrected(name: str, *_: object) -> Iterator[nw.Expr]:
    quotient, half, n = nw.col(name), nw.col(f"_half {name}"), nw.col(f"_n {name}")
    remainder = ((nw.col(f"_coarse {name}") - n * half) - n * (quotient - half)) + nw.col(
        f"_rest {name}"
    )
    yield quotient + remainder / n
