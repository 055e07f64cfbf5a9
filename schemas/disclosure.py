"""Decides what may be shown to whom, in one place (docs/disclosure.md explains it in words).

`mask` takes a whole table of observations and returns the table that an audience may have. Mask the
whole table first, with all levels, months and measures together, then choose rows from the result.

A suppressed figure has its own state (`suppressed`), with a reason and the marker `[c]` instead of
a value: never a number, never blank.
"""

from collections.abc import Iterable
from typing import Literal

import polars as pl

from schemas.measures import Measure
from schemas.programme import DisclosurePolicy
from schemas.ranges import FAR
from schemas.recovery import hidden_together, same_at_both_levels, settle
from schemas.same_counts import (
    at_least,
    counted_elsewhere,
    sensitive_elsewhere,
    totals_over_measures,
    unchecked,
)
from schemas.small_numbers import as_cells, coarse, nearest, whole_percent
from schemas.sums import LEVELS, year_end
from schemas.tables.keys import OBSERVATION, SERIES

__all__ = [
    "KEY",
    "MARKER",
    "Audience",
    "as_if_shown",
    "coarse",
    "hidden_by_itself",
    "mask",
    "may_be_shared",
    "suppressed_keys",
    "why_hidden",
]

Audience = Literal["own", "programme", "peer", "public"]

MARKER = "[c]"
HIDDEN = "Not shown, to protect small numbers"  # for every figure, whatever the reason
FOR_SHARING = (
    "For sharing: small numbers are hidden, the others are rounded. Percentages are worked out "
    "before rounding, so the rounded counts beside them can give a slightly different one; rates "
    "are worked out from the rounded counts."
)
BEFORE = "hidden in an earlier release"
NO_PERCENTAGE = "too few people answered for a percentage"
FEW_UNITS = "too few wards to compare"
FEW_OUTSIDE = "too few wards outside one trust"
KEY = [*OBSERVATION, "months"]

_WORDS = {
    "suppressed": MARKER,
    "missing": "not returned",
    "not_applicable": "not applicable",
    "closed": "ward closed",
    "paused": "programme paused",
}


