"""Works out every measure of every ward, trust, group and the programme, month by month.

Above ward level, a figure is a ratio of sums, never a mean of ratios, over the wards that sent it.
"""

from dataclasses import dataclass
from functools import cache

import polars as pl

from pipelines.releasing.steps.counts import counted
from pipelines.releasing.steps.fields import RANK, STATE_ORDER
from pipelines.releasing.steps.in_order import in_order
from pipelines.releasing.steps.several_months import rolled
from schemas.measures import Measure
from schemas.release import Observations
from schemas.tables.keys import OBSERVATION, SERIES
from schemas.typed import empty, typed

PROGRAMME = "programme"
CONTRIBUTIONS = {
    "level": pl.String,
    "unit_id": pl.String,
    "trust_code": pl.String,
    "measure": pl.String,
    "month": pl.Date,
    "total": pl.Float64,
    "least": pl.Float64,
    "d": pl.Float64,
    "rank": pl.Int8,
    "wards": pl.Int64,
    "wards_expected": pl.Int64,
    "provisional": pl.Boolean,
    "queried": pl.Boolean,
}
SUMS = ("total", "least", "d", "rank", "wards", "provisional", "queried")
_PLACE = ["trust_code", "ward_id"]
_HAS_VALUE = pl.col("rank") <= RANK["nil"]
_IS_WARD = pl.col("current_ward_id").is_not_null()


@dataclass(frozen=True)
class Observed:
    """Observations of wards and trusts, and what each trust adds to the totals above it.

    `units` satisfies `schemas.release.Observations`. `contributions` has a row for each `level` and
    `unit_id` that a `trust_code` adds to, measure and month: sums over the wards that sent it
    (`total`, `d`), their smallest count (`least`), the best state (`rank`), and the rest as there.
    """

    units: pl.DataFrame
    contributions: pl.DataFrame


def observations(
    grid: pl.DataFrame,
    values: pl.DataFrame,
    measures: list[Measure],
    about_returns: pl.DataFrame,
    queried: pl.DataFrame,
) -> pl.DataFrame:
    """All observations (`schemas.release.Observations`) but those of groups, as for `observed`."""
    found = observed(grid, values, measures, about_returns, queried)
    months = grid["month"].unique()
    return in_order(
        pl.concat([above(found.contributions, months, measures), found.units]), *OBSERVATION
    )


def observed(
    grid: pl.DataFrame,
    values: pl.DataFrame,
    measures: list[Measure],
    about_returns: pl.DataFrame,
    queried: pl.DataFrame,
    members: pl.DataFrame | None = None,
) -> Observed:
    """What the wards of a grid come to, trust by trust: no trust depends on another's returns.

    `grid` is from `trusts_and_wards.wards_by_month`, `values` from `fields.field_values`;
    `about_returns` has trust_code, month, return_id and provisional for each active return;
    `queried` names each ward_id, month and field with an open query, `members` who is in which
    group (`groups.by_month`).
    """
    if grid.is_empty():
        return Observed(empty(Observations), pl.DataFrame(schema=CONTRIBUTIONS))
    about = _sent(grid, values).join(about_returns, on=["trust_code", "month"], how="left")
    rows = _with_flags(counted(about, values, measures), queried, measures)
    wards = _summed(rows.filter(_IS_WARD), "ward", pl.col("current_ward_id"), measures)
    rows = rows.with_columns(_inside(measures))
    to_programme = _summed(rows, PROGRAMME, pl.lit(PROGRAMME), measures)
    to_groups = _summed(rows.filter(_IS_WARD), "peer_group", pl.col("peer_group"), measures)
    to_all = [to_programme, to_groups]
    if members is not None:
        inside = rows.join(members, on=[*_PLACE, "month"], nulls_equal=True)
        to_all.append(_summed(inside, "group", pl.col("group_code"), measures))
    trusts = to_programme.with_columns(level=pl.lit("trust"), unit_id="trust_code")
    units = _levels(pl.concat([wards, trusts]), grid["month"].unique(), measures)
    contributions = pl.concat(to_all).select(*CONTRIBUTIONS)
    return Observed(units, contributions.cast(dict(CONTRIBUTIONS)))


def above(contributions: pl.DataFrame, months: pl.Series, measures: list[Measure]) -> pl.DataFrame:
    """The observations of all groups and the programme, from what every trust adds to them."""
    if contributions.is_empty():
        return empty(Observations)
    totals = contributions.group_by(*OBSERVATION).agg(
        pl.col("total", "d", "wards", "wards_expected").sum(),
        pl.col("least", "rank").min(),
        pl.col("provisional", "queried").any(),
        trust_code=pl.lit(None, pl.String),
        return_id=pl.lit(None, pl.String),
    )
    return _levels(totals, months, measures)


def _levels(sums: pl.DataFrame, months: pl.Series, measures: list[Measure]) -> pl.DataFrame:
    lowest = pl.col("measure").is_in([m.id for m in measures if m.unit == "days"])
    levels = sums.with_columns(n=pl.when(lowest).then("least").otherwise("total"))
    levels = _every_month(levels.drop("total", "least"), months)
    return typed(_valued(rolled(levels, measures)), Observations)


