"""Means that don't depend on the order of the rows or on the engine that adds them up.

The plain floating-point mean of thirty-six values of 0.1 is not 0.1, so a constant series would be
"below its mean". Each value is split into a part on a grid coarse enough for those parts to add up
without any rounding, in any order, and the rest (Rump, Ogita and Oishi's error-free vector
transformation); the quotient is then corrected by its own exact remainder.

`with_means` does that for the groups of a frame, `exact_mean` for a few numbers.
"""

from collections.abc import Mapping, Sequence
from math import fsum, ulp
from statistics import mean

import narwhals as nw
from narwhals.typing import FrameT

from pipelines.statistics.steps import added

SPLIT = 134217729.0  # 2**27 + 1: halves the digits of a double (Veltkamp)
Names = tuple[str, ...]


def with_means(frame: FrameT, columns: Mapping[str, str], over: Names) -> FrameT:
    """Add means by name, each of a column in each group of `over`; nulls are left out.

    Several means together take as many steps as one.
    """
    pairs = tuple(columns.items())
    for step in (_counted, _split, _summed, _divided, _halved, _corrected):
        frame = added(frame, step, pairs, over)
    return frame


Pairs = tuple[tuple[str, str], ...]


def _counted(_: bool, pairs: Pairs, over: Names) -> dict[str, nw.Expr]:
    made: dict[str, nw.Expr] = {}
    for name, column in pairs:
        count = nw.col(column).count().over(*over)
        made[f"_n {name}"] = nw.when(count > 0).then(count.cast(nw.Float64))
        made[f"_most {name}"] = nw.col(column).abs().max().over(*over)
    return made


def _split(_: bool, pairs: Pairs, over: Names) -> dict[str, nw.Expr]:
    made: dict[str, nw.Expr] = {}
    for name, column in pairs:
        grid = nw.col(f"_most {name}") * nw.col(f"_n {name}") * 4.0
        made[f"_coarse {name}"] = (nw.col(column) + grid) - grid
    return made


def _summed(_: bool, pairs: Pairs, over: Names) -> dict[str, nw.Expr]:
    made: dict[str, nw.Expr] = {}
    for name, column in pairs:
        coarse = nw.col(f"_coarse {name}")
        made[f"_coarse {name}"] = coarse.sum().over(*over)
        made[f"_rest {name}"] = (nw.col(column) - coarse).sum().over(*over)
    return made


def _divided(_: bool, pairs: Pairs, over: Names) -> dict[str, nw.Expr]:
    return {
        name: (nw.col(f"_coarse {name}") + nw.col(f"_rest {name}")) / nw.col(f"_n {name}")
        for name, _column in pairs
    }


def _halved(_: bool, pairs: Pairs, over: Names) -> dict[str, nw.Expr]:
    made: dict[str, nw.Expr] = {}
    for name, _column in pairs:
        quotient = nw.col(name)
        made[f"_half {name}"] = quotient * SPLIT - (quotient * SPLIT - quotient)
    return made


def _corrected(_: bool, pairs: Pairs, over: Names) -> dict[str, nw.Expr]:
    made: dict[str, nw.Expr] = {}
    for name, _column in pairs:
        quotient, half, n = nw.col(name), nw.col(f"_half {name}"), nw.col(f"_n {name}")
        remainder = ((nw.col(f"_coarse {name}") - n * half) - n * (quotient - half)) + nw.col(
            f"_rest {name}"
        )
        made[name] = quotient + remainder / n
    return made


def exact_mean(values: Sequence[float]) -> float:
    """The mean, rounded once, so that a constant series is exactly on its own.

    That of `statistics` is always so, but takes thirty times as long. Here it is asked only where
    the sum's own rounding could show.
    """
    quick = fsum(values) / len(values)
    left = fsum([*values, *[-quick] * len(values)])
    return quick if abs(left) < len(values) * ulp(quick) / 2 else mean(values)
