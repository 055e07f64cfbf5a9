"""Means that don't depend on the order of the rows or on the engine that adds them up.

The plain floating-point mean of thirty-six values of 0.1 is not 0.1, so a constant series would be
"below its mean". Each value is split into a part on a grid coarse enough for those parts to add up
without any rounding, in any order, and the rest (Rump, Ogita and Oishi's error-free vector
transformation); the quotient is then corrected by its own exact remainder.

`with_means` does that for the groups of a frame, `exact_means` for the rows of a matrix.
"""

from collections.abc import Mapping
from statistics import mean

import narwhals as nw
import numpy as np
from narwhals.typing import FrameT
from numpy.typing import NDArray

from pipelines.statistics.steps import added

SPLIT = 134217729.0  # 2**27 + 1: halves the digits of a double (Veltkamp)
Names = tuple[str, ...]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]


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


def exact_means(values: Floats, used: Flags) -> Floats:
    """The mean of the values used in each row, each rounded once; at least one must be used.

    Rounded once, the mean of a constant series is exactly on it. Sums are carried with what is lost
    in rounding (Knuth's sum of two numbers). The mean of `statistics` is always rounded once, but
    takes a hundred times as long: it is asked only where the remainder leaves a doubt.
    """
    counts = used.sum(axis=1)
    with np.errstate(over="ignore", invalid="ignore"):  # such sums leave a doubt
        total, lost = _added(np.where(used, values, 0.0))
        means = (total + lost) / counts
        left = _left(total, lost, means, counts)
        again = means + left / counts
        sure = _rounded_once(left, means, counts)
        left_again = _left(total, lost, again, counts)
    doubtful = ~sure & ~_rounded_once(left_again, again, counts)
    found: Floats = np.where(sure, means, again)
    for row in np.flatnonzero(doubtful):
        found[row] = mean(values[row, used[row]].tolist())
    return found


def _added(values: Floats) -> tuple[Floats, Floats]:
    """The sum of each row, and what its rounding lost."""
    total, lost = np.zeros(len(values)), np.zeros(len(values))
    for column in values.T:
        before, total = total, total + column
        other = total - before
        lost += (before - (total - other)) + (column - other)
    return total + lost, lost - ((total + lost) - total)


def _left(total: Floats, lost: Floats, means: Floats, counts: Counts) -> Floats:
    """What is left of each sum without its mean as often as it counts."""
    half = means * SPLIT - (means * SPLIT - means)
    return np.asarray(((total - counts * half) - counts * (means - half)) + lost)


def _rounded_once(left: Floats, means: Floats, counts: Counts) -> Flags:
    """Whether each mean is the number that is nearest to the true one."""
    return np.asarray(np.abs(left) < counts * np.spacing(np.abs(means)) / 2)
