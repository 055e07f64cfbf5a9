"""A small process chart as inline SVG, which scales, for small multiples and printed pages."""

from calendar import month_abbr
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby, takewhile
from math import ceil, floor

from dashboard.charts import theme
from dashboard.charts.icons import mark_at

Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True)
class Frame:
    """The size of a picture, and what it keeps free at each edge."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


_CHART = Frame(300, 130, 42, 8, 10, 22)
_CELL = Frame(120, 32, 6, 6, 6, 6)


@dataclass(frozen=True)
class Scale:
    """One scale for all the charts side by side, in the displayed unit and in months."""

    low: float
    high: float
    first: float
    last: float
    frame: Frame = _CHART

    def x(self, month: float) -> float:
        wide = (month - self.first) / max(self.last - self.first, 1)
        frame = self.frame
        return frame.left + wide * (frame.width - frame.left - frame.right)

    def y(self, value: float) -> float:
        tall = (value - self.low) / ((self.high - self.low) or 1)
        frame = self.frame
        return frame.height - frame.bottom - tall * (frame.height - frame.top - frame.bottom)


def scale(rows: Rows, unit: str) -> Scale | None:
    """The scale that fits every row of every series; None if there is nothing to draw."""
    points = [row for row in rows if row["row"] == "point"]
    levels = [row[name] for row in points for name in ("v", "c") if row[name] is not None]
    if not levels:
        return None
    if unit == "percent":
        low, high = floor(min(levels) / 10) * 10, 100
        low = min(low, 90)
    else:
        step = 10 ** floor(len(str(int(max(levels)))) - 1)
        low, high = 0, ceil(max(*levels, 1) / step) * step
    return Scale(low, high, min(row["m0"] for row in points), max(row["m1"] for row in points))


def svg(rows: Rows, scale: Scale, unit: str, direction: str, label: str) -> str:
    """One series on a shared scale; `label` is its alternative text."""
    points = [row for row in rows if row["row"] == "point"]
    parts = [*_grid(scale, unit), *_bands(rows, scale), *_lines(points, scale)]
    parts += [_mark(row, scale, direction) for row in points if row["v"] is not None]
    return (
        f'<svg class="fs-spark" role="img" aria-label="{escape(label)}" '
        f'viewBox="0 0 {_CHART.width} {_CHART.height}" font-family="{theme.FONT}" '
        f'font-size="{theme.MARK}" fill="{theme.INK}" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def line(rows: Rows, direction: str) -> str:
    """One series in a cell of a table, on its own scale and without words.

    The words beside it say what it shows, so screen readers pass over it. It breaks where a month
    has no figure; the average is that of the latest phase.
    """
    points = [row for row in rows if row["row"] == "point"]
    seen = [row for row in points if row["v"] is not None]
    if not seen:
        return ""
    levels = [row[name] for row in seen for name in ("v", "c") if row[name] is not None]
    scale = Scale(min(levels), max(levels), points[0]["m"], points[-1]["m"], _CELL)
    parts, latest = [], seen[-1]
    for is_seen, run in groupby(points, key=lambda row: row["v"] is not None):
        if is_seen:
            corners = [(scale.x(row["m"]), scale.y(row["v"])) for row in run]
            if len(corners) == 1:  # a line needs two
                (x, y), *_ = corners
                corners = [(x - 1, y), (x + 1, y)]
            parts.append(_polyline(corners, f'stroke="{theme.GREY}" stroke-width="1.5"'))
    if latest["c"] is not None:
        *_, begins = takewhile(lambda row: row["c"] == latest["c"], reversed(seen))
        average = [(row["m"], latest["c"]) for row in (begins, latest)]
        parts.append(_path(average, scale, f'stroke="{theme.INK}"'))
    place = scale.x(latest["m"]), scale.y(latest["v"])
    parts.append(mark_at(_look(latest, direction), *place, 4.5, 1))
    return (
        f'<svg class="fs-line" aria-hidden="true" focusable="false" width="{_CELL.width}" '
        f'height="{_CELL.height}" viewBox="0 0 {_CELL.width} {_CELL.height}">{"".join(parts)}</svg>'
    )


def _grid(scale: Scale, unit: str) -> list[str]:
    parts, right = [], _CHART.width - _CHART.right
    for value in (scale.low, (scale.low + scale.high) / 2, scale.high):
        y = scale.y(value)
        parts.append(
            f'<line x1="{_CHART.left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{theme.RULE}"/><text x="{_CHART.left - 5}" y="{y + 4:.1f}" text-anchor="end">'
            f"{_short(value, unit)}</text>"
        )
    for month, anchor in ((scale.first + 0.5, "start"), (scale.last - 0.5, "end")):
        parts.append(
            f'<text x="{scale.x(month):.1f}" y="{_CHART.height - 5}" text-anchor="{anchor}">'
            f"{_month(month)}</text>"
        )
    return parts


def _short(value: float, unit: str) -> str:
    if unit == "percent":
        return f"{value:g}%"
    return f"{value:g}"


def _month(place: float) -> str:
    year, month = divmod(round(place), 12)
    return f"{month_abbr[month + 1]} {year}"


def _bands(rows: Rows, scale: Scale) -> list[str]:
    top, bottom = scale.y(scale.high), scale.y(scale.low)
    return [
        f'<rect x="{scale.x(row["m0"]):.1f}" y="{top:.1f}" height="{bottom - top:.1f}" '
        f'width="{scale.x(row["m1"]) - scale.x(row["m0"]):.1f}" fill="{theme.RULE}" '
        'fill-opacity="0.6"/>'
        for row in rows
        if row["row"] == "band"
    ]


def _lines(points: Rows, scale: Scale) -> list[str]:
    parts = []
    for _, segment in groupby(
        (row for row in points if row["v"] is not None), key=lambda row: row["segment"]
    ):
        run = list(segment)
        for name, paint in (
            ("l", f'stroke="{theme.GREY}" stroke-dasharray="4 3"'),
            ("u", f'stroke="{theme.GREY}" stroke-dasharray="4 3"'),
            ("c", f'stroke="{theme.INK}"'),
        ):
            steps = [
                (edge, row[name])
                for row in run
                if row[name] is not None and scale.low <= row[name] <= scale.high
                for edge in (row["m0"], row["m1"])
            ]
            parts.append(_path(steps, scale, paint))
        parts.append(_path([(row["m"], row["v"]) for row in run], scale, f'stroke="{theme.GREY}"'))
    return parts


def _path(places: list[tuple[float, float]], scale: Scale, paint: str) -> str:
    if len(places) < 2:
        return ""
    return _polyline([(scale.x(m), scale.y(v)) for m, v in places], paint)


def _polyline(corners: list[tuple[float, float]], paint: str) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return f'<polyline points="{points}" fill="none" {paint}/>'


def _mark(row: Mapping[str, object], scale: Scale, direction: str) -> str:
    look = _look(row, direction)
    radius = 3 if look is theme.COMMON else 4.5
    if row["hollow"]:
        look = replace(look, fill=theme.WHITE)
    return mark_at(look, scale.x(row["m"]), scale.y(row["v"]), radius, 1)


def _look(row: Mapping[str, object], direction: str) -> theme.Look:
    return next(kind for kind in theme.looks(direction) if kind.words == row["look"])
