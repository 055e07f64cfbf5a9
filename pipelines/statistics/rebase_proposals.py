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

from pipelines.statistics.on_this_machine import Local, gathered
from pipelines.statistics.stable_median import stable_medians
from pipelines.statistics.stable_shift import Level, Several, stable_limits


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
    changes, ends runs. Each suggestion assumes that the ones before it are accepted. It waits until
    there are as many points from its date on as the new centre came from.
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
    several = _latest_phases(rows)
    levels = stable_limits(several) if chart == "xmr" else stable_medians(several)
    shifts = [
        (int(several.start[series]) + place, new, old)
        for series, found in enumerate(levels)
        for old, new in pairwise(found)
        if new.until - (place := _since(several, series, old, new)) >= new.end - new.start
    ]
    at = rows.select("series", "date")[[place for place, _, _ in shifts]]
    return [
        Proposal(series, day, bool(new.high), old.centre, new.centre)
        for (series, day), (_, new, old) in zip(at.iter_rows(), shifts, strict=True)
    ]


def _since(several: Several, series: int, old: Level, new: Level) -> int:
    """The place from which the points of a new level are nearer to its centre than to the old one.

    A run may begin with points of the old level that were on that side by chance. Of all places
    among the points that the new centre came from, the old centre before it and the new one from it
    on leave the least sum of squares.
    """
    begin = int(several.start[series])
    values = several.values[begin + new.start : begin + new.end]
    nearer_old = np.cumsum((values - new.centre) ** 2 - (values - old.centre) ** 2)[:-1]
    return new.start + int(np.argmax(np.concatenate([[0.0], nearer_old])))


def _latest_phases(rows: Local) -> Several:
    """The latest phase of each series, of rows in their order."""
    names, phases = rows["series"], rows["phase"].to_numpy()
    stretches = rows["stretch"].to_numpy()
    ends = np.flatnonzero((names != names.shift(-1)).fill_null(True).to_numpy()) + 1
    lengths = np.diff(ends, prepend=0)
    earlier = phases != np.repeat(phases[ends - 1], lengths)
    before = np.concatenate([[0], np.cumsum(earlier)])
    starts = ends - lengths
    starts = starts + before[ends] - before[starts]
    afresh = np.zeros(len(phases), dtype=bool)
    afresh[1:] = stretches[1:] != stretches[:-1]
    afresh[starts[starts < len(afresh)]] = False
    return Several(rows["value"].cast(nw.Float64).to_numpy(), starts, ends, afresh)
