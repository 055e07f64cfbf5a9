"""How often the interval of `feeling-safe effect` holds the truth, and what it can find.

Run `python benchmarks/effect_coverage.py [WORLDS]`: it prints the table of docs/effect.md, from
1,000 worlds of each kind, or as many as are named. The same seed gives the same worlds.
`python benchmarks/effect_coverage.py WORLDS wild` compares it with a wild bootstrap on the first
three kinds.
"""

import sys
import time
from dataclasses import dataclass

import numpy as np

from pipelines.rehearsing.plan import Plan
from pipelines.rehearsing.worlds import RATES, Assumed, drawn
from pipelines.statistics.effect import comparable
from pipelines.statistics.effect.comparable import Unanswerable
from pipelines.statistics.effect.estimate import estimate, fit_to_before
from pipelines.statistics.effect.panel import NEVER, Panel

WORLDS, SEED = 1000, 20261129
EFFECT, LOG_RATIO = 0.06, float(np.log(0.7))


@dataclass(frozen=True)
class World:
    """A fictional programme; shocks, levels and trends are shares of 1.

    `apart` is how much more a month early starters rise than late ones, `growing` the months
    that an effect takes to be reached, `together` whether the wards of a trust start together. With
    `events` figures are rates: so many incidents a ward and month, over bed days, and levels,
    shocks and trends are those of their logarithms.
    """

    wards: int = 69
    trusts: int = 42
    months: int = 24
    answers: float = 12
    missing: float = 0.0
    never: float = 0.12
    shock: float = 0.05
    memory: float = 0.6
    apart: float = 0.0
    growing: int = 1
    together: bool = False
    events: float = 0.0

    def drawn(self, random: np.random.Generator, effect: float) -> tuple[Panel, float]:
        """A programme with such an effect, and the average effect on its wards' figures.

        The effect is a difference of shares; on rates it is the logarithm of a ratio.
        """
        trust = np.sort(
            np.r_[np.arange(self.trusts), random.integers(0, self.trusts, self.wards - self.trusts)]
        )
        who = self.trusts if self.together else self.wards
        start = random.integers(4, self.months - 2, who)
        start = np.where(random.random(who) < self.never, NEVER, start)
        start = start[trust] if self.together else start
        month = np.arange(self.months)
        early = (start < np.median(start))[:, None] * self.apart * month
        since = month - start[:, None]
        gain = effect * np.clip((since + 1) / self.growing, 0, 1)
        names = tuple(map(str, range(self.trusts)))
        size = np.full(self.wards, self.events or self.answers, dtype=float)
        plan = Plan(trust, start, size, self.months, names)
        spread = RATES.spread if self.events else Assumed.spread
        assumed = Assumed(spread=spread, shock=self.shock, memory=self.memory, missing=self.missing)
        kind = "rate" if self.events else "proportion"
        made = drawn(plan, assumed, kind, early + gain, random)
        panel, weight = made.panel, made.weight
        after, lasting = panel.started, gain[panel.unit, panel.month]
        if not self.events:
            return panel, float((weight * lasting)[after].sum() / weight[after].sum())
        drift = np.exp(early[panel.unit, panel.month])
        base = (weight * drift)[after]
        return panel, float(np.log((base * np.exp(lasting[after])).sum() / base.sum()))


KINDS = {
    "A: 69 wards, 42 trusts, 24 months, 12 answers": World(),
    "B: A, and early starters rise 0.8 points a month more": World(apart=0.008),
    "C: 6 answers, 30% missing": World(answers=6, missing=0.3),
    "A, the wards of a trust start together": World(together=True),
    "A, shocks of 8 points that last": World(shock=0.08, memory=0.9),
    "A, the effect grows for a year": World(growing=12),
    "36 wards of 20 trusts": World(wards=36, trusts=20),
    "B, 36 wards of 20 trusts": World(wards=36, trusts=20, apart=0.008),
    "24 wards of 14 trusts (refused in use)": World(wards=24, trusts=14),
    "B, 24 wards of 14 trusts (refused in use)": World(wards=24, trusts=14, apart=0.008),
    "R: rates, 2 incidents a month, shocks of 30%": World(events=2, shock=0.3),
    "R, half an incident a month": World(events=0.5, shock=0.3),
    "R, 0.15 incidents a month": World(events=0.15, shock=0.3),
    "R, early starters rise 3% a month more": World(events=2, shock=0.3, apart=0.03),
    "R, 36 wards of 20 trusts": World(events=2, shock=0.3, wards=36, trusts=20),
}


