"""The effect of starting something, its checks, and when it can't be said."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from pipelines.statistics.effect.imputation import (
    Average,
    Averages,
    Pieces,
    averages,
    coefficient,
    pieces,
)
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
Reason = Literal["clusters", "comparison", "before", "reporting", "certainty", "empty"]

FEWEST_CLUSTERS, FEWEST_STARTERS = 10, 5
COMPARED = 3  # clusters still to start, in every month that counts
PLACEBO_MONTHS = 3
TREND_CHANCE, PLACEBO_CHANCE = 0.05, 0.01
REPORTING_CHANCE, REPORTING_CHANGE = 0.01, 0.15
LEAST_FREEDOM = 4.0


class Unanswerable(ValueError):
    """The figures can't say; `reason` says why, `found` the number that decided."""

    def __init__(self, reason: Reason, found: float = 0.0) -> None:
        super().__init__(reason)
        self.reason, self.found = reason, found


@dataclass(frozen=True)
class Since:
    """The average difference in one month since the start (0 is the first), and its clusters."""

    month: int
    average: Average
    clusters: int


@dataclass(frozen=True)
class Effect:
    """An average difference, unscaled; for a rate also the logarithm of the ratio.

    `trend_allowed`: early and late starters moved apart, so each may have its own straight trend.
    `trend`: how much further a year a unit moved that starts a year earlier, before the start.
    `hidden_trend`: a month's drift of starters that would take the interval to 0 (none if there
    is no clear difference).
    `left_out`: starters without a month before it, and entries without a comparison.
    """

    average: Average
    log_ratio: Average | None
    by_month: tuple[Since, ...]
    without: tuple[float, ...]
    kept: Panel
    trend_allowed: bool
    trend: Average | None
    placebo: Average | None
    hidden_trend: float | None
    left_out: tuple[int, int]


def estimate(panel: Panel, kind: Kind) -> Effect:
    """How figures differ from what they would have been without a start; raises Unanswerable.

    Averages weigh every entry after a start by its denominator.
    """
    if not panel.started.any() or panel.started.all():
        raise Unanswerable("comparison" if panel.started.any() else "empty")
    _check_reporting(panel)
    kept, left_out = compared(panel)
    _check_clusters(kept)
    design = months_as_columns(kept)
    before = ~kept.started
    shocks = fitted(kept.only(before), design[before])
    apart = _moved_apart(kept, design, shocks)
    if apart:
        trends = (trend_as_column(kept), never_as_column(kept))
        design = np.column_stack([design, *trends])
    wanted, months = _wanted(kept)
    found = averages(pieces(kept, design, shocks, before, wanted))
    average = found[0]
    if average.freedom < LEAST_FREEDOM or average.error <= 0:
        raise Unanswerable("certainty", average.freedom)
    placebo = _placebo(kept, design, shocks)
    if placebo and placebo.chance < PLACEBO_CHANCE:
        raise Unanswerable("before", placebo.value)
    return Effect(
        average=average,
        log_ratio=_log_ratio(kept, found) if kind == "rate" else None,
        by_month=tuple(
            Since(month, found[place], clusters)
            for place, (month, clusters) in enumerate(months, 1)
        ),
        without=tuple(found.without[:, 0].tolist()),
        kept=kept,
        trend_allowed=apart,
        trend=_trend_before(kept, shocks),
        placebo=placebo,
        hidden_trend=_hidden_trend(kept, average),
        left_out=left_out,
    )


def compared(panel: Panel) -> tuple[Panel, tuple[int, int]]:
    """The entries that can be compared, and how many units and entries were left out.

    A unit needs a month before its start, and a month after a start needs three clusters that
    are still to start.
    """
    entries = len(panel.unit)
    has_before = np.bincount(panel.unit, ~panel.started) > 0
    units = int((~has_before).sum())
    panel = panel.only(has_before[panel.unit])
    waiting = np.array(
        [
            len(np.unique(panel.cluster[~panel.started & (panel.month == m)]))
            for m in range(panel.months)
        ]
    )
    of_units = entries - len(panel.unit)
    kept = panel.only(~panel.started | (waiting[panel.month] >= COMPARED))
    return kept, (units, entries - of_units - len(kept.unit))


def _check_clusters(panel: Panel) -> None:
    if not panel.started.any():
        raise Unanswerable("comparison")
    clusters = int(panel.cluster.max()) + 1
    if clusters < FEWEST_CLUSTERS:
        raise Unanswerable("clusters", clusters)
    starters = len(np.unique(panel.cluster[panel.started]))
    if starters < FEWEST_STARTERS:
        raise Unanswerable("clusters", starters)


