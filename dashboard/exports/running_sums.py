"""Running sums of measures too rare for limits: exact figures, for screens and for files.

They are worked out when they are asked for, from the observations that the person may see.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboard.exports.masked import Ask
from dashboard.queries.series import brought, observed, recorded, signals
from pipelines.releasing.baselines import with_baselines
from pipelines.releasing.steps.monthly_sum import as_running_sums
from schemas.measures import Measure
from schemas.programme import Programme
from schemas.release import Points, Signals
from schemas.typed import empty

_COUNTED = ("per_1000_bed_days", "count")
_SERIES = ["level", "unit_id", "measure"]


def is_rare(signal: Mapping[str, object] | None, unit: str) -> bool:
    """Whether a series is of events too rare for limits; `unit` is what its measure is in."""
    if signal is None or unit not in _COUNTED:
        return False
    return signal["chart"] == "points" and bool(signal["n"]) and not signal["few_wards"]


def running_sums(
    ask: Ask,
    level: str,
    units: tuple[str, ...],
    measures: Sequence[Measure],
    programme: Programme,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The points and signals (`Points`, `Signals`) of the rare series of some units of a level."""
    kinds = {measure.id: measure.unit for measure in measures if measure.unit in _COUNTED}
    codes = tuple(kinds)
    now = ask(signals, level=level, units=units, measures=codes)
    rare = [
        tuple(row[name] for name in _SERIES)
        for row in now.iter_rows(named=True)
        if is_rare(row, kinds[row["measure"]])
    ]
    if not rare:
        return empty(Points), empty(Signals)
    counted = with_baselines(
        ask(observed, level=level, measures=codes, units=units),
        ask(brought, measures=codes, unit=units[0] if len(units) == 1 else None),
    )
    series = pl.DataFrame(rare, schema=dict.fromkeys(_SERIES, pl.String), orient="row")
    mine = counted.join(series, on=_SERIES, how="semi", maintain_order="left")
    known = [measure for measure in measures if measure.id in kinds]
    return as_running_sums(mine, ask(recorded, units=units), known, programme)
