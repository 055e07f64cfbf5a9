"""Fictional programmes in which the effect is known, for benchmarks/effect_coverage.py."""

from dataclasses import dataclass, replace

import numpy as np

from pipelines.rehearsing.plan import Plan
from pipelines.rehearsing.worlds import RATES, Assumed, drawn
from pipelines.statistics.effect.comparable import comparable
from pipelines.statistics.effect.panel import NEVER, Panel

EFFECT, LOG_RATIO = 0.06, float(np.log(0.7))
HIGH = 0.95  # shares that an effect would raise above this are made to fall by as much


@dataclass(frozen=True)
class World:
    """A fictional programme; shocks, levels and trends are shares of 1.

    `answers` are those of a ward and month, on average; `uneven` how much wards' sizes differ (a
    standard deviation of logarithms), and `silent` the share of figures that the smallest third of
    wards don't send, beside those `missing` anywhere. Wards start in the months `first` to `last`,
    counted from 0, or `never`; `together` if all wards of a trust do in one.

    Beside the `shock` of a trust, of which `memory` is kept, `heavy` is one with heavy tails (t
    with 3 degrees of freedom, of that standard deviation), `own` what each ward and month has to
    itself, and `season` how large a ward's own wave through the year is. `apart` is how much more
    a month early starters rise than late ones: the earlier half (`half`), or the more the earlier.

    `growing` are the months that an effect takes to be reached, and `varied` how much it differs
    from ward to ward, as a share of it. With `events` figures are rates: so many incidents a ward
    and month, over bed days, and levels, shocks and trends are those of their logarithms.

    Wards differ from `level` by `spread`; `between` says from how many answers to how many they
    have, if not all alike. `switch`: a trust is above or below its level by that much, and changes
    over in one month of five.
    """

    wards: int = 69
    trusts: int = 42
    months: int = 24
    answers: float = 12
    uneven: float = 0.0
    missing: float = 0.0
    silent: float = 0.0
    first: int = 4
    last: int | None = None
    never: float = 0.12
    together: bool = False
    shock: float = 0.05
    memory: float = 0.6
    heavy: float = 0.0
    own: float = 0.0
    season: float = 0.0
    apart: float = 0.0
    half: bool = True
    growing: int = 1
    varied: float = 0.0
    events: float = 0.0
    level: float = Assumed.level
    spread: float = Assumed.spread
    between: tuple[float, float] | None = None
    switch: float = 0.0

    @property
    def effect(self) -> float:
        """The effect that is looked for: a difference of shares, or the logarithm of a ratio."""
        most = self.level + EFFECT > HIGH
        return LOG_RATIO if self.events else -EFFECT if most else EFFECT

    @property
    def assumed(self) -> Assumed:
        """What is taken for granted of its wards."""
        return Assumed(
            level=self.level,
            spread=RATES.spread if self.events else self.spread,
            shock=self.shock,
            memory=self.memory,
            missing=self.missing,
        )

    def drawn(self, random: np.random.Generator, effect: float) -> tuple[Panel, float]:
        """A programme with such an effect, and its average on the figures that can be compared.

        The effect is a difference of shares; on rates it is the logarithm of a ratio.
        """
        trust = dealt(self.trusts, self.wards, random)
        start = self.starts(trust, random)
        moves = self.drift(start) + self.more(trust, random)
        gain = self.gain(start, effect, random)
        size = self.sizes(random)
        plan = Plan(trust, start, size, self.months, tuple(map(str, range(self.trusts))))
        kind = "rate" if self.events else "proportion"
        made = drawn(plan, self.assumed, kind, moves + gain, random)
        sent = np.ones(len(made.panel.unit), dtype=bool)
        if self.silent:
            sent = (random.random(len(sent)) >= self.silent) | ~smallest(size)[made.panel.unit]
        place = made.panel.unit[sent], made.panel.month[sent]
        panel, weight = made.panel.only(sent), made.weight[sent]
        after = panel.started & comparable(panel)[0]
        lasting = gain[place][after]
        if not self.events:
            return panel, float(np.average(lasting, weights=weight[after]))
        base = (weight * np.exp(moves[place]))[after]
        return panel, float(np.log((base * np.exp(lasting)).sum() / base.sum()))

    def sizes(self, random: np.random.Generator) -> np.ndarray:
        """How many answers, or incidents, a ward has in a month on average."""
        size = np.full(self.wards, self.events or self.answers, dtype=float)
        if self.between:
            size = random.uniform(*self.between, self.wards)
        if self.uneven:
            size = size * np.exp(random.normal(-(self.uneven**2) / 2, self.uneven, self.wards))
        return size

    def gain(self, start: np.ndarray, effect: float, random: np.random.Generator) -> np.ndarray:
        """The effect on each ward and month."""
        since = np.arange(self.months) - start[:, None]
        gain = effect * np.clip((since + 1) / self.growing, 0, 1)
        if self.varied:
            gain = gain * random.normal(1, self.varied, (self.wards, 1))
        return np.asarray(gain)

    def starts(self, trust: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """The month in which each ward starts, counted from 0."""
        who = self.trusts if self.together else self.wards
        start = random.integers(self.first, self.last or self.months - 2, who)
        start = np.where(random.random(who) < self.never, NEVER, start)
        return start[trust] if self.together else start

    def drift(self, start: np.ndarray) -> np.ndarray:
        """How much more early starters rise (wards, months)."""
        early = (start < np.median(start)).astype(float)
        if not self.half:  # the mean of starters is as if half of them rose
            last = self.last or self.months - 2
            early = np.where(start < NEVER, (last - start) / (last - self.first), 0.0)
        return np.asarray(early[:, None] * self.apart * np.arange(self.months))

    def more(self, trust: np.ndarray, random: np.random.Generator) -> np.ndarray:
        """What moves figures beside the calendar and the shocks of trusts (wards, months)."""
        moves = np.zeros((self.wards, self.months))
        if self.heavy:
            tails = random.standard_t(3, (self.trusts, self.months)) / np.sqrt(3)
            moves += self.heavy * tails[trust]
        if self.switch:
            turned = np.cumsum(random.random((self.trusts, self.months)) < 0.2, axis=1)
            first = random.integers(0, 2, (self.trusts, 1))
            moves += self.switch * (1 - 2.0 * ((first + turned) % 2))[trust]
        if self.own:
            moves += random.normal(0, self.own, moves.shape)
        if self.season:
            turn = np.arange(self.months) / 12 + random.random((self.wards, 1))
            moves += self.season * np.sin(2 * np.pi * turn)
        return moves


def dealt(trusts: int, wards: int, random: np.random.Generator) -> np.ndarray:
    """The trust of each ward: each has one, and the others fall to any."""
    return np.sort(np.r_[np.arange(trusts), random.integers(0, trusts, wards - trusts)])


def smallest(size: np.ndarray) -> np.ndarray:
    """Which wards are the smallest third."""
    return size <= np.quantile(size, 1 / 3)


RATE = World(events=2, shock=0.3)
FEWER = {10: 24, 14: 24, 18: 32, 20: 36, 24: 42, 30: 50}  # wards of so many trusts
VARIANTS = {
    "A": World(),
    "B": World(apart=0.008),
    "A-together": World(together=True),
    "A-lasting": World(shock=0.08, memory=0.9),
    "R": RATE,
    "R-drift": replace(RATE, apart=0.03),
}
WEAK = {f"B-{points}": replace(VARIANTS["B"], apart=points / 100) for points in (0.2, 0.4, 0.6)}
KINDS = {
    "A": VARIANTS["A"],
    "B": VARIANTS["B"],
    **WEAK,
    "B-straight": World(apart=0.008, half=False),
    "C": World(answers=6, missing=0.3),
    "A-together": VARIANTS["A-together"],
    "A-lasting": VARIANTS["A-lasting"],
    "A-heavy": World(shock=0, heavy=0.1),
    "A-own": World(own=0.15),
    "A-season": World(season=0.08),
    "A-uneven": World(uneven=1.0),
    "A-silent": World(uneven=1.0, silent=0.5),
    "A-growing": World(growing=12),
    "A-varied": World(varied=1.0),
    "A-quick": World(first=6, last=13),
    "A-everybody": World(never=0.02),
    "A-year": World(months=12, first=3),
    "A-three-years": World(months=36),
    "A-high": World(level=0.91, spread=0.015, shock=0.01),
    "A-3-to-40": World(between=(3, 40), missing=0.3),
    "A-switching": World(shock=0, switch=0.08),
    "R": RATE,
    "R-half": replace(RATE, events=0.5),
    "R-rare": replace(RATE, events=0.15),
    "R-drift": replace(RATE, apart=0.03),
    "R-weak": replace(RATE, apart=0.01),
    "R-straight": replace(RATE, apart=0.03, half=False),
    "R-together": replace(RATE, together=True),
    "R-own": replace(RATE, own=0.5),
    "R-uneven": replace(RATE, uneven=1.0),
    "R-growing": replace(RATE, growing=12),
    "R-year": replace(RATE, months=12, first=3),
} | {
    f"{name}-{trusts}": replace(world, wards=wards, trusts=trusts)
    for name, world in (VARIANTS | WEAK).items()
    for trusts, wards in FEWER.items()
}
