"""Running sums of measures too rare for limits: exact figures, for screens, files and packs.

They are worked out when they are asked for, from the observations that the person may see.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from dashboard.charts import running_sum
from dashboard.exports.html_document import Section
from dashboard.exports.masked import Ask
from dashboard.exports.pack_exact import HEIGHT, Subject, about, drawn
from dashboard.queries.series import brought, observed, recorded, signals
from dashboard.words import caveats, titles
from dashboard.words import running_sum as words
from pipelines.releasing.baselines import with_baselines
from pipelines.releasing.steps.monthly_sum import as_running_sums
from schemas import wording
from schemas.measures import Measure
from schemas.programme import Programme
from schemas.release import Points, Signals
from schemas.tables.keys import SERIES
from schemas.typed import empty

_COUNTED = ("per_1000_bed_days", "count")


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
    known: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The points and signals (`Points`, `Signals`) of the rare series of some units of a level.

    `known` are the signals of these units, if they have been asked for already.
    """
    kinds = {measure.id: measure.unit for measure in measures if measure.unit in _COUNTED}
    codes = tuple(kinds)
    now = ask(signals, level=level, units=units, measures=codes) if known is None else known
    rare = [
        tuple(row[name] for name in SERIES)
        for row in now.iter_rows(named=True)
        if is_rare(row, kinds.get(row["measure"], ""))
    ]
    if not rare:
        return empty(Points), empty(Signals)
    counted = with_baselines(
        ask(observed, level=level, measures=codes, units=units),
        ask(brought, measures=codes, unit=units[0] if len(units) == 1 else None),
    )
    series = pl.DataFrame(rare, schema=dict.fromkeys(SERIES, pl.String), orient="row")
    mine = counted.join(series, on=SERIES, how="semi", maintain_order="left")
    counts = [measure for measure in measures if measure.id in kinds]
    return as_running_sums(mine, ask(recorded, units=units), counts, programme)


def sections(
    ask: Ask,
    subject: Subject,
    measures: Sequence[Measure],
    programme: Programme,
    known: pl.DataFrame,
) -> dict[str, Section]:
    """By measure, the running sum of each that is too rare for limits, to stand under its chart.

    `known` are the subject’s signals.
    """
    points, now = running_sums(ask, subject.level, (subject.unit,), measures, programme, known)
    by_id = {measure.id: measure for measure in measures}
    return {
        signal["measure"]: _section(
            subject, by_id[signal["measure"]], points.filter(measure=signal["measure"]), signal
        )
        for signal in now.iter_rows(named=True)
    }


def _section(
    subject: Subject, measure: Measure, points: pl.DataFrame, signal: Mapping[str, object]
) -> Section:
    plain = about(measure)
    return Section(
        f"{measure.name}, running sum",
        (f"{wording.starting(str(signal['headline']))}.", titles.direction(plain)),
        drawn(
            running_sum.spec(measure.direction, HEIGHT),
            running_sum.rows(points, plain),
            words.alternative(subject.name, points, plain, signal),
        ),
        running_sum.table(f"{measure.name}, {subject.name}, running sum", points, plain),
        (
            words.ABOUT,
            words.could_find(points),
            words.by_chance(points),
            caveats.caveat("running_sum").cannot,
        ),
    )
