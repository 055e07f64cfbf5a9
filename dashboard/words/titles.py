"""The title of every chart, what it shows, and which way is better."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from dashboard import numbers
from schemas import wording
from schemas.periods import Month
from schemas.vocabularies import GROUP_KINDS

_WAYS = {
    "up": "Higher is better.",
    "down": "Lower is better.",
    "none": "Neither higher nor lower is better by itself.",
}


def direction(measure: Mapping[str, object]) -> str:
    """Which way is better; for incidents, that a rise can mean better reporting."""
    words = _WAYS[str(measure["direction"])]
    if measure["direction"] == "none" and measure.get("topic") == "incidents":
        return f"{words[:-1]}: a rise can mean better reporting."
    return words


def group(about: Mapping[str, object]) -> str:
    """A group's name, with its kind if the name doesn't say it: “London (NHS England region)”."""
    name, kind = str(about["group_name"]), GROUP_KINDS[str(about["kind"])]
    return name if kind.casefold() in name.casefold() else f"{name} ({kind})"


def process(measure: Mapping[str, object], signal: Mapping[str, object] | None) -> str:
    """What a process chart shows: “Patients feel safe: higher than usual from October 2025 to May
    2026; usual since”. `signal` is the row of `signals`.
    """
    return f"{measure['short_name']}: {says(signal)}"


def one_scale(latest: pl.DataFrame) -> str:
    """How many of a unit's measures stand out; `latest` has the latest point of each."""
    out = latest.filter(pl.col("kind") != "common").height
    return (
        f"Measures on one scale: {wording.of_them(out, latest.height, 'latest figure')} "
        f"{'stands' if out == 1 else 'stand'} out"
    )


def says(signal: Mapping[str, object] | None) -> str:
    """The same as `process`, without the name of the measure."""
    return str(signal["headline"]) if signal else "no figures yet"


def phase_start(points: pl.DataFrame) -> date | None:
    """The first month of the latest phase that has a value."""
    seen = points.filter(pl.col("value").is_not_null())
    if seen.is_empty():
        return None
    return seen.filter(pl.col("phase") == seen["phase"].max())["month"].min()


def latest(measure: Mapping[str, object], signal: Mapping[str, object]) -> str:
    """The latest value in words: “83% (10 of 12) in March 2026”."""
    if signal["latest"] is None or signal["value"] is None:
        return "no data"
    unit = str(measure["unit"])
    read = numbers.with_unit(numbers.scaled(signal["value"], measure["multiplier"]), unit)
    based_on = numbers.out_of(signal["numerator"], signal["denominator"], unit)
    return f"{read}{f' ({based_on})' if based_on else ''} {_in(signal)}"


def _in(signal: Mapping[str, object]) -> str:
    """When the latest point is: in one month, or over the quarter or year it covers."""
    first = signal["latest"]
    last = Month.of(first) + (int(signal.get("months") or 1) - 1)
    word = "in" if last.first_day == first else "over"
    return f"{word} {wording.period(first, last.first_day)}"


def peer_band(measure: Mapping[str, object], own: pl.DataFrame, bands: pl.DataFrame) -> str:
    """In how many months a ward was among the middle eight in ten, of those that compare."""
    name = str(measure["short_name"])
    spread = bands.filter(pl.col("p10").is_not_null()).select("month", "p10", "p90")
    both = own.filter(pl.col("value").is_not_null()).join(spread, on="month")
    if both.is_empty():
        return f"{name}: no month can be compared with similar wards yet"
    inside = both.filter(pl.col("value").is_between("p10", "p90")).height
    return (
        f"{name}: among the middle eight in ten of similar wards in "
        f"{wording.of_them(inside, both.height, 'month')}"
    )
