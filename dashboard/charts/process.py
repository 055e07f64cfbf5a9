"""The process chart of one series: its points, its limits, its target, and its events.

It draws every kind of `points.chart`: run charts have a centre line and no limits; p, u and their
Laney forms have limits that step with the denominator. Lines never cross a gap or a new phase.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import altair as alt

from dashboard import numbers
from dashboard.charts import month_axis, selection, theme
from dashboard.charts.process_rows import PATHS, aims, drawn_ambitions, flags, middle, rows

__all__ = ["PATHS", "aims", "drawn_ambitions", "flags", "middle", "reading", "rows", "spec"]

_NARROW = "width < 420"  # pixels of the plot: names beside it would take a third of it
_TIP = [
    alt.Tooltip("when:N", title="Month"),
    alt.Tooltip("read:N", title="Value"),
    alt.Tooltip("based_on:N", title="Based on"),
    alt.Tooltip("look:N", title="Kind"),
    alt.Tooltip("why:N", title="Why"),
    alt.Tooltip("note:N", title="Note"),
]


@dataclass(frozen=True)
class Reading:
    """How a measure is read: in which unit, which direction is better, against which target.

    The axis begins at `low`; None lets it begin where the figures do. Its name is that of the unit,
    or `axis`.
    """

    unit: str = "percent"
    direction: str = "up"
    target: float | None = None
    low: float | None = None
    axis: str = ""


def reading(measure: Mapping[str, object], low: float | None = None) -> Reading:
    """How a row of the release's measures is read, on an axis from `low`."""
    return Reading(measure["unit"], measure["direction"], measure["target"], low)


@cache
def spec(
    reading: Reading,
    *,
    events: bool = True,
    signals: bool = True,
    choose: bool = False,
    height: int = 280,
) -> dict[str, object]:
    """The spec of a process chart.

    `events=False` hides the numbered flags; without `signals` every point is drawn alike and there
    is no key. With `choose` a point can be chosen by its month.
    """
    layers = [
        _whole_span(),
        _bands(),
        _limit("l", _first_y(reading, "l")),
        _limit("u", _y("u")),
        _steps("c", _y("c"), color=theme.INK),
    ]
    if reading.target is not None:
        layers.append(_target(reading.target))
    layers.append(_paths())
    if events:
        layers += _flags()
    layers += _named_bands()
    outlines, names = _names()  # under the points and over them, so that no point is hidden
    layers += [outlines, _joined(), *_points(reading.direction, signals, choose), names]
    return theme.finished(alt.layer(*layers), height)


def _only(row: str) -> alt.Chart:
    return theme.base().transform_filter(f"datum.row == '{row}'")


def _first_y(reading: Reading, field: str) -> alt.Y:
    """A field up the chart, with the axis and scale that all further layers share.

    Percentages use as much of the range below 100 as they need; everything else starts at 0.
    """
    unit, scale = reading.unit, alt.Scale(zero=True)
    if unit == "percent":
        begins = {} if reading.low is None else {"domainMin": reading.low}
        scale = alt.Scale(zero=False, domainMax=100, nice=5, **begins)
    name = reading.axis or numbers.AXES[unit]
    axis = theme.y_axis(name, format="d" if unit != "per_1000_bed_days" else "~r")
    return alt.Y(f"{field}:Q", scale=scale, axis=axis, title=name)


def _y(field: str) -> alt.Y:
    """A field up the chart in a further layer."""
    return alt.Y(f"{field}:Q")


def _whole_span() -> alt.Chart:
    """Months without a value have their place on the axis too."""
    return (
        _only("point").mark_rule(opacity=0, tooltip=None).encode(month_axis.x("m0"), alt.X2("m1:Q"))
    )


def _bands() -> alt.Chart:
    return (
        _only("band")
        .mark_rect(color=theme.PALE, aria=False)
        .encode(month_axis.along("m0"), x2="m1:Q", tooltip=[alt.Tooltip("note:N", title=" ")])
    )


def _named_bands() -> list[alt.Chart]:
    """The name of a band at its foot, where it has one: with an outline, so that it can be read."""
    return [
        _only("band")
        .transform_filter("isValid(datum.named)")
        .mark_text(align="left", baseline="bottom", dx=4, dy=-3, color=theme.INK, **look)
        .encode(month_axis.along("m0"), y=alt.value(alt.expr("height")), text="named:N")
        for look in (theme.HALO, {})
    ]


