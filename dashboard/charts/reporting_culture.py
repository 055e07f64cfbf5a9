"""Reporting culture: how safe patients feel against how much is reported, without judgement."""

from collections.abc import Mapping
from functools import cache

import altair as alt
import polars as pl

from dashboard import numbers
from dashboard.charts import selection, theme

# A dot far to the right has its name on its left.
_SIDE = "scale('x', datum.reported) > 0.6 * width ? 'right' : 'left'"
_SHIFT = "scale('x', datum.reported) > 0.6 * width ? -9 : 9"


@cache
def spec(height: int = 340) -> dict[str, object]:
    """The spec of the scatter plot; no line is fitted and no corner is coloured.

    A dot can be chosen by its unit.
    """
    x = alt.X(
        "reported:Q",
        scale=alt.Scale(zero=True),
        axis=alt.Axis(
            aria=False,
            title=["Reported incidents", "per 1,000 occupied bed days"],
            tickCount=5,
            titlePadding=8,
        ),
    )
    y = alt.Y(
        "safe:Q",
        scale=alt.Scale(zero=False, domainMax=100, nice=5),
        axis=theme.y_axis("Per cent of patients who feel safe"),
    )
    tip = [
        alt.Tooltip("name:N", title="Ward"),
        alt.Tooltip("safe_read:N", title="Patients who feel safe"),
        alt.Tooltip("reported_read:N", title="Reported incidents"),
        alt.Tooltip("reporting:N", title="Returns"),
    ]
    dots = (
        theme.base()
        .mark_point(
            filled=True,
            opacity=1,
            stroke=theme.INK,
            strokeWidth=1.25,
            size=75,
            **selection.POINTER,
        )
        .encode(
            x,
            y,
            fill=alt.Fill(
                "reporting:N",
                scale=alt.Scale(
                    domain=["Reported incidents", "Reported none"], range=["#a285d1", theme.WHITE]
                ),
                legend=theme.key(["Reported incidents", "Reported none"], narrow=2),
            ),
            shape=alt.Shape(
                "reporting:N",
                scale=alt.Scale(
                    domain=["Reported incidents", "Reported none"], range=["circle", "square"]
                ),
                legend=theme.key(["Reported incidents", "Reported none"], narrow=2),
            ),
            tooltip=tip,
        )
        .add_params(selection.by("unit"))
    )
    labels = (
        theme.base()
        .transform_filter("datum.label != ''")
        .mark_text(align=alt.expr(_SIDE), dx=alt.expr(_SHIFT), dy=-8)
        .encode(x, y, text="label:N")
    )
    return theme.finished(alt.layer(dots, labels), height)


def rows(
    safe: pl.DataFrame,
    reported: pl.DataFrame,
    names: Mapping[str, str] | None = None,
    labelled: frozenset[str] = frozenset(),
) -> list[dict[str, object]]:
    """One row for each ward with both values, from `comparisons` of the two measures."""
    found = safe.select("unit_id", "n", "d", "value").join(
        reported.select("unit_id", "n", "d", "value"), on="unit_id", suffix="_reported"
    )
    found = found.filter(
        pl.col("value").is_not_null() & pl.col("value_reported").is_not_null()
    ).sort("unit_id")
    return [
        {
            "unit": row["unit_id"],
            "safe": numbers.drawn(row["value"], 100, "percent"),
            "reported": numbers.drawn(row["value_reported"], 1000, "per_1000_bed_days"),
            "name": (names or {}).get(row["unit_id"], "One of the others"),
            "label": (names or {}).get(row["unit_id"], "") if row["unit_id"] in labelled else "",
            "safe_read": f"{numbers.percent(row['value'] * 100)} "
            f"({numbers.out_of(row['n'], row['d'])})",
            "reported_read": numbers.out_of(
                row["n_reported"], row["d_reported"], "per_1000_bed_days"
            ),
            "reporting": "Reported none" if row["n_reported"] == 0 else "Reported incidents",
        }
        for row in found.iter_rows(named=True)
    ]
