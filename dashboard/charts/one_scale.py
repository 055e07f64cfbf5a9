"""All measures of one unit on one scale: how far the latest figure of each is from its average.

Distances are in standard deviations as each process chart estimates them (sigma): 3 is the limit.
"""

from collections.abc import Iterator, Mapping
from functools import cache

import altair as alt
import polars as pl

from dashboard import numbers
from dashboard.charts import table, theme
from schemas.wording import month_of

FEWEST = 2  # measures worth putting on one scale
BEFORE = 2  # points shown before the latest
EDGE = 5.0  # sigma: what is further out is drawn there
_STEP = 62  # pixels for a measure, its name above it
_DIRECTIONS = {"up": "higher is better", "down": "lower is better", "none": "neither is better"}
_LOOKS = {
    theme.COMMON.words: theme.COMMON,
    "Improvement: higher": theme.improvement("up"),
    "Improvement: lower": theme.improvement("down"),
    theme.CONCERN.words: theme.CONCERN,
    theme.NEUTRAL.words: theme.NEUTRAL,
}
_WORDS = {look: words for words, look in _LOOKS.items()}
_TIP = [
    alt.Tooltip("when:N", title="Month"),
    alt.Tooltip("read:N", title="Value"),
    alt.Tooltip("usual:N", title="Average"),
    alt.Tooltip("away:N", title="From the average"),
    alt.Tooltip("look:N", title="Kind"),
]


def sigma() -> pl.Expr:
    """One standard deviation of a point as its chart estimates it; null where that can't be told.

    Limits never go beyond what is possible, such as 100%, so the widest of the four distances to
    limits and near limits is the one that was not cut short. Nothing is said where all were.
    """
    full = pl.max_horizontal(
        (pl.col("upper") - pl.col("centre")) / 3,
        (pl.col("centre") - pl.col("lower")) / 3,
        (pl.col("near_upper") - pl.col("centre")) / 2,
        (pl.col("centre") - pl.col("near_lower")) / 2,
    )
    cut = (pl.col("near_lower") <= 0) & (pl.col("near_upper") >= 1) & (pl.col("unit") == "percent")
    return pl.when((full > 0) & ~cut.fill_null(value=False)).then(full)


def measured(points: pl.DataFrame) -> pl.DataFrame:
    """The points that have limits on both sides of an average, with their distance `away`.

    `points` are from `queries.series.latest_points`. Charts whose limits are not alike on both
    sides (g and t), and run charts, have none.
    """
    alike = pl.col("chart").is_in(["p", "pp", "u", "up", "c", "xmr"])
    return (
        points.filter(alike)
        .with_columns(sigma=sigma())
        .filter(pl.col("sigma").is_not_null())
        .with_columns(away=(pl.col("value") - pl.col("centre")) / pl.col("sigma"))
    )


def rows(points: pl.DataFrame) -> list[dict[str, object]]:
    """The rows of `spec`: for each measure its latest point, and those before it, oldest first."""
    return [
        row
        for place, (_, of_one) in enumerate(points.group_by("measure", maintain_order=True))
        for row in _of_measure(place, of_one)
    ]


def _of_measure(place: int, points: pl.DataFrame) -> Iterator[dict[str, object]]:
    for age, point in enumerate(points.sort("month", descending=True).iter_rows(named=True)):
        look = theme.look(point["kind"], point["direction"])
        yield {
            "place": place,
            "age": age,
            "z": max(-EDGE, min(EDGE, point["away"])),
            "look": _WORDS[look],
            **_in_words(point),
        }


def _in_words(point: Mapping[str, object]) -> dict[str, str]:
    unit, times = str(point["unit"]), point["multiplier"]
    centre = numbers.drawn(point["centre"], times, unit)
    return {
        "name": f"{point['short_name']} ({_DIRECTIONS[point['direction']]})",
        "when": month_of(point["month"]),
        "read": numbers.with_unit(numbers.scaled(point["value"], times), unit),
        "usual": numbers.reading(centre, unit),
        "away": distance(point["away"]),
    }


