"""Observations as an audience may see them: the whole table is masked first, then chosen from."""

from collections.abc import Callable, Sequence

import polars as pl

from dashboard import numbers
from dashboard.queries.organisations import wards
from dashboard.queries.series import brought, observed, suppressed_before
from pipelines.releasing.baselines import with_baselines
from schemas import disclosure, wording
from schemas.measures import Measure
from schemas.programme import DisclosurePolicy
from schemas.release import LEVELS

# Runs a function of `dashboard.queries` in the scope of the person exporting.
Ask = Callable[..., pl.DataFrame]
SHARED: tuple[disclosure.Audience, ...] = ("peer", "public")


def observations(
    ask: Ask,
    measures: Sequence[Measure],
    policy: DisclosurePolicy,
    audience: disclosure.Audience,
) -> pl.DataFrame:
    """Every observation in scope, masked for its audience; whole years are added for sharing.

    Wards' baselines are with the exact figures only, and in nothing that is shared.

    Anything hidden in an earlier version of a return stays hidden.
    """
    frame = exactly(ask, measures)
    if audience not in SHARED:
        frame = with_baselines(frame, ask(brought, measures=tuple(m.id for m in measures)))
    groups = ask(wards).select(unit_id="ward_id", peer_group="peer_group")
    frame = frame.join(groups, on="unit_id", how="left")
    if audience not in SHARED:
        return disclosure.mask(frame, measures, policy, audience)
    before = ask(suppressed_before)
    return disclosure.mask(
        disclosure.with_years(frame, measures), measures, policy, audience, before
    )


def exactly(ask: Ask, measures: Sequence[Measure]) -> pl.DataFrame:
    """Every observation in scope as it is: not for sharing."""
    names = tuple(measure.id for measure in measures)
    return pl.concat([ask(observed, level=level, measures=names) for level in LEVELS])


def as_points(masked: pl.DataFrame) -> pl.DataFrame:
    """Masked months of one series as plain points: a chart of what may be seen, without limits.

    There are no limits because they would be worked out from figures that may be hidden.
    """
    empty = pl.lit(None, dtype=pl.Float64)
    return masked.filter(pl.col("months") == 1).with_columns(
        chart=pl.lit("points"),
        phase=pl.lit(1),
        used_in_limits=pl.lit(False),
        **dict.fromkeys(("centre", "lower", "upper", "near_lower", "near_upper"), empty),
        cause=pl.lit(None, dtype=pl.String),
        kind=pl.lit(None, dtype=pl.String),
        queried=pl.lit(False),
    )


def in_words(months: pl.DataFrame, name: str, measure: Measure) -> str:
    """What a chart of masked months shows; `months` are from `as_points`."""
    shown = months.filter(pl.col("value").is_not_null())
    if shown.is_empty():
        return f"Chart of {name}: no month can be shown, because of small numbers."
    return (
        f"Chart of {name}: {wording.counted(shown.height, 'month')} shown. The latest is "
        f"{latest(months, measure)}."
    )


def latest(months: pl.DataFrame, measure: Measure) -> str:
    """The latest figure that may be shown: “86% in October 2026”; empty if there is none."""
    shown = months.filter(pl.col("value").is_not_null()).sort("month")
    if shown.is_empty():
        return ""
    last = shown.row(-1, named=True)
    read = numbers.with_unit(numbers.scaled(last["value"], measure.multiplier), measure.unit)
    return f"{read} in {wording.month_of(last['month'])}"
