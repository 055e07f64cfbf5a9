"""How often the interval of `feeling-safe effect` holds the truth, and what it can find.

Run `python benchmarks/effect_coverage.py`: it prints the tables of docs/effect.md, from 1,000
worlds of each kind. `--kind A --kind R-drift` chooses kinds (benchmarks/effect_worlds.py says what
they are), `--worlds` how many, `--seed` which. `--wild` puts a wild bootstrap by cluster beside the
interval, on proportions. `--by-period` counts the averages by periods since the start, by how many
clusters each rests on. The same seed gives the same worlds.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from effect_worlds import KINDS, World

from pipelines.statistics.effect import comparable
from pipelines.statistics.effect.comparable import Unanswerable
from pipelines.statistics.effect.estimate import MOSTLY, estimate
from pipelines.statistics.effect.fits import fits_to_before
from pipelines.statistics.effect.imputation import Average
from pipelines.statistics.effect.panel import Panel

WORLDS, SEED = 1000, 20261201
ANY = 10**6
CLUSTERS = (3, 5), (6, 11), (12, 23), (24, ANY)
FEWEST = 10  # clusters that are answered for here, to show what fewer than are needed would give


@dataclass(frozen=True)
class Judged:
    """How intervals did: a share of answers each, and means over answers.

    `half` is half the interval, on the scale of the effect; `off` how far answers are from the
    truth on average, `spread` their standard deviation around it, `error` the standard error that
    they claim.
    """

    answered: float
    held: float
    seen: float
    half: float
    trend: float
    off: float
    spread: float
    error: float
    seconds: float


def judged(world: World, effect: float, worlds: int, seed: int = SEED) -> Judged:
    """The interval in use, on so many worlds with such an effect."""
    rows, begun = [], time.process_time()
    for number in range(worlds):
        panel, truth = world.drawn(np.random.default_rng([seed, number]), effect)
        try:
            found = estimate(panel, "rate" if world.events else "proportion")
        except Unanswerable:
            continue
        rows.append((*_against(found.average.interval(), truth), *_apart(found.average, truth)))
        rows[-1] += (found.trend_share,)
    seconds = (time.process_time() - begun) / worlds
    held, seen, half, off, variance, trend = np.array(rows, dtype=float).T
    return Judged(
        answered=len(rows) / worlds,
        held=held.mean(),
        seen=seen.mean(),
        half=half.mean(),
        trend=trend.mean(),
        off=off.mean(),
        spread=off.std(),
        error=float(np.sqrt(variance.mean())),
        seconds=seconds,
    )


def _against(interval: tuple[float, float], truth: float) -> tuple[bool, bool, float]:
    lower, upper = interval
    return lower <= truth <= upper, not lower <= 0 <= upper, (upper - lower) / 2


def _apart(average: Average, truth: float) -> tuple[float, float]:
    return average.value - truth, average.error**2


Interval = Callable[[Panel, np.random.Generator], tuple[float, float]]


def _used(panel: Panel, random: np.random.Generator) -> tuple[float, float]:
    return estimate(panel, "proportion").average.interval()


def _wild(panel: Panel, random: np.random.Generator) -> tuple[float, float]:
    from wild_bootstrap import interval

    kept = panel.only(comparable.comparable(panel)[0])
    fits = fits_to_before(kept, "proportion")
    mostly = fits.allowed if fits.share >= MOSTLY else None
    return interval(mostly or fits.without, random)


def rivals(world: World, effect: float, worlds: int, seed: int) -> Iterator[list[float]]:
    """For each world with an answer, of the interval in use and then of the wild bootstrap.

    Interval holds the truth, excludes 0, half of it in points, seconds.
    """
    for number in range(worlds):
        panel, truth = world.drawn(np.random.default_rng([seed, number]), effect)
        row: list[float] = []
        try:
            for interval in (_used, _wild):
                begun = time.process_time()
                held, seen, half = _against(
                    interval(panel, np.random.default_rng([seed, number, 1])), truth
                )
                row += [held, seen, half * 100, time.process_time() - begun]
        except Unanswerable:
            continue
        yield row


def compare(kinds: list[str], worlds: int, seed: int) -> None:
    """Print how the interval in use and a wild bootstrap do on the same worlds."""
    print(
        "| world | interval | coverage, no effect | false alarms | coverage, effect | effect found "
        "| half-width, points | seconds |"
    )
    print("|---|---|" + "---:|" * 6)
    for name in kinds:
        world = KINDS[name]
        none, some = (
            np.mean(list(rivals(world, effect, worlds, seed)), axis=0).reshape(2, 4)
            for effect in (0.0, world.effect)
        )
        for which, n, s in zip(("in use", "wild bootstrap"), none, some, strict=True):
            print(
                f"| {name} | {which} | {n[0]:.1%} | {n[1]:.1%} | {s[0]:.1%} | {s[1]:.1%} "
                f"| {n[2]:.1f} | {n[3]:.2f} |",
                flush=True,
            )


def table(kinds: list[str], worlds: int, seed: int) -> None:
    """Print how the interval in use does."""
    comparable.FEWEST_CLUSTERS = FEWEST
    print(
        "| world | answered | coverage, no effect | false alarms | coverage, effect | effect found "
        "| half-width | off | spread | error | trends count | seconds |"
    )
    print("|---|" + "---:|" * 11)
    for name in kinds:
        world = KINDS[name]
        n, s = (judged(world, effect, worlds, seed) for effect in (0.0, world.effect))
        half = f"{np.expm1(n.half):.0%}" if world.events else f"{n.half * 100:.1f} points"
        print(
            f"| {name} | {(n.answered + s.answered) / 2:.1%} | {n.held:.1%} | {n.seen:.1%} "
            f"| {s.held:.1%} | {s.seen:.1%} | {half} | {s.off * 100:+.1f} | {s.spread * 100:.1f} "
            f"| {s.error * 100:.1f} | {n.trend:.0%} | {(n.seconds + s.seconds) / 2:.2f} |",
            flush=True,
        )


def by_period(kinds: list[str], worlds: int, seed: int) -> None:
    """Print how intervals of single periods since the start do, by how many clusters they rest on.

    Only for effects that are the same in every ward and month: then that is the truth of each.
    """
    print("| world | clusters | intervals | coverage | half-width |")
    print("|---|---|" + "---:|" * 3)
    for name in kinds:
        world = KINDS[name]
        told = []
        for number in range(worlds):
            panel, truth = world.drawn(np.random.default_rng([seed, number]), world.effect)
            try:
                found = estimate(panel, "rate" if world.events else "proportion")
            except Unanswerable:
                continue
            for since in found.by_period:
                held, _, half = _against(since.average.interval(), truth)
                told.append((since.clusters, held, half))
        clusters, held, half = np.array(told, dtype=float).T
        for least, most in CLUSTERS:
            some = (clusters >= least) & (clusters <= most)
            if not some.any():
                continue
            wide = half[some].mean()
            wide = f"{np.expm1(wide):.0%}" if world.events else f"{wide * 100:.1f} points"
            of = f"{least} or more" if most == ANY else f"{least} to {most}"
            print(
                f"| {name} | {of} | {some.sum():,} | {held[some].mean():.1%} | {wide} |", flush=True
            )


def main() -> None:
    """Print the table that is asked for."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument(
        "--kind", action="append", choices=KINDS, help="may be repeated; all without it"
    )
    asked.add_argument("--worlds", type=int, default=WORLDS, help=f"of each kind ({WORLDS})")
    asked.add_argument("--seed", type=int, default=SEED, help=f"({SEED})")
    asked.add_argument("--wild", action="store_true", help="compare it with a wild bootstrap")
    asked.add_argument("--by-period", action="store_true", help="averages by periods since a start")
    given = asked.parse_args()
    kinds = given.kind or (["A", "B", "C"] if given.wild or given.by_period else list(KINDS))
    if given.wild and any(KINDS[kind].events for kind in kinds):
        asked.error("--wild compares proportions: choose kinds that don’t begin with R")
    if given.by_period:
        if any(KINDS[kind].growing > 1 or KINDS[kind].varied for kind in kinds):
            asked.error("--by-period is for effects that are the same everywhere and at once")
        print(f"{given.worlds} worlds of each kind with an effect; seed {given.seed}\n")
        by_period(kinds, given.worlds, given.seed)
        return
    print(
        f"{given.worlds} worlds of each kind without an effect, as many with one; seed "
        f"{given.seed}. Seconds are of processor time, for an answer.\n"
    )
    (compare if given.wild else table)(kinds, given.worlds, given.seed)


if __name__ == "__main__":
    main()
