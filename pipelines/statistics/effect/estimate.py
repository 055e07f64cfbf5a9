"""The effect of starting something, its checks, and when it can't be said."""

from dataclasses import dataclass, replace

import numpy as np

from pipelines.statistics.effect.comparable import (
    COMPARED,
    EVENTS_AFTER,
    EVENTS_BEFORE,
    FEWEST_STARTERS,
    Compared,
    Unanswerable,
    check_clusters,
    check_reporting,
    comparable,
)
from pipelines.statistics.effect.fits import Fit, Fits, Kind, fits_to_before, last_shared
from pipelines.statistics.effect.hidden_bend import hidden_bend
from pipelines.statistics.effect.hidden_steps import HiddenSteps, hidden_steps
from pipelines.statistics.effect.imputation import Average, Averages
from pipelines.statistics.effect.panel import Flags, Panel, months_as_columns, trend_as_column

PLACEBO_PERIODS, PLACEBO_CLUSTERS, PLACEBO_CHANCE = 3, 10, 0.01
LEAST_FREEDOM = 4.0
MOSTLY = 0.5  # trends count for so much: only bends can mislead much
_HARMLESS = 1e-6  # drifts that all units share move the average by no more


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
    `compared` left out. `trend_share`: how far the answer goes, from 0 to 1, towards one that
    allows each unit its own straight trend, as early and late starters may have moved apart.
    `trend`: how much further in twelve periods a unit moved that starts twelve periods earlier,
    before the start or, if all start `at_once`, than one that doesn't start. `placebo`: the average
    of a start that is a few periods early, up to the real one, and `before` the same by period (-1
    is the last before the real start).
    `hidden_trend`: a period's drift of starters, all along or since their start, that would take
    the interval to 0; none where trends are wholly allowed. `hidden_steps` is the same beside
    movements before the start, and where trends count for half or more, `hidden_bend` takes the
    place of drifts since the start: the change of slope each period that would. All are none if the
    interval holds 0.
    """

    average: Average
    by_period: tuple[Since, ...]
    unlisted: tuple[int, ...]
    compared: Compared
    without: tuple[float, ...]
    trend_share: float
    trend: Average | None
    at_once: bool
    placebo: Average | None
    before: tuple[Since, ...]
    hidden_trend: float | None
    hidden_steps: HiddenSteps | None
    hidden_bend: float | None


def estimate(panel: Panel, kind: Kind) -> Effect:
    """How figures differ from what they would have been without a start; raises Unanswerable.

    Averages weigh every entry after a start by its denominator, those of a rate by the events
    that were to be expected.
    """
    if not panel.started.any():
        raise Unanswerable("nobody")
    if panel.started.all():
        raise Unanswerable("everybody")
    rows, compared = comparable(panel)
    try:
        check_reporting(panel)
        return _estimated(panel.only(rows), compared, kind)
    except Unanswerable as why:
        why.compared = compared
        raise


def _estimated(kept: Panel, compared: Compared, kind: Kind) -> Effect:
    """The effect from figures that can be compared."""
    check_clusters(kept)
    if np.ptp(kept.figure) == 0:
        raise Unanswerable("alike", kept.figure[0])
    if kind == "rate":
        events = float((kept.figure * kept.size)[~kept.started].sum())
        if events < EVENTS_BEFORE:
            raise Unanswerable("events", events)
    fits = fits_to_before(kept, kind)
    if kind == "rate":
        _check_after(kept, float(fits.without.panel.size[kept.started].sum()))
    wanted, periods = _wanted(kept, kept.started)
    found = fits.answer(wanted)
    average = found[0]
    if average.freedom < LEAST_FREEDOM or not average.error > 0:
        raise Unanswerable("certainty", average.freedom)
    placebo, before = _placebo(fits)
    if placebo and placebo.chance < PLACEBO_CHANCE:
        raise Unanswerable("before", placebo.value)
    hidden, curved = _hidden_trend(kept, fits, average), fits.share >= MOSTLY
    at_once = len(np.unique(kept.start[kept.start < kept.months])) == 1
    by_period = _since(found, periods)
    reached = np.unique(kept.since[kept.started]).tolist()
    return Effect(
        average=average,
        by_period=by_period,
        unlisted=tuple(sorted({*reached} - {one.period for one in by_period})),
        compared=compared,
        without=tuple(found.without[:, 0].tolist()),
        trend_share=fits.share,
        trend=_trend_before(fits.without, at_once),
        at_once=at_once,
        placebo=placebo,
        before=before,
        hidden_trend=hidden,
        hidden_steps=hidden_steps(fits.without.panel, average)
        if hidden is not None and not curved
        else None,
        hidden_bend=hidden_bend(kept, fits.moved_by, average) if curved else None,
    )


def _check_after(panel: Panel, expected: float) -> None:
    """Refuse rates of which too little was to be expected after a start, or nothing happened."""
    if expected < EVENTS_AFTER:
        raise Unanswerable("expected", expected)
    if not panel.figure[panel.started].any():
        raise Unanswerable("none", expected)


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


def _placebo(fits: Fits) -> tuple[Average | None, tuple[Since, ...]]:
    """What a start three periods earlier would seem to have made by the real one, and by period."""
    panel = fits.without.panel
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

    def averaged(fit: Fit) -> Averages:
        moved = replace(fit.panel, start=earlier.start)
        return fit.average(moved.only(inside), inside, wanted)

    found = fits.over(averaged)
    by_period = _since(found, [(period - PLACEBO_PERIODS, many) for period, many in periods])
    return (found[0], by_period) if found[0].error > 0 else (None, ())


def _trend_before(fit: Fit, at_once: bool) -> Average | None:
    """By how much more a unit moved in twelve periods that starts twelve earlier, before that.

    If all start at once: than units that don't start.
    """
    before = fit.panel.only(~fit.panel.started)
    design = np.column_stack([months_as_columns(before), trend_as_column(before)])
    found = last_shared(before, design, fit.shocks)[0]
    earlier = before.months - before.start.min() if at_once else 12
    twelve = -float(12 * earlier / before.months**2)
    if not found.error > 0:
        return None
    return Average(found.value * twelve, found.error * abs(twelve), found.freedom)


def _hidden_trend(panel: Panel, fits: Fits, average: Average) -> float | None:
    """The smallest drift that takes the interval to 0, of those that bends don't stand for."""
    lower, upper = average.interval()
    if lower <= 0 <= upper or fits.share == 1:
        return None
    starts = panel.start < panel.months
    drifts = [np.where(starts, panel.month, 0.0)]
    if fits.share < MOSTLY:
        drifts.append(np.where(panel.started, panel.since + 1.0, 0.0))
    harm = max(abs(fits.moved_by(drift)) for drift in drifts)
    return (lower if lower > 0 else upper) / harm if harm > _HARMLESS else None
