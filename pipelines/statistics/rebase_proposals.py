"""Suggests rebases for series that seem to have settled at a new level, without applying them.

Rebasing hides a change as easily as it shows one, so a person must confirm it and give a reason.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal

import narwhals as nw
import numpy as np
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
    rows = gathered(frame).sort("series", "date", "value")
    names, phases = rows["series"], rows["phase"].to_numpy()
    days, values, stretches = (rows[name].to_list() for name in ("date", "value", "stretch"))
    ends = np.flatnonzero((names != names.shift(-1)).fill_null(True).to_numpy()) + 1
    found = []
    for start, end in pairwise([0, *ends.tolist()]):
        latest = slice(start + int((phases[start:end] != phases[end - 1]).sum()), end)
        dated = _Dated(days[latest], [float(v) for v in values[latest]], stretches[latest])
        found += _proposals(names[start], dated, chart)
    return found


@dataclass(frozen=True)
class _Dated:
    """The points of a series that count, in order of date."""

    days: list[date]
    values: list[float]
    stretches: list[int]


def _proposals(name: Any, dated: _Dated, chart: str) -> list[Proposal]:
    values, stretches = dated.values, dated.stretches
    afresh = {i + 1 for i, (here, there) in enumerate(pairwise(stretches)) if here != there}
    levels: list[Level] = (
        stable_limits(values, afresh=afresh)
        if chart == "xmr"
        else stable_medians(values, afresh=afresh)
    )
    return [
        Proposal(name, dated.days[new.start], bool(new.high), old.centre, new.centre)
        for old, new in pairwise(levels)
    ]