def mask(
    frame: pl.DataFrame,
    measures: Iterable[Measure],
    policy: DisclosurePolicy,
    audience: Audience,
    previously: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The table that an audience may have.

    `frame` has the columns of `schemas.release.Observations` (others are kept); `months` is 12 in
    rows that sum a year (see `with_years`), and 1 if the column is missing. `previously` holds the
    keys (`KEY`) that were suppressed in earlier releases, from `suppressed_keys`.

    Own and programme see exact figures, but no percentage of very few people. For peers
    and the public, small counts and small complements are suppressed, as are totals from which they
    could be worked out, and the rest is rounded. Columns are added: `suppression_reason`, and
    `rounding` in words, and
    `numerator_shown`, `denominator_shown` and `value_shown` as text in the unit people read. Peers
    and the public get no measures that are restricted or count days since an incident, and no
    totals of peer groups, which would cut across those of trusts (see peer bands).
    """
    measures = list(measures)
    rows = frame if "months" in frame.columns else frame.with_columns(months=pl.lit(1))
    rows = rows.with_columns(pl.col("months").cast(pl.Int64))
    percent = [measure.id for measure in measures if measure.unit == "percent"]
    if audience in ("own", "programme"):
        return _in_words(_exact(rows, measures, policy), measures)
    rows = _with_why(rows, measures, policy, previously)
    hidden = pl.when(pl.col("why").is_not_null()).then(pl.lit(HIDDEN))
    rows = rows.with_columns(suppression_reason=hidden).drop("why")
    return _in_words(_rounded(rows, percent, policy), measures)


def _with_why(
    rows: pl.DataFrame,
    measures: list[Measure],
    policy: DisclosurePolicy,
    previously: pl.DataFrame | None,
) -> pl.DataFrame:
    """The rows that can be shared at all, with the rule that hides each, or null, in `why`."""
    shared = [measure for measure in measures if may_be_shared(measure)]
    rows = rows.filter(
        pl.col("measure").is_in([measure.id for measure in shared]), pl.col("level").is_in(LEVELS)
    )
    cells = as_cells(rows.with_row_index("row"), shared, policy)
    if previously is not None:
        before = previously.select(KEY).unique().with_columns(before=pl.lit(BEFORE))
        cells = cells.join(before, on=KEY, how="left").with_columns(
            why=pl.when("is_value").then(pl.coalesce("why", "before")).otherwise("why")
        )
        total = (pl.col("why") == BEFORE) & (pl.col("level") != "ward")
        cells = cells.with_columns(
            lo=pl.when(total).then(0.0).otherwise("lo"), hi=pl.when(total).then(FAR).otherwise("hi")
        )
    elsewhere, never = sensitive_elsewhere(shared), unchecked(shared)
    cells = hidden_together(cells, elsewhere, never)
    totals, most = totals_over_measures(shared), policy.smallest_count - 1
    cells = settle(cells, totals, most, elsewhere, at_least(shared), never)
    return rows.with_columns(same_at_both_levels(cells).sort("row")["why"])


def as_if_shown(rows: pl.DataFrame, percent: list[str], policy: DisclosurePolicy) -> pl.DataFrame:
    """The figures of `with_years`, rounded as the public would see them if none were hidden."""
    return _rounded(rows.with_columns(suppression_reason=pl.lit(None, pl.String)), percent, policy)


def suppressed_keys(masked: pl.DataFrame) -> pl.DataFrame:
    """The keys of a masked table's hidden rows, which must stay suppressed in later releases."""
    return masked.filter(pl.col("state") == "suppressed").select(KEY)


def why_hidden(
    frame: pl.DataFrame,
    measures: Iterable[Measure],
    policy: DisclosurePolicy,
    previously: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The keys of what the public isn't shown, with the rule that hides each (`why`).

    `frame` is from `with_years`. This is for counting what each rule costs: no reader may have it.
    """
    rows = _with_why(frame, list(measures), policy, previously)
    return rows.filter(pl.col("why").is_not_null()).select(*KEY, "why")


def hidden_by_itself(
    frame: pl.DataFrame, measures: Iterable[Measure], policy: DisclosurePolicy
) -> pl.DataFrame:
    """The keys of figures that are too small in themselves; `frame` is from `with_years`."""
    return as_cells(frame, measures, policy).filter(pl.col("why").is_not_null()).select(KEY)


def may_be_shared(measure: Measure) -> bool:
    """Whether peers and the public get any figure of it.

    "Days since" would date an incident, and of figures that each count several months the
    difference between two is that of single months.
    """
    once = measure.rolling_months == 1
    return once and not measure.restricted and measure.unit != "days"


def with_years(observations: pl.DataFrame, measures: Iterable[Measure]) -> pl.DataFrame:
    """Observations, with a row of `months` 12 added for each full year that ends in March.

    A month to which a measure does not apply counts as 0 of 0 where the measure that it takes its
    denominator from was returned: whether there is a year must not depend on that measure's count.
    """
    sent = pl.col("state").is_in(["value", "nil"]) & pl.col("numerator").is_not_null()
    monthly = observations.with_columns(months=pl.lit(1, dtype=pl.Int64))
    pairs = pl.DataFrame(
        counted_elsewhere(measures), {"one": pl.String, "measure": pl.String}, orient="row"
    )
    based = (
        pairs.join(monthly.filter(sent), on="measure")
        .select("level", "unit_id", "month", measure="one", based=True)
        .unique()
    )
    none = (pl.col("state") == "not_applicable") & pl.col("based")
    years = (
        monthly.join(based, on=OBSERVATION, how="left", maintain_order="left")
        .with_columns(pl.col("based").fill_null(False), sent=sent)
        .filter(pl.col("sent") | pl.col("based"))
        .with_columns(
            pl.when(none).then(0.0).otherwise(pl.col(name)).alias(name)
            for name in ("numerator", "denominator")
        )
        .group_by(*SERIES, ends=year_end(pl.col("month")), maintain_order=True)
        .agg(
            pl.exclude("numerator", "denominator", "sent", "based").last(),
            pl.when(pl.col("numerator").is_not_null().all()).then(pl.col("numerator").sum()),
            pl.when(pl.col("denominator").is_not_null().all()).then(pl.col("denominator").sum()),
            full=pl.len() == 12,
            known=pl.col("numerator").is_not_null().all(),
            some=pl.col("sent").any(),
        )
        .filter("full")
        .with_columns(
            month="ends",
            months=pl.lit(12, dtype=pl.Int64),
            state=pl.when(~pl.col("known"))
            .then(pl.lit("missing"))
            .when("some")
            .then(pl.lit("value"))
            .otherwise(pl.lit("not_applicable")),
            value=pl.col("numerator") / pl.col("denominator"),
        )
        .with_columns(
            pl.when(pl.col("state") == "value").then(pl.col(name)).alias(name)
            for name in ("numerator", "denominator", "value")
        )
    )
    return pl.concat([monthly, years.select(monthly.columns)])


def too_narrow(policy: DisclosurePolicy, where: pl.Expr | None = None) -> pl.Expr:
    """Why a group is too narrow to be described (aggregated over its members), or null.

    Someone who knows one trust's figures exactly must still face several other units. `where` says
    which rows (with `trust_code`) are members; by default all.
    """
    trusts = pl.col("trust_code") if where is None else pl.col("trust_code").filter(where)
    largest = trusts.unique_counts().max()
    return (
        pl.when(trusts.len() < policy.smallest_peer_group)
        .then(pl.lit(FEW_UNITS))
        .when(trusts.len() - largest < policy.smallest_outside_trust)
        .then(pl.lit(FEW_OUTSIDE))
        .otherwise(pl.lit(None, dtype=pl.String))
    )


def _exact(rows: pl.DataFrame, measures: list[Measure], policy: DisclosurePolicy) -> pl.DataFrame:
    least = {measure.id: policy.least_answers(measure.of_people) for measure in measures}
    fewest = pl.col("measure").replace_strict(least, default=0, return_dtype=pl.Int64)
    bare = pl.col("value").is_not_null() & (pl.col("denominator") < fewest).fill_null(False)
    return rows.with_columns(
        value=pl.when(~bare).then("value"),
        suppression_reason=pl.when(bare).then(pl.lit(NO_PERCENTAGE)),
        rounding=pl.when(pl.col("value").is_not_null())
        .then(pl.lit("exact"))
        .otherwise(pl.lit("none")),
    )


def _rounded(rows: pl.DataFrame, percent: list[str], policy: DisclosurePolicy) -> pl.DataFrame:
    """Hidden rows without figures, and the others rounded; rates come from rounded counts."""
    n, d = nearest(pl.col("numerator"), policy), nearest(pl.col("denominator"), policy)
    share = whole_percent(pl.col("numerator"), pl.col("denominator")) / 100
    value = pl.when(pl.col("measure").is_in(percent)).then(share).otherwise(n / d)
    there = pl.col("suppression_reason").is_null() & pl.col("state").is_in(["value", "nil"])
    hidden = pl.col("suppression_reason").is_not_null()
    counts = f"counts to the nearest {policy.round_to}"
    rounding = (
        pl.when(~there)
        .then(pl.lit("none"))
        .when(pl.col("measure").is_in(percent))
        .then(pl.lit(f"{counts}; percentage worked out before rounding, to a whole per cent"))
        .when(pl.col("denominator").is_null())
        .then(pl.lit(counts))
        .otherwise(pl.lit(f"{counts}; rate worked out from the rounded counts"))
    )
    return rows.with_columns(
        rounding=rounding,
        numerator=pl.when(there).then(n),
        denominator=pl.when(there).then(d),
        value=pl.when(there & pl.col("value").is_not_null()).then(
            pl.when(pl.col("denominator").is_null()).then(n).otherwise(value)
        ),
        state=pl.when(hidden)
        .then(pl.lit("suppressed"))
        .when(there)
        .then(pl.lit("value"))
        .otherwise("state"),
    )


def _in_words(rows: pl.DataFrame, measures: list[Measure]) -> pl.DataFrame:
    """The figures as a reader sees them; no cell is ever empty."""
    times = {measure.id: float(measure.multiplier) for measure in measures}
    scale = pl.col("measure").replace_strict(times, default=1.0, return_dtype=pl.Float64)
    otherwise = pl.col("state").replace_strict(_WORDS, default="none", return_dtype=pl.String)
    bare = pl.col("suppression_reason") == NO_PERCENTAGE
    value = (pl.col("value") * scale).round(1).cast(pl.String).str.strip_suffix(".0")
    counts = {
        f"{name}_shown": pl.col(name).cast(pl.Int64).cast(pl.String).fill_null(otherwise)
        for name in ("numerator", "denominator")
    }
    return rows.with_columns(
        **counts,
        value_shown=pl.when(bare).then(pl.lit("[low]")).otherwise(value.fill_null(otherwise)),
    )