def _sent(grid: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
    """The grid without the rows of whole trusts that sent nothing as a whole."""
    whole = values.filter(pl.col("ward_id").is_null()).select("trust_code", sent=True).unique()
    rows = grid.join(whole, on="trust_code", how="left", maintain_order="left")
    return rows.filter(pl.col("ward_id").is_not_null() | pl.col("sent")).drop("sent")


def _with_flags(rows: pl.DataFrame, queried: pl.DataFrame, measures: list[Measure]) -> pl.DataFrame:
    """The rows with a column for each measure that says whether a field of it is queried."""
    counts = [(f, m.id) for m in measures for f in {*m.numerator, *m.denominator}]
    fields = pl.DataFrame(counts, schema={"field": pl.String, "measure": pl.String}, orient="row")
    named = queried.join(fields, on="field").select("ward_id", "month", "measure").unique()
    of_wards = named.group_by("ward_id", "month").agg(asked="measure")
    rows = rows.join(of_wards, on=["ward_id", "month"], how="left")
    return rows.with_columns(
        pl.col("provisional").fill_null(False),
        *(
            pl.col("asked").list.contains(m.id).fill_null(False).alias(f"queried {m.id}")
            for m in measures
        ),
    )


def _inside(measures: list[Measure]) -> list[pl.Expr]:
    """What rows count towards totals: a ward outside the collaborative is only shown itself."""
    outside = _IS_WARD & ~pl.col("expected")
    numbers = pl.col([f"{name} {m.id}" for m in measures for name in ("n", "d")])
    ranks = pl.col([f"rank {m.id}" for m in measures])
    not_counted = pl.lit(RANK["not_applicable"], pl.Int8)
    has_value = ranks <= RANK["nil"]
    return [
        pl.when(~outside).then(numbers),
        pl.when(outside & has_value).then(not_counted).otherwise(ranks).name.keep(),
    ]


def _summed(rows: pl.DataFrame, level: str, unit: pl.Expr, measures: list[Measure]) -> pl.DataFrame:
    """The sums over the rows of each unit, month and trust of today, measure by measure.

    They are worked out for all measures at once: who is added up is the same for each. Then their
    columns are put one below another.
    """
    wide = rows.group_by("month", unit_id=unit, trust_code=pl.col("current_trust_code")).agg(
        pl.col("expected").sum().cast(pl.Int64).alias("wards_expected"),
        (pl.col("return_id").max() if level == "ward" else pl.lit(None, pl.String)).alias(
            "return_id"
        ),
        *(sums for m in measures for sums in _sums(m.id)),
    )
    ids = pl.Series("measure", [m.id for m in measures], pl.String)
    of_each = ("month", "unit_id", "trust_code", "wards_expected", "return_id")
    named = [ids.new_from_index(number, wide.height) for number in range(len(ids))]
    long = [
        *(pl.concat([wide[name]] * len(ids)) for name in of_each),
        *(pl.concat([wide[f"{name} {m}"] for m in ids]).alias(name) for name in SUMS),
        pl.concat(named),
    ]
    return pl.DataFrame(long).with_columns(level=pl.lit(level))


@cache
def _sums(measure: str) -> tuple[pl.Expr, ...]:
    n, d, rank, queried = (pl.col(f"{name} {measure}") for name in ("n", "d", "rank", "queried"))
    known = rank <= RANK["nil"]
    sums = {
        "total": n.sum(),
        "least": n.min(),
        "d": d.sum(),
        "rank": rank.min(),
        "wards": (known & _IS_WARD).sum().cast(pl.Int64),
        "provisional": (known & pl.col("provisional")).any(),
        "queried": (known & queried).any(),
    }
    return tuple(each.alias(f"{name} {measure}") for name, each in sums.items())


def _every_month(levels: pl.DataFrame, months: pl.Series) -> pl.DataFrame:
    """Fill in the months in which a peer group had no wards at all."""
    series = levels.group_by(SERIES).agg(pl.col("trust_code").first(), pl.len())
    with_gaps = series.filter(pl.col("len") < len(months)).drop("len")
    if with_gaps.is_empty():
        return levels
    whole = with_gaps.join(pl.DataFrame({"month": months}), how="cross")
    absent = whole.join(levels, on=[*SERIES, "month"], how="anti").with_columns(
        pl.lit(RANK["closed"], pl.Int8).alias("rank"),
        *(pl.lit(0, pl.Int64).alias(name) for name in ("wards", "wards_expected")),
        *(pl.lit(False).alias(name) for name in ("provisional", "queried")),
    )
    return pl.concat([levels, absent], how="diagonal")


def _valued(levels: pl.DataFrame) -> pl.DataFrame:
    ratio = pl.when(pl.col("is_ratio")).then(pl.col("n") / pl.col("d")).otherwise("n")
    return levels.with_columns(
        numerator=pl.when(_HAS_VALUE).then("n"),
        denominator=pl.when(_HAS_VALUE & pl.col("is_ratio")).then("d"),
        value=pl.when(_HAS_VALUE).then(ratio),
        state=pl.col("rank").replace_strict(dict(enumerate(STATE_ORDER)), return_dtype=pl.String),
    )
