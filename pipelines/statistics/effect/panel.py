"""A panel of figures by unit and month, as the arrays from which an effect is worked out."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
NEVER = 10**6  # the start of a unit that never started


@dataclass(frozen=True)
class Panel:
    """One entry for each unit and month with a figure: numerator over denominator.

    `unit` and `cluster` are numbered from 0, `month` counts months from 0, `start` is the first
    month with the change, or NEVER. `size` is the denominator: people asked, or bed days.
    """

    unit: Whole
    cluster: Whole
    month: Whole
    start: Whole
    figure: Floats
    size: Floats

    @cached_property
    def started(self) -> Flags:
        """Which entries come from a unit that has started."""
        return self.month >= self.start

    @property
    def since(self) -> Whole:
        """Months since the start: 0 in the first month with it, below 0 before."""
        return self.month - self.start

    @property
    def months(self) -> int:
        return int(self.month.max()) + 1 if self.month.size else 0

    @cached_property
    def rows_by_cluster(self) -> tuple[Whole, ...]:
        """The entries of each cluster, in the order of `cluster`."""
        order = np.argsort(self.cluster, kind="stable")
        _, first = np.unique(self.cluster[order], return_index=True)
        return tuple(np.split(order, first[1:]))

    def only(self, kept: Flags) -> "Panel":
        """The entries that are kept, with units and clusters numbered again."""
        return Panel(
            unit=np.unique(self.unit[kept], return_inverse=True)[1],
            cluster=np.unique(self.cluster[kept], return_inverse=True)[1],
            month=self.month[kept],
            start=self.start[kept],
            figure=self.figure[kept],
            size=self.size[kept],
        )

    def with_figures(self, figure: Floats) -> "Panel":
        return replace(self, figure=figure)


def months_as_columns(panel: Panel) -> Floats:
    """A column for each month: 1 in the entries of that month."""
    return np.eye(panel.months)[panel.month]


def trend_as_column(panel: Panel) -> Floats:
    """A straight trend that is steeper the later a unit starts; never-starters are the latest."""
    last = panel.months
    start = np.minimum(panel.start, last) / last
    return np.asarray((start - start.mean()) * (panel.month / last - 0.5))[:, None]


def never_as_column(panel: Panel) -> Floats:
    """A straight trend of the units that never start."""
    return np.asarray((panel.start >= NEVER) * (panel.month / panel.months - 0.5))[:, None]
