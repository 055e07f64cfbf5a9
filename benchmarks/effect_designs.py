"""How often intervals of proportions hold the truth, from many draws of the same few programmes.

Run `python benchmarks/effect_designs.py [--kind A-20]...`: wards, sizes and starts are drawn a few
times, and figures many times for each. The estimate is linear in the figures once the working
covariance is known, so it is taken from the first draw, and 3,200 answers take 2 seconds where
benchmarks/effect_coverage.py takes half an hour. Not seen here: that the covariance is estimated,
and that some answers are refused. The same seed gives the same draws.
"""

import argparse
import time
from dataclasses import dataclass, replace

import numpy as np
from effect_worlds import KINDS, World, dealt, smallest
from scipy.stats import t as student

from pipelines.rehearsing import worlds
from pipelines.statistics.effect.comparable import comparable
from pipelines.statistics.effect.fits import known_of, trend_share
from pipelines.statistics.effect.imputation import Average, averages, pieces
from pipelines.statistics.effect.panel import (
    Panel,
    months_as_columns,
    never_as_column,
    trend_as_column,
)
from pipelines.statistics.effect.shocks import Inverse, Shocks, fitted, levels_of

DESIGNS, DRAWS, SEED = 12, 400, 20261201


def programmes(
    world: World, draws: int, random: np.random.Generator
) -> tuple[Panel, np.ndarray, float]:
    """A programme without figures, figures of it (draws, entries), and their average effect."""
    trust, assumed = dealt(world.trusts, world.wards, random), world.assumed
    start = world.starts(trust, random)
    gain, size = world.gain(start, world.effect, random), world.sizes(random)
    asked = random.poisson(size[:, None], (world.wards, world.months))
    asked[random.random(asked.shape) < world.missing] = 0
    asked[smallest(size)[:, None] & (random.random(asked.shape) < world.silent)] = 0
    level = random.normal(0, assumed.spread, (world.wards, 1)) + assumed.level
    steady = level + worlds.calendar(world.months) + world.drift(start) + gain
    unit, when = np.nonzero(asked)
    every = Panel(unit, trust[unit], when, start[unit], np.zeros(len(unit)), asked[unit, when])
    rows = comparable(every)[0]
    figures = []
    for _ in range(draws):
        shared = worlds.shocks(world.trusts, world.months, assumed, random)
        moves = shared[trust] + world.more(trust, random)
        yes = random.binomial(asked, np.clip(steady + moves, worlds.LEAST, worlds.MOST))
        figures.append((yes[unit, when] / every.size)[rows])
    panel = every.only(rows)
    weight = panel.size * panel.started
    return panel, np.array(figures), float(np.average(gain[unit, when][rows], weights=weight))