def distance(away: float) -> str:
    """A distance in words: “2.1 sigma above”."""
    size = f"{abs(away):.1f}"
    if size == "0.0":
        return "at the average"
    return f"{size} sigma {'above' if away > 0 else 'below'}"


def of_latest(caption: str, points: pl.DataFrame) -> str:
    """The table under the chart: the latest point of each measure."""
    latest = points.sort("month").unique("measure", keep="last", maintain_order=True)
    found = {point["measure"]: point for point in latest.iter_rows(named=True)}
    columns = [
        table.Column("name", "Measure", row_header=True),
        table.Column("when", "Month"),
        table.Column("read", "Value"),
        table.Column("usual", "Average"),
        table.Column("away", "From the average"),
        table.Column("look", "What it shows"),
    ]
    shown = [
        {
            "look": theme.look(found[measure]["kind"], found[measure]["direction"]).words,
            **_in_words(found[measure]),
        }
        for measure in points["measure"].unique(maintain_order=True)
    ]
    return table.html(caption, columns, shown)


@cache
def spec() -> dict[str, object]:
    """The spec of the chart: a row for each measure, the average in the middle, limits at 3."""
    x = alt.X(
        "z:Q",
        scale=alt.Scale(domain=[-EDGE, EDGE], nice=False),
        axis=alt.Axis(
            aria=False,
            title="Sigma from the average, at most 5",
            values=[-5, -3, 0, 3, 5],
            labelExpr="datum.value == 0 ? 'Average' : abs(datum.value) == 3 ? 'Limit' : ''",
            ticks=False,
        ),
    )
    y = alt.Y("place:O", axis=None)
    trail = (
        theme.base()
        .mark_line(color=theme.GREY, strokeWidth=1.5, yOffset=14)
        .encode(x, y, detail="place:O", order="age:Q")
    )
    earlier = (
        theme.base()
        .transform_filter("datum.age > 0")
        .mark_point(filled=True, color=theme.GREY, size=24, opacity=1, yOffset=14)
        .encode(x, y, tooltip=_TIP)
    )
    return theme.finished(
        alt.layer(*_lines(y), trail, earlier, _latest(x, y), *_names(y)), {"step": _STEP}
    )


def _lines(y: alt.Y) -> list[alt.Chart]:
    """The average and the limits, row by row, so that no name of a measure is crossed."""
    each = theme.base().transform_filter("datum.age == 0")
    return [
        each.transform_calculate(z=str(place))
        .mark_rule(yOffset=0, y2Offset=_STEP // 2, **line)
        .encode(alt.X("z:Q"), y, alt.Y2("place:O"))
        for place, line in (
            (0, {"color": theme.INK, "strokeWidth": 1.5}),
            (-3, {"color": theme.GREY, "strokeDash": [6, 4]}),
            (3, {"color": theme.GREY, "strokeDash": [6, 4]}),
        )
    ]


def _latest(x: alt.X, y: alt.Y) -> alt.Chart:
    def scale(part: str) -> alt.Scale:
        return alt.Scale(
            domain=list(_LOOKS), range=[getattr(look, part) for look in _LOOKS.values()]
        )

    key = theme.key(list(_LOOKS), narrow=1, wide=5)
    return (
        theme.base()
        .transform_filter("datum.age == 0")
        .mark_point(filled=True, strokeWidth=1.5, opacity=1, size=110, yOffset=14)
        .encode(
            x,
            y,
            fill=alt.Fill("look:N", scale=scale("fill"), legend=key),
            stroke=alt.Stroke("look:N", scale=scale("outline"), legend=key),
            shape=alt.Shape("look:N", scale=scale("shape"), legend=key),
            tooltip=_TIP,
        )
    )


def _names(y: alt.Y) -> list[alt.Chart]:
    """The name of each measure above its row, so that long ones fit on a phone."""
    return [
        theme.base()
        .transform_filter("datum.age == 0")
        .mark_text(align="left", baseline="bottom", yOffset=-4, **look)
        .encode(alt.X(value=0), y, text="name:N")
        for look in (theme.HALO, {})
    ]
