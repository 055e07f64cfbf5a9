"""What is said of a running sum: its title, what it could have found, and its alternative text."""

from collections.abc import Mapping

import polars as pl

from pipelines.statistics.cusum_detectable import could_show, cusum_detectable
from schemas import wording

OFFER = "Running sum: are there more than usual?"
ABOUT = (
    "Each month adds what was reported and takes off a little more than is usual in that many bed "
    "days; the sum never goes below 0. If about twice as many are reported as usual, it climbs "
    "until it passes its threshold."
)


def title(measure: Mapping[str, object], signal: Mapping[str, object]) -> str:
    """“Sexual assault, running sum: more than the average explains from March to July 2026”."""
    return f"{measure['short_name']}, running sum: {signal['headline']}"


def could_find(points: pl.DataFrame) -> str:
    """What it would show nine times in ten, and what its average rests on; else empty."""
    there = points.filter(pl.col("value").is_not_null())
    if there.is_empty():
        return ""
    used = there.filter(pl.col("used_in_limits"), pl.col("phase") == there["phase"][-1])
    latest, events = there.row(-1, named=True), used["numerator"].sum()
    rests = f"Its average rests on {wording.counted(round(events), 'report')}"
    if latest["upper"] is None:
        return f"{rests}, too few for a threshold."
    size = used["denominator"].fill_null(1.0).sum()
    each = events / size * (1.0 if latest["denominator"] is None else latest["denominator"])
    found = cusum_detectable(each, "doubling")
    if found is None:
        return f"{rests}."
    shown = could_show(found, "doubling", "month", "report")
    return f"{rests}. If months differ by chance alone, nine times in ten {shown}."


def alternative(
    unit_name: str,
    points: pl.DataFrame,
    measure: Mapping[str, object],
    signal: Mapping[str, object],
) -> str:
    """The chart in words, for someone who can't see it."""
    there = points.filter(pl.col("value").is_not_null())
    if there.is_empty():
        return f"Running sum of {measure['name']}, {unit_name}. There are no values to show yet."
    span = wording.period(points["month"].min(), points["month"].max())
    most, latest = there["value"].max(), there.row(-1, named=True)
    threshold = latest["upper"]
    at = wording.month_of(latest["month"])
    parts = (
        f"Running sum of {measure['name']}, {unit_name}, {span}",
        wording.starting(str(signal["headline"])),
        f"The sum is {latest['value']:.1f} in {at} and was at most {most:.1f}",
        "It has no threshold" if threshold is None else f"The threshold is {threshold:g}",
    )
    return " ".join(f"{part}." for part in parts)
