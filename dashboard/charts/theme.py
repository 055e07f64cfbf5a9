"""The look of every chart and table: colours, marks, fonts and the settings of a finished spec.

NHS identity colours without the logo or Frutiger. Kinds of point differ by shape and outline as
well as by colour, because the familiar blue, orange and grey alone are too faint on white.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import altair as alt

from pipelines import typography

INK, GREY, RULE, WHITE = "#212b32", "#4c6272", "#d8dde0", "#ffffff"
BLUE, DARK_BLUE, PURPLE, RED = "#005eb8", "#003087", "#490092", "#d5281b"
PALE = "#f0f4f5"
FONT = typography.FONT
MARK, SMALL = typography.SIZES["mark"], typography.SIZES["small"]

# The Analysis Function's categorical and sequential palettes: no colour in them means good or bad.
CATEGORIES = ("#12436D", "#28A197", "#801650", "#F46A25")
SEQUENCE = ("#ffffff", "#b9d3ea", "#6BACE6", "#2073BC", "#12436D", "#0a2440")

SOURCE = "source"  # the name under which Streamlit puts the rows into a chart


@dataclass(frozen=True)
class Look:
    """How one kind of point is drawn, and the words for it in the key and the table."""

    words: str
    shape: str
    fill: str
    outline: str
    size: int = 90


COMMON = Look("Usual variation", "circle", "#768692", "#4c6272", 42)
NEUTRAL = Look("Changed, neither better nor worse", "diamond", PURPLE, PURPLE)
CONCERN = Look("Concern", "square", "#e46c0a", "#7a3300")


def improvement(direction: str) -> Look:
    """The look of an improvement: a triangle that points in the better direction."""
    shape = "triangle-down" if direction == "down" else "triangle-up"
    return Look("Improvement", shape, "#00b0f0", DARK_BLUE, 100)


def looks(direction: str) -> tuple[Look, ...]:
    """The kinds of point that a measure with this direction can have, in the order of the key."""
    if direction == "none":
        return (COMMON, NEUTRAL)
    return (COMMON, improvement(direction), CONCERN)


def look(kind: str | None, direction: str) -> Look:
    """The look of a kind of point, as `points.kind` names it."""
    if kind == "improvement":
        return improvement(direction)
    if kind == "concern":
        return CONCERN
    return NEUTRAL if kind in ("neutral_high", "neutral_low") else COMMON


HALO = {"stroke": WHITE, "strokeWidth": 4, "strokeJoin": "round"}  # around a text on a chart

CONFIG: dict[str, object] = {
    "background": WHITE,
    "font": FONT,
    "padding": {"left": 4, "top": 6, "right": 10, "bottom": 4},
    "view": {"stroke": None, "fill": WHITE},
    "mark": {"aria": False},  # read out as one picture: its alternative text and table say more
    "axis": {
        "labelFont": FONT,
        "labelFontSize": SMALL,
        "labelColor": INK,
        "labelAngle": 0,
        "titleFont": FONT,
        "titleFontSize": SMALL,
        "titleFontWeight": "normal",
        "titleColor": GREY,
        "titleAngle": 0,
        "gridColor": RULE,
        "gridWidth": 1,
        "domainColor": GREY,
        "tickColor": GREY,
    },
    "axisX": {"grid": False},
    "axisY": {"domain": False, "ticks": False, "labelPadding": 6, "tickCount": 5},
    "legend": {
        "labelFont": FONT,
        "labelFontSize": SMALL,
        "labelColor": INK,
        "labelLimit": 300,
        "titleFont": FONT,
        "titleFontSize": SMALL,
        "titleFontWeight": "normal",
        "titleColor": GREY,
        "orient": "bottom",
        "symbolStrokeWidth": 1.5,
        "columnPadding": 16,
        "rowPadding": 4,
    },
    "title": {
        "font": FONT,
        "fontSize": typography.SIZES["text"],
        "fontWeight": "bold",
        "color": INK,
        "anchor": "start",
        "subtitleFont": FONT,
        "subtitleFontSize": SMALL,
        "subtitleColor": GREY,
        "subtitlePadding": 6,
        "offset": 14,
    },
    "text": {"font": FONT, "fontSize": SMALL, "color": INK},
}


def base() -> alt.Chart:
    """An empty chart over the rows that it is given when it is shown."""
    return alt.Chart(alt.NamedData(name=SOURCE))


def finished(chart: alt.TopLevelMixin, height: int | dict[str, int]) -> dict[str, object]:
    """The spec of a chart as wide as its container, in this theme.

    Everyone who sees the chart shares the spec: treat it as read-only.
    """
    spec = chart.properties(width="container", height=height).to_dict()
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["config"] = CONFIG
    return spec


def y_axis(title: str, **settings: object) -> alt.Axis:
    """A left-hand axis with a horizontal title above it and a few light gridlines.

    Screen readers skip axes: the alternative text and the table say more, in words.
    """
    settings = {"tickCount": 5, **settings}
    return alt.Axis(
        title=title,
        aria=False,
        titleAngle=0,
        titleAlign="left",
        titleAnchor="end",
        titleBaseline="bottom",
        titleX=-34,
        titleY=-30,
        **settings,
    )


def key(
    labels: list[str],
    *,
    narrow: int = 1,
    wide: int = 4,
    symbol: int = 100,
    above: bool = False,
    from_width: int = 480,
) -> alt.Legend:
    """A key under the chart, or above it and the name of its axis.

    It has `narrow` columns where the plot is less than `from_width` pixels wide, as on a phone.
    """
    columns = alt.ExprRef(f"width < {from_width} ? {narrow} : {wide}")
    place = {"orient": "top", "offset": 54} if above else {"orient": "bottom"}
    return alt.Legend(title=None, columns=columns, values=labels, symbolSize=symbol, **place)


@cache
def css() -> str:
    """The styles of tables, icons, small multiples and printed sheets, to include once per page."""
    sheet = (files("dashboard.charts") / "theme.css").read_text(encoding="utf-8")
    return typography.variables() + sheet
