"""Counts by part over months, as stacked bars: stages of charters, categories of incidents."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

import altair as alt
import polars as pl

from dashboard.charts import month_axis, selection, theme
from schemas.vocabularies import CHARTER_STAGE, ENGAGEMENT_STAGE


def over_months(
    parts: Mapping[str, str],
    axis_title: str,
    height: int,
    one: str = "Part",
    choose: bool = False,
) -> dict[str, object]:
    """A stacked bar for each month; `parts` are its words and colours from the bottom up.

    Rows hold month, m0, m1, low, high, part, when and read. With `choose` a part of a bar can be
    chosen by its month and part.
    """
    y = alt.Y(
        "low:Q",
        scale=alt.Scale(zero=True),
        axis=theme.y_axis(axis_title, format="d", tickMinStep=1),
    )
    pointer = selection.POINTER if choose else {}
    bars = (
        theme.base()
        .transform_calculate(left="datum.m0 + 0.08", right="datum.m1 - 0.08")
        .mark_rect(stroke=theme.GREY, strokeWidth=0.5, opacity=1, **pointer)
        .encode(
            month_axis.x("left"),
            alt.X2("right:Q"),
            y,
            alt.Y2("high:Q"),
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=list(parts), range=list(parts.values())),
                legend=theme.key(list(parts), narrow=2, wide=6),
            ),
            tooltip=[
                alt.Tooltip("when:N", title="Month"),
                alt.Tooltip("part:N", title=one),
                alt.Tooltip("read:N", title="Number"),
            ],
        )
    )
    if choose:
        bars = bars.add_params(selection.by("month", "part"))
    return theme.finished(bars, height)


def pile(month: date, counts: Mapping[str, float], of: str = "") -> list[dict[str, object]]:
    """One month's bar as rows, its parts stacked in order; parts that are 0 are left out."""
    rows, low = [], 0.0
    total = sum(counts.values())
    for part, count in counts.items():
        if not count:
            continue
        rows.append(
            {
                "month": month.isoformat(),
                "m0": month_axis.index(month) - 0.5,
                "m1": month_axis.index(month) + 0.5,
                "low": low,
                "high": low + count,
                "part": part,
                "when": f"{month:%B %Y}",
                "read": f"{count:,.0f} of {total:,.0f}{f' {of}' if of else ''}",
            }
        )
        low += count
    return rows


# The most advanced stage is at the bottom, where growth is easiest to follow.
PARTS = dict(zip(reversed(CHARTER_STAGE.values()), reversed(theme.SEQUENCE), strict=True))


@cache
def charter_stages(height: int = 300) -> dict[str, object]:
    """The spec of the stacked bars of stages."""
    return over_months(PARTS, "Wards", height, "Stage")


def charter_stage_rows(stages: pl.DataFrame) -> list[dict[str, object]]:
    """One row for each month and stage that has wards; `stages` counts wards by month and stage."""
    found = {(row["month"], row["stage"]): row["wards"] for row in stages.iter_rows(named=True)}
    return [
        row
        for month in sorted({month for month, _ in found})
        for row in pile(
            month,
            {CHARTER_STAGE[s]: found.get((month, s), 0) for s in reversed(CHARTER_STAGE)},
            "wards",
        )
    ]


@cache
def incident_categories(categories: tuple[str, ...], height: int = 300) -> dict[str, object]:
    """The spec of the stacked bars; at most four categories, from the bottom up."""
    parts = dict(zip(categories, theme.CATEGORIES, strict=False))
    return over_months(parts, "Reported incidents", height, "Category", choose=True)


def incident_category_rows(
    observations: pl.DataFrame, measures: Sequence[Mapping[str, object]]
) -> list[dict[str, object]]:
    """One row for each month and category, from the observations of one unit.

    Each measure is one category, called by its short name; months without a value have no bar.
    """
    names = {str(measure["measure"]): str(measure["short_name"]) for measure in measures}
    seen = observations.filter(
        pl.col("measure").is_in(list(names)) & pl.col("numerator").is_not_null()
    )
    return [
        row
        for (month,), frame in sorted(seen.partition_by("month", as_dict=True).items())
        for row in pile(month, _counts(frame, names), "reported")
    ]


def _counts(frame: pl.DataFrame, names: Mapping[str, str]) -> dict[str, float]:
    found = dict(zip(frame["measure"], frame["numerator"], strict=True))
    return {name: found.get(measure) or 0.0 for measure, name in names.items()}


# From the furthest to the least far, so that growth is easiest to follow at the bottom.
_ENGAGEMENT = dict(zip(ENGAGEMENT_STAGE.values(), reversed(theme.SEQUENCE[:5]), strict=True))


@cache
def engagement(height: int = 300) -> dict[str, object]:
    """The spec of the stacked bars of trusts, by how far each had come."""
    return over_months(_ENGAGEMENT, "Trusts", height, "How far")


def engagement_rows(month: date, counts: Mapping[str, int]) -> list[dict[str, object]]:
    """One row for each stage that a trust was at in a month; `counts` has trusts by stage."""
    return pile(month, {title: counts.get(s, 0) for s, title in ENGAGEMENT_STAGE.items()}, "trusts")
