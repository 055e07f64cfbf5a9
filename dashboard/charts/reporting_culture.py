"""Reporting culture: how safe patients feel against how much is reported, without judgement.

Each dot is an estimate with its range in both directions.
"""

from collections.abc import Mapping
from functools import cache

import altair as alt
import polars as pl

from dashboard import numbers
from dashboard.charts import estimates, theme

_REPORTING = ["Reported incidents", "Reported none"]


@cache
def spec(unit: str = "Ward", height: int = 380) -> dict[str, object]:
    """The spec of the scatter plot; no line is fitted and no corner is coloured.

    A dot can be chosen by its unit. The ranges of a unit that is below both averages stand out.
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
        alt.Tooltip("name:N", title=unit),
        alt.Tooltip("safe_read:N", title="Patients who feel safe"),
        alt.Tooltip("safe_likely:N", title="Estimate, 95% range"),
        alt.Tooltip("reported_read:N", title="Reported incidents"),
        alt.Tooltip("reported_likely:N", title="Estimate, 95% range, per 1,000"),
        alt.Tooltip("beside:N", title="Beside the average"),
    ]
    first = theme.base().transform_filter("isValid(datum.safe_average)")
    average = first.mark_rule(color=theme.GREY, strokeDash=[6, 4], strokeWidth=1.5)
    averages = (
        average.encode(alt.X("reported_average:Q")),
        average.encode(alt.Y("safe_average:Q")),
    )
    ranges = estimates.ranges(x, y, across="reported", upright="safe", strong="quiet")
    key = theme.key(_REPORTING, narrow=2)
    colours = alt.Scale(domain=_REPORTING, range=[estimates.FILL, theme.WHITE])
    shapes = alt.Scale(domain=_REPORTING, range=["circle", "square"])
    dots = estimates.dots(theme.base()).encode(
        x,
        y,
        fill=alt.Fill("reporting:N", scale=colours, legend=key),
        shape=alt.Shape("reporting:N", scale=shapes, legend=key),
        tooltip=tip,
    )
    return theme.finished(alt.layer(*averages, *ranges, dots), height)


def rows(found: pl.DataFrame, names: Mapping[str, str]) -> list[dict[str, object]]:
    """One row for each unit of `words.reporting_culture.levels`; the first has the averages."""
    return [
        {
            "unit": row["unit_id"],
            **{
                f"{what}{end}": numbers.drawn(row[f"{what}{end}"], 1, of)
                for what, of in (("safe", "percent"), ("reported", "per_1000_bed_days"))
                for end in ("", "_low", "_high")
            },
            **{
                name: row[name] if not place else None
                for name in ("safe_average", "reported_average")
            },
            "quiet": row["quiet"],
            "name": names[row["unit_id"]],
            "safe_read": f"{numbers.percent(row['value'] * 100)} "
            f"({numbers.out_of(row['n'], row['d'])})",
            "safe_likely": row["safe_likely"],
            "reported_read": numbers.out_of(
                row["n_reported"], row["d_reported"], "per_1000_bed_days"
            ),
            "reported_likely": row["reported_likely"],
            "beside": row["beside"],
            "reporting": _REPORTING[row["n_reported"] == 0],
        }
        for place, row in enumerate(found.iter_rows(named=True))
    ]
