"""Means that don't depend on the order of the rows or on the engine that adds them up.

The plain floating-point mean of thirty-six values of 0.1 is not 0.1, so a constant series would be
"below its mean". Each value is split into a part on a grid coarse enough for those parts to add up
without any rounding, in any order, and the rest (Rump, Ogita and Oishi's error-free vector
transformation); the quotient is then corrected by its own exact remainder.

`with_means` does that for the groups of a frame, `exact_means` for the rows of a matrix.
"""

from collections.abc import Callable, Mapping
from functools import cache
from statistics import mean
from typing import Any

import narwhals as nw
import numpy as np
from narwhals.typing import FrameT
from numpy.typing import NDArray

SPLIT = 134217729.0  # 2**27 + 1: halves the digits of a double (Veltkamp)
Names = tuple[str, ...]
Pairs = tuple[tuple[str, str], ...]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]


def with_means(frame: FrameT, columns: Mapping[str, str], over: Names) -> FrameT:
    """Add means by name, each of a column in each group of `over`; nulls are left out.

    Several means together take as many steps as one.
    """
    pairs = tuple(columns.items())
    if not isinstance(frame, nw.DataFrame):
        for step in _in_each_row(pairs, over):
            frame = frame.with_columns(step)
        return frame
    native = frame.to_native()
    for made in _once_a_group(nw.get_native_namespace(frame), pairs, over):
        native = native.with_columns(made)
    means: FrameT = nw.from_native(native)
    return means


@cache
def _in_each_row(pairs: Pairs, over: Names) -> list[list[nw.Expr]]:
    windows = [_over(step(nw, pairs), over) for step in (_grids, _sums)]
    means = _means(nw.col, pairs)
    return [*windows, [mean.alias(name) for name, mean in means.items()]]


@cache
def _once_a_group(polars: Any, pairs: Pairs, over: Names) -> list[list[Any]]:
    """The same for polars itself: narwhals would take a window apart and divide in each row."""
    means = _means(lambda name: polars.col(name).first(), pairs)
    return [_over(step, over) for step in (_grids(polars, pairs), _sums(polars, pairs), means)]


def _over(made: dict[str, Any], over: Names) -> list[Any]:
    return [expr.over(*over).alias(name) for name, expr in made.items()]


def _grids(library: Any, pairs: Pairs) -> dict[str, Any]:
    """How many values there are, and the grid; `library` is narwhals, or polars."""
    made: dict[str, Any] = {}
    for name, column in pairs:
        value = library.col(column)
        made[f"_n {name}"] = library.when(value.count() > 0).then(value.count())
        made[f"_grid {name}"] = value.abs().max() * value.count() * 4.0
    return made


def _sums(library: Any, pairs: Pairs) -> dict[str, Any]:
    """The sums of the parts on the grid, and of the rest."""
    made: dict[str, Any] = {}
    for name, column in pairs:
        value, grid = library.col(column), library.col(f"_grid {name}")
        coarse = (value + grid) - grid
        made[f"_coarse {name}"] = coarse.sum()
        made[f"_rest {name}"] = (value - coarse).sum()
    return made


def _means(column: Callable[[str], Any], pairs: Pairs) -> dict[str, Any]:
    return {
        name: _mean(*(column(f"{part} {name}") for part in ("_coarse", "_rest", "_n")))
        for name, _column in pairs
    }


def _mean(coarse: Any, rest: Any, n: Any) -> Any:
    """The two parts of a sum, divided by the count and corrected by the exact remainder."""
    quotient = (coarse + rest) / n
    half = quotient * SPLIT - (quotient * SPLIT - quotient)
    remainder = ((coarse - n * half) - n * (quotient - half)) + rest
    return quotient + remainder / n


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
