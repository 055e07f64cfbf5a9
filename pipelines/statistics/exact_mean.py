"""Means that don't depend on the order of the rows or on the engine that adds them up.

The plain floating-point mean of thirty-six values of 0.1 is not 0.1, so a constant series would be
"below its mean". Each value is split into a part on a grid coarse enough for those parts to add up
without any rounding, in any order, and the rest (Rump, Ogita and Oishi's error-free vector
transformation); the quotient is then corrected by its own exact remainder.

`with_means` does that for the groups of a frame, `exact_means` for the rows of a matrix.
"""

from collections.abc import Hashable, Mapping
from functools import cache
from statistics import mean
from typing import Any, TypeVar

import narwhals as nw
import numpy as np
from narwhals.typing import FrameT
from numpy.typing import NDArray

from pipelines.statistics import steps
from pipelines.statistics.neighbours import Neighbours, Whole, neighbours
from pipelines.statistics.steps import Step, added

SPLIT = 134217729.0  # 2**27 + 1: halves the digits of a double (Veltkamp)
Names = tuple[str, ...]
Pairs = tuple[tuple[str, str], ...]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[np.int64]
Numbers = TypeVar("Numbers", nw.Expr, Floats)


def with_means(
    frame: FrameT,
    columns: Mapping[str, str],
    over: Names,
    then: Step | None = None,
    *settings: Hashable,
) -> FrameT:
    """Add means by name, each of a column in each group of `over`; nulls are left out.

    Of an eager frame, the groups must be neighbouring rows (see `neighbours`). `then` is a step
    that takes what depends on the means alone from them: its columns are added in their place.
    """
    pairs = tuple(columns.items())
    if not isinstance(frame, nw.DataFrame):
        for windows in _in_each_row(pairs, over):
            frame = frame.with_columns(windows)
        return frame if then is None else added(frame, then, *settings)
    groups = neighbours(frame, over)
    found = _of_groups(frame, pairs, groups)
    if then is None:
        return frame.with_columns(*groups.spread(found.select(*columns)))
    found = found.select(steps.columns(found, then, *settings))
    return frame.with_columns(*groups.spread(found))


@cache
def _in_each_row(pairs: Pairs, over: Names) -> list[list[nw.Expr]]:
    windows = [_over(step(pairs), over) for step in (_grids, _sums)]
    means = _divided(False, pairs)
    return [*windows, [mean.alias(name) for name, mean in means.items()]]


def _over(made: dict[str, nw.Expr], over: Names) -> list[nw.Expr]:
    return [expr.over(*over).alias(name) for name, expr in made.items()]


def _grids(pairs: Pairs) -> dict[str, nw.Expr]:
    """How many values there are, and the grid."""
    made: dict[str, nw.Expr] = {}
    for name, column in pairs:
        value = nw.col(column)
        made[f"_n {name}"] = nw.when(value.count() > 0).then(value.count())
        made[f"_grid {name}"] = value.abs().max() * value.count() * 4.0
    return made


def _sums(pairs: Pairs) -> dict[str, nw.Expr]:
    """The sums of the parts on the grid, and of the rest."""
    made: dict[str, nw.Expr] = {}
    for name, column in pairs:
        value, grid = nw.col(column), nw.col(f"_grid {name}")
        coarse = (value + grid) - grid
        made[f"_coarse {name}"] = coarse.sum()
        made[f"_rest {name}"] = (value - coarse).sum()
    return made


def _of_groups(frame: nw.DataFrame[Any], pairs: Pairs, groups: Neighbours) -> nw.DataFrame[Any]:
    """The means of an eager frame, in one row for each group."""
    means: dict[str, Any] = {}
    some: dict[str, Any] = {}  # whether a group has a value, where not all have one
    for name, column in pairs:
        values, there = frame[column], None
        if values.null_count():
            values, there = values.fill_null(0.0), (~values.is_null()).to_numpy()
        coarse, rest, counts = _sums_of(values.to_numpy(), there, groups)
        if not counts.all():
            some[name] = counts > 0
        with np.errstate(all="ignore"):
            means[name] = _mean(coarse, rest, counts.astype(np.float64))
    found = nw.from_dict(means, backend=frame.implementation)
    for name, flags in some.items():
        holds = nw.Series.from_numpy("_some", flags, backend=frame.implementation)
        found = found.with_columns(nw.when(holds).then(nw.col(name)).alias(name))
    return found


def _sums_of(
    values: Floats, there: Flags | None, groups: Neighbours
) -> tuple[Floats, Floats, Whole]:
    """The sums of the parts on the grid and of the rest, and how many values each group has."""
    n, coarse, rest = groups.lengths.copy(), *np.empty((2, len(groups.starts)))
    for some, rows, part in groups.parts():
        here = values[rows]
        if there is not None:
            n[some] = np.add.reduceat(there[rows], part.starts, dtype=np.intp)
        with np.errstate(over="ignore", invalid="ignore"):
            grid = np.maximum.reduceat(np.abs(here), part.starts) * n[some] * 4.0
            grids = np.repeat(grid, part.lengths)
            on_grid = here + grids
            on_grid -= grids
            coarse[some] = np.add.reduceat(on_grid, part.starts)
            rest[some] = np.add.reduceat(here - on_grid, part.starts)
    return coarse, rest, n


def _divided(_: bool, pairs: Pairs) -> dict[str, nw.Expr]:
    made: dict[str, nw.Expr] = {}
    for name, _column in pairs:
        coarse, rest, n = (nw.col(f"{part} {name}") for part in ("_coarse", "_rest", "_n"))
        made[name] = _mean(coarse, rest, n)
    return made


def _mean(coarse: Numbers, rest: Numbers, n: Numbers) -> Numbers:
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
