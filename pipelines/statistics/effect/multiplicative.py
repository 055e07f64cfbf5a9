"""Rates: what events would have been expected without the change, each unit times each month.

A Poisson model of units and months fitted to entries before the start (Wooldridge 2023), taken as
working values: the estimator of differences then runs on (events − expected) / expected, weighed
by what was expected, which corrects the working values to first order. So what is added to them
doesn't bias the ratio: half an event a unit, and a pull of months towards each other, without
which a unit or a month that had no event would have no level.

To first order is too little where a trend is carried forward: the two fits can then be a third
apart, and 1 + x is not the exponential of x. So months and trends are moved to where the estimator
would have them, until it would move them no more (Zeger and Liang 1986), and again with each
cluster left out.
"""

from dataclasses import dataclass, replace

import numpy as np

from pipelines.statistics.effect.imputation import Averages, Pieces, pieces, values_of
from pipelines.statistics.effect.panel import Flags, Floats, Panel
from pipelines.statistics.effect.shocks import Shocks

_ADDED = 0.5  # events added to each unit's own, at the average rate; and the weight of the pull
_STEPS = 50
_CLOSE = 1e-8
_MOVES = 10
_SETTLED, _BARELY = 1e-3, 1e-6


def working(panel: Panel, design: Floats, fitted: Flags) -> Panel:
    """The panel with (events − expected) / expected as figure and expected events as size."""
    return _around(panel, _expected(panel, design, fitted, _shared(panel, design, fitted)))


@dataclass(frozen=True)
class Settled:
    """Working values with months and trends where the working covariance would have them.

    `counts` are the figures they come from, and `shared` what entries share, in logarithms.
    """

    counts: Panel
    design: Floats
    shocks: Shocks
    shared: Floats
    figures: Panel

    def without_each(self, wanted: Flags) -> Floats:
        """The logarithms of the ratios with each cluster left out, settled again (C, K).

        Where a trend is not the straight one that is allowed, leaving a cluster out moves what is
        expected of the others more than a linear step from the whole fit shows. So what is shared
        takes that step, what is expected follows, and a second step comes with the average.
        """
        fitted = ~self.counts.started
        parts = pieces(self.figures, self.design, self.shocks, fitted, np.zeros((len(fitted), 1)))
        rows = []
        for cluster in range(len(parts.information)):
            step = _pulled(parts, self.design, self.shared, cluster)
            kept = self.counts.cluster != cluster
            counts, design = self.counts.only(kept), self.design[kept]
            expected = _expected(counts, design, ~counts.started, self.shared + step)
            panel = _around(counts, expected)
            weights = panel.size[:, None] * wanted[kept]
            value = values_of(pieces(panel, design, self.shocks, ~panel.started, weights))
            seen, base = (weights * (1 + panel.figure[:, None])).sum(0), weights.sum(0)
            rows.append(_logs(seen, seen - value * base))
        return np.array(rows)


def settled(counts: Panel, design: Floats, shocks: Shocks) -> Settled:
    """Working values with months and trends where the working covariance would have them."""
    fitted = ~counts.started
    shared = _shared(counts, design, fitted)
    figures = _around(counts, _expected(counts, design, fitted, shared))
    nothing = np.zeros((len(fitted), 1))
    for _ in range(_MOVES):
        step = _pulled(pieces(figures, design, shocks, fitted, nothing), design, shared)
        shared = shared + step
        figures = _around(counts, _expected(counts, design, fitted, shared))
        if np.abs(design @ step).max() < _SETTLED:
            break
    return Settled(counts, design, shocks, shared, figures)


def _pulled(parts: Pieces, design: Floats, shared: Floats, without: int | None = None) -> Floats:
    """How far what is shared moves, with a cluster left out or none.

    Trends are not pulled: what is known of them is little more than a pull would be.
    """
    pull = np.where(((design == 0) | (design == 1)).all(axis=0), _ADDED, _BARELY)
    information, score = parts.information.sum(0), parts.score.sum(0)
    if without is not None:
        information, score = information - parts.information[without], score - parts.score[without]
    return _short(np.asarray(np.linalg.solve(information + np.diag(pull), score - pull * shared)))


