"""Differences from what was expected, by months since a start, with their intervals."""

from collections.abc import Iterable, Mapping
from functools import cache
from math import exp, log

import altair as alt

from dashboard.charts import theme

BEFORE, SINCE, AVERAGE = "Before the start", "Since the start", "Average since the start"
_LOOKS = {
    BEFORE: theme.Look(BEFORE, "circle", theme.WHITE, theme.DARK_BLUE),
    SINCE: theme.Look(SINCE, "circle", theme.DARK_BLUE, theme.DARK_BLUE),
    AVERAGE: theme.Look(AVERAGE, "square", "#b9d3ea", "#b9d3ea"),
}
_REACH = 2.5  # an interval is cut off where it is this many times as far out as the estimates


@cache
def spec(kind: str = "proportion", height: int = 320) -> dict[str, object]:
    """The spec of one dot with its interval for each month; `kind` is proportion or rate.

    Differences of proportions are in percentage points around 0, rates are ratios around 1.
    """
    words = list(_LOOKS)
    ratio = kind == "rate"
    title = "Times what was expected" if ratio else "Percentage points above or below expected"
    scale = alt.Scale(type="log", nice=False) if ratio else alt.Scale(zero=True)
    axis = theme.y_axis(title, **({"format": "~g"} if ratio else {}))
    x = alt.X(
        "since:Q",
        scale=alt.Scale(zero=False, nice=False, padding=12),
        axis=alt.Axis(aria=False, title="Months since the start", format="d", tickMinStep=1),
    )
    key = theme.key(words)
    key.symbolStrokeColor = theme.DARK_BLUE
    fills = [look.fill for look in _LOOKS.values()]
    fill = alt.Fill("part:N", scale=alt.Scale(domain=words, range=fills), legend=key)
    marks = theme.base().transform_filter("isValid(datum.v)")
    y, low, high = alt.Y("v:Q", scale=scale, axis=axis), alt.Y("low:Q"), alt.Y2("high:Q")
    average = marks.transform_filter("datum.until != null")
    months = marks.transform_filter("datum.until == null")
    band = average.mark_rect(opacity=1).encode(x, alt.X2("until:Q"), low, high, fill)
    middle = average.mark_rule(color="#12436D", strokeWidth=2, strokeDash=[6, 4]).encode(
        x, alt.X2("until:Q"), y
    )
    none = (
        marks.transform_filter("datum.until != null")
        .transform_calculate(nothing="1" if ratio else "0")
        .mark_rule(color=theme.INK, strokeWidth=1)
        .encode(alt.Y("nothing:Q"))
    )
    begins = average.mark_rule(color=theme.GREY, strokeDash=[2, 3]).encode(x)
    intervals = months.mark_rule(color=theme.DARK_BLUE, strokeWidth=1.5).encode(x, low, high)
    dots = months.mark_point(
        filled=True, size=90, opacity=1, stroke=theme.DARK_BLUE, strokeWidth=1.5
    ).encode(
        x,
        y,
        fill=fill,
        tooltip=[
            alt.Tooltip("when:N", title="Month"),
            alt.Tooltip("read:N", title="Difference"),
            alt.Tooltip("interval:N", title="95% interval"),
            alt.Tooltip("trusts:N", title="Based on"),
        ],
    )
    return theme.finished(alt.layer(band, none, begins, middle, intervals, dots), height)


def rows(told: Iterable[Mapping[str, object]], kind: str) -> list[dict[str, object]]:
    """The average, as a band over the months since the start, then a row for each month.

    `told` has since (None for the average), value, lower, upper and the words when, read, interval
    and trusts. Intervals far beyond every estimate are cut off; the words have all of them.
    """
    every = list(told)
    if not every:
        return []
    bound = _bound(every, kind)
    months = [int(str(row["since"])) for row in every if row["since"] is not None]
    drawn = []
    for row in every:
        since = row["since"]
        low, value, high = (float(str(row[name])) for name in ("lower", "value", "upper"))
        drawn.append(
            {
                "since": -0.5 if since is None else since,
                "until": max(months, default=0) + 0.5 if since is None else None,
                "part": AVERAGE if since is None else SINCE if int(str(since)) >= 0 else BEFORE,
                "v": value,
                "low": _within(low, bound, kind),
                "high": _within(high, bound, kind),
                **{name: row[name] for name in ("when", "read", "interval", "trusts")},
            }
        )
    return drawn


def cut_off(drawn: Iterable[Mapping[str, object]], told: Iterable[Mapping[str, object]]) -> bool:
    """Whether an interval is drawn shorter than it is."""
    pairs = zip(drawn, told, strict=True)
    return any(row["low"] != of["lower"] or row["high"] != of["upper"] for row, of in pairs)


def _bound(every: Iterable[Mapping[str, object]], kind: str) -> float:
    """How far from no difference an interval may be drawn, in points or on the log scale."""
    sizes = [float(str(row["value"])) for row in every]
    for row in every:
        if row["since"] is None:
            sizes += [float(str(row["lower"])), float(str(row["upper"]))]
    return _REACH * max(abs(log(size)) if kind == "rate" else abs(size) for size in sizes)


def _within(number: float, bound: float, kind: str) -> float:
    if kind == "rate":
        return number if abs(log(number)) <= bound else exp(bound if number > 1 else -bound)
    return max(-bound, min(bound, number))
