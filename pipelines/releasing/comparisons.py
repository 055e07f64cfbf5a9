"""Compares units in their peer group over the last twelve months, with funnel limits.

What is shown of a group must not reveal one of its members. So a group's centre and dispersion are
rounded before anything is worked out from them, and a group that is too narrow has neither.
"""

import math

import numpy as np
import polars as pl

from pipelines.releasing.peer_bands import peer_bands
from pipelines.releasing.steps.peer_groups import (
    LEFT_OUT,
    grouped,
    may_be_compared,
    rules_of,
    stands_by_itself,
    with_class,
)
from pipelines.releasing.steps.rolling_year import first_of_window, newest_year
from pipelines.statistics.dispersion import Dispersion
from pipelines.statistics.exact_limits import Kind
from pipelines.statistics.funnel import LIMITS, Adjust, Choices, judge, spread_of
from schemas.disclosure import too_narrow
from schemas.measures import Measure
from schemas.periods import Month
from schemas.programme import DisclosurePolicy
from schemas.release import Comparisons
from schemas.typed import empty, types_of

__all__ = ["comparisons", "peer_bands"]

PROGRAMME = "programme"
UNITS_FOR_DISPERSION = 10  # with fewer, winsorising 10% trims no unit: one widens its own limits
_GROUP = ["level", "peer_group", "measure"]
_OF_TRUST = [*_GROUP, "trust_code"]
_RESULTS = ("z", "centre", "lower95", "upper95", "lower998", "upper998", "phi", "tau2")
_COLUMNS = list(types_of(Comparisons))


def comparable(
    observations: pl.DataFrame,
    wards: pl.DataFrame,
    completeness: pl.DataFrame,
    measures: list[Measure],
    policy: DisclosurePolicy,
) -> pl.DataFrame:
    """Every ward in its peer group and every trust in the programme, over the last twelve months.

    One row for each unit and measure, with its sums and all that its comparison depends on. Frames
    are those of the release. A trust is left out if all its wards are.
    """
    compared = [m for m in measures if may_be_compared(m) and stands_by_itself(m)]
    if observations.is_empty() or not compared:
        return pl.DataFrame(schema={"peer_group": pl.String, "measure": pl.String})
    return _units(observations, wards, completeness).join(
        rules_of(compared, policy), on="measure", maintain_order="left"
    )


def comparisons(units: pl.DataFrame, policy: DisclosurePolicy) -> pl.DataFrame:
    """The units of some peer groups and measures (`comparable`) judged against their group.

    The result satisfies `schemas.release.Comparisons`. Wards that report partially or not at all
    are compared with the centre but don't count towards it. If a group is too narrow, or fewer
    than 5 events are left without one of its trusts, every unit in it is `too_few`.
    """
    if units.is_empty():
        return empty(Comparisons)
    last = units["month"].max()
    return (
        _judged(_with_groups(units, policy), policy)
        .select(
            pl.lit(first_of_window(Month.of(last)).first_day).alias("first_month"),
            pl.lit(last).alias("last_month"),
            pl.when(pl.col("d") >= pl.col("fewest")).then(pl.col("n") / pl.col("d")).alias("value"),
            pl.exclude("first_month", "last_month", "value"),
        )
        .select(_COLUMNS)
    )


def _units(
    observations: pl.DataFrame, wards: pl.DataFrame, completeness: pl.DataFrame
) -> pl.DataFrame:
    """Wards and trusts with their sums over the last year, their group and reporting class."""
    units = observations.filter(pl.col("level").is_in(["ward", "trust"]))
    year = newest_year(units).filter(pl.col("expected") > 0)
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


