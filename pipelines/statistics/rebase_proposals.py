"""Suggests rebases for series that seem to have settled at a new level, without applying them.

Rebasing hides a change as easily as it shows one, so a person must confirm it and give a reason.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal

import narwhals as nw
from narwhals.typing import IntoFrame

from pipelines.statistics.on_this_machine import gathered
from pipelines.statistics.stable_median import stable_medians
from pipelines.statistics.stable_shift import Level, stable_limits


@dataclass(frozen=True)
class Proposal:
    """A suggestion to start a new phase of a series on a date, with the centres on either side."""

    series: Any
    date: date
    high: bool
    before: float
    after: float


def proposals(points: IntoFrame, chart: Literal["xmr", "run"]) -> list[Proposal]:
    """Suggest rebases for the latest phase of each series, in order of series and date.

    Takes `series`, `date` and `value`, and may have `phase`, `exclude` and `stretch`, as in this
    package's points. Missing months and excluded points are skipped; a pause, where the stretch
    changes, ends runs. Each suggestion assumes that the ones before it are accepted.
    """
    frame = nw.from_native(points)
    columns = frame.collect_schema().names()
    phase, exclude, stretch = (
        nw.col(name) if name in columns else nw.lit(default).alias(name)
        for name, default in (("phase", 1), ("exclude", False), ("stretch", 0))
    )
    frame = frame.select("series", "date", "value", phase, exclude, stretch)
    value = nw.col("value")
    frame = frame.filter(~value.is_null() & value.is_finite() & ~nw.col("exclude"))
    frame = frame.select("series", "date", "value", "phase", "stretch")
    rows = sorted(gathered(frame).iter_rows())
    latest = {row[0]: row[3] for row in rows}
    series: dict[Any, list[tuple[date, float, int]]] = {name: [] for name in latest}
    for name, day, number, number_of_phase, part in rows:
        if number_of_phase == latest[name]:
            series[name].append((day, float(number), part))
    return [hint for name, dated in series.items() for hint in _proposals(name, dated, chart)]


def _proposals(name: Any, dated: list[tuple[date, float, int]], chart: str) -> list[Proposal]:
    values = [value for _, value, _ in dated]
    stretches = [stretch for _, _, stretch in dated]
    afresh = {i + 1 for i, (here, there) in enumerate(pairwise(stretches)) if here != there}
    levels: list[Level] = (
        stable_limits(values, afresh=afresh)
        if chart == "xmr"
        else stable_medians(values, afresh=afresh)
    )
    return [
        Proposal(name, dated[new.start][0], bool(new.high), old.centre, new.centre)
        for old, new in pairwise(levels)
    ]
