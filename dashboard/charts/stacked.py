"""Counts in parts over months: the bars that stages, ratings and categories share."""

from collections.abc import Mapping
from datetime import date

import altair as alt

from dashboard.charts import chosen, months, theme


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
    pointer = chosen.POINTER if choose else {}
    bars = (
        theme.base()
        .transform_calculate(left="datum.m0 + 0.08", right="datum.m1 - 0.08")
        .mark_rect(stroke=theme.GREY, strokeWidth=0.5, opacity=1, **pointer)
        .encode(
            months.x("left"),
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
        bars = bars.add_params(chosen.by("month", "part"))
    return theme.finished(bars, height)


def pile(month: date, counts: Mapping[str, float], of: str = "") -> list[dict[str, object]]:
    """One month's bar as rows, its parts piled up in order; parts of nothing are left out."""
    rows, low = [], 0.0
    total = sum(counts.values())
    for part, count in counts.items():
        if not count:
            continue
        rows.append(
            {
                "month": month.isoformat(),
                "m0": months.index(month) - 0.5,
                "m1": months.index(month) + 0.5,
                "low": low,
                "high": low + count,
                "part": part,
                "when": f"{month:%B %Y}",
                "read": f"{count:,.0f} of {total:,.0f}{f' {of}' if of else ''}",
            }
        )
        low += count
    return rows
