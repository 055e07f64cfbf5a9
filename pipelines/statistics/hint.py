"""Hints that a series has settled at a new level: proposals for a rebase, never applied.

Rebasing hides a change as easily as it shows one, so a person confirms it and gives a reason.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

import narwhals as nw
from narwhals.typing import IntoFrame

from pipelines.statistics.stable_median import stable_medians
from pipelines.statistics.stable_shift import Level, stable_limits


@dataclass(frozen=True)
class Hint:
    """A proposal to start a new phase of a series on a date: the centres it would lie between."""

    series: str
    date: date
    high: bool
    before: float
    after: float


def hints(points: IntoFrame, chart: Literal["xmr", "run"]) -> list[Hint]:
    """Propose rebases for the latest phase of each series, in order of series and date.

    Takes `series`, `date` and `value`, and may have `phase`: points as this package gives them.
    Missing months are passed over. A hint after another supposes that the other was taken.
    """
    frame = nw.from_native(points)
    columns = frame.collect_schema().names()
    latest = nw.col("phase") if "phase" in columns else nw.lit(1)
    frame = frame.select("series", "date", "value", phase=latest).filter(
        ~nw.col("value").is_null() & nw.col("value").is_finite()
    )
    rows = sorted((frame.collect() if isinstance(frame, nw.LazyFrame) else frame).iter_rows())
    phases: dict[str, int] = {series: phase for series, _, _, phase in rows}
    series: dict[str, list[tuple[date, float]]] = {name: [] for name in phases}
    for name, day, value, phase in rows:
        if phase == phases[name]:
            series[name].append((day, float(value)))
    return [hint for name, dated in series.items() for hint in _hints(name, dated, chart)]


def _hints(name: str, dated: list[tuple[date, float]], chart: str) -> list[Hint]:
    values = [value for _, value in dated]
    levels: list[Level] = stable_limits(values) if chart == "xmr" else stable_medians(values)
    return [
        Hint(name, dated[new.start][0], bool(new.high), old.centre, new.centre)
        for old, new in pairwise(levels)
    ]
