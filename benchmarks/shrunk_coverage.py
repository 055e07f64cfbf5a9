"""How often the intervals of the reporting-culture lens hold a ward's own level.

Run `python benchmarks/shrunk_coverage.py [PROGRAMMES]`: it prints the table of
docs/reading-the-charts.md from 500 programmes of each kind, or as many as are named. Each draws the
own levels of its wards, and their answers or incidents of a year from these.
"""

import sys
from dataclasses import dataclass

import numpy as np

from pipelines.statistics.shrunk import Shrunk, rates, shares

PROGRAMMES, SEED = 500, 20261129


@dataclass(frozen=True)
class Kind:
    """Wards, their median size in answers or occupied bed days, the average, and the spread.

    Levels have the standard deviation `spread` on the scale of log-odds or logarithms, from a
    normal distribution, which is not the one that the estimate supposes.
    """

    wards: int
    size: float
    average: float
    spread: float
    rate: bool = False

    def judged(self, random: np.random.Generator) -> tuple[Shrunk, np.ndarray, np.ndarray]:
        """What is worked out, the raw figures, and the levels that are to be found."""
        size = np.ceil(self.size * random.lognormal(0, 0.6, self.wards))
        shift = self.spread * random.standard_normal(self.wards)
        if self.rate:
            level = self.average * np.exp(shift)
            count = random.poisson(level * size)
            return rates(count, size), count / size, level
        odds = self.average / (1 - self.average) * np.exp(shift)
        level = odds / (1 + odds)
        count = random.binomial(size.astype(int), level)
        return shares(count, size), count / size, level


KINDS = {
    "69 wards, 140 answers a year, 80% feel safe": Kind(69, 140, 0.8, 0.5),
    "69 wards, 12 answers": Kind(69, 12, 0.8, 0.5),
    "69 wards that are all alike": Kind(69, 140, 0.8, 0.0),
    "8 wards, 40 answers": Kind(8, 40, 0.8, 0.5),
    "1,500 wards, 60 answers": Kind(1500, 60, 0.8, 0.5),
    "69 wards, 2 incidents a year": Kind(69, 6000, 2 / 6000, 0.6, rate=True),
    "69 wards, 20 incidents": Kind(69, 6000, 20 / 6000, 0.6, rate=True),
    "69 wards that are all alike, 2 incidents": Kind(69, 6000, 2 / 6000, 0.0, rate=True),
    "8 wards, 10 incidents": Kind(8, 6000, 10 / 6000, 0.6, rate=True),
}


def coverage(kind: Kind, programmes: int) -> tuple[float, float, float]:
    """How often intervals hold the level; the squared error over that of the raw figures.

    Last, how often an interval that leaves out the average is on the wrong side of it.
    """
    held, error, raw, wrong, wards = 0, 0.0, 0.0, 0, 0
    for number in range(programmes):
        found, seen, level = kind.judged(np.random.default_rng([SEED, number]))
        held += int(((found.lower <= level) & (level <= found.upper)).sum())
        error += float(((found.value - level) ** 2).sum())
        raw += float(((seen - level) ** 2).sum())
        below = (found.upper < found.centre) & (level > kind.average)
        above = (found.lower > found.centre) & (level < kind.average)
        wrong += int((below | above).sum())
        wards += kind.wards
    return held / wards, error / raw, wrong / wards


def main(programmes: int = PROGRAMMES) -> None:
    """Print the table."""
    print(f"{programmes} programmes of each kind; seed {SEED}\n")
    print("| wards | coverage | squared error, of that of the raw figures | wrong side |")
    print("|---|---:|---:|---:|")
    for name, kind in KINDS.items():
        many = max(programmes * 69 // max(kind.wards, 69), 1)
        held, error, wrong = coverage(kind, many)
        print(f"| {name} | {held:.1%} | {error:.0%} | {wrong:.1%} |", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
