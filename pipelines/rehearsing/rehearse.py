"""Rehearses a programme: what it could see, and how many false alarms and queries chance brings."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from pipelines.rehearsing.plan import Plan
from pipelines.rehearsing.quiet_year import BEDS, PATIENTS_ANSWER, of_a_year, quiet, usual_ward
from pipelines.rehearsing.worlds import BED_DAYS, Assumed, drawn
from pipelines.statistics.effect.comparable import Unanswerable
from pipelines.statistics.effect.estimate import Kind, estimate
from pipelines.statistics.effect.panel import Floats
from pipelines.statistics.shares import interval
from pipelines.statistics.signals import signals

SERIES = 4000  # stable charts drawn for the false alarms, at least
YEARS = 60  # of a trust, drawn for its queries
FULL = 0.91  # of the beds, on average, in the years drawn for queries
_LAST = date(2030, 12, 1)  # the last month of a stable chart; any would do

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Wish:
    """What is to be found, and in how many rehearsals to look for it.

    The effect is a difference of shares; of rates it is the logarithm of a ratio.
    """

    kind: Kind
    effect: float
    worlds: int
    seed: int


@dataclass(frozen=True)
class Share:
    """How many of how many rehearsals, and the 95% interval that the simulation leaves it."""

    count: int
    of: int

    @property
    def value(self) -> float:
        return self.count / self.of

    @property
    def interval(self) -> tuple[float, float]:
        return interval(self.count, self.of)


@dataclass(frozen=True)
class Mean:
    """A mean over rehearsals, and its standard error."""

    value: float
    error: float

    @staticmethod
    def of(values: Sequence[float] | Floats) -> "Mean":
        given = np.asarray(values, dtype=float)
        return Mean(float(given.mean()), float(given.std(ddof=1) / np.sqrt(len(given))))


@dataclass(frozen=True)
class Tried:
    """What the estimator said in rehearsals of one effect.

    `found`: its interval lies on the effect's side of no difference; `seen`: on either side.
    `refused` has the first refusal of each reason with how often it came up. `detectable` is the
    effect that would be found in 8 of 10, at the median of the answers; None if there were none.
    """

    found: Share
    seen: Share
    refused: tuple[tuple[Unanswerable, int], ...]
    detectable: float | None

    @property
    def answered(self) -> Share:
        return Share(self.found.of - sum(times for _, times in self.refused), self.found.of)


def tried(plan: Plan, assumed: Assumed, wish: Wish, progress: Progress) -> Tried:
    """Draw programmes with the effect, and let the estimator say what it finds in each."""
    since = np.arange(plan.months) - plan.start[:, None]
    gain = np.where(since >= 0, wish.effect, 0.0)
    found, seen, least = 0, 0, []
    refused: Counter[str] = Counter()
    first: dict[str, Unanswerable] = {}
    what = "Rehearsals with the effect" if wish.effect else "Rehearsals without one"
    for number in range(wish.worlds):
        random = np.random.default_rng([wish.seed, number])
        try:
            average = estimate(
                drawn(plan, assumed, wish.kind, gain, random).panel, wish.kind
            ).average
        except Unanswerable as why:
            first.setdefault(why.reason, why)
            refused[why.reason] += 1
        else:
            lower, upper = average.interval()
            found += lower > 0 if wish.effect > 0 else upper < 0
            seen += not lower <= 0 <= upper
            least.append(average.detectable)
        progress(what, number + 1, wish.worlds)
    return Tried(
        found=Share(int(found), wish.worlds),
        seen=Share(int(seen), wish.worlds),
        refused=tuple((first[reason], times) for reason, times in refused.most_common()),
        detectable=float(np.median(least)) if least else None,
    )


def false_alarms(plan: Plan, assumed: Assumed, wish: Wish) -> Mean:
    """How many wards' charts of the measure signal in the last month although nothing changes.

    Stable series of the planned length and size go through the charts' own choice and rules.
    """
    times = max(20, -(-SERIES // plan.wards))
    random = np.random.default_rng([wish.seed, 1, 0])
    wards, months = plan.wards, plan.months
    shape = (times, wards, months)
    size = np.broadcast_to(plan.size[None, :, None], shape)
    if wish.kind == "rate":
        level = np.exp(random.normal(0, assumed.spread, (times, wards, 1)))
        counts, of = random.poisson(size * level), np.full(shape, BED_DAYS)
    else:
        level = np.clip(random.normal(assumed.level, assumed.spread, (times, wards, 1)), 0.02, 0.98)
        of = np.maximum(random.poisson(size), 1)
        counts = random.binomial(of, np.broadcast_to(level, shape))
    first = pl.lit(_LAST).dt.offset_by(f"-{months - 1}mo")
    days = pl.select(pl.date_range(first, pl.lit(_LAST), "1mo")).to_series().to_list()
    series = pl.DataFrame(
        {
            "series": np.repeat(np.arange(times * wards), months),
            "date": days * (times * wards),
            "numerator": counts.ravel().astype(float),
            "denominator": of.ravel().astype(float),
        }
    ).with_columns(unit=pl.lit(wish.kind))
    shown = signals(series).sort("series")["variation"]
    signal = (shown.is_not_null() & (shown != "common")).to_numpy()
    return Mean.of(signal.reshape(times, wards).sum(axis=1))


def queries(plan: Plan, assumed: Assumed, wish: Wish, trust: int, progress: Progress) -> Mean:
    """How many queries the returns of a trust of the plan raise in a year, by chance alone."""
    sizes = plan.size[plan.trust == trust]
    random = np.random.default_rng([wish.seed, 2, trust])
    beds = [BEDS] * len(sizes)
    if wish.kind == "proportion":
        beds = [max(1, round(size / (PATIENTS_ANSWER * FULL))) for size in sizes]
    context, found = quiet(beds), []
    for year in range(YEARS):
        wards = []
        for size, number in zip(sizes, beds, strict=True):
            planned = {"patients_safe": min(max(assumed.level, 0.02), 0.98), "beds": number}
            if wish.kind == "rate":
                planned = {"incidents": float(size)}
            wards.append(usual_ward(random) | planned)
        codes = of_a_year(random, context, wards)
        found.append(sum(code.startswith("W") for code in codes))
        progress("Years of a trust", year + 1, YEARS)
    return Mean.of(found)
