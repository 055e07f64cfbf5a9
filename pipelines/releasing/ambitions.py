"""Works out how far each unit is with each ambition: its baseline, its path and where it is now.

A unit's path is worked out from its own figures alone, so anyone who sees it could have worked it
out from what they see. Means are ratios of sums, as every figure over several months is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from schemas.ambitions import Ambition
from schemas.measures import Measure
from schemas.periods import Month
from schemas.programme import Programme
from schemas.release import Ambitions
from schemas.tables.keys import SERIES
from schemas.typed import empty, typed

_LATEST = 6  # months that “now” is the mean of, where there is no baseline to say how many


def ambitions(
    observations: pl.DataFrame, measures: Iterable[Measure], programme: Programme
) -> pl.DataFrame:
    """Every ambition of every unit it is for (`schemas.release.Ambitions`).

    `observations` has all months of these units (`schemas.release.Observations`).
    """
    rows = [
        _row(of_unit, measure, ambition)
        for measure in measures
        for ambition in measure.ambitions
        for of_unit in _units(_usable(observations, measure, programme), ambition)
    ]
    if not rows:
        return empty(Ambitions)
    found = typed(pl.DataFrame(rows, infer_schema_length=None), Ambitions)
    # One that is for everyone comes first, so that icons mean the same at every trust.
    with_target = [measure.id for measure in measures if measure.target is not None]
    first = pl.col("own") == pl.col("own").min().over(SERIES)
    judged = first & ~pl.col("measure").is_in(with_target)
    return found.with_columns(judged=judged).sort(*SERIES, "own")


def aim() -> pl.Expr:
    """The target of a `month`, from the columns of an ambition: a straight path, then level.

    Empty during the baseline, and where there is no target.
    """
    start, by = _index("baseline_last"), _index("by")
    gone = (_index("month") - start) / (by - start)
    base, target = pl.col("baseline"), pl.col("target")
    return (
        pl.when(start.is_null() | (_index("month") >= by))
        .then(target)
        .when(gone >= 0)
        .then(base + (target - base) * gone)
        .alias("aim")
    )


def along(ambition: Mapping[str, Any], months: Sequence[date]) -> list[float | None]:
    """The target of each month, for a row of the table."""
    ends = {name: pl.lit(ambition[name], pl.Date) for name in ("by", "baseline_last")}
    values = {name: pl.lit(ambition[name], pl.Float64) for name in ("target", "baseline")}
    frame = pl.DataFrame({"month": months}, {"month": pl.Date})
    return frame.with_columns(**ends, **values).select(aim())["aim"].to_list()


def _index(month: str) -> pl.Expr:
    return pl.col(month).dt.year().cast(pl.Int64) * 12 + pl.col(month).dt.month()


def _usable(observations: pl.DataFrame, measure: Measure, programme: Programme) -> pl.DataFrame:
    """One measure, with `there`: whether the month has a figure that a mean may rest on.

    As on charts, no percentage of very few people counts, and no total of under half its wards.
    """
    enough = programme.disclosure.least_answers(measure.of_people)
    few_people = (pl.col("denominator") < enough).fill_null(value=False)
    few_wards = (pl.col("level") != "ward") & (pl.col("wards") * 2 < pl.col("wards_expected"))
    taking_part = pl.col("state") != "baseline"
    there = pl.col("value").is_not_null() & taking_part & ~few_people & ~few_wards
    return observations.filter(pl.col("measure") == measure.id).with_columns(there=there)


def _units(rows: pl.DataFrame, ambition: Ambition) -> Iterable[pl.DataFrame]:
    """The months of each unit that an ambition is for, in their order."""
    mine = rows.filter(pl.col("level").is_in(ambition.levels))
    if ambition.trust is not None:
        mine = mine.filter(pl.col("trust_code") == ambition.trust)
    if ambition.group is not None:
        mine = mine.filter(pl.col("unit_id") == ambition.group)
    return mine.sort("month").partition_by("level", "unit_id", maintain_order=True)


def _row(months: pl.DataFrame, measure: Measure, ambition: Ambition) -> dict[str, Any]:
    """One unit's ambition as a row of the table; `months` are all of the unit's."""
    there = months.filter("there")
    baseline, reason = _baseline(there, ambition)
    base = _mean(baseline, measure)
    row = {
        **months.select("level", "unit_id", "trust_code", "measure").row(0, named=True),
        "name": ambition.name,
        "own": ambition.own is not None,
        "by": ambition.last_month.first_day,
        "change": ambition.change,
        "target": None if reason else _level(ambition, measure, base),
        "baseline": base,
        "baseline_first": baseline["month"].min(),
        "baseline_last": baseline["month"].max(),
        "reason": reason,
        "source": ambition.source,
    }
    return row | _now(there, measure, ambition, row)


def _baseline(there: pl.DataFrame, ambition: Ambition) -> tuple[pl.DataFrame, str | None]:
    """The months of the baseline, none if they aren't all there, and why the path can't start."""
    asked = ambition.baseline
    if asked is None:
        return there.clear(), None
    if asked.first is None or asked.last is None:
        found = there.head(asked.months)
    else:
        first, last = Month.parse(asked.first).first_day, asked.last.first_day
        found = there.filter(pl.col("month").is_between(first, last))
    if found.height < asked.months:
        have = f"{found.height} of the {asked.months} months it starts from"
        return there.clear(), f"{have} {'has a figure' if found.height == 1 else 'have figures'}"
    if Month.of(found["month"].max()) >= ambition.last_month:  # type: ignore[arg-type]
        return there.clear(), "the months it starts from end too late"
    return found, None


def _level(ambition: Ambition, measure: Measure, base: float | None) -> float | None:
    """The value to be reached, unscaled; a percentage can't be more than all."""
    if ambition.target is not None:
        return ambition.target / measure.multiplier
    if base is None or ambition.change is None:
        return None
    level = base * (1 + ambition.change / 100)
    return min(level, 1.0) if measure.unit == "percent" else level


def _now(
    there: pl.DataFrame, measure: Measure, ambition: Ambition, row: Mapping[str, Any]
) -> dict[str, Any]:
    """Where the unit is: the mean of its latest months since the baseline, and of the path then."""
    since = there.filter(pl.col("month") > row["baseline_last"]) if row["baseline_last"] else there
    latest = since.tail(ambition.baseline.months if ambition.baseline else _LATEST)
    path = along(row, latest["month"].to_list())
    return {
        "now": _mean(latest, measure),
        "now_first": latest["month"].min(),
        "now_last": latest["month"].max(),
        "now_months": latest.height,
        "now_path": None if None in path or not path else sum(path) / len(path),
    }


def _mean(months: pl.DataFrame, measure: Measure) -> float | None:
    """The figure of some months together, unscaled; empty if there are none."""
    if months.is_empty():
        return None
    if not measure.is_ratio:
        return float(months["value"].sum()) / months.height
    return float(months["numerator"].sum()) / float(months["denominator"].sum())
