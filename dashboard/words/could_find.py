"""What a chart on which no change stands out would have shown, in people and events."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import numbers
from pipelines.statistics.detectable import LASTING, Detectable, Lines, detectable
from pipelines.statistics.headline import PERIODS
from schemas import wording

_UNITS = {"percent": "proportion", "per_1000_bed_days": "rate", "count": "rate"}
_IN_WORDS = {7: "seven"}


def could_find(measure: Mapping[str, object], points: pl.DataFrame) -> str:
    """What the chart would show nine times in ten, if no change stands out on it; else empty.

    `points` are those of one series, in order.
    """
    there = points.filter(pl.col("value").is_not_null())
    if there.is_empty():
        return ""
    now = there.filter(pl.col("phase") == there["phase"][-1])
    if now["kind"].to_list() != ["common"] * now.height:
        return ""
    latest = now.row(-1, named=True)
    unit = _UNITS.get(str(measure["unit"]))
    found = detectable(latest, unit) if unit else None
    return _in_words(measure, latest, found) if found else ""


def _in_words(measure: Mapping[str, object], latest: Mapping[str, Any], found: Detectable) -> str:
    one = PERIODS.get(latest["months"], "point")
    once = _ways(measure, found.lines, found.fall_once, found.rise_once)
    lasting = _ways(measure, found.lines, found.fall_lasting, found.rise_lasting)
    if not lasting:
        return f"No change, however large, would show reliably within {_many(one)} like the latest."
    said = f"If {one}s differ by chance alone, nine times in ten this chart would show"
    if not once:
        return f"{said}, over {_many(one)}, {lasting}; no change of a single {one} would show."
    return f"{said} {once} in one {one}; over {_many(one)}, {lasting}."


def _many(one: str) -> str:
    return f"{_IN_WORDS.get(LASTING, str(LASTING))} {one}s"


def _ways(
    measure: Mapping[str, object], lines: Lines, fall: float | None, rise: float | None
) -> str:
    """The changes that would show: a fall to about 43% (9 of 20) or a rise to about 95%."""
    levels = (("a fall", fall), ("a rise", rise))
    return wording.listed(
        (f"{way} to {_level(measure, lines, to)}" for way, to in levels if to is not None),
        "or",
        "",
    )


def _level(measure: Mapping[str, object], lines: Lines, level: float) -> str:
    unit = str(measure["unit"])
    read = numbers.reading(numbers.drawn(level, float(str(measure["multiplier"])), unit), unit)
    read = read if read.startswith(("over", "under")) else f"about {read}"
    if unit == "count":
        return read
    counted = level * lines.size
    if unit == "percent":
        return f"{read} ({numbers.whole(counted)} of {numbers.whole(lines.size)})"
    return f"{read} ({numbers.rounded(counted, 1):,} in {numbers.whole(lines.size)} bed days)"
