"""How soon g and t charts and a CUSUM show that rare events have doubled, at how many false alarms.

Run `python benchmarks/rare_events.py`: it prints the table of “Rare events” in
docs/false-alarms.md. The limits and levels of each come from the same 24 waiting times. Then
nothing changes, or events come twice as often. Time is counted in months in which one event was
usual, so that the table holds for a ward with one incident a month as for one with three a year.
Only signs that events come more often count. The threshold of each CUSUM is the lowest with no more
false alarms than the t chart has. The same seed gives the same table.
"""

from collections.abc import Callable, Iterator

import numpy as np
import polars as pl

from pipelines.statistics.method import Method
from pipelines.statistics.points import points
from pipelines.statistics.rules import SHIFT, TREND

SERIES, SEED = 4000, 20261130
HISTORY, AFTER = 24, 60  # waiting times that limits come from, and those that are judged
YEAR = 12.0  # in months in which one event was usual
TIMES = 2.0  # as often
BED_DAYS = 450  # between two events, on average: what a g chart counts
MONTHS = (1.0, 0.3)  # events a month, for the CUSUM of a return's monthly counts
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


def by_event(threshold: float) -> Told:
    """A CUSUM that goes up at each event and down with the time since the last one.

    The sum of log likelihood ratios of twice the rate of the history against that rate.
    """

    def told(times: np.ndarray) -> np.ndarray:
        usual = times[:, :HISTORY].mean(axis=1, keepdims=True)
        steps = np.log(TIMES) - (TIMES - 1) * times[:, HISTORY:] / usual
        return _first(_summed(steps) > threshold, times)

    return told


def by_month(each: float, threshold: float) -> Told:
    """The same from monthly counts, which is all that a return has; `each` events are usual."""

    def told(times: np.ndarray) -> np.ndarray:
        at = np.cumsum(times[:, HISTORY:], axis=1)
        months = int(YEAR * 2 / each)
        usual = each / times[:, :HISTORY].mean(axis=1, keepdims=True)
        edges = each * np.arange(1, months + 1)
        so_far = np.stack([(at <= edge).sum(axis=1) for edge in edges], axis=1)
        counts = np.diff(so_far, axis=1, prepend=0)
        sums = _summed(counts * np.log(TIMES) - (TIMES - 1) * usual)
        return np.where(sums > threshold, edges, np.inf).min(axis=1)

    return told


def _summed(steps: np.ndarray) -> np.ndarray:
    """The sums, which start again at 0 whenever they fall below it."""
    total, found = np.zeros(len(steps)), np.empty(steps.shape)
    for at in range(steps.shape[1]):
        total = np.maximum(total + steps[:, at], 0.0)
        found[:, at] = total
    return found


def calm(make: Callable[[float], Told], stable: np.ndarray, most: float) -> Told:
    """The CUSUM with the lowest threshold that has no more false alarms than `most`."""
    for threshold in np.arange(0.5, 8.0, 0.05):
        if (make(threshold)(stable) <= YEAR).mean() <= most:
            return make(threshold)
    raise AssertionError("no threshold is high enough")


def rows() -> Iterator[tuple[str, float, float, float, float]]:
    """False alarms in a year, doublings found in half a year and a year, and the median wait."""
    random = np.random.default_rng(SEED)
    stable, doubled = waits(random, 1.0), waits(random, TIMES)
    ways = {"t chart of the days between events": chart("t"), "g chart of bed days": chart("g")}
    most = float((ways["t chart of the days between events"](stable) <= YEAR).mean())
    ways["CUSUM of the days between events"] = calm(by_event, stable, most)
    for each in MONTHS:
        name = f"CUSUM of monthly counts, {each:g} a month"
        ways[name] = calm(lambda h, each=each: by_month(each, h), stable, most)
    for name, told in ways.items():
        alarm, found = told(stable), told(doubled)
        shares = ((alarm <= YEAR).mean(), (found <= YEAR / 2).mean(), (found <= YEAR).mean())
        yield (name, *map(float, shares), float(np.median(found)))


def main() -> None:
    """Print the table."""
    print(f"{SERIES:,} series of each kind; seed {SEED}\n")
    print("| | false alarm in 12 | doubling found within 6 | within 12 | half are found by |")
    print("|---|---:|---:|---:|---:|")
    for name, alarm, half, year, median in rows():
        print(f"| {name} | {alarm:.1%} | {half:.1%} | {year:.1%} | {median:.1f} |", flush=True)


if __name__ == "__main__":
    main()
