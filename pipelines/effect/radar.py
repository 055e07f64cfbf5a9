"""After which ideas did rises begin on wards? What was tried, joined to charts and to chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.statistics.effect.panel import Whole
from pipelines.statistics.radar import WITHIN, Wards, heard

FEWEST_WARDS, FEWEST_TRUSTS = 3, 2  # that tried an idea and could rise; with fewer it isn't judged
RARE = 0.05  # an idea stands out below this chance, adjusted for all that were looked at

# What became of a ward that tried an idea.
ROSE, NOT, ALREADY, SOON, UNCHARTED = "rose", "not", "already", "soon", "uncharted"


@dataclass(frozen=True)
class Idea:
    """An idea with the wards that tried it, each with what became of it.

    `wards` holds `unit`, `started`, `rose` (the month in which a rise began) and `state`. `tried`
    are those that could have risen, `by_chance` how many of them would; `alone` and `adjusted` are
    chances.
    """

    idea: str
    tried: int
    rose: int
    by_chance: float
    alone: float
    adjusted: float
    wards: tuple[Mapping[str, Any], ...]

    @property
    def stands_out(self) -> bool:
        return self.adjusted <= RARE


@dataclass(frozen=True)
class Radar:
    """The ideas that were judged, those that stand out most first, and how many were not."""

    ideas: tuple[Idea, ...]
    too_few: int


def radar(points: pl.DataFrame, tried: pl.DataFrame) -> Radar:
    """Join what was tried to the rises that followed.

    `points` has unit, cluster, month and better (whether the chart shows a change for the better
    there; null without limits), one row for each figure. `tried` has idea, unit and month, the
    first in which the unit tried it. Months are first days.
    """
    points = points.filter(pl.col("better").is_not_null()).sort("unit", "month")
    if points.is_empty() or tried.is_empty():
        return Radar((), tried["idea"].n_unique())
    begin = points["month"].dt.year().min() * 12  # type: ignore[operator]
    number = (pl.col("month").dt.year().cast(pl.Int64) * 12 + pl.col("month").dt.month()) - begin
    charts = points.with_columns(at=number, before=pl.col("better").shift().over("unit"))
    units = charts["unit"].unique().sort().to_list()
    place = {unit: at for at, unit in enumerate(units)}
    known = tried.with_columns(at=number).filter(pl.col("unit").is_in(units))
    wards, seen = _wards(charts, place)
    last = int(wards.last.max())
    ideas = sorted(tried["idea"].unique())
    starts = np.full((len(ideas), len(units)), -1)
    for idea, unit, at in known.select("idea", "unit", "at").iter_rows():
        row, ward = ideas.index(idea), place[unit]
        if wards.first[ward] < at <= wards.last[ward] and at + WITHIN - 1 <= last:
            starts[row, ward] = at
    can = starts >= 0
    enough = [
        row
        for row in range(len(ideas))
        if can[row].sum() >= FEWEST_WARDS and len(np.unique(wards.trust[can[row]])) >= FEWEST_TRUSTS
    ]
    if not enough:
        return Radar((), len(ideas))
    found = heard(wards, starts[enough])
    told = [
        Idea(
            idea=ideas[row],
            tried=int(can[row].sum()),
            rose=int(found.rose[at]),
            by_chance=float(found.by_chance[at]),
            alone=float(found.alone[at]),
            adjusted=float(found.adjusted[at]),
            wards=tuple(
                _followed(one, wards, seen, place)
                for one in tried.with_columns(at=number)
                .filter(pl.col("idea") == ideas[row])
                .sort("unit")
                .to_dicts()
            ),
        )
        for at, row in enumerate(enough)
    ]
    told.sort(key=lambda one: (one.adjusted, one.alone, one.idea))
    return Radar(tuple(told), len(ideas) - len(enough))


def _wards(charts: pl.DataFrame, place: dict[str, int]) -> tuple[Wards, Whole]:
    """The wards for the statistics, and what each month of theirs shows: 1 for a change, or 0.

    -1 is a month without a figure.
    """
    row = np.array([place[unit] for unit in charts["unit"]])
    at = charts["at"].to_numpy()
    seen = np.full((len(place), int(at.max()) + 1), -1)
    seen[row, at] = charts["better"].cast(pl.Int64).to_numpy()
    began = np.zeros(seen.shape, dtype=bool)
    # The first figure shows no change that began.
    began[row, at] = (charts["better"] & ~charts["before"].fill_null(True)).to_numpy()
    of = charts.group_by("unit").agg(
        pl.col("cluster").first(), first=pl.col("at").min(), last=pl.col("at").max()
    )
    of = of.sort("unit")
    trust = np.unique(of["cluster"].to_numpy(), return_inverse=True)[1]
    return Wards(trust, began, of["first"].to_numpy(), of["last"].to_numpy()), seen


def _followed(
    one: Mapping[str, Any], wards: Wards, seen: Whole, place: dict[str, int]
) -> dict[str, Any]:
    """What became of a ward that tried an idea."""
    told = {"unit": one["unit"], "started": one["month"], "rose": None}
    ward, at = place.get(one["unit"]), one["at"]
    if ward is None or not wards.first[ward] < at <= wards.last[ward]:
        return told | {"state": UNCHARTED}
    if at + WITHIN > seen.shape[1]:
        return told | {"state": SOON}
    months = np.flatnonzero(wards.began[ward, at : at + WITHIN])
    if len(months):
        rose = pl.Series([one["month"]]).dt.offset_by(f"{months[0]}mo")[0]
        return told | {"state": ROSE, "rose": rose}
    before = seen[ward, :at]
    return told | {"state": ALREADY if before[before >= 0][-1] else NOT}
