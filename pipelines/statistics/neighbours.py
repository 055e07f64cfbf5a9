"""Works out what is the same in all rows of a group once, and hands it to each of them.

The groups of an eager frame that is in order are rows beside each other: each is where it begins
and how many rows it has. A window would look for its rows, and take most steps in each of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import narwhals as nw
import numpy as np
from narwhals.typing import FrameT
from numpy.typing import NDArray

from pipelines.statistics.series_order import Along, so_far

AT_ONCE = 32768  # rows, a quarter of a megabyte of numbers: what one step writes, the next finds

Whole = NDArray[np.intp]


@dataclass(frozen=True)
class Neighbours:
    """Groups of neighbouring rows: where each begins, counted from 0, and how many rows it has."""

    starts: Whole
    lengths: Whole

    def parts(self) -> Iterator[tuple[slice, slice, "Neighbours"]]:
        """Some groups at a time: their places, their rows, and they themselves."""
        rows = int(self.lengths.sum())
        cuts = np.searchsorted(self.starts, [*range(0, rows, AT_ONCE), rows])
        ends = np.append(self.starts, rows)
        for first, after in pairwise(np.unique(cuts)):
            some, start = slice(first, after), ends[first]
            part = Neighbours(self.starts[some] - start, self.lengths[some])
            yield some, slice(start, ends[after]), part

    def spread(self, found: nw.DataFrame[Any]) -> list[nw.Series[Any]]:
        """For each row, what columns of groups say of its own: fractions or null."""
        if any(column.null_count() for column in found.iter_columns()):
            group = np.repeat(np.arange(len(found), dtype=np.uint32), self.lengths)
            return list(found[group].iter_columns())
        # All columns in one piece of memory: a system that gives large pages gives more of them.
        rows = np.repeat(found.to_numpy().T, self.lengths, axis=1)
        return [
            nw.Series.from_numpy(name, each, backend=found.implementation)
            for name, each in zip(found.columns, rows, strict=True)
        ]

    def numbers(self, name: str, like: nw.Series[Any]) -> nw.Series[Any]:
        """For each row, the number of its group, from 1."""
        return self._series(name, np.arange(1, len(self.starts) + 1, dtype=np.uint32), like)

    def counts(self, flag: nw.Series[Any], name: str) -> nw.Series[Any]:
        """For each row, in how many rows of its group the flag is true."""
        counts = self.lengths
        if not flag.all():
            counts = np.add.reduceat(flag.to_numpy(), self.starts, dtype=np.intp)
        return self._series(name, counts.astype(np.uint32), flag)

    def _series(self, name: str, values: NDArray[Any], like: nw.Series[Any]) -> nw.Series[Any]:
        rows = np.repeat(values, self.lengths)
        return nw.Series.from_numpy(name, rows, backend=like.implementation)


def begun(starts: Whole, rows: int) -> Neighbours:
    """The groups of so many rows that begin in these."""
    return Neighbours(starts, np.diff(starts, append=rows))


def neighbours(frame: nw.DataFrame[Any], over: tuple[str, ...]) -> Neighbours:
    """The groups of an eager frame in order, by the counter that `keys` names."""
    (name,) = over
    counter = frame[name].to_numpy()
    first = np.ones(len(counter), dtype=np.bool_)
    np.not_equal(counter[1:], counter[:-1], out=first[1:])
    return begun(np.flatnonzero(first), len(counter))


def numbered(frame: FrameT, first: str, name: str, order: Along) -> FrameT:
    """Number the groups that begin where the flag `first` is true, as it is in the first row."""
    if isinstance(frame, nw.DataFrame):
        starts = frame[first].arg_true().to_numpy().astype(np.intp)
        return frame.with_columns(begun(starts, len(frame)).numbers(name, frame[first]))
    return frame.with_columns(so_far(False, nw.col(first), order).alias(name))


def counted(frame: FrameT, flag: str, name: str, over: tuple[str, ...]) -> FrameT:
    """Count the rows with the flag in each group."""
    if isinstance(frame, nw.DataFrame):
        return frame.with_columns(neighbours(frame, over).counts(frame[flag], name))
    count = nw.col(flag).cast(nw.Int64).sum().over(*over)
    return frame.with_columns(count.cast(nw.Int64).alias(name))