def _around(panel: Panel, expected: Floats) -> Panel:
    return replace(panel, figure=panel.figure * panel.size / expected - 1, size=expected)


def _shared(panel: Panel, design: Floats, fitted: Flags) -> Floats:
    """What entries share on the scale of logarithms, from the entries that are fitted."""
    shared = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        step = _step(panel, design, fitted, (_expected(panel, design, fitted, shared), shared))
        shared += step
        if np.abs(design @ step).max() < _CLOSE:
            break
    return shared


def _expected(panel: Panel, design: Floats, fitted: Flags, shared: Floats) -> Floats:
    """Events expected in every entry, with each unit's level from its own that are fitted."""
    events, units = panel.figure * panel.size, int(panel.unit.max()) + 1
    own = np.bincount(panel.unit[fitted], events[fitted], units) + _ADDED
    rate = events[fitted].sum() / panel.size[fitted].sum()
    base = panel.size * np.exp(design @ shared)
    calendar = base[fitted].sum() / panel.size[fitted].sum()
    level = own / (np.bincount(panel.unit[fitted], base[fitted], units) + _ADDED * calendar / rate)
    return np.asarray(np.maximum(level[panel.unit] * base, _CLOSE))


def _step(panel: Panel, design: Floats, fitted: Flags, at: tuple[Floats, Floats]) -> Floats:
    """One step of Newton's from expected events and what entries share, the levels profiled out."""
    expected, shared = at
    here, of, units = design[fitted], expected[fitted], panel.unit[fitted]
    score = here.T @ (panel.figure[fitted] * panel.size[fitted] - of) - _ADDED * shared
    weighted = here * of[:, None]
    by_unit = np.zeros((int(panel.unit.max()) + 1, design.shape[1]))
    np.add.at(by_unit, units, weighted)
    of_unit = np.bincount(units, of, len(by_unit))
    information = here.T @ weighted - by_unit.T @ (by_unit / of_unit[:, None])
    return _short(np.asarray(np.linalg.solve(information + _ADDED * np.eye(len(score)), score)))


def _short(step: Floats) -> Floats:
    """At most 1 on the log scale."""
    return np.asarray(step / max(1.0, float(np.abs(step).max())))


def in_logs(
    found: Averages, events: Floats, expected: Floats, without: Floats | None = None
) -> Averages:
    """Excesses over what was expected, as logarithms of ratios.

    `events` and `expected` (C, K) are what each cluster adds. The ratio is that of events to
    what the fit foresaw; the spread between left-out clusters carries over. Or that of `without`,
    their logarithms, as it is: what would scale it to be unbiased doesn't know of drifts that
    aren't straight. An average without events, or with none foreseen, has no logarithm: it is not a
    number.
    """
    seen, base = (np.vstack([of.sum(0), of.sum(0) - of]) for of in (events, expected))
    logs = _logs(seen, seen - np.vstack([found.value, found.without]) * base)
    own, count = _spread(found.without), len(events)
    if without is not None:
        logs[1:] = without
        own = np.diag(found.covariance) * count / (count - 1)
    logs[:, np.isnan(logs).any(axis=0)] = np.nan
    root = np.sqrt(_spread(logs[1:]) / np.maximum(own, _CLOSE**2))
    covariance = found.covariance * np.outer(root, root)
    return Averages(logs[0], covariance, found.freedom, logs[1:])


def _logs(seen: Floats, foreseen: Floats) -> Floats:
    sayable = (seen > 0) & (foreseen > 0)
    ratio = np.divide(seen, foreseen, out=np.ones_like(seen), where=sayable)
    return np.where(sayable, np.log(ratio), np.nan)


def _spread(without: Floats) -> Floats:
    return np.asarray(((without - without.mean(0)) ** 2).sum(0))
