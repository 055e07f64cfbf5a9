# /// script
# requires-python = ">=3.11"
# dependencies = ["abspc==1.1.0", "feeling-safe"]
#
# [tool.uv.sources]
# feeling-safe = { path = ".." }
# ///
"""How long process charts take, beside abspc on the same series.

Run `uv run benchmarks/against_abspc.py`. abspc charts one series at a time and is given 100 of
them; a microsecond a point is what is compared. Processor time, of all threads together, is what
counts, as it is hardly changed by whatever else the machine is doing; the ratio by the clock stands
beside it. The second table is of ours alone, twice as many series in each row: the time should grow
no faster. Every time is the best of ten.
"""

import sys
import time
from collections.abc import Callable

import narwhals as nw
import numpy as np
import polars as pl

from pipelines.statistics.chart import charted
from pipelines.statistics.method import Method
from pipelines.statistics.signals import latest

SETS = ((690, 36), (5000, 120))
GROWTH = (1250, 2500, 5000, 10_000)
LENGTH = 120
THEIR_SERIES = 100
METHOD = Method(chart="xmr", direction="up", target=70.0)


def series(count: int, length: int) -> pl.DataFrame:
    """Random percentages: one row for each series and month."""
    dates = (np.datetime64("2015-01") + np.arange(length)).astype("datetime64[D]")
    return pl.DataFrame(
        {
            "series": np.repeat(np.arange(count), length),
            "date": np.tile(dates, count),
            "value": np.random.default_rng(1).normal(70, 8, count * length).round(1),
        }
    )


def ours(frame: pl.DataFrame) -> None:
    """Limits, rules, icons and runs of every series."""
    points = charted(nw.from_native(frame), METHOD)
    latest(points, METHOD)


def theirs(frame: pl.DataFrame) -> None:
    """Limits, rules and icons of every series; abspc has no runs."""
    import abspc

    for part in frame.partition_by("series"):
        made = abspc.calculate_control_limits(part.select("value").to_pandas(), "XmR")
        made = abspc.detect_special_causes(made)
        abspc.determine_variation_type(made, improvement_direction="high")
        abspc.determine_assurance_type(made, METHOD.target, improvement_direction="high")


def best(work: Callable[[pl.DataFrame], None], frame: pl.DataFrame) -> tuple[float, float]:
    """Microseconds a point: of processor time, and by the clock."""
    worked, passed = [], []
    for _ in range(10):
        processor, clock = time.process_time(), time.perf_counter()
        work(frame)
        worked.append(time.process_time() - processor)
        passed.append(time.perf_counter() - clock)
    return min(worked) / len(frame) * 1e6, min(passed) / len(frame) * 1e6


def main() -> None:
    """Print a row for each set of series, beside abspc and then alone."""
    print("Microseconds a point\n")
    print(f"{'series x months':>16} {'ours':>6} {'abspc':>6} {'ratio':>6} {'by the clock':>13}")
    for count, length in SETS:
        frame = series(count, length)
        mine = best(ours, frame)
        other = best(theirs, frame.filter(pl.col("series") < THEIR_SERIES))
        ratio, by_clock = (b / a for a, b in zip(mine, other, strict=True))
        name = f"{count:,} x {length}"
        print(f"{name:>16} {mine[0]:>6.2f} {other[0]:>6.1f} {ratio:>6.0f} {by_clock:>13.0f}")
    print(f"\n{'series x months':>16} {'ours':>6} {'by the clock':>13}")
    for count in GROWTH:
        processor, clock = best(ours, series(count, LENGTH))
        name = f"{count:,} x {LENGTH}"
        print(f"{name:>16} {processor:>6.2f} {clock:>13.2f}")


if __name__ == "__main__":
    sys.exit(main())
