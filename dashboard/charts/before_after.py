"""Before and since the charter: each ward's average over all the months of each."""

from collections.abc import Mapping
from functools import cache

import altair as alt
import polars as pl

from dashboard import numbers
from dashboard.charts import selection, theme

KEY = {
    "before": theme.Look("Before the charter", "circle", theme.WHITE, theme.DARK_BLUE),
    "since": theme.Look("Since the charter", "circle", theme.DARK_BLUE, theme.DARK_BLUE),
}


@cache
def spec(unit: str = "percent", step: int = 52) -> dict[str, object]:
    """The spec of one line for each ward, in the order of the rows; each is `step` pixels high.

    A dot can be chosen by its unit and time.
    """
    scale = (
        alt.Scale(zero=False, domainMax=100, nice=5) if unit == "percent" else alt.Scale(zero=True)
    )
    y = alt.Y("order:O", axis=None)

    def x(field: str) -> alt.X:
        return alt.X(
            f"{field}:Q",
            scale=scale,
            axis=alt.Axis(aria=False, title=numbers.AXES[unit], grid=True, tickCount=5),
        )

    words = [look.words for look in KEY.values()]
    fills = alt.Scale(domain=words, range=[look.fill for look in KEY.values()])
    both = theme.base().transform_filter("isValid(datum.v)")
    look = {"stroke": theme.DARK_BLUE, "strokeWidth": 1.5, **selection.POINTER}
    dots = both.mark_point(filled=True, size=110, opacity=1, yOffset=9, **look).encode(
        x("v"),
        y,
        fill=alt.Fill("time:N", scale=fills, legend=theme.key(words, narrow=2)),
        tooltip=[
            alt.Tooltip("name:N", title="Ward"),
            alt.Tooltip("time:N", title="When"),
            alt.Tooltip("read:N", title="Average"),
            alt.Tooltip("based_on:N", title="Based on"),
        ],
    )
    lines = (
        theme.base()
        .transform_filter("datum.first && isValid(datum.v) && isValid(datum.other)")
        .mark_rule(color=theme.GREY, strokeWidth=2, yOffset=9, y2Offset=9)
        .encode(x("v"), alt.X2("other:Q"), y)
    )
    dots = dots.add_params(selection.by("unit", "time"))
    names = (
        theme.base()
        .transform_filter("datum.first")
        .mark_text(align="left", yOffset=-12)
        .encode(alt.X(value=0), y, text="heading:N")
    )
    return theme.finished(alt.layer(lines, dots, names), {"step": step})


def rows(wards: pl.DataFrame, measure: Mapping[str, object]) -> list[dict[str, object]]:
    """Two rows for each ward, in order of name.

    `wards` has ward_id, ward_name and, for before and since, the numerator, denominator and months:
    sums over the months with a value.
    """
    unit, times = str(measure["unit"]), measure["multiplier"]
    drawn = []
    for order, ward in enumerate(wards.sort("ward_name").iter_rows(named=True)):
        values = {time: numbers.drawn(_ratio(ward, time), times, unit) for time in KEY}
        both = ", ".join(f"{numbers.reading(values[time], unit)} {time}" for time in KEY)
        for time, other in (("before", "since"), ("since", "before")):
            based_on = numbers.out_of(ward[f"numerator_{time}"], ward[f"denominator_{time}"], unit)
            drawn.append(
                {
                    "unit": ward["ward_id"],
                    "name": ward["ward_name"],
                    "heading": f"{ward['ward_name']}: {both}",
                    "order": order,
                    "first": time == "before",
                    "time": KEY[time].words,
                    "v": values[time],
                    "other": values[other],
                    "read": f"{numbers.with_unit(values[time], unit)} "
                    f"over {ward[f'months_{time}'] or 0} months",
                    "based_on": based_on,
                }
            )
    return drawn


def _ratio(ward: Mapping[str, object], time: str) -> float | None:
    part, whole = ward[f"numerator_{time}"], ward[f"denominator_{time}"]
    return part / whole if part is not None and whole else None
