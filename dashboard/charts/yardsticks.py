"""What a survey says of trusts against what people said here, each dot with both its ranges."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt

from dashboard.charts import estimates, theme

_ENDS = ("survey", "survey_low", "survey_high", "here", "here_low", "here_high")
_WORDS = ("trust_name", "survey_read", "here_read", "reported_read", "beside", "period")


@cache
def spec(height: int = 380) -> dict[str, object]:
    """The spec; above the line, the survey says more. A dot can be chosen by its trust."""
    x = alt.X(
        "here:Q",
        scale=alt.Scale(zero=True),
        axis=alt.Axis(
            aria=False,
            title=["Per cent who do not feel safe", "on the wards here"],
            tickCount=5,
            titlePadding=8,
        ),
    )
    y = alt.Y(
        "survey:Q",
        scale=alt.Scale(zero=True),
        axis=theme.y_axis("Per cent by the survey: harmed, or not safe"),
    )
    tip = [
        alt.Tooltip("trust_name:N", title="Trust"),
        alt.Tooltip("survey_read:N", title="The survey"),
        alt.Tooltip("here_read:N", title="Do not feel safe here"),
        alt.Tooltip("reported_read:N", title="Reported incidents"),
        alt.Tooltip("beside:N", title="Side by side"),
    ]
    same = (
        theme.base()
        .transform_filter("isValid(datum.same)")
        .mark_line(color=theme.GREY, strokeDash=[6, 4], strokeWidth=1.5)
        .encode(alt.X("same:Q"), alt.Y("same:Q"))
    )
    ranges = estimates.ranges(x, y, across="here", upright="survey", strong="apart")
    of_trusts = theme.base().transform_filter("isValid(datum.survey)")
    dots = estimates.dots(of_trusts, fill=estimates.FILL).encode(x, y, tooltip=tip)
    return theme.finished(alt.layer(same, *ranges, dots), height)


def rows(told: Sequence[dict[str, Any]], more: str) -> list[dict[str, object]]:
    """One row for each trust of `words.yardsticks.beside` with both figures and both ranges.

    Two more are the ends of the line on which both figures are the same. `more` is the side whose
    ranges stand out.
    """
    drawn = [row for row in told if row["survey_low"] is not None and row["here"] is not None]
    if not drawn:
        return []
    furthest = max(min(row["survey_high"], row["here_high"]) for row in drawn)
    ends = [{"same": end} for end in (0.0, max(furthest, 5.0))]
    dots = [
        {
            "unit": row["trust_code"],
            **{name: row[name] for name in (*_ENDS, *_WORDS)},
            "apart": row["side"] == more,
        }
        for row in drawn
    ]
    return [*dots, *ends]
