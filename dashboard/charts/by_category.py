"""Who feels safe by group: a dot and an interval for each category, and a line for everybody."""

from collections.abc import Iterable, Mapping
from functools import cache

import altair as alt

from dashboard.charts import theme


@cache
def spec(step: int = 56) -> dict[str, object]:
    """The spec of one line for each category, in the order of the rows, `step` pixels high."""
    y = alt.Y("order:O", axis=None)
    axis = alt.Axis(aria=False, title="% who feel safe", grid=True, tickCount=5)
    scale = alt.Scale(domain=[0, 100])

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    shown = theme.base().transform_filter("isValid(datum.v)")
    look = {"color": theme.DARK_BLUE, "yOffset": 10}
    intervals = shown.mark_rule(strokeWidth=3, opacity=0.5, y2Offset=10, **look).encode(
        x("low"), alt.X2("high:Q"), y
    )
    dots = shown.mark_point(filled=True, size=110, opacity=1, shape="circle", **look).encode(
        x("v"),
        y,
        tooltip=[
            alt.Tooltip("category:N", title="Category"),
            alt.Tooltip("read:N", title="Feel safe"),
            alt.Tooltip("between:N", title="95% interval"),
        ],
    )
    everybody = (
        theme.base()
        .transform_filter("isValid(datum.everybody)")
        .mark_rule(color=theme.GREY, strokeDash=[6, 4], strokeWidth=2)
        .encode(x("everybody"))
    )
    names = theme.base().encode(alt.X(value=0), y, text="heading:N")
    written = {"align": "left", "yOffset": -14, "limit": alt.ExprRef("width")}
    halo = names.mark_text(**written, **theme.HALO)
    layers = (everybody, intervals, dots, halo, names.mark_text(**written))
    return theme.finished(alt.layer(*layers), {"step": step})


def rows(
    categories: Iterable[Mapping[str, object]], everybody: float | None
) -> list[dict[str, object]]:
    """One row for each category, from `words.breakdowns.read`; only the first has `everybody`."""
    return [
        {**category, "order": order, "everybody": None if order else everybody}
        for order, category in enumerate(categories)
    ]
