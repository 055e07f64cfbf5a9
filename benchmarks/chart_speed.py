# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "abspc==1.1.0",
#     "clinical-qikit==0.5.0",
#     "controlchartspy==0.1.3",
#     "feeling-safe",
#     "processbehavior==0.4.0",
#     "pycontrolcharts==0.1.2",
#     "shewhart==0.1.1",
# ]
#
# [tool.uv.sources]
# feeling-safe = { path = "..", editable = true }
# ///
"""How long XmR charts take, beside six other programs on the same series.

Run `uv run benchmarks/chart_speed.py`. The others chart one series at a time and are given some of
them, ready in the form they like best; a microsecond a point is what is compared. Each works out
limits and its own rules; so does the first ratio's ours, and the second's adds what
`feeling-safe spc` gives besides: assurance, runs and sentences. Processor time, of all threads
together, is what counts, as it is hardly changed by whatever else the machine is doing; the first
ratio by the clock stands beside it. All take turns, ten times each, so that whatever else the
machine does falls on all of them, and the best of each counts. The last table is of ours alone,
twice as many series in each row: the time should grow no faster.
"""

import sys
import time
import warnings
from collections.abc import Callable, Mapping
from typing import NamedTuple

import narwhals as nw
import numpy as np
import polars as pl

from pipelines.statistics.chart import charted
from pipelines.statistics.method import Method
from pipelines.statistics.signals import latest

SETS = ((690, 36), (5000, 120))
GROWTH = (1250, 2500, 5000, 10_000)
LENGTH = 120
THEIR_SERIES = 20
METHOD = Method(chart="xmr", direction="up", target=70.0)
TURNS = 10
Work = Callable[[], object]


class Took(NamedTuple):
    """Microseconds a point: of processor time, and by the clock."""

    worked: float
    passed: float


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


def limits_and_rules(frame: pl.DataFrame) -> Work:
    """Limits and four rules of every series."""
    return lambda: charted(nw.from_native(frame), METHOD)


def ours(frame: pl.DataFrame) -> Work:
    """Limits, rules, icons, runs and sentences of every series."""

    def work() -> None:
        points = charted(nw.from_native(frame), METHOD)
        latest(points, METHOD)

    return work


def abspc(frame: pl.DataFrame) -> Work:
    """Limits, rules and icons."""
    import abspc as theirs

    parts = [part.select("value").to_pandas() for part in frame.partition_by("series")]

    def work() -> None:
        for part in parts:
            made = theirs.calculate_control_limits(part, "XmR")
            made = theirs.detect_special_causes(made)
            theirs.determine_variation_type(made, improvement_direction="high")
            theirs.determine_assurance_type(made, METHOD.target, improvement_direction="high")

    return work


def controlchartspy(frame: pl.DataFrame) -> Work:
    """Limits and four rules; all the series in one call, which is its quickest way."""
    from controlchartspy import spc

    data = frame.select("series", "date", "value").to_dict(as_series=False)
    rules = dict.fromkeys(("astronomical", "shift", "trend", "two_in_three"), True)
    return lambda: spc(
        data=data,
        keys="date",
        numerators="value",
        indicators="series",
        outlier_settings=rules,
        return_objs="limits",
    )


def processbehavior(frame: pl.DataFrame) -> Work:
    """Limits and points outside them."""
    import processbehavior as pb

    parts = [part.select("date", "value").to_pandas() for part in frame.partition_by("series")]

    def work() -> None:
        for part in parts:
            study = pb.formulate(part, response="value", time="date", factors=[], precision=15)
            study.execute(chart="X").get_chart("X")

    return work


def shewhart(frame: pl.DataFrame) -> Work:
    """Limits and Nelson's eight rules."""
    import shewhart as sw

    parts = [part["value"].to_numpy() for part in frame.partition_by("series")]
    return lambda: [sw.imr(part) for part in parts]


def pycontrolcharts(frame: pl.DataFrame) -> Work:
    """Limits and Nelson's rules 1, 2, 3 and 5."""
    import pycontrolcharts as pc

    parts = [part["value"].to_list() for part in frame.partition_by("series")]
    rules = pc.RunTestConfig(test6=False)
    return lambda: [pc.calc_xmr(part, run_tests=rules) for part in parts]


def qikit(frame: pl.DataFrame) -> Work:
    """Limits, points outside them and Anhøj's rules."""
    from qikit import qic

    parts = [part["value"].to_numpy() for part in frame.partition_by("series")]
    return lambda: [qic(y=part, chart="i") for part in parts]


OTHERS = {
    "abspc 1.1.0": abspc,
    "clinical-qikit 0.5.0": qikit,
    "controlchartspy 0.1.3": controlchartspy,
    "processbehavior 0.4.0": processbehavior,
    "pycontrolcharts 0.1.2": pycontrolcharts,
    "shewhart 0.1.1": shewhart,
}


def best(works: Mapping[str, Work], rows: Mapping[str, int]) -> dict[str, Took]:
    """What each takes at its best, when all take turns."""
    took: dict[str, list[Took]] = {name: [] for name in works}
    for _ in range(TURNS):
        for name, work in works.items():
            processor, clock = time.process_time(), time.perf_counter()
            work()
            passed = time.process_time() - processor, time.perf_counter() - clock
            took[name].append(Took(*(seconds / rows[name] * 1e6 for seconds in passed)))
    return {name: Took(*map(min, zip(*each, strict=True))) for name, each in took.items()}


def main() -> None:
    """Print a table for each set of series, the fastest other program first, and ours alone."""
    warnings.simplefilter("ignore")
    for count, length in SETS:
        frame = series(count, length)
        some = frame.filter(pl.col("series") < THEIR_SERIES)
        works = {"ours": limits_and_rules(frame), "all": ours(frame)}
        rows = dict.fromkeys(works, len(frame)) | dict.fromkeys(OTHERS, len(some))
        took = best(works | {name: ready(some) for name, ready in OTHERS.items()}, rows)
        mine, whole = took.pop("ours"), took.pop("all").worked
        print(f"{count:,} x {length}, microseconds a point:", end=" ")
        print(f"ours {mine.worked:.3f}, all {whole:.2f}\n")
        print(f"{'':>22} {'theirs':>8} {'ratio':>6} {'all':>6} {'by the clock':>13}")
        for name, (worked, passed) in sorted(took.items(), key=lambda each: each[1]):
            ratios = f"{worked / mine.worked:>6.1f} {worked / whole:>6.1f}"
            print(f"{name:>22} {worked:>8.1f} {ratios} {passed / mine.passed:>13.1f}")
        print()
    print(f"{'series x months':>16} {'ours':>6} {'by the clock':>13}")
    for count in GROWTH:
        alone, rows = {"ours": ours(series(count, LENGTH))}, {"ours": count * LENGTH}
        processor, clock = best(alone, rows)["ours"]
        print(f"{f'{count:,} x {LENGTH}':>16} {processor:>6.2f} {clock:>13.2f}")


if __name__ == "__main__":
    sys.exit(main())
