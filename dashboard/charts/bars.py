"""Horizontal bars with their names above them, so that long names fit on a phone."""

from collections.abc import Iterable, Mapping
from functools import cache
from textwrap import wrap

import altair as alt
import polars as pl

from dashboard.charts import theme
from schemas.forums import SCALES
from schemas.release import FOUNDATIONS
from schemas.vocabularies import RATING


def in_parts(parts: Mapping[str, str], axis_title: str, step: int = 74) -> dict[str, object]:
    """A stacked bar for each name; rows come from `pile`."""
    y = alt.Y("name:N", sort=alt.EncodingSortField("order"), axis=None)
    x = alt.X(
        "low:Q",
        scale=alt.Scale(zero=True, nice=False),
        axis=alt.Axis(
            aria=False,
            title=axis_title,
            format=",d",
            tickMinStep=1,
            grid=True,
            tickCount=alt.ExprRef("max(2, min(8, floor(width / 100)))"),
        ),
    )
    bars = (
        theme.base()
        .mark_bar(height=24, yOffset=22, stroke=theme.GREY, strokeWidth=0.75)
        .encode(
            x,
            alt.X2("high:Q"),
            y,
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=list(parts), range=list(parts.values())),
                legend=theme.key(list(parts), narrow=2, wide=5) if len(parts) > 1 else None,
            ),
            tooltip=[
                alt.Tooltip("name:N", title="Group"),
                alt.Tooltip("part:N", title="Part"),
                alt.Tooltip("read:N", title="Number"),
            ],
        )
    )
    inside = (
        theme.base()
        .transform_calculate(middle="(datum.low + datum.high) / 2")
        .mark_text(yOffset=22, fontWeight="bold")
        .encode(
            alt.X("middle:Q"), y, text="text:N", color=alt.Color("ink:N", scale=None, legend=None)
        )
    )
    names = (
        theme.base()
        .transform_filter("datum.low == 0")
        .mark_text(
            align="left",
            baseline="bottom",
            lineBreak="\n",
            yOffset=8,
            dy=alt.expr("-15.6 * (datum.lines - 1)"),
        )
        .encode(alt.X(value=0), y, text="heading:N")
    )
    return theme.finished(alt.layer(bars, inside, names), {"step": step})


def pile(
    name: str, says: str, order: int, counts: Mapping[str, int], light: frozenset[str]
) -> list[dict[str, object]]:
    """One bar as rows, under its name and `says`; parts in `light` have dark numbers on them."""
    rows, low, total = [], 0, sum(counts.values())
    lines = [*wrap(name, 50), says]
    for part, count in counts.items():
        if not count and (low or part != list(counts)[-1]):
            continue
        rows.append(
            {
                "name": name,
                "heading": "\n".join(lines),
                "lines": len(lines),
                "order": order,
                "low": low,
                "high": low + count,
                "part": part,
                "text": f"{count:,}" if count * 16 >= total and count else "",
                "ink": theme.INK if part in light else theme.WHITE,
                "read": f"{count:,} of {total:,}",
            }
        )
        low += count
    return rows


FOUNDATION_PARTS = {"In place": "#12436D", "Not yet": "#FFFFFF"}


@cache
def foundations() -> dict[str, object]:
    """The spec of one bar for each foundation."""
    return in_parts(FOUNDATION_PARTS, "Wards")


def foundation_rows(progress: pl.DataFrame) -> list[dict[str, object]]:
    """The latest month of one unit's `foundations`; one not counted says so and has no bar."""
    if progress.is_empty():
        return []
    latest = progress.filter(pl.col("month") == progress["month"].max())
    found = {row["foundation"]: row for row in latest.iter_rows(named=True)}
    drawn = []
    for order, (foundation, title) in enumerate(FOUNDATIONS.items()):
        row = found.get(foundation)
        if row is None or row["wards_with"] is None:
            drawn += pile(
                title, "No count of wards", order, {"Not yet": 0}, frozenset(FOUNDATION_PARTS)
            )
            continue
        counts = {"In place": row["wards_with"], "Not yet": row["wards"] - row["wards_with"]}
        says = f"{row['wards_with']:,} of {row['wards']:,} wards"
        drawn += pile(title, says, order, counts, frozenset({"Not yet"}))
    return drawn


RATING_PARTS = dict(
    zip(RATING.values(), ("#12436D", "#6BACE6", "#F46A25", "#BFBFBF", "#FFFFFF"), strict=True)
)
_LIGHT = frozenset(RATING_PARTS) - {RATING["met"]}


@cache
def standards() -> dict[str, object]:
    """The spec of one bar for each group of statements."""
    return in_parts(RATING_PARTS, "Ratings")


def standard_rows(ratings: pl.DataFrame) -> list[dict[str, object]]:
    """The latest rating of each statement by each organisation, counted by group."""
    latest = ratings.sort("month").unique(
        ["level", "org_code", "trust_code", "ward_id", "set_id", "statement_id"], keep="last"
    )
    counts = latest.with_columns(pl.col("group_title").fill_null("Other statements"))
    counts = counts.group_by("group_title", "rating").len()
    found = {
        (row["group_title"], row["rating"]): row["len"] for row in counts.iter_rows(named=True)
    }
    drawn = []
    for order, group in enumerate(sorted({group for group, _ in found})):
        ratings = {words: found.get((group, rating), 0) for rating, words in RATING.items()}
        assessed = sum(ratings[RATING[rating]] for rating in ("met", "partly_met", "not_met"))
        says = f"{ratings[RATING['met']]:,} of {assessed:,} met"
        drawn += pile(group, says, order, ratings, _LIGHT)
    return drawn


_ANSWERS = ("#F46A25", "#F9B591", "#BFBFBF", "#6BACE6", "#12436D")  # the least first


def _answer_parts(scale: str) -> dict[str, str]:
    return dict(zip(SCALES[scale], _ANSWERS, strict=True))


@cache
def answers(scale: str) -> dict[str, object]:
    """The spec of one bar for each question, or each forum, of answers on one scale."""
    return in_parts(_answer_parts(scale), "People", step=92)


def answer_rows(
    scale: str, given: Iterable[tuple[str, str, Mapping[int, int]]]
) -> list[dict[str, object]]:
    """One bar for each name, with what it says; counts are by place on the scale.

    Without any counts, there is no bar and what it says stands alone.
    """
    parts = _answer_parts(scale)
    light = frozenset(list(parts)[:-1])
    drawn = []
    for order, (name, says, counts) in enumerate(given):
        by_answer = {answer: counts.get(place, 0) for place, answer in enumerate(parts, 1)}
        drawn += pile(name, says, order, by_answer, light)
    return drawn
