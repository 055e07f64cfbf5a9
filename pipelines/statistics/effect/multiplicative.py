"""Rates: what events would have been expected without the change, each unit times each month.

A Poisson model of units and months fitted to entries before the start (Wooldridge 2023), taken as
working values: the estimator of differences then runs on (events − expected) / expected, weighed
by what was expected, which corrects the working values to first order. So what is added to them
doesn't bias the ratio: half an event a unit, and a pull of months towards each other, without
which a unit or a month that had no event would have no level.
"""

from dataclasses import replace

import numpy as np

from pipelines.statistics.effect.imputation import Averages
from pipelines.statistics.effect.panel import Flags, Floats, Panel

_ADDED = 0.5  # events added to each unit's own, at the average rate; and the weight of the pull
_STEPS = 50
_CLOSE = 1e-8


def working(panel: Panel, design: Floats, fitted: Flags) -> Panel:
    """The panel with (events − expected) / expected as figure and expected events as size."""
    expected = _expected(panel, design, fitted)
    events = panel.figure * panel.size
    return replace(panel, figure=events / expected - 1, size=expected)


def _expected(panel: Panel, design: Floats, fitted: Flags) -> Floats:
    """Events expected in every entry, from the entries that are fitted."""
    events, units = panel.figure * panel.size, int(panel.unit.max()) + 1
    own = np.bincount(panel.unit[fitted], events[fitted], units) + _ADDED
    rate = events[fitted].sum() / panel.size[fitted].sum()
    shared = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        base = panel.size * np.exp(design @ shared)
        calendar = base[fitted].sum() / panel.size[fitted].sum()
        level = own / (
            np.bincount(panel.unit[fitted], base[fitted], units) + _ADDED * calendar / rate
        )
        expected = level[panel.unit] * base
        step = _step(panel, design, fitted, (expected, shared))
        shared += step
        if np.abs(design @ step).max() < _CLOSE:
            break
    return np.asarray(np.maximum(expected, _CLOSE))


def _step(panel: Panel, design: Floats, fitted: Flags, at: tuple[Floats, Floats]) -> Floats:
    """One step of Newton's from expected events and what entries share, the levels profiled out.

    At most 1 on the log scale.
    """
    expected, shared = at
    here, of, units = design[fitted], expected[fitted], panel.unit[fitted]
    score = here.T @ (panel.figure[fitted] * panel.size[fitted] - of) - _ADDED * shared
    weighted = here * of[:, None]
    by_unit = np.zeros((int(panel.unit.max()) + 1, design.shape[1]))
    np.add.at(by_unit, units, weighted)
    of_unit = np.bincount(units, of, len(by_unit))
    information = here.T @ weighted - by_unit.T @ (by_unit / of_unit[:, None])
    step = np.linalg.solve(information + _ADDED * np.eye(len(score)), score)
    return np.asarray(step / max(1.0, float(np.abs(step).max())))


def in_logs(found: Averages, events: Floats, expected: Floats) -> Averages:
    """Excesses over what was expected, as logarithms of ratios.

    `events` and `expected` (C, K) are what each cluster adds. The ratio is that of events to
    what the fit foresaw; the spread between left-out clusters carries over. An average without
    events, or with none foreseen, has no logarithm: it is not a number.
    """
    seen, base = (np.vstack([of.sum(0), of.sum(0) - of]) for of in (events, expected))
    foreseen = seen - np.vstack([found.value, found.without]) * base
    sayable = ((seen > 0) & (foreseen > 0)).all(axis=0)
    ratio = np.divide(seen, foreseen, out=np.ones_like(seen), where=sayable)
    logs = np.where(sayable, np.log(ratio), np.nan)
    root = np.sqrt(_spread(logs[1:]) / np.maximum(_spread(found.without), _CLOSE**2))
    covariance = found.covariance * np.outer(root, root)
    return Averages(logs[0], covariance, found.freedom, logs[1:])


def _spread(without: Floats) -> Floats:
    return np.asarray(((without - without.mean(0)) ** 2).sum(0))