def _check_reporting(panel: Panel) -> None:
    """Refuse if units send figures for more, or fewer, months once they have started."""
    units, months = int(panel.unit.max()) + 1, panel.months
    if len(panel.unit) == units * months:
        return
    first = np.unique(panel.unit, return_index=True)[1]
    sent = np.zeros((units, months))
    sent[panel.unit, panel.month] = 1
    unit, month = np.divmod(np.arange(units * months), months)
    every = Panel(
        unit=unit,
        cluster=panel.cluster[first][unit],
        month=month,
        start=panel.start[first][unit],
        figure=sent.ravel(),
        size=np.ones(units * months),
    )
    every, _ = compared(every)
    if not every.started.any() or every.cluster.max() + 1 < FEWEST_CLUSTERS:
        return
    found = averages(
        pieces(
            every,
            months_as_columns(every),
            Shocks(scale=max(float(every.figure.var()), 1e-9)),
            ~every.started,
            every.started[:, None].astype(float),
        )
    )[0]
    if abs(found.value) >= REPORTING_CHANGE and found.chance < REPORTING_CHANCE:
        raise Unanswerable("reporting", found.value)


def _moved_apart(panel: Panel, design: Floats, shocks: Shocks) -> bool:
    """Whether early and late starters moved apart, as far as one lasting step doesn't explain it.

    All months speak here, not only those before the start, so that a trend is rarely missed. An
    effect that grows for long looks the same; what follows is right for either.
    """
    step = panel.started.astype(float)[:, None]
    everything = np.column_stack([design, step, trend_as_column(panel)])
    every = np.ones(len(panel.unit), dtype=bool)
    found = coefficient(_fit(panel, everything, shocks, every))
    return found.error > 0 and found.chance < TREND_CHANCE


def _fit(panel: Panel, design: Floats, shocks: Shocks, fitted_to: Flags) -> Pieces:
    return pieces(panel, design, shocks, fitted_to, np.zeros((len(panel.unit), 1)))


def _wanted(panel: Panel) -> tuple[Floats, list[tuple[int, int]]]:
    """Weights of the average, then of each month since the start that three clusters reached."""
    since = panel.since
    columns, months = [panel.size * panel.started], []
    for month in range(int(since[panel.started].max()) + 1):
        here = since == month
        clusters = len(np.unique(panel.cluster[here]))
        if clusters >= COMPARED:
            columns.append(panel.size * here)
            months.append((month, clusters))
    return np.column_stack(columns), months


def _placebo(panel: Panel, design: Floats, shocks: Shocks) -> Average | None:
    """The difference that a start three months earlier would seem to have made by the real one."""
    before = ~panel.started
    earlier = replace(panel, start=panel.start - PLACEBO_MONTHS)
    unit = np.bincount(panel.unit, before & ~earlier.started) > 0
    inside = before & unit[panel.unit]
    early, columns = earlier.only(inside), design[inside]
    if len(np.unique(early.cluster[early.started])) < FEWEST_STARTERS:
        return None
    if early.cluster.max() + 1 < FEWEST_CLUSTERS:
        return None
    waiting = np.bincount(early.month[~early.started], minlength=early.months) > 0
    wanted = early.size * early.started * waiting[early.month]
    found = averages(pieces(early, columns, shocks, ~early.started, wanted[:, None]))[0]
    return found if found.error > 0 else None


def _trend_before(panel: Panel, shocks: Shocks) -> Average | None:
    """By how much more a year units moved that start a year earlier, in months before it alone."""
    before = panel.only(~panel.started)
    design = np.column_stack([months_as_columns(before), trend_as_column(before)])
    found = coefficient(_fit(before, design, shocks, np.ones(len(before.unit), dtype=bool)))
    a_year = -((12 / before.months) ** 2)
    if found.error <= 0:
        return None
    return Average(found.value * a_year, found.error * abs(a_year), found.freedom)


def _hidden_trend(panel: Panel, average: Average) -> float | None:
    lower, upper = average.interval()
    if lower <= 0 <= upper:
        return None
    weight = panel.size * panel.started
    months = float((weight * (panel.since + 1)).sum() / weight.sum())
    return (lower if lower > 0 else upper) / months


def _log_ratio(panel: Panel, found: Averages) -> Average:
    """The logarithm of the rate after a start over what it would have been without."""
    weight = panel.size * panel.started
    events = np.bincount(panel.cluster, weight * panel.figure)
    base = np.bincount(panel.cluster, weight)
    rate = events.sum() / base.sum()
    rates = (events.sum() - events) / (base.sum() - base)
    without = found.without[:, 0]
    if rate <= 0 or rate <= found.value[0] or (rates <= np.maximum(without, 0)).any():
        raise Unanswerable("certainty", 0)
    logs = np.log(rates / (rates - without))
    # the same share of the spread counts as for the difference, where it is made unbiased
    spread = float(((without - without.mean()) ** 2).sum())
    share = float(found.covariance[0, 0]) / spread
    error = float(np.sqrt(share * ((logs - logs.mean()) ** 2).sum()))
    return Average(float(np.log(rate / (rate - found.value[0]))), error, float(found.freedom[0]))