def judged(world: World, effect: float, worlds: int) -> np.ndarray:
    """For each world: answered, interval holds the truth, excludes 0, half-width, trend allowed.

    The half-width is on the scale of the effect.
    """
    rows = []
    for number in range(worlds):
        panel, truth = world.drawn(np.random.default_rng([SEED, number]), effect)
        try:
            found = estimate(panel, "rate" if world.events else "proportion")
        except Unanswerable:
            rows.append((0, np.nan, np.nan, np.nan, np.nan))
            continue
        lower, upper = found.average.interval()
        held, seen = lower <= truth <= upper, not lower <= 0 <= upper
        rows.append((1, held, seen, (upper - lower) / 2, found.trend_allowed))
    return np.array(rows, dtype=float)


def rivals(world: World, effect: float, worlds: int) -> np.ndarray:
    """For each world that has an answer, of the interval in use and of the wild bootstrap.

    The same columns for each: interval holds the truth, excludes 0, half-width, seconds.
    """
    from wild_bootstrap import interval as wild_interval

    rows = []
    for number in range(worlds):
        panel, truth = world.drawn(np.random.default_rng([SEED, number]), effect)
        begun = time.process_time()
        try:
            used = estimate(panel, "proportion").average.interval()
        except Unanswerable:
            continue
        between = time.process_time()
        kept = panel.only(comparable.comparable(panel)[0])
        _, fit = fit_to_before(kept, "proportion")
        wild = wild_interval(fit, np.random.default_rng([SEED, number, 1]))
        seconds = between - begun, time.process_time() - between
        rows.append(
            [
                one
                for (lower, upper), took in zip((used, wild), seconds, strict=True)
                for one in (lower <= truth <= upper, not lower <= 0 <= upper, upper - lower, took)
            ]
        )
    return np.array(rows, dtype=float) * np.tile([1, 1, 50, 1], 2)


def compare(worlds: int) -> None:
    """Print how the interval in use and a wild bootstrap do on the same worlds."""
    print(f"{worlds} worlds of each kind without an effect, as many with one; seed {SEED}\n")
    print(
        "| world | interval | coverage, no effect | false alarms | coverage, effect | effect found "
        "| half-width, points | seconds |"
    )
    print("|---|---|" + "---:|" * 6)
    for name, world in list(KINDS.items())[:3]:
        none, some = (rivals(world, effect, worlds).mean(0) for effect in (0.0, EFFECT))
        for which, n, s in zip(
            ("in use", "wild bootstrap"), none.reshape(2, 4), some.reshape(2, 4), strict=True
        ):
            print(
                f"| {name} | {which} | {n[0]:.1%} | {n[1]:.1%} | {s[0]:.1%} | {s[1]:.1%} "
                f"| {n[2]:.1f} | {n[3]:.2f} |",
                flush=True,
            )


def main(worlds: int = WORLDS) -> None:
    """Print the table."""
    comparable.FEWEST_CLUSTERS = 10  # to show what fewer than are needed would give
    print(f"{worlds} worlds of each kind without an effect, as many with one; seed {SEED}\n")
    print(
        "| world | answered | coverage, no effect | false alarms | coverage, effect | effect found "
        "| half-width | trend allowed | seconds |"
    )
    print("|---|" + "---:|" * 8)
    for name, world in KINDS.items():
        started = time.process_time()
        effect = LOG_RATIO if world.events else EFFECT
        none, some = judged(world, 0.0, worlds), judged(world, effect, worlds)
        seconds = (time.process_time() - started) / (2 * worlds)
        n, s = np.nanmean(none, axis=0), np.nanmean(some, axis=0)
        half = f"{np.expm1(n[3]):.0%}" if world.events else f"{n[3] * 100:.1f} points"
        print(
            f"| {name} | {n[0]:.1%} | {n[1]:.1%} | {n[2]:.1%} | {s[1]:.1%} | {s[2]:.1%} "
            f"| {half} | {n[4]:.1%} | {seconds:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word != "wild"]
    compare(*numbers or [WORLDS]) if "wild" in sys.argv else main(*numbers)
