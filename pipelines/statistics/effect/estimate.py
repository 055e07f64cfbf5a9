"""The effect of starting something, its checks, and when it can't be said."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from pipelines.statistics.effect.comparable import (
    COMPARED,
    EVENTS_AFTER,
    EVENTS_BEFORE,
    FEWEST_CLUSTERS,
    FEWEST_STARTERS,
    Compared,
    Unanswerable,
    check_clusters,
    check_reporting,
    comparable,
)
from pipelines.statistics.effect.hidden_bend import hidden_bend
from pipelines.statistics.effect.hidden_steps import HiddenSteps, hidden_steps
from pipelines.statistics.effect.imputation import (
    Average,
    Averages,
    averages,
    coefficient,
    pieces,
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

# 20 clusters show fewer drifts than 40, so the first counts for them, and less for more of them,
# down to the second.
TREND_CHANCE, LEAST_TREND_CHANCE = 0.2, 0.05
PLACEBO_PERIODS, PLACEBO_CLUSTERS, PLACEBO_CHANCE = 3, 10, 0.01
LEAST_FREEDOM = 4.0


@dataclass(frozen=True)
class Since:
    """The average in one period since the start (0 is the first with it), and its clusters."""

    period: int
    average: Average
    clusters: int


@dataclass(frozen=True)
class Effect:
    """An average difference; of a rate, the logarithm of a ratio.

    `unlisted` are the periods since the start that count in the average and have none of their own:
    fewer than three clusters reached them. `without` are the averages with each cluster of
    `compared` left out. `trend_allowed`: early
    and late starters may have moved apart, so each may have its own straight trend. `trend`: how
    much further in twelve periods a unit moved that starts twelve periods earlier, before the
    start. `placebo`: the average of a start that is a few periods early, up to the real one, and
    `before` the same by period (-1 is the last before the real start).
    `hidden_trend`: a period's drift of starters that would take the interval to 0, and
    `hidden_steps` the same beside movements before the start; where a trend is allowed, both are
    none, and `hidden_bend` is the change of slope each period that would. None if the interval
    holds 0.
    """

    average: Average
    by_period: tuple[Since, ...]
    unlisted: tuple[int, ...]
    compared: Compared
    without: tuple[float, ...]
    trend_allowed: bool
    trend: Average | None
    placebo: Average | None
    before: tuple[Since, ...]
    hidden_trend: float | None
    hidden_steps: HiddenSteps | None
    hidden_bend: float | None


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


def estimate(panel: Panel, kind: Kind) -> Effect:
    """How figures differ from what they would have been without a start; raises Unanswerable.

    Averages weigh every entry after a start by its denominator, those of a rate by the events
    that were to be expected.
    """
    if not panel.started.any():
        raise Unanswerable("nobody")
    if panel.started.all():
        raise Unanswerable("everybody")
    check_reporting(panel)
    rows, compared = comparable(panel)
    kept = panel.only(rows)
    check_clusters(kept)
    if np.ptp(kept.figure) == 0:
        raise Unanswerable("alike", kept.figure[0])
    if kind == "rate":
        events = float((kept.figure * kept.size)[~kept.started].sum())
        if events < EVENTS_BEFORE:
            raise Unanswerable("events", events)
    apart, fit = fit_to_before(kept, kind)
    if kind == "rate":
        _check_after(kept, float(fit.panel.size[kept.started].sum()))
    wanted, periods = _wanted(kept, kept.started)
    found = fit.answer(wanted)
    average = found[0]
    if average.freedom < LEAST_FREEDOM or not average.error > 0:
        raise Unanswerable("certainty", average.freedom)
    placebo, before = _placebo(fit)
    if placebo and placebo.chance < PLACEBO_CHANCE:
        raise Unanswerable("before", placebo.value)
    weights = fit.panel.size[:, None] * wanted[:, :1]
    hidden = None if apart else _hidden_trend(kept, average)
    by_period = _since(found, periods)
    reached = np.unique(kept.since[kept.started]).tolist()
    return Effect(
        average=average,
        by_period=by_period,
        unlisted=tuple(sorted({*reached} - {one.period for one in by_period})),
        compared=compared,
        without=tuple(found.without[:, 0].tolist()),
        trend_allowed=apart,
        trend=_trend_before(fit),
        placebo=placebo,
        before=before,
        hidden_trend=hidden,
        hidden_steps=hidden_steps(fit.panel, average) if hidden is not None else None,
        hidden_bend=hidden_bend(fit.panel, fit.design, fit.shocks, weights, average)
        if apart
        else None,
    )


def _check_after(panel: Panel, expected: float) -> None:
    """Refuse rates of which too little was to be expected after a start, or nothing happened."""
    if expected < EVENTS_AFTER:
        raise Unanswerable("expected", expected)
    if not panel.figure[panel.started].any():
        raise Unanswerable("none", expected)


def fit_to_before(panel: Panel, kind: Kind) -> tuple[bool, Fit]:
    """The fit to entries before the start, and whether it needs trends of its own."""
    design, before = months_as_columns(panel), ~panel.started
    figures = working(panel, design, before) if kind == "rate" else panel
    shocks = fitted(figures.only(before), design[before])
    apart = _moved_apart(figures, design, shocks)
    if apart:
        trends = (trend_as_column(panel), never_as_column(panel))
        design = np.column_stack([design, *trends])
        if kind == "rate":
            rate = settled(panel, design, shocks)
            return apart, Fit(kind, rate.figures, design, shocks, rate)
    return apart, Fit(kind, figures, design, shocks)


def _moved_apart(panel: Panel, design: Floats, shocks: Shocks) -> bool:
    """Whether early and late starters moved apart, as far as one lasting step doesn't explain it.

    All periods speak here, not only those before the start, so that a trend is rarely missed. An
    effect that grows for long looks the same; what follows is right for either.
    """
    step = panel.started.astype(float)[:, None]
    found = _last(panel, np.column_stack([design, step, trend_as_column(panel)]), shocks)
    return found.error > 0 and found.chance < trend_allowed_below(len(panel.rows_by_cluster))


def trend_allowed_below(clusters: int) -> float:
    """The chance below which so many clusters are allowed a trend."""
    return max(TREND_CHANCE * min(FEWEST_CLUSTERS / clusters, 1) ** 2, LEAST_TREND_CHANCE)


def _last(panel: Panel, design: Floats, shocks: Shocks) -> Average:
    """The last of what all entries share."""
    every = np.ones(len(panel.unit), dtype=bool)
    return coefficient(pieces(panel, design, shocks, every, np.zeros((len(every), 1))))


def _wanted(panel: Panel, every: Flags) -> tuple[Flags, list[tuple[int, int]]]:
    """The entries of `every`, then of each period since the start that three clusters reached."""
    since = panel.since
    columns, periods = [every], []
    for period in range(int(since[every].max()) + 1):
        here = every & (since == period)
        clusters = len(np.unique(panel.cluster[here]))
        if clusters >= COMPARED:
            columns.append(here)
            periods.append((period, clusters))
    return np.column_stack(columns), periods


def _since(found: Averages, periods: list[tuple[int, int]]) -> tuple[Since, ...]:
    """The averages by period, which follow the one over all of them."""
    return tuple(
        Since(period, found[place], clusters)
        for place, (period, clusters) in enumerate(periods, 1)
        if found[place].error > 0
    )


def _by_cluster(panel: Panel, weights: Floats) -> Floats:
    sums = np.zeros((int(panel.cluster.max()) + 1, weights.shape[1]))
    np.add.at(sums, panel.cluster, weights)
    return sums


def _placebo(fit: Fit) -> tuple[Average | None, tuple[Since, ...]]:
    """What a start three periods earlier would seem to have made by the real one, and by period."""
    panel = fit.panel
    before = ~panel.started
    earlier = replace(panel, start=panel.start - PLACEBO_PERIODS)
    unit = np.bincount(panel.unit, before & ~earlier.started) > 0
    inside = before & unit[panel.unit]
    early = earlier.only(inside)
    if len(np.unique(early.cluster[early.started])) < FEWEST_STARTERS:
        return None, ()
    if early.cluster.max() + 1 < PLACEBO_CLUSTERS:
        return None, ()
    waiting = np.bincount(early.month[~early.started], minlength=early.months) > 0
    compared = early.started & waiting[early.month]
    if len(np.unique(early.cluster[compared])) < COMPARED:
        return None, ()
    wanted, periods = _wanted(early, compared)
    found = fit.average(early, inside, wanted)
    by_period = _since(found, [(period - PLACEBO_PERIODS, many) for period, many in periods])
    return (found[0], by_period) if found[0].error > 0 else (None, ())


def _trend_before(fit: Fit) -> Average | None:
    """By how much more a unit moved in twelve periods that starts twelve earlier, before that."""
    before = fit.panel.only(~fit.panel.started)
    design = np.column_stack([months_as_columns(before), trend_as_column(before)])
    found = _last(before, design, fit.shocks)
    twelve = -((12 / before.months) ** 2)
    if not found.error > 0:
        return None
    return Average(found.value * twelve, found.error * abs(twelve), found.freedom)


def _hidden_trend(panel: Panel, average: Average) -> float | None:
    lower, upper = average.interval()
    if lower <= 0 <= upper:
        return None
    weight = panel.size * panel.started
    periods = float((weight * (panel.since + 1)).sum() / weight.sum())
    return (lower if lower > 0 else upper) / periods
