"""The funnel plot: units of a peer group by size, with the limits expected by chance."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt
import polars as pl

from dashboard import numbers
from dashboard.charts import selection, theme

CATEGORIES = {
    "within": theme.Look("Within the expected range", "circle", "#768692", "#4c6272", 60),
    "higher": theme.Look("Higher than expected", "triangle-up", "#12436D", "#12436D", 110),
    "lower": theme.Look("Lower than expected", "triangle-down", "#12436D", "#12436D", 110),
    "too_few": theme.Look("Too little data", "cross", "#ffffff", "#4c6272", 70),
}
DENOMINATORS = {"percent": "Number of answers", "per_1000_bed_days": "Occupied bed days"}
_LIMITS = {"l95": "lower95", "u95": "upper95", "l998": "lower998", "u998": "upper998"}

LINES = {
    "Average of the group": [1, 0],
    "95% of wards by chance": [2, 3],
    "99.8% of wards by chance": [7, 4],
}
NAMES = (*LINES, *(kind.words for kind in CATEGORIES.values()))
_CURVES = {
    "l95": "95% of wards by chance",
    "u95": "95% of wards by chance",
    "l998": "99.8% of wards by chance",
    "u998": "99.8% of wards by chance",
    "c": "Average of the group",
}

# A dot in the right half has its name on its left; on a phone the name ends before its comma.
_SIDE = "scale('x', datum.d) > 0.5 * width ? 'right' : 'left'"
_SHIFT = "scale('x', datum.d) > 0.5 * width ? -9 : 9"
# Under the dots each name has a white outline, so that no line crosses it and no dot is hidden.
_NAME = "width < 480 ? split(datum.label, ',')[0] : datum.label"


@cache
def spec(
    unit: str = "percent", named: tuple[str, ...] = NAMES, height: int = 340
) -> dict[str, object]:
    """The spec of a funnel; the axis along the bottom is what the denominator counts.

    The keys name the lines and kinds of dot in `named`, such as all that are drawn (`drawn`). A dot
    can be chosen by its unit.
    """
    scale = (
        alt.Scale(zero=False, domainMax=100, nice=5) if unit == "percent" else alt.Scale(zero=True)
    )

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=theme.y_axis(numbers.AXES[unit]))

    x = alt.X(
        "d:Q",
        scale=alt.Scale(zero=False, nice=False, padding=12),
        axis=alt.Axis(
            aria=False,
            title=DENOMINATORS.get(unit, "Size"),
            format=",d",
            tickCount=alt.ExprRef("max(4, floor(width / 90))"),
        ),
    )
    dashes = alt.StrokeDash(
        "line:N",
        scale=alt.Scale(domain=list(LINES), range=list(LINES.values())),
        legend=_key(LINES, named, wide=3, symbol=500, above=True),
    )
    curves = [
        theme.base()
        .transform_filter(f"isValid(datum.{field})")
        .transform_calculate(line=f"'{line}'")
        .mark_line(color=theme.INK if field == "c" else theme.GREY, strokeWidth=1.5)
        .encode(x, y(field), dashes)
        for field, line in _CURVES.items()
    ]
    outlines, names = (
        theme.base()
        .transform_filter("datum.label != ''")
        .mark_text(align=alt.expr(_SIDE), dx=alt.expr(_SHIFT), dy=-14, **look)
        .encode(x, y("v"), text=alt.TextValue(alt.ExprRef(_NAME)))
        for look in (theme.HALO, {})
    )
    rings = (
        theme.base()
        .transform_filter("datum.marked")
        .mark_point(filled=False, size=260, strokeWidth=2, color=theme.INK)
        .encode(x, y("v"))
    )
    return theme.finished(alt.layer(*curves, outlines, rings, _dots(x, y, named), names), height)


def drawn(rows: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """The lines and kinds of dot that these rows have; without limits there are no lines."""
    there = {line for row in rows for field, line in _CURVES.items() if row[field] is not None}
    there |= {str(row["category"]) for row in rows}
    return tuple(name for name in NAMES if name in there)


def rows(
    comparisons: pl.DataFrame,
    measure: Mapping[str, object],
    names: Mapping[str, str] | None = None,
    labelled: frozenset[str] = frozenset(),
    marked: frozenset[str] = frozenset(),
) -> list[dict[str, object]]:
    """One row for each unit of one peer group with a value; units not in `names` stay unnamed.

    `labelled` and `marked` units have their name on the chart itself, and `marked` ones a ring.
    """
    unit, times = str(measure["unit"]), measure["multiplier"]
    shown = labelled | marked
    found = comparisons.filter(pl.col("value").is_not_null() & pl.col("d").is_not_null()).sort("d")
    return [
        {
            "d": row["d"],
            "v": numbers.drawn(row["value"], times, unit),
            "c": numbers.drawn(row["centre"], times, unit),
            **{key: numbers.drawn(row[column], times, unit) for key, column in _LIMITS.items()},
            "category": CATEGORIES[row["category"]].words,
            "unit": row["unit_id"] if row["unit_id"] in (names or {}) else None,
            "name": (names or {}).get(row["unit_id"], "One of the others"),
            "label": (names or {}).get(row["unit_id"], "") if row["unit_id"] in shown else "",
            "marked": row["unit_id"] in marked,
            "read": numbers.with_unit(numbers.scaled(row["value"], times), unit),
            "based_on": numbers.out_of(row["n"], row["d"], unit),
        }
        for row in found.iter_rows(named=True)
    ]


def _key(names: Iterable[str], named: tuple[str, ...], **look: Any) -> alt.Legend | None:
    """The key of those names that are named; none if there is nothing to name."""
    shown = [name for name in names if name in named]
    return theme.key(shown, **look) if shown else None


def _dots(x: alt.X, y, named: tuple[str, ...]) -> alt.Chart:
    kinds = list(CATEGORIES.values())
    words = [kind.words for kind in kinds]
    legend = _key(words, named, wide=4)

    def scale(values: list[object]) -> alt.Scale:
        return alt.Scale(domain=words, range=values)

    return (
        theme.base()
        .mark_point(filled=True, opacity=1, strokeWidth=1.5, **selection.POINTER)
        .encode(
            x,
            y("v"),
            fill=alt.Fill("category:N", scale=scale([k.fill for k in kinds]), legend=legend),
            stroke=alt.Stroke("category:N", scale=scale([k.outline for k in kinds]), legend=legend),
            shape=alt.Shape("category:N", scale=scale([k.shape for k in kinds]), legend=legend),
            size=alt.Size(
                "category:N", sort=words, scale=scale([k.size for k in kinds]), legend=legend
            ),
            tooltip=[
                alt.Tooltip("name:N", title="Unit"),
                alt.Tooltip("read:N", title="Value"),
                alt.Tooltip("based_on:N", title="Based on"),
                alt.Tooltip("category:N", title="Compared"),
            ],
        )
        .add_params(selection.by("unit"))
    )
