"""Works out how far each unit is with each ambition: its baseline, its path and where it is now.

A unit's path is worked out from its own figures alone, so anyone who sees it could have worked it
out from what they see. Means are ratios of sums, as every figure over several months is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
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

_BASELINE = ("baseline", "baseline_first", "baseline_last")
_NO_NUMBER = pl.lit(None, pl.Float64)
_LATEST = 6  # months that “now” is the mean of, where there is no baseline to say how many


def ambitions(
    observations: pl.DataFrame, measures: Iterable[Measure], programme: Programme
) -> pl.DataFrame:
    """Every ambition of every unit it is for (`schemas.release.Ambitions`).

    `observations` has all months of these units (`schemas.release.Observations`).
    """
    return _every(observations, measures, programme, _with_now)


def aims(
    observations: pl.DataFrame, measures: Iterable[Measure], programme: Programme
) -> pl.DataFrame:
    """The same without where units are now, which is most of the work: enough to draw paths."""
    return _every(observations, measures, programme, _aims)


def _every(
    observations: pl.DataFrame,
    measures: Iterable[Measure],
    programme: Programme,
    of_units: Callable[[pl.DataFrame, Measure, Ambition], pl.DataFrame],
) -> pl.DataFrame:
    found = [
        typed(
            of_units(_months(observations, measure, ambition, programme), measure, ambition),
            Ambitions,
        )
        for measure in measures
        for ambition in measure.ambitions
    ]
    every = pl.concat([empty(Ambitions), *found])
    # One that is for everyone comes first, so that icons mean the same at every trust.
    with_target = [measure.id for measure in measures if measure.target is not None]
    first = pl.col("own") == pl.col("own").min().over(SERIES)
    judged = first & ~pl.col("measure").is_in(with_target)
    return every.with_columns(judged=judged).sort(*SERIES, "own")


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


def _months(
    observations: pl.DataFrame, measure: Measure, ambition: Ambition, programme: Programme
) -> pl.DataFrame:
    """The months of each unit that an ambition is for, in order.

    Those with a figure that a mean may rest on are `there`: as on charts, no percentage of very few
    people counts, and no total of under half its wards.
    """
    mine = observations.filter(pl.col("level").is_in(ambition.levels), measure=measure.id)
    if ambition.trust is not None:
        mine = mine.filter(trust_code=ambition.trust)
    if ambition.group is not None:
        mine = mine.filter(unit_id=ambition.group)
    enough = programme.disclosure.least_answers(measure.of_people)
    few_people = (pl.col("denominator") < enough).fill_null(value=False)
    few_wards = (pl.col("level") != "ward") & (pl.col("wards") * 2 < pl.col("wards_expected"))
    taking_part = pl.col("state") != "baseline"
    there = pl.col("value").is_not_null() & taking_part & ~few_people & ~few_wards
    return mine.with_columns(there=there).sort("month")


def _aims(months: pl.DataFrame, measure: Measure, ambition: Ambition) -> pl.DataFrame:
    """One ambition of each unit, from all its months."""
    found = _with_reason(_baselines(months, measure, ambition), ambition)
    started = pl.col("reason").is_null()
    return found.with_columns(
        *(pl.when(started).then(name).alias(name) for name in _BASELINE),
        name=pl.lit(ambition.name),
        own=pl.lit(ambition.own is not None),
        by=pl.lit(ambition.last_month.first_day),
        change=pl.lit(ambition.change, pl.Float64),
        source=pl.lit(ambition.source),
    ).with_columns(target=pl.when(started).then(_level(measure, ambition)))


def _with_now(months: pl.DataFrame, measure: Measure, ambition: Ambition) -> pl.DataFrame:
    """The same with where each unit is: the mean of its latest months, and of its path then."""
    found = _aims(months, measure, ambition)
    now = _now(months.filter("there"), found, measure, ambition)
    found = found.join(now, on=SERIES, how="left").with_columns(pl.col("now_months").fill_null(0))
    together = found.partition_by("baseline_last")
    paths = pl.concat(
        [found.select(SERIES).clear().with_columns(now_path=_NO_NUMBER), *map(_on_path, together)]
    )
    return found.join(paths, on=SERIES, how="left")


def _on_path(units: pl.DataFrame) -> pl.DataFrame:
    """The mean target of the `latest` months of units whose baseline ends together.

    Polars divides by one number to another last digit than by a column of it, and charts that show
    one unit (`along`) have one.
    """
    begin = {name: pl.lit(units[name][0], pl.Date) for name in ("by", "baseline_last")}
    months = (
        units.select(*SERIES, "baseline", "target", month="latest")
        .explode("month")
        .drop_nulls("month")
    )
    paths = months.with_columns(**begin).select(*SERIES, aim()).group_by(SERIES).agg("aim")
    means = pl.Series([_mean_of(path) for path in paths["aim"].to_list()], dtype=pl.Float64)
    return paths.select(*SERIES, now_path=means)


def _mean_of(path: Sequence[float | None]) -> float | None:
    known = [target for target in path if target is not None]
    return sum(known) / len(known) if known and len(known) == len(path) else None


def _baselines(months: pl.DataFrame, measure: Measure, ambition: Ambition) -> pl.DataFrame:
    """What each unit starts from: the mean and the ends of those of its months that are there."""
    asked, there = ambition.baseline, pl.col("there")
    if asked is None:
        starts = pl.lit(False)
    elif asked.first is None or asked.last is None:
        starts = there & (there.cum_sum().over(SERIES) <= asked.months)
    else:
        first, last = Month.parse(asked.first).first_day, asked.last.first_day
        starts = there & pl.col("month").is_between(first, last)
    marked = months.with_columns(starts=starts)
    mine = pl.col("month").filter("starts")
    return marked.group_by(SERIES).agg(
        pl.col("trust_code").first(),
        have=mine.len(),
        baseline=_mean(measure, pl.col("starts")),
        baseline_first=mine.min(),
        baseline_last=mine.max(),
    )


def _with_reason(found: pl.DataFrame, ambition: Ambition) -> pl.DataFrame:
    """Say why the path of a unit can't start."""
    if ambition.baseline is None:
        return found.with_columns(reason=pl.lit(None, pl.String))
    asked, have = ambition.baseline.months, pl.col("have")
    verb = pl.when(have == 1).then(pl.lit("has a figure")).otherwise(pl.lit("have figures"))
    too_few = pl.format(f"{{}} of the {asked} months it starts from {{}}", have, verb)
    too_late = pl.col("baseline_last") >= ambition.last_month.first_day
    return found.with_columns(
        reason=pl.when(have < asked)
        .then(too_few)
        .when(too_late)
        .then(pl.lit("the months it starts from end too late"))
    )


