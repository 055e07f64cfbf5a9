"""Horizontal bars whose names stand above them, so that long names fit on a phone."""

from collections.abc import Mapping
from textwrap import wrap

import altair as alt

from dashboard.charts import theme


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
    """One bar as rows, under its name and what it says; dark numbers are read on `light` parts."""
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
