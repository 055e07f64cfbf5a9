"""Draws fictional programmes: figures of planned wards, with a known effect."""

from dataclasses import dataclass

import numpy as np

from pipelines.rehearsing.plan import Plan
from pipelines.statistics.effect.estimate import Kind
from pipelines.statistics.effect.panel import Floats, Panel

BED_DAYS, BED_DAYS_SPREAD = 500, 60
LEAST, MOST = 0.02, 0.98  # no share is drawn outside


@dataclass(frozen=True)
class Assumed:
    """What is taken for granted of wards, in shares of 1; of rates, in logarithms.

    `level` is the share who say yes before a start. Wards differ from it by `spread`. A trust's
    wards share ups and downs of `shock`, of which `memory` is kept from one month to the next.
    `missing` is the share of months without a figure.
    """

    level: float = 0.68
    spread: float = 0.08
    shock: float = 0.05
    memory: float = 0.6
    missing: float = 0.0


RATES = Assumed(spread=0.6, shock=0.3)


@dataclass(frozen=True)
class Drawn:
    """Figures, and what each weighs in the effect: answers, or the events without a start."""

    panel: Panel
    weight: Floats


def drawn(
    plan: Plan, assumed: Assumed, kind: Kind, gain: Floats, random: np.random.Generator
) -> Drawn:
    """Figures of a programme whose wards have a `gain` (wards, months) over their level.

    A gain is a difference of shares; of rates it is the logarithm of a ratio.
    """
    level = random.normal(0, assumed.spread, plan.wards)
    moves = shocks(len(plan.trusts), plan.months, assumed, random)
    without = level[:, None] + calendar(plan.months) + moves[plan.trust]
    if kind == "rate":
        return _events(plan, assumed, random, without, gain)
    share = np.clip(assumed.level + without + gain, LEAST, MOST)
    asked = random.poisson(plan.size[:, None], share.shape)
    asked[random.random(share.shape) < assumed.missing] = 0
    yes = random.binomial(asked, share)
    unit, when = np.nonzero(asked)
    size = asked[unit, when].astype(float)
    panel = Panel(unit, plan.trust[unit], when, plan.start[unit], yes[unit, when] / size, size)
    return Drawn(panel, panel.size)


def _events(
    plan: Plan, assumed: Assumed, random: np.random.Generator, without: Floats, gain: Floats
) -> Drawn:
    days = random.normal(BED_DAYS, BED_DAYS_SPREAD, without.shape).round()
    expected = plan.size[:, None] / BED_DAYS * days * np.exp(without)
    happened = random.poisson(expected * np.exp(gain))
    unit, when = np.nonzero(random.random(without.shape) >= assumed.missing)
    size = days[unit, when]
    figure = happened[unit, when] / size
    panel = Panel(unit, plan.trust[unit], when, plan.start[unit], figure, size)
    return Drawn(panel, expected[unit, when])


def calendar(months: int) -> Floats:
    """What every ward follows (months): a slow rise, and a wave within the year."""
    month = np.arange(months)
    return 0.002 * month + 0.02 * np.sin(month / 2)


def shocks(trusts: int, months: int, assumed: Assumed, random: np.random.Generator) -> Floats:
    """The ups and downs that a trust's wards share (trusts, months)."""
    made = random.normal(0, assumed.shock, (trusts, months))
    for month in range(1, months):
        kept = np.sqrt(1 - assumed.memory**2)
        made[:, month] = assumed.memory * made[:, month - 1] + kept * made[:, month]
    return made
