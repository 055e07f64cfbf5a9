"""Fits to the entries before a start: without trends, with them, and an answer between the two.

Early and late starters may move apart for reasons of their own. To allow each a straight trend
takes that away and more than doubles the interval; not to allow it biases the answer. To choose by
a test misses weak drifts half of the time. So the answer moves from one to the other, the more
clearly units moved apart.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy  # not its parts, which are slow to import: most commands never use them

from pipelines.statistics.effect.imputation import (
    Average,
    Averages,
    averages,
    between,
    coefficient,
    narrowed,
    pieces,
    values_of,
)
from pipelines.statistics.effect.multiplicative import Settled, in_logs, settled, working
from pipelines.statistics.effect.panel import (
    Flags,
    Floats,
    Panel,
    months_as_columns,
    never_as_column,
    trend_as_column,
)
from pipelines.statistics.effect.shocks import Shocks, fitted

Kind = Literal["proportion", "rate"]

# If units moved apart by as much as chance would in a share of programmes: above the first share
# trends don't count, below the second nothing else does. 20 clusters show fewer drifts than 40, so
# the second counts for them, and less for more of them, down to the third.
NOT_ABOVE, WHOLLY_BELOW, LEAST_WHOLLY_BELOW = 0.3, 0.05, 0.01
FEW = 20  # clusters
# Of what would be known of an answer without trends if certainly no drift were hidden: half, as one
# may be.
KNOWN = 0.5


@dataclass(frozen=True)
class Fit:
    """What averages are worked out with: the covariance, and the columns that units share.

    `settled` is how the working values of a rate came about where a trend is allowed.
    """

    kind: Kind
    panel: Panel
    design: Floats
    shocks: Shocks
    settled: Settled | None = None

    def answer(self, wanted: Flags) -> Averages:
        """Averages over the entries after a start in each column of `wanted`."""
        without = self.settled.without_each(wanted) if self.settled else None
        return self.average(self.panel, np.ones(len(wanted), dtype=bool), wanted, without)

    def average(
        self, panel: Panel, rows: Flags, wanted: Flags, without: Floats | None = None
    ) -> Averages:
        """Averages over the entries of each column of `wanted`; `panel` is `rows` of the whole."""
        weights = panel.size[:, None] * wanted
        parts = pieces(panel, self.design[rows], self.shocks, ~panel.started, weights)
        found = averages(parts)
        if self.kind == "proportion":
            return found
        expected = _by_cluster(panel, weights)
        events = _by_cluster(panel, weights * (1 + panel.figure[:, None]))
        return in_logs(found, events, expected, without)

    def moved_by(self, figure: Floats) -> float:
        """What such figures would add to the average over all entries after a start."""
        panel = self.panel.with_figures(figure)
        wanted = (panel.size * panel.started)[:, None]
        return float(values_of(pieces(panel, self.design, self.shocks, ~panel.started, wanted))[0])


@dataclass(frozen=True)
class Fits:
    """A fit without trends, one with them if units may have moved apart, and how much it counts.

    `apart` is how far they moved apart.
    """

    without: Fit
    apart: Averages
    allowed: Fit | None = None
    share: float = 0.0

    def answer(self, wanted: Flags) -> Averages:
        """Averages over the entries after a start in each column of `wanted`.

        Where trends count little, units moved apart by little, and what an average without trends
        shares with that movement moved it little.
        """
        plain = narrowed(self.without.answer(wanted), self.apart, known_of(self.share))
        if self.allowed is None:
            return plain
        return between(plain, self.allowed.answer(wanted), self.share)

    def over(self, worked: Callable[[Fit], Averages]) -> Averages:
        """What is worked out with either fit, and between them."""
        if self.allowed is None:
            return worked(self.without)
        found = worked(self.allowed)
        return found if self.share == 1 else between(worked(self.without), found, self.share)

    def moved_by(self, figure: Floats) -> float:
        """What such figures would add to the average over all entries after a start."""
        own = self.without.moved_by(figure)
        if self.allowed is None:
            return own
        return own + self.share * (self.allowed.moved_by(figure) - own)


def fits_to_before(panel: Panel, kind: Kind) -> Fits:
    """The fits to entries before the start, and how much the one with trends counts."""
    design, before = months_as_columns(panel), ~panel.started
    figures = working(panel, design, before) if kind == "rate" else panel
    shocks = fitted(figures.only(before), design[before])
    without = Fit(kind, figures, design, shocks)
    apart = _moved_apart(figures, design, shocks)
    share = trend_share(apart[0])
    if not share:
        return Fits(without, apart)
    design = np.column_stack([design, trend_as_column(panel), never_as_column(panel)])
    if kind == "proportion":
        return Fits(without, apart, Fit(kind, figures, design, shocks), share)
    rate = settled(panel, design, shocks)
    return Fits(without, apart, Fit(kind, rate.figures, design, shocks, rate), share)


def trend_share(apart: Average) -> float:
    """How much trends count, from 0 to 1, if units moved apart by so much.

    Degrees of freedom are one less than clusters.
    """
    if not apart.error > 0:
        return 0.0
    least, most = (
        -float(scipy.special.stdtrit(apart.freedom, chance / 2))
        for chance in (NOT_ABOVE, wholly_below(round(apart.freedom) + 1))
    )
    return min(max((abs(apart.value) / apart.error - least) / (most - least), 0.0), 1.0)


def known_of(share: float) -> float:
    """How much of the variance that an answer without trends shares with moving apart is gone.

    A normal deviate known to be within ±c has a variance of 1 - 2 c φ(c) / (2 Φ(c) - 1): trends
    don't count within the c of NOT_ABOVE. The more they count, the less is gone.
    """
    most = float(scipy.special.ndtri(1 - NOT_ABOVE / 2))
    gone = 2 * most * np.exp(-(most**2) / 2) / np.sqrt(2 * np.pi) / (1 - NOT_ABOVE)
    return float(KNOWN * gone * (1 - share))


def wholly_below(clusters: int) -> float:
    """The chance below which the answer of so many clusters allows trends wholly."""
    return max(WHOLLY_BELOW * min(FEW / clusters, 1) ** 2, LEAST_WHOLLY_BELOW)


def _moved_apart(panel: Panel, design: Floats, shocks: Shocks) -> Averages:
    """How far early and late starters moved apart, as far as one lasting step doesn't explain it.

    All periods speak here, not only those before the start, so that a trend is rarely missed. An
    effect that grows for long looks the same; what follows is right for either.
    """
    step = panel.started.astype(float)[:, None]
    return last_shared(panel, np.column_stack([design, step, trend_as_column(panel)]), shocks)


def last_shared(panel: Panel, design: Floats, shocks: Shocks) -> Averages:
    """The last of what all entries share."""
    every = np.ones(len(panel.unit), dtype=bool)
    return coefficient(pieces(panel, design, shocks, every, np.zeros((len(every), 1))))


def _by_cluster(panel: Panel, weights: Floats) -> Floats:
    sums = np.zeros((int(panel.cluster.max()) + 1, weights.shape[1]))
    np.add.at(sums, panel.cluster, weights)
    return sums