def _steps(field: str, y: alt.Y, **line: object) -> alt.Chart:
    """A line that is level through each period and steps between two, broken by segment."""
    return (
        _only("point")
        .transform_filter(f"isValid(datum.{field})")
        .transform_calculate(edge="[datum.m0, datum.m1]")
        .transform_flatten(["edge"])
        .mark_line(strokeWidth=1.5, **line)
        .encode(month_axis.along("edge"), y, detail="segment:N", order="edge:Q")
    )


def _limit(field: str, y: alt.Y) -> alt.Chart:
    return _steps(field, y, color=theme.GREY, strokeDash=[6, 4])


def _target(target: float) -> alt.Chart:
    return (
        theme.base()
        .transform_aggregate(n="count()")
        .transform_calculate(target=str(float(target)))
        .mark_rule(color=theme.RED, strokeDash=[10, 3], strokeWidth=1.5)
        .encode(_y("target"))
    )


def _paths() -> alt.Chart:
    """The path of each ambition, on into the months to come; a trust's own has short dashes."""
    dashes = alt.Scale(domain=list(PATHS.values()), range=[[10, 3], [3, 3]])
    return (
        _only("path")
        .mark_line(color=theme.RED, strokeWidth=1.5)
        .encode(
            month_axis.along("m"),
            _y("v"),
            strokeDash=alt.StrokeDash("path:N", scale=dashes, legend=None),
            order="m:Q",
        )
    )


def _joined() -> alt.Chart:
    return (
        _only("point")
        .transform_filter("isValid(datum.v)")
        .mark_line(color=theme.GREY, strokeWidth=1.5)
        .encode(month_axis.along("m"), _y("v"), detail="segment:N", order="m:Q")
    )


def _points(direction: str, signals: bool, choose: bool) -> list[alt.Chart]:
    kinds = theme.looks(direction)
    words = [kind.words for kind in kinds]

    def scale(values: list[object]) -> alt.Scale:
        return alt.Scale(domain=words, range=values)

    key = theme.key(words, from_width=380) if signals else None
    fill = alt.Fill("look:N", scale=scale([kind.fill for kind in kinds]), legend=key)
    seen = _only("point").transform_filter("isValid(datum.v)")
    marks = seen.mark_point(filled=True, strokeWidth=1.5, opacity=1).encode(
        month_axis.along("m"),
        _y("v"),
        fill=alt.when("datum.hollow").then(alt.value(theme.WHITE)).otherwise(fill),
        stroke=alt.Stroke("look:N", scale=scale([k.outline for k in kinds]), legend=key),
        shape=alt.Shape("look:N", scale=scale([k.shape for k in kinds]), legend=key),
        size=alt.Size("look:N", sort=words, scale=scale([k.size for k in kinds]), legend=key),
        tooltip=_TIP,
    )
    pointer = selection.POINTER if choose else {}
    reach = seen.mark_point(size=500, opacity=0, filled=True, **pointer).encode(
        month_axis.along("m"), _y("v"), tooltip=_TIP
    )
    if choose:
        reach = reach.add_params(selection.by("month"))
    return [marks, reach]


def _names() -> list[alt.Chart]:
    """What each line is, at its right-hand end: beside it, or under it on a narrow chart."""
    outlines, names = (
        _only("name")
        .mark_text(
            align=alt.expr(f"{_NARROW} ? 'right' : 'left'"),
            dx=alt.expr(f"{_NARROW} ? -2 : 6"),
            dy=alt.expr(f"{_NARROW} ? 10 : 0"),
            baseline="middle",
            color=theme.INK,
            **look,
        )
        .encode(month_axis.along("m1"), _y("v"), text="note:N")
        for look in (theme.HALO, {})
    )
    return [outlines, names]


def _flags() -> list[alt.Chart]:
    tip = [alt.Tooltip("when:N", title="Month"), alt.Tooltip("note:N", title="What")]
    flag = _only("event")
    return [
        flag.mark_rule(color=theme.BLUE, strokeDash=[2, 3]).encode(
            month_axis.along("m"), y=alt.value(-6), y2=alt.value(alt.expr("height")), tooltip=tip
        ),
        flag.mark_point(filled=True, shape="circle", size=320, color=theme.BLUE, opacity=1).encode(
            month_axis.along("m"), y=alt.value(-14), tooltip=tip
        ),
        flag.mark_text(color=theme.WHITE, fontSize=theme.MARK, fontWeight="bold", dy=0.5).encode(
            month_axis.along("m"), y=alt.value(-14), text="flag:N", tooltip=tip
        ),
    ]
