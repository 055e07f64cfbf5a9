"""Exact binomial and Poisson limits and tails, with and without over-dispersion.

A unit's count is compared with what chance alone would give at the centre: binomial for a
proportion, Poisson for a rate or a ratio. If units differ by more than chance, the true values are
assumed to vary with variance `tau2` around the centre: beta-binomial and Poisson-gamma.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

import numpy as np
import scipy  # not its parts, which are slow to import: most commands never use them
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kind = Literal["proportion", "rate", "ratio"]


@dataclass(frozen=True)
class Chance:
    """What chance gives at this centre; `tau2` is the variance of the true values around it.

    Without such a variance, each unit may have a centre of its own.
    """

    kind: Kind
    centre: float | Floats
    tau2: float = 0.0

    def cumulative(self, counts: Floats, sizes: Floats) -> Floats:
        """P(X <= count) for each unit: sizes are people asked, bed days or expected events."""
        if self.kind == "proportion" and self.tau2 > 0:
            pairs = zip(counts, sizes, strict=True)
            return np.array([self._table(n)[min(max(int(x), -1), round(n)) + 1] for x, n in pairs])
        counts = np.floor(counts)
        if self.kind == "proportion":
            most = np.round(sizes)
            inside = np.clip(counts, 0, most)
            found = _by_scipy("_binom_cdf")(inside, most, self.centre)
            return np.where(counts < 0, 0.0, np.where(counts >= most, 1.0, found))
        if self.tau2 > 0:
            found = _by_scipy("_nbinom_cdf")(np.maximum(counts, 0), *self._gamma(sizes))
        else:
            found = scipy.special.pdtr(np.maximum(counts, 0), self.centre * sizes)
        return np.where(counts < 0, 0.0, found)

    def smallest(self, sizes: Floats, share: float) -> Floats:
        """The smallest count whose cumulative probability reaches `share`."""
        if self.kind == "proportion" and self.tau2 > 0:
            found = [np.searchsorted(self._table(n)[1:], share) for n in sizes]
            return np.asarray(np.minimum(found, np.round(sizes)), dtype=float)
        if self.kind == "proportion":
            return np.asarray(_by_scipy("_binom_ppf")(share, np.round(sizes), self.centre))
        if self.tau2 > 0:
            return np.asarray(_by_scipy("_nbinom_ppf")(share, *self._gamma(sizes)))
        expected = self.centre * sizes
        about = np.ceil(scipy.special.pdtrik(share, expected))
        below = np.maximum(about - 1, 0)
        reached = scipy.special.pdtr(below, expected) >= share
        return np.asarray(np.where(reached, below, about))

    def quantile(self, sizes: Floats, share: float) -> Floats:
        """The count that a share stays below, interpolated so that a curve of limits is smooth.

        With r the smallest count whose cumulative probability F(r) reaches the share, this is
        r - (F(r) - share) / (F(r) - F(r - 1)), and never below 0.
        """
        r = self.smallest(sizes, share)
        at, before = self.cumulative(r, sizes), self.cumulative(r - 1, sizes)
        step = at - before
        past = np.divide(at - share, step, out=np.zeros_like(step), where=step > 0)
        return np.asarray(np.maximum(r - past, 0.0))

    def tails(self, counts: Floats, sizes: Floats) -> tuple[Floats, Floats]:
        """P(X <= count) and P(X >= count): how surprising so few, and so many, would be."""
        below = self.cumulative(np.ceil(counts) - 1, sizes)
        return self.cumulative(counts, sizes), 1 - below

    def _gamma(self, sizes: Floats) -> tuple[float | Floats, Floats]:
        shape = self.centre**2 / self.tau2
        return shape, shape / (shape + self.centre * sizes)

    def _table(self, size: float) -> Floats:
        """P(X <= x) of a beta-binomial for x = -1, 0, ... size."""
        centre = float(self.centre)
        weight = max(centre * (1 - centre) / self.tau2 - 1, 1e-9)
        return _beta_binomial(round(size), centre * weight, (1 - centre) * weight)


@cache
def _by_scipy(name: str) -> Any:
    """The function of scipy that its distribution of this name calls: `_binom_cdf` and the like.

    Importing `scipy.stats` takes a second, which each process that builds a release would spend.
    These functions have no public name; without them, the distribution itself is asked.
    """
    distribution, _, what = name.removeprefix("_").partition("_")
    inner = getattr(getattr(scipy.special, "_ufuncs", None), name, None)
    return inner or getattr(getattr(scipy.stats, distribution), what)


@lru_cache(maxsize=1024)
def _beta_binomial(n: int, a: float, b: float) -> Floats:
    """P(X <= x) for x = -1, 0, ... n; a unit's limits and tails all need it."""
    x = np.arange(n + 1)
    choose = (
        scipy.special.gammaln(n + 1)
        - scipy.special.gammaln(x + 1)
        - scipy.special.gammaln(n - x + 1)
    )
    mass = np.exp(choose + scipy.special.betaln(x + a, n - x + b) - scipy.special.betaln(a, b))
    table = np.concatenate([[0.0], np.minimum(np.cumsum(mass), 1.0)])
    table.flags.writeable = False
    return table
