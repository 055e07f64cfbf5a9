"""The adoption of charters: wards with one in place, and wards that reported, month by month."""

from functools import cache

import altair as alt
import polars as pl

from dashboard.charts import month_axis, selection, theme

LINES = {"Wards that reported": (theme.GREY, [6, 4]), "Charter in place": ("#12436D", [1, 0])}
_SHAPES = ["stroke", "circle"]


@cache
def spec(height: int = 280) -> dict[str, object]:
    """The spec of the adoption curve; a dot can be chosen by its month."""
    names = list(LINES)
    legend = theme.key(names, wide=3, symbol=160)
    colours = alt.Scale(domain=names, range=[colour for colour, _ in LINES.values()])
    shared = theme.base().encode(
        month_axis.x("m"),
        alt.Y(
            "n:Q", scale=alt.Scale(zero=True), axis=theme.y_axis("Wards", format="d", tickMinStep=1)
        ),
        color=alt.Color("line:N", scale=colours, legend=legend),
    )
    lines = shared.mark_line(strokeWidth=2).encode(
        strokeDash=alt.StrokeDash(
            "line:N",
            scale=alt.Scale(domain=names, range=[dash for _, dash in LINES.values()]),
            legend=legend,
        ),
        detail="segment:N",
    )
    dots = shared.mark_point(filled=True, size=40, opacity=1, **selection.POINTER).encode(
        shape=alt.Shape("line:N", scale=alt.Scale(domain=names, range=_SHAPES), legend=legend),
        tooltip=[
            alt.Tooltip("when:N", title="Month"),
            alt.Tooltip("line:N", title="What"),
            alt.Tooltip("read:N", title="Wards"),
        ],
    )
    return theme.finished(alt.layer(lines, dots.add_params(selection.by("month"))), height)


def rows(stages: pl.DataFrame) -> list[dict[str, object]]:
    """Two rows for each month; `stages` counts wards, and those in place, by month and stage.

    Consecutive months share a segment, so no line is drawn across months without data.
    """
    counted = stages.group_by("month").agg(pl.col("wards", "in_place").sum()).sort("month")
    counted = counted.with_row_index("place")
    return [
        {
            "month": row["month"].isoformat(),
            "m": month_axis.index(row["month"]),
            "segment": month_axis.index(row["month"]) - row["place"],
            "n": row[column],
            "line": line,
            "when": f"{row['month']:%B %Y}",
            "read": f"{row['in_place']:,} of {row['wards']:,} wards",
        }
        for row in counted.iter_rows(named=True)
        for line, column in zip(LINES, ("wards", "in_place"), strict=True)
    ]