def weights(
    panel: Panel, design: np.ndarray, shocks: Shocks, fit_to: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What each figure adds to the average, and to what is shared: whole, and without each cluster.

    (C + 1, N) and, of the last of what is shared, the same.
    """
    together, clusters = shocks.together(panel.months), len(panel.rows_by_cluster)
    entries, shared = design.shape
    information, slope = np.zeros((clusters, shared, shared)), np.zeros((clusters, shared))
    scores, every = np.zeros((shared, entries)), np.zeros(entries)
    keep, weight = np.ones((clusters + 1, entries)), np.zeros(clusters)
    for cluster, rows in enumerate(panel.rows_by_cluster):
        base, later = rows[fit_to[rows]], rows[~fit_to[rows]]
        inverse = Inverse(shocks.noise(panel.size[base]), panel.month[base], together)
        levels = levels_of(panel.unit[rows])
        own, rest = levels[fit_to[rows]], levels[~fit_to[rows]]
        told = together[np.ix_(panel.month[base], panel.month[later])] @ wanted[later]
        solved = inverse(np.column_stack([own, design[base], told]))
        by_level, by_design, foretold = np.split(
            solved, [own.shape[1], solved.shape[1] - 1], axis=1
        )
        find = np.linalg.solve(own.T @ by_level, by_level.T)
        scores[:, base] = by_design.T - (by_design.T @ own) @ find
        foretold = foretold[:, 0]
        every[later] = wanted[later]
        every[base] = -foretold - find.T @ (rest.T @ wanted[later] - own.T @ foretold)
        information[cluster] = scores[:, base] @ design[base]
        slope[cluster], weight[cluster] = every[rows] @ design[rows], wanted[later].sum()
        keep[cluster + 1, rows] = 0
    left = _inverse(information.sum(0) - np.concatenate([0 * information[:1], information]))
    slopes = slope.sum(0) - np.concatenate([0 * slope[:1], slope])
    total = weight.sum() - np.concatenate([[0], weight])
    if not total.all():
        total = np.ones(clusters + 1)
    used = np.einsum("cj,cjk->ck", slopes, left) @ scores
    return keep * (every - used) / total[:, None], keep * (left[:, -1] @ scores)


def _inverse(matrix: np.ndarray) -> np.ndarray:
    return np.linalg.pinv(matrix, 1e-9, hermitian=True)


def _error(apart: np.ndarray) -> np.ndarray:
    many = apart.shape[1]
    return np.sqrt((many - 1) / many * (apart**2).sum(axis=1))


@dataclass(frozen=True)
class Answers:
    """Of each draw: the average, how far left-out ones are from their mean, and the freedom."""

    value: np.ndarray
    apart: np.ndarray
    freedom: np.ndarray

    def towards(self, other: "Answers", share: np.ndarray) -> "Answers":
        """A share of the way to other answers, as the product goes."""
        return Answers(
            (1 - share) * self.value + share * other.value,
            (1 - share)[:, None] * self.apart + share[:, None] * other.apart,
            (1 - share) * self.freedom + share * other.freedom,
        )

    def narrowed(self, known: np.ndarray, share: np.ndarray) -> "Answers":
        """Surer by what moving apart tells, of which `known` are those with each cluster left out.

        As the product goes.
        """
        shared = (self.apart * known).sum(axis=1) ** 2
        shared = shared / ((self.apart**2).sum(axis=1) * (known**2).sum(axis=1))
        count = known.shape[1]
        adjusted = np.maximum((shared * (count - 1) - 1) / (count - 2), 0)
        root = np.sqrt(1 - np.array([known_of(one) for one in share]) * adjusted)
        return replace(self, apart=self.apart * root[:, None])

    def half(self) -> np.ndarray:
        """Half of each interval."""
        return student.ppf(0.975, self.freedom) * _error(self.apart)


def answers(panel: Panel, figures: np.ndarray, design: np.ndarray, shocks: Shocks) -> Answers:
    """The answers of each draw by one fit."""
    wanted = panel.size * panel.started
    before = ~panel.started
    first = replace(panel, figure=figures[0])
    found = averages(pieces(first, design, shocks, before, wanted[:, None]))
    value = figures @ weights(panel, design, shocks, before, wanted)[0].T
    apart = value[:, 1:] - value[:, 1:].mean(axis=1, keepdims=True)
    apart *= found[0].error / _error(apart[:1])
    return Answers(value[:, 0], apart, np.full(len(figures), found[0].freedom))


def shares(panel: Panel, figures: np.ndarray, shocks: Shocks) -> tuple[np.ndarray, np.ndarray]:
    """How much trends count in each draw, by the product's rule.

    And how far units moved apart without each cluster, from the mean of that.
    """
    step = panel.started.astype(float)
    design = np.column_stack([months_as_columns(panel), step, trend_as_column(panel)])
    every = np.ones(len(step), dtype=bool)
    trend = figures @ weights(panel, design, shocks, every, np.zeros(len(step)))[1].T
    apart = trend[:, 1:] - trend[:, 1:].mean(axis=1, keepdims=True)
    error = _error(apart)
    freedom = trend.shape[1] - 2
    every_share = (
        trend_share(Average(*one, freedom)) for one in zip(trend[:, 0], error, strict=True)
    )
    return np.array(list(every_share)), apart


def row(world: World, designs: int, draws: int, seed: int) -> np.ndarray:
    """For each programme: coverage, half-width, how much trends count; coverage of either fit."""
    told = []
    for number in range(designs):
        random = np.random.default_rng([seed, number])
        panel, figures, truth = programmes(world, draws, random)
        months = months_as_columns(panel)
        before = ~panel.started
        shocks = fitted(replace(panel, figure=figures[0]).only(before), months[before])
        trends = np.column_stack([months, trend_as_column(panel), never_as_column(panel)])
        plain, allowed = (answers(panel, figures, by, shocks) for by in (months, trends))
        share, apart = shares(panel, figures, shocks)
        used = plain.narrowed(apart, share).towards(allowed, share)
        held = [np.mean(np.abs(one.value - truth) <= one.half()) for one in (used, plain, allowed)]
        told.append((held[0], used.half().mean(), share.mean(), *held[1:]))
    return np.array(told)


def main() -> None:
    """Print a row for each kind."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    kinds = [name for name, world in KINDS.items() if not world.events]
    asked.add_argument("--kind", action="append", choices=kinds, help="may be repeated")
    asked.add_argument("--designs", type=int, default=DESIGNS)
    asked.add_argument("--draws", type=int, default=DRAWS, help="of each design")
    asked.add_argument("--seed", type=int, default=SEED)
    given = asked.parse_args()
    print(f"{given.designs} programmes of each kind, {given.draws} draws; seed {given.seed}\n")
    print("| kind | coverage | sampling error | half-width | trend | none | always | seconds |")
    print("|---|" + "---:|" * 7)
    for name in given.kind or kinds:
        begun = time.process_time()
        told = row(KINDS[name], given.designs, given.draws, given.seed)
        held, half, trend, plain, allowed = told.mean(0)
        error = told[:, 0].std(ddof=1) / np.sqrt(len(told))
        print(
            f"| {name} | {held:.1%} | {error:.1%} | {half * 100:.1f} points | {trend:.0%} "
            f"| {plain:.1%} | {allowed:.1%} | {time.process_time() - begun:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
