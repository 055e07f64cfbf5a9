"""What is said of a running sum: its title, what it could have found, and its alternative text."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from pipelines.statistics import cusum_detectable as chances
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
    used = _used(points)
    if used.is_empty():
        return ""
    rests = f"Its average rests on {wording.counted(round(used['numerator'].sum()), 'report')}"
    if used["upper"][-1] is None:
        return f"{rests}, too few for a threshold."
    found = chances.cusum_detectable(_usual(points), "doubling")
    if found is None:
        return f"{rests}."
    shown = chances.could_show(found, "doubling", "month", "report")
    return f"{rests}. If months differ by chance alone, nine times in ten {shown}."


def by_chance(points: pl.DataFrame) -> str:
    """How often one like it passes its threshold though nothing has changed; empty without one."""
    used = _used(points)
    if used.is_empty() or used["upper"][-1] is None:
        return ""
    share = _false_alarms(used)
    return "" if share is None else chances.by_chance(used.height, share, "month")


def of_a_ward(points: pl.DataFrame, since: date) -> str:
    """Whether more has been reported since a month than is usual for a ward, in its own words.

    It names no month: what happened in a single one could point to somebody. Empty where nothing
    was reported.
    """
    used, lately = _used(points), points.filter(pl.col("month") >= since)
    if used.is_empty() or not lately["numerator"].sum():
        return ""
    if used["upper"][-1] is None:
        return "There are too few to say whether that is more than usual for us."
    if (lately["cause"] == "climb").any():
        said = "At some time in these months there were more than is usual for us."
        share = _false_alarms(used)
        chance = f" Where nothing has changed, at most {share} wards in 100 see that by chance."
        return said + (chance if share else "")
    said = "At no time in these months were there clearly more than is usual for us."
    found = chances.cusum_detectable(_usual(points), "doubling")
    if found is None or found.points is None:
        return said
    return (
        f"{said} If twice as many were reported from now on, we would see that within "
        f"{found.points} months, nine times in ten."
    )


def _used(points: pl.DataFrame) -> pl.DataFrame:
    """The months with figures that the latest average comes from."""
    there = points.filter(pl.col("value").is_not_null())
    if there.is_empty():
        return there
    return there.filter(pl.col("used_in_limits"), pl.col("phase") == there["phase"][-1])


def _false_alarms(used: pl.DataFrame) -> int | None:
    return chances.false_alarms(used.height, used["numerator"].sum() / used.height)


def _usual(points: pl.DataFrame) -> float:
    """How many reports are usual in a month like the latest one with figures."""
    used = _used(points)
    latest = points.filter(pl.col("value").is_not_null())["denominator"][-1]
    size = used["denominator"].fill_null(1.0).sum()
    return float(used["numerator"].sum() / size * (1.0 if latest is None else latest))


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
