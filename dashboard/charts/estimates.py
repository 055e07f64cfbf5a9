"""Units as dots, each with the ranges of both its figures."""

import altair as alt

from dashboard.charts import selection, theme

FILL, _RANGE = "#a285d1", "#5a3d8a"


def ranges(x: alt.X, y: alt.Y, across: str, upright: str, strong: str) -> tuple[alt.Chart, ...]:
    """A line over `across` and one over `upright`, from their `_low` to their `_high`.

    Those of the rows in which `strong` is true stand out.
    """
    opacity = alt.condition(f"datum.{strong}", alt.value(0.9), alt.value(0.25))
    line = theme.base().mark_rule(color=_RANGE, strokeWidth=1.25)
    return (
        line.encode(alt.X(f"{across}_low:Q"), alt.X2(f"{across}_high:Q"), y, opacity=opacity),
        line.encode(x, alt.Y(f"{upright}_low:Q"), alt.Y2(f"{upright}_high:Q"), opacity=opacity),
    )


def dots(chart: alt.Chart, **drawn: object) -> alt.Chart:
    """The dots of a chart; one can be chosen by its unit."""
    mark = {"filled": True, "opacity": 1, "stroke": theme.INK, "strokeWidth": 1.25, "size": 75}
    return chart.mark_point(**mark, **selection.POINTER, **drawn).add_params(selection.by("unit"))
