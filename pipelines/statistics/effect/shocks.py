"""How figures of one cluster move together: the working covariance behind the weights.

A figure is a unit's level, plus the month, plus a shock that all units of its cluster share and
that fades from month to month, plus noise that shrinks with the denominator:
variance = scale × (1 / size + extra), and shock × memory^|months apart| × scale within a cluster.
Intervals don't rest on it: it only chooses weights, and the degrees of freedom.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from pipelines.statistics.effect.panel import Floats, Panel, Whole

_SHOCKS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
_MEMORIES = (0.0, 0.3, 0.8, 0.95)
_EXTRAS = (0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True)
class Shocks:
    """The working covariance, in units of `scale`."""

    scale: float = 1.0
    shock: float = 0.0
    memory: float = 0.6
    extra: float = 0.0

    def noise(self, size: Floats) -> Floats:
        """The variance of each entry's own noise."""
        return 1 / size + self.extra

    def together(self, months: int) -> Floats:
        """The covariance of a cluster's shocks, month by month."""
        month = np.arange(months)
        apart = np.abs(month[:, None] - month[None, :])
        return np.asarray(self.shock * np.power(self.memory, apart), dtype=float)


@dataclass(frozen=True)
class Inverse:
    """Divides by the covariance of one cluster's entries, by Woodbury's identity."""

    noise: Floats
    month: Whole
    together: Floats

    def _by_month(self, columns: Floats) -> Floats:
        sums = np.zeros((len(self.together), columns.shape[1]))
        np.add.at(sums, self.month, columns)
        return sums

    @cached_property
    def _middle(self) -> Floats:
        weight = np.bincount(self.month, 1 / self.noise, len(self.together))
        return np.asarray(np.eye(len(self.together)) + self.together * weight)

    def __call__(self, columns: Floats) -> Floats:
        plain = columns / self.noise[:, None]
        if not self.together.any():
            return plain
        shared = np.linalg.solve(self._middle, self.together @ self._by_month(plain))
        return np.asarray(plain - shared[self.month] / self.noise[:, None])

    def log_determinant(self) -> float:
        own = float(np.log(self.noise).sum())
        return own + float(np.linalg.slogdet(self._middle)[1]) if self.together.any() else own


def fitted(panel: Panel, design: Floats) -> Shocks:
    """The working covariance that fits best, by restricted likelihood on a grid.

    `panel` holds only entries before the start; `design` is what the figures share beside each
    unit's own level. Deterministic: shock, memory and extra noise are tried in turn.
    """
    unit = float((1 / panel.size).mean())
    known = [_known(panel, design, rows) for rows in panel.rows_by_cluster]
    lowest, scale = _likelihood(panel, known, Shocks())
    best = replace(Shocks(), scale=scale)
    tries: list[Callable[[Shocks], list[Shocks]]] = [
        lambda at: [replace(at, shock=unit * s) for s in _SHOCKS],
        lambda at: [replace(at, memory=m) for m in _MEMORIES if at.shock],
        lambda at: [replace(at, extra=unit * e) for e in _EXTRAS],
        lambda at: [replace(at, shock=at.shock * s) for s in (0.5, 0.7, 1.4, 2) if at.shock],
    ]
    for candidates in tries:
        for one in candidates(best):
            lack, scale = _likelihood(panel, known, one)
            if lack < lowest - 1e-9:
                lowest, best = lack, replace(one, scale=scale)
    return best


@dataclass(frozen=True)
class _Known:
    """What one cluster holds: its entries, and columns of levels (`own`), design and figures."""

    rows: Whole
    own: int
    columns: Floats


def _known(panel: Panel, design: Floats, rows: Whole) -> _Known:
    levels = levels_of(panel.unit[rows])
    columns = np.column_stack([levels, design[rows], panel.figure[rows]])
    return _Known(rows, levels.shape[1], columns)


def _likelihood(panel: Panel, known: list[_Known], shocks: Shocks) -> tuple[float, float]:
    """-2 × the restricted log-likelihood, and the scale at which it is highest."""
    together = shocks.together(panel.months)
    shared = known[0].columns.shape[1] - known[0].own - 1
    information, score = np.zeros((shared, shared)), np.zeros(shared)
    squares = determinants = 0.0
    for one in known:
        rows, own = one.rows, one.own
        inverse = Inverse(shocks.noise(panel.size[rows]), panel.month[rows], together)
        weighted = one.columns.T @ inverse(one.columns)
        head, rest = weighted[:own, :own], weighted[own:, own:]
        rest = rest - weighted[own:, :own] @ np.linalg.solve(head, weighted[:own, own:])
        information += rest[:-1, :-1]
        score += rest[:-1, -1]
        squares += float(rest[-1, -1])
        determinants += inverse.log_determinant() + float(np.linalg.slogdet(head)[1])
    values, vectors = np.linalg.eigh(information)
    kept = values > 1e-9 * values.max()
    projected = (vectors.T @ score)[kept]
    squares -= float((projected**2 / values[kept]).sum())
    free = max(len(panel.figure) - int(panel.unit.max()) - 1 - int(kept.sum()), 1)
    scale = max(squares / free, 1e-12)
    return free * float(np.log(scale)) + determinants + float(np.log(values[kept]).sum()), scale


def levels_of(units: Whole) -> Floats:
    """A column for each of these units: its own level."""
    place = np.unique(units, return_inverse=True)[1]
    return np.asarray(np.eye(int(place.max()) + 1)[place]) if place.size else np.zeros((0, 0))
