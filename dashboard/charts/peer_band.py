"""One ward's rolling years against the spread of similar wards, which are never named."""

from collections.abc import Mapping
from functools import cache

import altair as alt
import polars as pl

from dashboard import numbers
from dashboard.charts import month_axis, selection, theme

YEAR = 12  # months
_OUTER, _INNER = "#d2e4f6", "#a9cbeb"
KEY = {
    "Eight in ten similar wards": _OUTER,
    "Six in ten similar wards": _INNER,
    "Middle ward": "#2073BC",
    "This ward": theme.INK,
}


@cache
def spec(unit: str = "percent", height: int = 300, *, own: bool = True) -> dict[str, object]:
    """The spec of a ward's `own` series against deciles, or of the deciles alone.

    Bands stop where the spread is hidden; the ward's points can be chosen by their month.
    """
    key = {part: colour for part, colour in KEY.items() if own or part != "This ward"}
    scale = (
        alt.Scale(zero=False, domainMax=100, nice=5) if unit == "percent" else alt.Scale(zero=True)
    )

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=theme.y_axis(numbers.AXES[unit]))

    colour = alt.Color(
        "part:N",
        scale=alt.Scale(domain=list(key), range=list(key.values())),
        legend=theme.key(list(key), wide=4),
    )

    def layer(words: str, fields: str) -> alt.Chart:
        return (
            theme.base()
            .transform_filter(f"{fields}")
            .transform_calculate(part=f"'{words}'", edge="[datum.m0, datum.m1]")
        )

    def band(words: str, x: alt.X, low: str, high: str) -> alt.Chart:
        return (
            layer(words, f"isValid(datum.{low})")
            .transform_flatten(["edge"])
            .mark_area(opacity=1)
            .encode(x, y(low), alt.Y2(high), colour, detail="spread:N")
        )

    middle = (
        layer("Middle ward", "isValid(datum.p50)")
        .transform_flatten(["edge"])
        .mark_line(strokeWidth=2, strokeDash=[6, 3])
        .encode(month_axis.along("edge"), y("p50"), colour, detail="spread:N", order="edge:Q")
    )
    layers = [
        band("Eight in ten similar wards", month_axis.x("edge"), "p10", "p90"),
        band("Six in ten similar wards", month_axis.along("edge"), "p20", "p80"),
        middle,
    ]
    if own:
        ward = layer("This ward", "isValid(datum.v)").encode(month_axis.along("m"), y("v"), colour)
        tip = [
            alt.Tooltip("when:N", title="Twelve months to"),
            alt.Tooltip("read:N", title="This ward"),
            alt.Tooltip("based_on:N", title="Based on"),
            alt.Tooltip("peers:N", title="Similar wards"),
        ]
        layers += [
            ward.mark_line(strokeWidth=1.5).encode(detail="segment:N", order="m:Q"),
            ward.mark_point(filled=True, size=55, opacity=1, **selection.POINTER)
            .encode(tooltip=tip)
            .add_params(selection.by("month")),
        ]
    return theme.finished(alt.layer(*layers), height)


def rows(
    bands: pl.DataFrame, own: pl.DataFrame, measure: Mapping[str, object]
) -> list[dict[str, object]]:
    """One row for each month of the peer group's bands with the ward's own value.

    `own` is the ward's rolling years (`queries.rolling_years`); empty for a group alone.
    """
    unit, times = str(measure["unit"]), measure["multiplier"]
    mine = {row["month"]: row for row in own.iter_rows(named=True)}
    spread = {row["month"]: row for row in bands.iter_rows(named=True)}
    drawn, segment, stretch = [], 0, 0
    for month in sorted({*mine, *spread}):
        value, band = mine.get(month, {}), spread.get(month, {})
        segment += value.get("value") is None
        stretch += band.get("p50") is None
        place = month_axis.index(month)
        drawn.append(
            {
                "month": month.isoformat(),
                "m": place,
                "m0": place - 0.5,
                "m1": place + 0.5,
                "v": numbers.drawn(value.get("value"), times, unit),
                **{
                    name: numbers.drawn(band.get(name), times, unit)
                    for name in ("p10", "p20", "p50", "p80", "p90")
                },
                "segment": segment,
                "spread": stretch,
                "when": f"{month:%B %Y}",
                "read": numbers.with_unit(numbers.scaled(value.get("value"), times), unit),
                "based_on": numbers.out_of(value.get("numerator"), value.get("denominator"), unit),
                "peers": _peers(band, times, unit),
            }
        )
    return drawn


def years(drawn: list[dict[str, object]]) -> list[dict[str, object]]:
    """The rows to draw: the latest year and whole years before it, each over its own months.

    Years that end in neighbouring months share eleven of them; those are only in the table.
    """
    whole, segment, stretch = [], 0, 0
    for row in drawn[::-1][::YEAR][::-1]:
        segment += row["v"] is None
        stretch += row["p50"] is None
        if row["v"] is None and row["p50"] is None:
            continue
        over = {"m0": row["m1"] - YEAR, "m": row["m1"] - YEAR / 2}
        whole.append(row | over | {"segment": segment, "spread": stretch})
    return whole


def _peers(band: Mapping[str, object], times: float, unit: str) -> str:
    if band.get("p50") is None:
        return numbers.STATES["suppressed"] if band else numbers.STATES["missing"]
    low, middle, high = (
        numbers.reading(numbers.scaled(band[name], times), unit) for name in ("p10", "p50", "p90")
    )
    return f"middle {middle}, eight in ten between {low} and {high}"
