"""Compares units in their peer group over the last twelve months, with funnel limits.

What is shown of a group must not reveal one of its members. So a group's centre and dispersion are
rounded before anything is worked out from them, and a group that is too narrow has neither.
"""

import math

import polars as pl

from pipelines.releasing.peer_bands import peer_bands
from pipelines.releasing.steps.peer_groups import (
    LEFT_OUT,
    grouped,
    may_be_compared,
    smallest_window,
    stands_by_itself,
    with_class,
)
from pipelines.releasing.steps.rolling_year import first_of_window, rolling_year
from pipelines.statistics.funnel import Choices, funnel, spread_of
from schemas.disclosure import too_narrow
from schemas.measures import Measure
from schemas.periods import Month
from schemas.programme import DisclosurePolicy
from schemas.release import Comparisons
from schemas.typed import empty, types_of

__all__ = ["comparisons", "peer_bands"]

PROGRAMME = "programme"
UNITS_FOR_DISPERSION = 10  # with fewer, winsorising 10% trims no unit: one widens its own limits
_KINDS = {"percent": "proportion", "per_1000_bed_days": "rate"}
_RESULTS = ("z", "centre", "lower95", "upper95", "lower998", "upper998", "phi", "tau2")
_COLUMNS = list(types_of(Comparisons))


def comparisons(
    observations: pl.DataFrame,
    wards: pl.DataFrame,
    completeness: pl.DataFrame,
    measures: list[Measure],
    policy: DisclosurePolicy,
) -> pl.DataFrame:
    """Every ward in its peer group and every trust in the programme, over the last twelve months.

    Frames are those of the release; the result satisfies `schemas.release.Comparisons`. Wards that
    report partially or not at all are compared with the centre but don't count towards it. If a
    group is too narrow, or has fewer than 5 events in all, every unit in it is `too_few`.
    """
    compared = {m.id: m for m in measures if may_be_compared(m) and stands_by_itself(m)}
    if observations.is_empty() or not compared:
        return empty(Comparisons)
    last = observations["month"].max()
    units = _units(observations, wards, completeness, last).filter(
        pl.col("measure").is_in(list(compared))
    )
    found = [
        _compared(group, compared[measure], policy)
        for (_, _, measure), group in units.group_by(
            "level", "peer_group", "measure", maintain_order=True
        )
    ]
    window = {
        "first_month": pl.lit(first_of_window(Month.of(last)).first_day),
        "last_month": pl.lit(last),
    }
    return pl.concat(
        [empty(Comparisons), *(f.with_columns(**window).select(_COLUMNS) for f in found)]
    )


def _units(
    observations: pl.DataFrame, wards: pl.DataFrame, completeness: pl.DataFrame, last: object
) -> pl.DataFrame:
    """Wards and trusts with their sums over the last year, their group and reporting class."""
    recent = observations.filter(
        pl.col("level").is_in(["ward", "trust"]),
        pl.col("month") > pl.lit(last).dt.offset_by("-12mo"),
    )
    year = rolling_year(recent).filter(pl.col("month") == last, pl.col("expected") > 0)
    of_wards = with_class(grouped(year.filter(pl.col("level") == "ward"), wards), completeness)
    of_wards = of_wards.drop("peer_group_name")
    silent = pl.col("class").is_in(LEFT_OUT).fill_null(False).all().alias("silent")
    trusts = of_wards.group_by("trust_code", "measure").agg(silent)
    of_trusts = (
        year.filter(pl.col("level") == "trust")
        .join(trusts, on=["trust_code", "measure"], how="left")
        .with_columns(
            pl.lit(PROGRAMME).alias("peer_group"),
            pl.when("silent").then(pl.lit("null")).alias("class"),
        )
    )
    both = [of_wards, of_trusts.select(of_wards.columns)]
    return pl.concat(both).sort("level", "peer_group", "measure", "unit_id")


def _compared(group: pl.DataFrame, measure: Measure, policy: DisclosurePolicy) -> pl.DataFrame:
    """One group's units for one measure."""
    enough = pl.col("d") >= smallest_window(measure, policy)
    group = group.with_columns(part=enough & ~pl.col("class").is_in(LEFT_OUT).fill_null(False))
    part = group.filter("part")
    left_out = group.height - part.height
    sums = {"numerator": pl.col("n"), "denominator": pl.col("d")}
    if part.is_empty() or part.select(too_narrow(policy)).item() or _rare(part, measure, policy):
        judged = group.with_columns(
            pl.lit(None, dtype=pl.Float64).alias(name) for name in _RESULTS
        ).with_columns(category=pl.lit("too_few"))
    else:
        choices = Choices(
            _KINDS[measure.unit],
            adjust="auto" if part.height >= UNITS_FOR_DISPERSION else "never",
        )
        centre = _rounded_centre(part, policy)
        spread = spread_of(choices, centre, part["n"].to_numpy(), part["d"].to_numpy())
        given = (round(spread.phi, 1), _two_digits(spread.tau2))
        judged = funnel(
            group.with_columns(part="part", **sums),
            choices,
            centre=centre,
            dispersion=given,
            basis="part",
        )
        judged = judged.with_columns(
            z=pl.when(enough).then(pl.col("z").round(2)),
            category=pl.when(enough).then("category").otherwise(pl.lit("too_few")),
        )
    return judged.with_columns(
        value=pl.when(pl.col("d") >= max(1, policy.least_answers(measure.of_people))).then(
            pl.col("n") / pl.col("d")
        ),
        units=pl.lit(part.height, dtype=pl.Int64),
        left_out=pl.lit(left_out, dtype=pl.Int64),
    )


def _rare(part: pl.DataFrame, measure: Measure, policy: DisclosurePolicy) -> bool:
    """Whether a whole group has so few events, or non-events, that its centre is a small number."""
    n, d = part["n"].sum(), part["d"].sum()
    others = d - n if measure.unit == "percent" else n
    return bool(min(n, others) < policy.smallest_count)


def _rounded_centre(part: pl.DataFrame, policy: DisclosurePolicy) -> float:
    """The pooled value of rounded sums, so that nobody's count can be worked out from it."""
    n, d = (round(part[name].sum() / policy.round_to) * policy.round_to for name in ("n", "d"))
    return n / d if d else 0.0


def _two_digits(value: float) -> float:
    return round(value, 1 - math.floor(math.log10(value))) if value > 0 else 0.0
