"""How often the learning radar names an idea although none made a difference, and when one did.

Run `python benchmarks/radar_false_alarms.py [WORLDS]`: it prints the tables of “Learning radar” in
docs/effect.md, from 200 fictional programmes of each kind, with shorter walks between deals
to save time, and 60 for each cell of its power. The same seed gives the same ones.
"""

import sys
from dataclasses import dataclass

import numpy as np
from effect_worlds import dealt

from pipelines.statistics import radar
from pipelines.statistics.radar import Heard, Wards, heard

WORLDS, SEED, LEVEL, EXCHANGES = 200, 20261129, 0.05, 60


@dataclass(frozen=True)
class World:
    """Wards with rises by chance, some of which a trust's wards share, and ideas that they tried.

    `rises` is the chance that one begins on a ward in a month, `shared` that it does so on all of a
    trust's wards. `season`: in two months of the year rises and starts are three times as frequent.
    `whole`: a trust's wards start together. `helps`: the chance that the first idea brings a rise.
    `first`: how many wards try the first idea, and on how many of them it brings one, if fixed.
    """

    trusts: int = 42
    wards: int = 69
    months: int = 24
    ideas: int = 12
    tried: float = 0.15
    rises: float = 0.02
    shared: float = 0.01
    season: bool = False
    whole: bool = False
    helps: float = 0.0
    first: tuple[int, int] | None = None

    def drawn(self, random: np.random.Generator) -> tuple[Wards, np.ndarray]:
        """The wards, and the month in which each started each idea."""
        trust = dealt(self.trusts, self.wards, random)
        first = random.integers(0, self.months // 4, self.trusts)[trust]
        shape = (self.wards, self.months)
        often = np.ones(self.months)
        if self.season:
            often[[4, 5, 16, 17]] = 3
        began = random.random(shape) < self.rises * often
        began |= (random.random((self.trusts, self.months)) < self.shared * often)[trust]
        who = self.trusts if self.whole else self.wards
        starts = random.choice(self.months, (self.ideas, who), p=often / often.sum())
        starts[random.random((self.ideas, who)) >= self.tried] = -1
        starts = starts[:, trust] if self.whole else starts
        starts = np.where(starts > first, starts, -1)
        helped = np.flatnonzero((starts[0] >= 0) & (random.random(self.wards) < self.helps))
        if self.first:
            tried, rose = self.first
            chosen = random.permutation(self.wards)[:tried]
            starts[0] = -1
            starts[0, chosen] = random.integers(first[chosen] + 1, self.months)
            helped = chosen[:rose]
        if len(helped):
            later = starts[0, helped] + random.integers(0, radar.WITHIN, len(helped))
            began[helped, np.minimum(later, self.months - 1)] = True
        began &= np.arange(self.months) > first[:, None]
        last = np.full(self.wards, self.months - 1)
        return Wards(trust, began, first, last), starts


KINDS = {
    "42 trusts, 69 wards, 12 ideas": World(),
    "all rises shared by a trust's wards": World(rises=0.0, shared=0.03),
    "a trust's wards start together": World(shared=0.03, whole=True),
    "rises and starts in the same months": World(season=True),
    "20 trusts, 30 wards, 5 ideas": World(trusts=20, wards=30, ideas=5),
    "30 ideas": World(ideas=30),
}
HELPED = {
    "the first idea brings a rise on a third of its wards": World(helps=0.33),
    "on half": World(helps=0.5),
    "on two thirds": World(helps=0.67),
}

TRIED = (5, 10)  # wards that try the one idea that helps
CELL = 60  # programmes for each cell
ROSE = (1 / 2, 2 / 3, 1)  # and the share of them on which it brings a rise


def results(world: World, worlds: int, seed: int = SEED) -> list[Heard]:
    """What the radar hears in each world."""
    return [heard(*world.drawn(np.random.default_rng([seed, n]))) for n in range(worlds)]


def named(found: list[Heard]) -> tuple[float, float]:
    """In what share of worlds any idea is named, and in what share one by its own chance."""
    adjusted, alone = (
        float(np.mean([(getattr(one, name) <= LEVEL).any() for one in found]))
        for name in ("adjusted", "alone")
    )
    return adjusted, alone


def main(worlds: int = WORLDS) -> None:
    """Print the tables."""
    radar.EXCHANGES = EXCHANGES
    print(f"{worlds} programmes of each kind; seed {SEED}\n")
    print("| no idea makes a difference | any named | any, not adjusted |\n|---|---:|---:|")
    for name, world in KINDS.items():
        adjusted, alone = named(results(world, worlds))
        print(f"| {name} | {adjusted:.1%} | {alone:.1%} |", flush=True)
    print("\n| one idea does | it is named | another is |\n|---|---:|---:|")
    for name, world in HELPED.items():
        found = results(world, worlds)
        it = np.mean([one.adjusted[0] <= LEVEL for one in found])
        other = np.mean([(one.adjusted[1:] <= LEVEL).any() for one in found])
        print(f"| {name} | {it:.1%} | {other:.1%} |", flush=True)
    print("\nHow often an idea is named that brings a rise on so many of its wards:\n")
    print("| tried by | half | two thirds | all |\n|---|---:|---:|---:|")
    for tried in TRIED:
        cells = (f"{power(tried, round(tried * share), min(worlds, CELL)):.0%}" for share in ROSE)
        print(f"| {tried} wards | {' | '.join(cells)} |", flush=True)


def power(tried: int, rose: int, worlds: int) -> float:
    """In what share of worlds an idea is named that brings a rise on `rose` of `tried` wards."""
    found = results(World(first=(tried, rose)), worlds)
    return float(np.mean([one.adjusted[0] <= LEVEL for one in found]))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
