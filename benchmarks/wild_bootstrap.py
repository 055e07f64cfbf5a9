"""A rival of the interval of `feeling-safe effect`: a wild bootstrap by cluster.

`benchmarks/effect_coverage.py` counts how often either holds the truth.
"""

from dataclasses import dataclass, replace

import numpy as np

from pipelines.statistics.effect.estimate import Fit
from pipelines.statistics.effect.imputation import Pieces, pieces
from pipelines.statistics.effect.panel import Floats
from pipelines.statistics.effect.shocks import Inverse, levels_of

DRAWS = 999
_HALVINGS = 12


def interval(fit: Fit, random: np.random.Generator) -> tuple[float, float]:
    """The values that a restricted wild cluster bootstrap of t does not refuse at 5%.

    Each value is imposed, what is left of every cluster keeps or changes its sign (Rademacher), and
    the average is divided by its own spread over left-out clusters (Cameron, Gelbach and Miller
    2008, and MacKinnon, Nielsen and Webb 2023 for that spread).
    """
    panel = fit.panel
    found = _Linear.of(_parts(fit, panel.figure))
    figures = _Linear.of(_parts(fit, _left(fit, panel.figure)))
    starts = _Linear.of(_parts(fit, _left(fit, panel.started.astype(float))))
    signs = random.choice([-1.0, 1.0], (DRAWS, len(found.score)))
    value, spread = (float(of[0]) for of in found.drawn(np.ones((1, len(found.score)))))

    def refused(null: float) -> bool:
        drawn, spreads = figures.less(null, starts).drawn(signs)
        as_far = np.abs(drawn / spreads) >= abs(value - null) / spread
        return float(as_far.mean()) < 0.05

    return tuple(_end(refused, value, way * spread) for way in (-1, 1))  # type: ignore[return-value]


def _end(refused: object, value: float, step: float) -> float:
    near, far = 0.0, 2.0
    while not refused(value + far * step):  # type: ignore[operator]
        near, far = far, 2 * far
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        near, far = (near, middle) if refused(value + middle * step) else (middle, far)  # type: ignore[operator]
    return value + (near + far) / 2 * step


@dataclass(frozen=True)
class _Linear:
    """What each cluster adds to the average, which is linear in it, and to those without one."""

    parts: Pieces
    score: Floats
    total: Floats
    reach: Floats
    slope: Floats

    @classmethod
    def of(cls, parts: Pieces) -> "_Linear":
        every = parts.information.sum(0)
        left = np.linalg.pinv(every - parts.information, 1e-9, hermitian=True)
        slope = parts.slope[:, 0, :]
        reach = np.einsum("cij,cj->ci", left, slope.sum(0) - slope)
        whole = slope.sum(0) @ np.linalg.pinv(every, 1e-9, hermitian=True)
        return cls(parts, parts.score, parts.total[:, 0], reach, whole)

    def less(self, null: float, other: "_Linear") -> "_Linear":
        score, total = self.score - null * other.score, self.total - null * other.total
        return replace(self, score=score, total=total)

    def drawn(self, signs: Floats) -> tuple[Floats, Floats]:
        """The average under each row of signs, and its spread over left-out clusters."""
        weight = self.parts.weight[:, 0]
        scores, totals = signs @ self.score, signs @ self.total
        used = scores @ self.reach.T - signs * (self.reach * self.score).sum(1)
        without = (totals[:, None] - signs * self.total - used) / (weight.sum() - weight)
        value = (totals - scores @ self.slope) / weight.sum()
        return value, np.sqrt(((without - without.mean(1, keepdims=True)) ** 2).sum(1))


def _parts(fit: Fit, figure: Floats) -> Pieces:
    panel = fit.panel.with_figures(figure)
    weight = (panel.size * panel.started)[:, None]
    return pieces(panel, fit.design, fit.shocks, ~panel.started, weight)


def _left(fit: Fit, figure: Floats) -> Floats:
    """What levels and months, fitted to all entries, leave of a figure."""
    panel, together = fit.panel, fit.shocks.together(fit.panel.months)
    columns = np.column_stack([levels_of(panel.unit), fit.design])
    weighed = np.zeros_like(columns)
    for rows in panel.rows_by_cluster:
        inverse = Inverse(fit.shocks.noise(panel.size[rows]), panel.month[rows], together)
        weighed[rows] = inverse(columns[rows])
    information = np.linalg.pinv(columns.T @ weighed, 1e-9, hermitian=True)
    return np.asarray(figure - columns @ (information @ (weighed.T @ figure)))