def _with_groups(units: pl.DataFrame, policy: DisclosurePolicy) -> pl.DataFrame:
    """Each unit with what its group comes to.

    Added columns: `enough` (the unit may be judged), `part` (it counts towards the group), the
    number of `units` that are part and of those `left_out`, the group's sums `group_n` and
    `group_d`, and `comparable`: neither too narrow nor too rare for a centre to be shown. Whoever
    knows a trust's figures can subtract them, so without any one there must be enough events.
    """
    part, n, others = pl.col("part"), pl.col("n"), pl.col("d") - pl.col("n")
    left = [
        count.filter(part).sum().over(_GROUP) - pl.col(of_largest).max().over(_GROUP)
        for count, of_largest in ((n, "trust_n"), (others, "trust_others"))
    ]
    rarer = pl.when("percent").then(pl.min_horizontal(left)).otherwise(left[0])
    return (
        units.with_columns(enough=pl.col("d") >= pl.col("smallest"))
        .with_columns(part=pl.col("enough") & ~pl.col("class").is_in(LEFT_OUT).fill_null(False))
        .with_columns(
            n.filter(part).sum().over(_OF_TRUST).alias("trust_n"),
            others.filter(part).sum().over(_OF_TRUST).alias("trust_others"),
            part.sum().over(_GROUP).cast(pl.Int64).alias("units"),
            (~part).sum().over(_GROUP).cast(pl.Int64).alias("left_out"),
            n.filter(part).sum().over(_GROUP).alias("group_n"),
            pl.col("d").filter(part).sum().over(_GROUP).alias("group_d"),
            too_narrow(policy, where=part).over(_GROUP).is_null().alias("wide"),
        )
        .with_columns(
            comparable=pl.col("wide") & (pl.col("units") > 0) & (rarer >= policy.smallest_count)
        )
    )


def _judged(units: pl.DataFrame, policy: DisclosurePolicy) -> pl.DataFrame:
    """The units with `_RESULTS` and a category; empty and `too_few` where nothing may be said."""
    columns = {name: np.full(units.height, np.nan) for name in _RESULTS}
    columns["category"] = np.full(units.height, "too_few", dtype=object)
    usable = units.with_row_index("place").filter("comparable", pl.col("d") > 0)
    # Without an allowance for what goes beyond chance, all groups of a kind are judged in one pass.
    alike: dict[tuple[Kind, float | None, float | None], list[pl.Series]] = {}
    for _, group in usable.group_by(_GROUP, maintain_order=True):
        choices, centre, found = _of_group(group, policy)
        place = group["place"].to_numpy()
        for name, value in (("centre", centre), ("phi", found.phi), ("tau2", found.tau2)):
            columns[name][place] = value
        tau2 = choices.tau2(found)
        together = (choices.kind, tau2, None if tau2 is None else centre)
        alike.setdefault(together, []).append(group["place"])
    for (kind, tau2, one), places in alike.items():
        place = pl.concat(places).to_numpy()
        choices = Choices(kind, adjust="never" if tau2 is None else "always")
        counts, sizes = (units[name].to_numpy()[place] for name in ("n", "d"))
        centre, found = (
            columns["centre"][place] if one is None else one,
            Dispersion(1.0, tau2 or 0.0, 1),
        )
        judged = judge(choices, centre, found, counts, sizes)
        for name in (*LIMITS, "z", "category"):
            columns[name][place] = judged[name]
    return (
        units.hstack(pl.DataFrame(columns))
        .with_columns(
            pl.col(*_RESULTS).fill_nan(None),
            category=pl.when("enough").then("category").otherwise(pl.lit("too_few")),
        )
        .with_columns(z=pl.when("enough").then(pl.col("z").round(2)))
    )


def _of_group(group: pl.DataFrame, policy: DisclosurePolicy) -> tuple[Choices, float, Dispersion]:
    """How one group is judged: its centre and dispersion are rounded before they are used."""
    kind: Kind = "proportion" if group["percent"].item(0) else "rate"
    counts, sizes, part = (group[name].to_numpy() for name in ("n", "d", "part"))
    adjust: Adjust = "auto" if part.sum() >= UNITS_FOR_DISPERSION else "never"
    choices, centre = Choices(kind, adjust=adjust), _rounded_centre(group, policy)
    spread = spread_of(choices, centre, counts[part], sizes[part])
    given = Dispersion(round(spread.phi, 1), _two_digits(spread.tau2), units=int(part.sum()))
    return choices, centre, given


def allowed_for(phi: float | None, tau2: float | None, units: int) -> float:
    """The variance beyond chance that a group's limits allow for; 0 where there is none."""
    if phi is None or tau2 is None or units < UNITS_FOR_DISPERSION:
        return 0.0
    return Choices("rate").tau2(Dispersion(phi, tau2, units)) or 0.0


def _rounded_centre(group: pl.DataFrame, policy: DisclosurePolicy) -> float:
    """The pooled value of rounded sums, so that nobody's count can be worked out from it."""
    n, d = (
        round(group[name].item(0) / policy.round_to) * policy.round_to
        for name in ("group_n", "group_d")
    )
    return n / d if d else 0.0


def _two_digits(value: float) -> float:
    return round(value, 1 - math.floor(math.log10(value))) if value > 0 else 0.0
