"""How soon g and t charts and a CUSUM show that rare events have doubled, at how many false alarms.

Run `python benchmarks/rare_events.py`: it prints the table of “Rare events” in
docs/false-alarms.md. Limits of t and g charts come from 24 waiting times. Then
nothing changes, or events come twice as often. Time is counted in months in which one event was
usual, so that the table holds for a ward with one incident a month as for one with three a year.
Only signs that events come more often count, or with a CUSUM for a halving less often: its average
comes from as many months as 24 events take. The second table counts false alarms where the average
comes from all months of the chart. The same seed gives the same tables.
"""

from collections.abc import Callable, Iterator
from datetime import date

import numpy as np
import polars as pl

from pipelines.statistics.cusum import TIMES
from pipelines.statistics.method import Find, Method
from pipelines.statistics.points import points
from pipelines.statistics.rules import SHIFT, TREND

SERIES, SEED = 20_000, 20261130
AT_ONCE = 2000  # series that a CUSUM goes through together
HISTORY, AFTER = 24, 60  # waiting times that limits come from, and those that are judged
YEAR = 12.0  # in months in which one event was usual
LENGTHS = (24, 36, 60, 120)  # months of a series whose average comes from all of them
BED_DAYS = 450  # between two events, on average: what a g chart counts
MONTHS = (1.0, 0.3)  # events a month, for the CUSUM
Told = Callable[[np.ndarray], np.ndarray]


def waits(random: np.random.Generator, often: float) -> np.ndarray:
    """Waiting times (series, history and after), the later ones at another rate."""
    made = random.exponential(1.0, (SERIES, HISTORY + AFTER))
    made[:, HISTORY:] /= often
    return made


def chart(kind: str) -> Told:
    """When a chart of waiting times first shows shorter ones."""

    def told(times: np.ndarray) -> np.ndarray:
        value = np.maximum(np.round(times * BED_DAYS), 1.0) if kind == "g" else times
        days = pl.Series(np.datetime64("2000-01-01") + np.arange(value.shape[1]), dtype=pl.Date)
        frame = pl.DataFrame(
            {
                "series": np.repeat(np.arange(len(value)), value.shape[1]),
                "date": pl.concat([days] * len(value)),
                "value": value.ravel(),
            }
        )
        made = points(frame, Method(chart=kind, baseline=HISTORY))
        lines = {
            name: made[name].to_numpy().reshape(value.shape)
            for name in ("centre", "lower", "near_lower")
        }
        return _first(_shorter(value, **lines)[:, HISTORY:], times)

    return told


def _shorter(
    value: np.ndarray, centre: np.ndarray, lower: np.ndarray, near_lower: np.ndarray
) -> np.ndarray:
    """Where each of the four rules is complete, below the centre: its last point."""
    below = value < centre
    falls = np.diff(value, axis=1, prepend=-np.inf) < 0
    two_of_three = (_of_last(value < near_lower, 3) >= 2) & (_of_last(below, 3) == 3)
    shift = _of_last(below, SHIFT) == SHIFT
    trend = _of_last(falls, TREND - 1) == TREND - 1
    return (value < lower) | two_of_three | shift | trend


def _of_last(flag: np.ndarray, many: int) -> np.ndarray:
    total = np.cumsum(flag, axis=1)
    return total - np.pad(total, ((0, 0), (many, 0)))[:, : flag.shape[1]]


def _first(signs: np.ndarray, times: np.ndarray) -> np.ndarray:
    """When the first sign comes after the history; infinity if it doesn't."""
    at = np.cumsum(times[:, HISTORY:], axis=1)
    return np.where(signs, at, np.inf).min(axis=1)


def counts(random: np.random.Generator, each: float, months: int, later: float) -> np.ndarray:
    """Monthly counts of series in which `each` are usual, and `later` times as many at the end.

    The usual level lasts as long as 24 events take; then come so many `months`.
    """
    before = round(HISTORY / each)
    level = np.repeat([each, each * later], [before, months])
    return random.poisson(level, (SERIES, before + months))


def first_sign(made: np.ndarray, find: Find, baseline: int | None) -> np.ndarray:
    """The month in which the CUSUM first passes its threshold, from the end of the baseline."""
    parts = (made[at : at + AT_ONCE] for at in range(0, len(made), AT_ONCE))
    return np.concatenate([_first_signs(part, find, baseline) for part in parts])


def _first_signs(made: np.ndarray, find: Find, baseline: int | None) -> np.ndarray:
    months = pl.date_range(date(1990, 1, 1), date(2060, 1, 1), "1mo", eager=True)
    frame = pl.DataFrame(
        {
            "series": np.repeat(np.arange(len(made)), made.shape[1]),
            "date": pl.concat([months[: made.shape[1]]] * len(made)),
            "value": made.ravel().astype(float),
        }
    )
    found = points(frame, Method(chart="cusum", find=find, baseline=baseline))
    signs = found["rule_outside"].to_numpy().reshape(made.shape)[:, baseline or 0 :]
    return np.where(signs, np.arange(1, signs.shape[1] + 1), np.inf).min(axis=1)


Row = tuple[str, float, float, float, float]


def rows() -> Iterator[Row]:
    """False alarms in a year, changes found in half a year and a year, and the median wait."""
    random = np.random.default_rng(SEED)
    stable, doubled = waits(random, 1.0), waits(random, TIMES["doubling"])
    for name, told in (
        ("t chart of the days between events", chart("t")),
        ("g chart of bed days", chart("g")),
    ):
        yield _row(name, told(stable), told(doubled))
    finds: tuple[Find, ...] = ("doubling", "halving")
    for find in finds:
        for each in MONTHS:
            months = round(2 * YEAR / each)
            told = [
                first_sign(counts(random, each, months, later), find, round(HISTORY / each)) * each
                for later in (1.0, TIMES[find])
            ]
            yield _row(f"CUSUM for a {find}, {each:g} a month", *told)


def _row(name: str, alarm: np.ndarray, found: np.ndarray) -> Row:
    shares = ((alarm <= YEAR).mean(), (found <= YEAR / 2).mean(), (found <= YEAR).mean())
    return (name, *map(float, shares), float(np.median(found)))


def anywhere() -> Iterator[tuple[str, list[float]]]:
    """False alarms anywhere in a series whose average comes from all its months."""
    random = np.random.default_rng(SEED)
    for each in MONTHS:
        made = [random.poisson(each, (SERIES, months)) for months in LENGTHS]
        yield (
            f"{each:g} a month",
            [float(np.isfinite(first_sign(one, "doubling", None)).mean()) for one in made],
        )


def main() -> None:
    """Print the table."""
    print(f"{SERIES:,} series of each kind; seed {SEED}\n")
    print("| | false alarm in 12 | change found within 6 | within 12 | half are found by |")
    print("|---|---:|---:|---:|---:|")
    for name, alarm, half, year, median in rows():
        print(f"| {name} | {alarm:.1%} | {half:.1%} | {year:.1%} | {median:.1f} |", flush=True)
    print("\n| CUSUM for a doubling | " + " | ".join(f"{n} months" for n in LENGTHS) + " |")
    print("|---|" + "---:|" * len(LENGTHS))
    for name, shares in anywhere():
        print(f"| {name} | " + " | ".join(f"{share:.1%}" for share in shares) + " |", flush=True)


if __name__ == "__main__":
    main()