def _level(measure: Measure, ambition: Ambition) -> pl.Expr:
    """The value to be reached, unscaled; a percentage can't be more than all."""
    if ambition.target is not None or ambition.change is None:
        return pl.lit(ambition.target and ambition.target / measure.multiplier, pl.Float64)
    level = pl.col("baseline") * (1 + ambition.change / 100)
    return pl.min_horizontal(level, 1.0) if measure.unit == "percent" else level


def _now(
    there: pl.DataFrame, units: pl.DataFrame, measure: Measure, ambition: Ambition
) -> pl.DataFrame:
    """Where each unit is: the mean of its `latest` months since the baseline."""
    most = ambition.baseline.months if ambition.baseline else _LATEST
    begun = units.select(*SERIES, "baseline_last")
    since = there.join(begun, on=SERIES, maintain_order="left").filter(
        (pl.col("month") > pl.col("baseline_last")).fill_null(value=True)
    )
    latest = since.group_by(SERIES, maintain_order=True).tail(most)
    return latest.group_by(SERIES).agg(
        now=_mean(measure, pl.lit(True)),
        now_first=pl.col("month").min(),
        now_last=pl.col("month").max(),
        now_months=pl.len(),
        latest="month",
    )


def _mean(measure: Measure, which: pl.Expr) -> pl.Expr:
    """The figure of some months together, unscaled; empty if there are none."""
    several = pl.col("month").filter(which).len()
    sums = {
        name: pl.col(name).filter(which).sum() for name in ("numerator", "denominator", "value")
    }
    ratio = sums["numerator"] / sums["denominator"]
    return pl.when(several > 0).then(ratio if measure.is_ratio else sums["value"] / several)
